package summarytest

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// Wide is a run as large as measured ones are on a machine that does much besides: every
// request is in the histograms, which are wide and have long tails, a tenth of the trials
// are repeated, half of them have notes, and every figure all digits that it can have. A run
// of hello on two CPUs of which other programs took four fifths had histograms of 904
// characters, and these have 960. The cases are those of Long.
func Wide(t testing.TB, blocks int) summary.Data {
	t.Helper()
	long := Long(t)
	d := measured(t, long.Run.Plan.Cases, blocks)
	d.Claims = long.Claims
	d.Trials = widened(t, rand.New(rand.NewPCG(7, 7)), d)
	return d
}

// ComparedWide is three runs like Wide, of the cases of ThirtyCases.
func ComparedWide(t testing.TB) summary.Comparison {
	t.Helper()
	runs := make([]summary.NamedData, 3)
	for i, name := range []string{"first", "second", "third"} {
		d := measured(t, ThirtyCases(t).Run.Plan.Cases, 10)
		d.Trials = widened(t, rand.New(rand.NewPCG(9, uint64(i))), d)
		d.Run.ID, d.Run.Seed = name, uint64(60+i)
		runs[i] = summary.NamedData{Name: "results/" + name, Data: d}
	}
	return compared(t, runs...)
}

// widened are the trials of a run with noise.
func widened(t testing.TB, rng *rand.Rand, d summary.Data) []results.Trial {
	t.Helper()
	loads := map[string]results.Load{}
	for _, c := range d.Run.Plan.Cases {
		loads[c.ID()] = d.Run.Plan.Loads[c.Load]
	}
	var trials []results.Trial
	for _, trial := range d.Trials {
		if trial.Attempt > 1 {
			continue
		}
		trial.Valid, trial.Invalid = true, nil
		if rng.IntN(10) == 0 {
			repeated := widen(t, rng, trial, loads[trial.Case])
			repeated.Valid, repeated.Invalid = false, []string{"the hypervisor took 12.4 % of the CPU time"}
			trials = append(trials, repeated)
			trial.Attempt = 2
		}
		trials = append(trials, widen(t, rng, trial, loads[trial.Case]))
	}
	return trials
}

func widen(t testing.TB, rng *rand.Rand, trial results.Trial, load results.Load) results.Trial {
	t.Helper()
	digits := func(v float64) float64 { return v * math.Exp(0.1*rng.NormFloat64()) }
	trial.Start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).Add(time.Duration(rng.Int64N(int64(time.Hour))))
	trial.Seconds = digits(trial.Seconds)
	metrics := results.Metrics{}
	for _, m := range results.MetricList {
		if v, ok := trial.Metrics[m.Name]; ok {
			metrics[m.Name] = digits(v)
		} else if m.Name != "saturation" && m.Name != "server_cpu.front" {
			metrics[m.Name] = digits(1)
		}
		if v, ok := metrics[m.Name]; ok && m.Unit == "ms" {
			metrics[m.Name] = math.Round(v*1e6) / 1e6 // measured in ns
		}
	}
	trial.Metrics = metrics
	trial.Notes = nil
	if rng.IntN(2) == 0 {
		trial.Notes = []results.Note{{Kind: "others", Text: "other programs took 7.3 % of the time of the run's CPUs"}}
	}
	usage := reflect.ValueOf(&trial.Usage).Elem()
	for i := range usage.NumField() {
		if strings.HasPrefix(usage.Type().Field(i).Name, "Front") {
			continue // there is none
		}
		switch field := usage.Field(i).Addr().Interface().(type) {
		case **float64:
			v := digits(0.1)
			*field = &v
		case **int64:
			v := rng.Int64N(100)
			*field = &v
		}
	}
	// A request waits with the chance and for the time that the others' programs have it.
	histogram := func(median float64) string {
		h := hdr.New(1, int64(time.Minute), 3)
		for range trial.Counts.Sent {
			ns := median * math.Exp(0.35*rng.NormFloat64())
			if rng.IntN(20) == 0 {
				ns *= 1 + 20*rng.ExpFloat64()
			}
			if err := h.RecordValue(min(int64(ns), int64(time.Minute))); err != nil {
				t.Fatal(err)
			}
		}
		text, err := h.Encode(hdr.V2CompressedEncodingCookieBase)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	trial.Histograms = results.Histograms{Latency: histogram(1e6)}
	if !load.Closed() {
		trial.Histograms = results.Histograms{Latency: histogram(2e5), Service: histogram(1.5e5), Lag: histogram(5e4)}
	}
	return trial
}
