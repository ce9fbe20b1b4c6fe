package summary_test

import (
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

func TestSearchLines(t *testing.T) {
	goal := &results.Search{SLO: []results.Objective{{Metric: "latency.p99", Below: 10}}}
	valid := func(saturation float64, bottleneck string, probes ...results.Probe) results.Trial {
		trial := results.Trial{Valid: true, Metrics: results.Metrics{}, Bottleneck: bottleneck, Probes: probes}
		if saturation > 0 {
			trial.Metrics["saturation"] = saturation
		}
		return trial
	}
	miss := results.Probe{Rate: 1050, Outcome: results.ProbeServer, Reasons: []string{"p99\nreached 14 ms"}}
	for _, test := range []struct {
		name   string
		trials []results.Trial
		want   string
	}{
		{"one", []results.Trial{valid(1000, results.BottleneckServer, miss)}, "holds 1,000 req/s; at 1,050/s p99 reached 14 ms (the server)"},
		{
			"several",
			[]results.Trial{valid(900, results.BottleneckServer), valid(1000, results.BottleneckFront, miss), valid(1100, results.BottleneckServer)},
			"holds 1,000 req/s (middle half of the trials 950 to 1,050); at 1,050/s p99 reached 14 ms (the front)",
		},
		{
			"an even number",
			[]results.Trial{valid(900, results.BottleneckServer, results.Probe{Rate: 945, Outcome: results.ProbeServer}), valid(1000, results.BottleneckServer, miss)},
			"holds 950 req/s (middle half of the trials 925 to 975); at 1,050/s p99 reached 14 ms (the server)",
		},
		{
			"a vote of another kind",
			[]results.Trial{valid(1000, results.BottleneckGenerator, results.Probe{Rate: 1050, Outcome: results.ProbeGenerator, Reasons: []string{"late"}}, miss)},
			"holds at least 1,000 req/s (the load generator was the limit); at 1,050/s late (the load generator)",
		},
		{"nothing missed", []results.Trial{valid(1e6, results.BottleneckRate)}, "holds 1,000,000 req/s"},
		{"no reason", []results.Trial{valid(1000, "x\ny", results.Probe{Rate: 1050, Outcome: results.ProbeServer})}, "holds 1,000 req/s; at 1,050/s it missed (x y)"},
		{"nothing held", []results.Trial{valid(0, results.BottleneckServer, miss)}, "holds no rate; at 1,050/s p99 reached 14 ms (the server)"},
		{"nothing held once", []results.Trial{valid(1000, results.BottleneckServer, miss), valid(0, results.BottleneckServer)}, "holds 1,000 req/s (no rate in 1 of 2 trials); at 1,050/s p99 reached 14 ms (the server)"},
		{"invalid", []results.Trial{{Probes: []results.Probe{miss}}}, "no valid search"},
	} {
		g := summary.Group{Load: results.Load{Search: goal}, Cases: []summary.Case{searched(goal, test.trials)}}
		if got := strings.Join(summary.SearchLines(g, []string{"target"}), "\n"); got != "?: "+test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestSearchedRangeIsALowerBound(t *testing.T) {
	d := summarytest.Searched(t)
	for i := range d.Trials {
		d.Trials[i].Bottleneck = results.BottleneckGenerator
	}
	for heading, want := range map[string]string{
		"Saturation": "from at least ",
		limitHeading: "So those rates are lower bounds.",
	} {
		if got := answered(d, heading); !strings.Contains(got, want) {
			t.Errorf("%q is not in: %s", want, got)
		}
	}
	if got := answered(d, "Saturation"); strings.Count(got, "at least ") < 2 || !strings.Contains(got, "those rates are lower bounds") {
		t.Errorf("a bound is dropped: %s", got)
	}
}

// searched sums up trials of the only case of a search.
func searched(goal *results.Search, trials []results.Trial) summary.Case {
	c := results.Case{Load: "limit"}
	for i := range trials {
		trials[i].Case = c.ID()
	}
	plan := results.Plan{Cases: []results.Case{c}, Loads: map[string]results.Load{"limit": {Name: "limit", Search: goal}}}
	return summary.Cases(summary.Data{Run: results.Run{Plan: plan}, Trials: trials})[0]
}
