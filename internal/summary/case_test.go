package summary_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

func TestInvalidTrialsCountAsErrorsOnly(t *testing.T) {
	c := summary.Cases(summarytest.TwoTrials())[0]
	if v, ok := c.Median("throughput"); !ok || v != 100 {
		t.Errorf("throughput %v, %v; want 100 of the valid trial", v, ok)
	}
	if v, ok := c.ErrorShare(); !ok || v != 0.1 {
		t.Errorf("errors %v, %v; want 10 of 100 requests", v, ok)
	}
	if diff := cmp.Diff([]summary.Count{{results.BottleneckServer, 1}}, c.Bottleneck); diff != "" {
		t.Errorf("bottleneck (-want +got)\n%s", diff)
	}
}

func TestWarningsThatDifferInFiguresAreSaidOnce(t *testing.T) {
	c := verdict.ClaimResult{
		Warnings: []string{"not tested on load steady"},
		Verdicts: []verdict.Verdict{
			{Warnings: []string{"the interval is wide, 48 % to either side", "p99 rests on fewer than 10 requests"}},
			{Warnings: []string{"the interval is wide, 34.5 % to either side"}},
			{Warnings: []string{"the interval is wide, 34.5 % to either side", "not tested on load steady"}},
			{Warnings: []string{"the interval is wide, 9 % to either side"}},
		},
	}
	want := []string{
		"not tested on load steady",
		"the interval is wide, 48 % to either side (and 2 more times with other figures)",
		"p99 rests on fewer than 10 requests",
	}
	if diff := cmp.Diff(want, summary.ClaimWarnings(c)); diff != "" {
		t.Error(diff)
	}
}

func TestFarForecastsAreNotCounted(t *testing.T) {
	v := verdict.Verdict{Outcome: verdict.Inconclusive, BlocksNeeded: 67088}
	if got := summary.FurtherBlocks(v); strings.Contains(got, "67,088") || !strings.Contains(got, "More than 1,000 blocks") {
		t.Errorf("got %q", got)
	}
	v.Outcome = verdict.Refuted
	if got := summary.FurtherBlocks(v); got != "" {
		t.Errorf("a decided comparison needs no blocks: %q", got)
	}
}
