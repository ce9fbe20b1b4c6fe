package summarytest

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// again is rerun as what a report is drawn from.
func again(t testing.TB, factors map[string]float64) summary.Data {
	t.Helper()
	d, side := Hello(t), rerun(t, factors)
	d.Run, d.Trials = side.Run, side.Trials
	return d
}

// Compared is hello and two later runs of it: in the second some cases became worse or
// better, the third lacks a case and has one of its own.
func Compared(t testing.TB) summary.Comparison {
	t.Helper()
	second := again(t, map[string]float64{"uwsgi per-request": 1.3, "fastcgi keep-alive": 0.7})
	third := again(t, map[string]float64{"scgi per-request": 1.1})
	third.Run.ID, third.Run.Seed = "20260304T050607Z-hello", 44
	lost := third.Run.Plan.Cases[2].ID()
	third.Run.Plan.Cases = slices.Delete(third.Run.Plan.Cases, 2, 3)
	third.Trials = slices.DeleteFunc(third.Trials, func(trial results.Trial) bool { return trial.Case == lost })
	mine := results.Case{Target: "mine", Protocol: "http", Network: "tcp", Connection: "keep-alive", Front: "none", Application: "hello", Load: "saturate"}
	third.Run.Plan.Cases = append(third.Run.Plan.Cases, mine)
	return compared(t, summary.NamedData{Name: "results/before", Data: Hello(t)}, summary.NamedData{Name: "results/after", Data: second}, summary.NamedData{Data: third})
}

// ComparedThirty is three runs of 30 cases.
func ComparedThirty(t testing.TB) summary.Comparison {
	t.Helper()
	first := ThirtyCases(t)
	runs := []summary.NamedData{{Name: "results/first", Data: first}}
	for i, name := range []string{"second", "third"} {
		next := ThirtyCases(t)
		next.Run.ID, next.Run.Seed = name, uint64(50+i)
		for j := range next.Trials {
			for metric, v := range next.Trials[j].Metrics {
				next.Trials[j].Metrics[metric] = v * (1 + 0.02*float64((i+1)*(j%7-3)))
			}
		}
		runs = append(runs, summary.NamedData{Name: "results/" + name, Data: next})
	}
	return compared(t, runs...)
}

// ComparedSearched is two runs that search, of which the load generator was the limit.
func ComparedSearched(t testing.TB) summary.Comparison {
	t.Helper()
	runs := []summary.NamedData{{Name: "results/before", Data: Searched(t)}, {Name: "results/after", Data: Searched(t)}}
	for i := range runs {
		runs[i].Run.Seed += uint64(i)
		for j := range runs[i].Trials {
			runs[i].Trials[j].Bottleneck = results.BottleneckGenerator
		}
	}
	return compared(t, runs...)
}

// ComparedHostile has text that tries things in every run.
func ComparedHostile(t testing.TB) summary.Comparison {
	t.Helper()
	second := Hostile(t)
	second.Run.Seed++
	second.Run.ID += "2"
	return compared(t, summary.NamedData{Name: HostileText, Data: Hostile(t)}, summary.NamedData{Name: "x/" + HostileText + "2", Data: second})
}

func compared(t testing.TB, runs ...summary.NamedData) summary.Comparison {
	t.Helper()
	c, err := summary.Compare(runs)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// AnyTwoRuns generates two runs of AnyData, mostly of the same cases: what may be
// compared, or refused.
var AnyTwoRuns = rapid.Custom(func(t *rapid.T) []summary.NamedData {
	a, b := AnyData.Draw(t, "a"), AnyData.Draw(t, "b")
	if rapid.IntRange(0, 3).Draw(t, "same cases") > 0 {
		b.Run.Plan = a.Run.Plan
		for i := range b.Trials {
			if n := len(a.Run.Plan.Cases); n > 0 {
				b.Trials[i].Case = a.Run.Plan.Cases[i%n].ID()
			}
		}
	}
	return []summary.NamedData{{Name: "a", Data: a}, {Name: "b", Data: b}}
})
