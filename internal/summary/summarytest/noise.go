package summarytest

import (
	"math"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// Noisy is hello on a machine that slows down by a tenth in the course of the
// run while other programs come and go, and whose generator is at its limit.
func Noisy(t testing.TB) summary.Data {
	t.Helper()
	d := Hello(t)
	ptr := func(v float64) *float64 { return &v }
	for i := range d.Trials {
		trial := &d.Trials[i]
		speed := math.Pow(0.9, float64(trial.Block-1)/9)
		for _, name := range []string{"throughput", "capacity"} {
			trial.Metrics[name] *= speed
		}
		trial.Metrics["latency.p50"] /= speed
		trial.Usage.Steal, trial.Usage.Others, trial.Usage.Pressure = ptr(0.002), ptr(0.01*float64(trial.Block)), ptr(0.6)
		trial.Usage.Frequency, trial.Usage.FrequencyChange = ptr(3000*speed), ptr(-0.01)
		if trial.Block > 8 {
			trial.Notes = append(trial.Notes, results.Note{Kind: "others", Text: "other programs took 9 % of the time of the run's CPUs"})
		}
		if trial.Block == 2 && trial.Valid && trial.Order < 4 {
			again := *trial
			again.Valid, again.Attempt = false, 3
			took := []string{"18", "22", "35.5"}[trial.Order-1]
			again.Invalid = []string{"other programs took " + took + " % of the time of the run's CPUs"}
			again.Notes = []results.Note{{Kind: "others"}, {Kind: "retransmit"}}
			again.Usage.Others = ptr(0.355)
			d.Trials = append(d.Trials, again)
		}
		if trial.Bottleneck == results.BottleneckServer {
			trial.Bottleneck = results.BottleneckGenerator
		}
	}
	d.Claims[0].Verdicts[0].GeneratorBound = true
	return d
}
