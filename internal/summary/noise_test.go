package summary_test

import (
	"slices"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// TestCostComesFirstAtTheGeneratorsLimit in every format, and only there.
func TestCostComesFirstAtTheGeneratorsLimit(t *testing.T) {
	metrics := func(list []verdict.Verdict) (names []string) {
		for _, v := range list {
			names = append(names, v.Metric)
		}
		return names
	}
	c := summarytest.Noisy(t).Claims[0]
	if got, want := metrics(summary.InOrder(c)), []string{"capacity", "capacity", "throughput", "latency.p50", "latency.p50"}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
	if c.Verdicts[0].Metric != "throughput" {
		t.Error("the claim itself was put into another order")
	}
	c = summarytest.Hello(t).Claims[0]
	if got := metrics(summary.InOrder(c)); !slices.Equal(got, metrics(c.Verdicts)) {
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
	want := "Invalid: 5 of 6 trials, left out of every figure but errors: other programs took 9 to 98.5 % of the time (3), " +
		"3 of 90 to 100 responses failed (2), there was no correct response (1)."
	if got := summary.DisturbedLines(summary.Data{Trials: trials}); !slices.Equal(got, []string{want}) {
		t.Errorf("%q, want %q", got, want)
	}
}
