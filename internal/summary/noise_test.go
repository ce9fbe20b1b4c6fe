package summary_test

import (
	"slices"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/internal/verdict"
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
