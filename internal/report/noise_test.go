package report

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// noisy is hello on a machine that slows down by a tenth in the course of the
// run while other programs come and go, and whose generator is at its limit.
func noisy(t testing.TB) Data {
	t.Helper()
	d := hello(t)
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

func TestNoiseGoldens(t *testing.T) {
	d := noisy(t)
	golden(t, "terminal-noisy-80.txt", terminal(t, d, Style{Width: 80}))
	markdown, err := markdownReport(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report-noisy.md", markdown)
}

func TestQuietMachineIsNotMentionedInTheTerminal(t *testing.T) {
	d := hello(t)
	steal := 0.01
	for i := range d.Trials {
		d.Trials[i].Usage.Steal = &steal
	}
	for _, word := range []string{"Noise:", "Drift"} {
		if text := string(terminal(t, d, Style{})); strings.Contains(text, word) {
			t.Errorf("%q is said of a quiet machine:\n%s", word, text)
		}
	}
	markdown, err := markdownReport(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"## Noise", "no drift of throughput told apart from noise", "The machine disturbed no trial.", "CPU time that the hypervisor took"} {
		if !strings.Contains(string(markdown), text) {
			t.Errorf("report.md of a quiet machine does not say %q", text)
		}
	}
	if strings.Contains(string(markdown), "| others") {
		t.Error("report.md has a figure that no trial knows")
	}
}

func TestNoiseAsJSON(t *testing.T) {
	var got struct {
		Drift []driftJSON
		Noise noiseJSON
	}
	var out strings.Builder
	if err := JSON(&out, noisy(t)); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Drift) != 3 || !got.Drift[0].Told || math.Abs(float64(*got.Drift[0].Change)+0.1) > 0.03 {
		t.Errorf("drift %+v, want a throughput that fell by 10 %%", got.Drift)
	}
	number := func(v number) *number { return &v }
	if diff := cmp.Diff(noiseFigureJSON{N: 124, Median: number(0.06), Min: number(0.01), Max: number(0.355)}, got.Noise.Figures["others"]); diff != "" {
		t.Errorf("others %s", diff)
	}
	if diff := cmp.Diff([]count{{"others", 27}}, got.Noise.Notes); diff != "" || got.Noise.Disturbed != 27 {
		t.Errorf("%d disturbed; %s", got.Noise.Disturbed, diff)
	}
}

// TestCostComesFirstAtTheGeneratorsLimit in every format, and only there.
func TestCostComesFirstAtTheGeneratorsLimit(t *testing.T) {
	metrics := func(list []verdict.Verdict) (names []string) {
		for _, v := range list {
			names = append(names, v.Metric)
		}
		return names
	}
	c := noisy(t).Claims[0]
	if got, want := metrics(inOrder(c)), []string{"capacity", "capacity", "throughput", "latency.p50", "latency.p50"}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
	if c.Verdicts[0].Metric != "throughput" {
		t.Error("the claim itself was put into another order")
	}
	c = hello(t).Claims[0]
	if got := metrics(inOrder(c)); !slices.Equal(got, metrics(c.Verdicts)) {
		t.Errorf("order %v of a claim that the generator did not limit", got)
	}
}

func TestReasonsThatDifferInFiguresCountAsOne(t *testing.T) {
	trials := []results.Trial{
		{Invalid: []string{"other programs took 21 % of the time", "3 of 100 responses failed"}},
		{Invalid: []string{"other programs took 9 % of the time"}},
		{Invalid: []string{"other programs took 98.5 % of the time"}},
		{Invalid: []string{"3 of 90 responses failed"}},
		{Invalid: []string{"there was no correct response"}},
		{Valid: true, Invalid: []string{"other programs took 1 % of the time"}},
	}
	want := []count{
		{"other programs took 9 to 98.5 % of the time", 3},
		{"3 of 90 to 100 responses failed", 2},
		{"there was no correct response", 1},
	}
	if diff := cmp.Diff(want, countReasons(trials)); diff != "" {
		t.Error(diff)
	}
}
