package summary_test

import (
	"math"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

func TestSearchesHaveTheProbesOfTheirCases(t *testing.T) {
	d := summarytest.Searched(t)
	searches := summary.SearchesOf(summary.Cases(d))
	if len(searches) != 6 {
		t.Fatalf("%d searches, want those of 6 cases", len(searches))
	}
	for _, s := range searches {
		if s.Objective.Metric != "latency.p99" || s.Objective.Below != 10 {
			t.Errorf("measured against %v", s.Objective)
		}
		outcomes := map[string]int{}
		for _, p := range s.Probes {
			outcomes[p.Outcome]++
			if missed := p.Value >= s.Objective.Below; !p.Known || missed && p.Outcome == results.ProbeHeld || !missed && p.Outcome == results.ProbeServer {
				t.Errorf("a probe of %v ms (known: %v) %s", p.Value, p.Known, p.Outcome)
			}
		}
		if s.Case.Case.Protocol == "scgi" {
			if s.Saturation.N != 0 || outcomes[results.ProbeHeld] != 0 || outcomes[results.ProbeServer] != 10 {
				t.Errorf("scgi, which holds nothing: %+v, %v", s.Saturation, outcomes)
			}
		} else if s.Saturation.N < 8 || outcomes[results.ProbeHeld] < 16 {
			t.Errorf("%s: %+v, %v", s.Case.Case.Protocol, s.Saturation, outcomes)
		}
	}
	if got := summary.SearchesOf(summary.Cases(summarytest.Hello(t))); len(got) != 0 {
		t.Errorf("%d searches in a run without one", len(got))
	}
}

func TestASearchWithoutATimeIsDrawnOfThe99thPercentile(t *testing.T) {
	c := summary.Case{Load: results.Load{Search: &results.Search{SLO: []results.Objective{{Metric: "errors", Below: 0.1}}}}}
	c.Valid = []results.Trial{{Probes: []results.Probe{
		{Rate: 100, Metrics: results.Metrics{"latency.p99": 3}, Outcome: results.ProbeHeld},
		{Rate: 200, Outcome: results.ProbeServer},
		{Rate: math.Inf(1)},
	}}}
	s := summary.SearchesOf([]summary.Case{c})[0]
	if s.Objective.Metric != "latency.p99" || !math.IsInf(s.Objective.Below, 1) {
		t.Errorf("measured against %+v, want the 99th percentile without a bound", s.Objective)
	}
	if len(s.Probes) != 2 || s.Probes[0].Value != 3 || s.Probes[1].Known {
		t.Errorf("probes %+v, want the two at a rate, of which one knows its latency", s.Probes)
	}
}
