package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// searched is hello whose open load searches: on six cases, one of which holds
// nothing in two blocks, one in none, and one of which the generator limits.
func searched(t testing.TB) Data {
	t.Helper()
	d := hello(t)
	goal := &results.Search{SLO: []results.Objective{{Metric: "latency.p99", Below: 10}, {Metric: "errors", Below: 0.001}}, From: 100, Precision: 0.05}
	d.Run.Plan.Loads["steady"] = results.Load{Name: "steady", Arrivals: "constant", Search: goal}
	d.Claims = nil
	for i := range d.Trials {
		trial := &d.Trials[i]
		c := caseOf(d.Run.Plan, *trial)
		if c.Load != "steady" {
			continue
		}
		rate := trial.Metrics["capacity"]
		probe := func(stage string, factor float64, outcome, reason string) results.Probe {
			p := results.Probe{Stage: stage, Rate: factor * rate, Seconds: 0.3, Outcome: outcome}
			if reason != "" {
				p.Reasons = []string{reason}
			}
			return p
		}
		limit, reason := results.ProbeServer, "p99 reached 14.2 ms"
		trial.Bottleneck = results.BottleneckServer
		if c.Protocol == "http" && c.Connection == results.KeepAlive {
			limit, reason = results.ProbeGenerator, "412 of 3600 hits were late by more than 1 ms, 0 were never sent"
			trial.Bottleneck = results.BottleneckGenerator
		}
		trial.Probes = []results.Probe{
			probe("doubling", 0.6, results.ProbeHeld, ""),
			probe("doubling", 1.2, limit, "p99 reached 31 ms"),
			probe("bisection", 1.04, results.ProbeDisturbed, "the hypervisor took 12 % of the CPU time"),
			probe("bisection", 1.04, limit, reason),
			probe("confirmation", 1, results.ProbeHeld, ""),
		}
		trial.Metrics["saturation"] = rate
		if c.Protocol == "scgi" || c.Protocol == "fastcgi" && c.Connection == results.KeepAlive && trial.Block > 8 {
			trial.Probes = []results.Probe{probe("doubling", 0.01, results.ProbeServer, "p99 reached 11.7 ms")}
			delete(trial.Metrics, "saturation")
		}
	}
	return d
}

func TestSearchGoldens(t *testing.T) {
	d := searched(t)
	golden(t, "terminal-search.txt", terminal(t, d, Style{Width: 100}))
	markdown, err := markdownReport(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report-search.md", markdown)
}

// TestSearchesAlone shows no throughput, which the search sets.
func TestSearchesAlone(t *testing.T) {
	d := searched(t)
	d.Run.Plan.Cases = d.Run.Plan.Cases[6:]
	table := newTable(d)
	if !table.has("saturation") || table.has("throughput") || table.spread != "saturation" {
		t.Errorf("saturation %t, throughput %t, spread of %s", table.has("saturation"), table.has("throughput"), table.spread)
	}
	d = hello(t)
	table = newTable(d)
	if table.has("saturation") {
		t.Error("a saturation of loads that do not search")
	}
}

func TestSearchJSON(t *testing.T) {
	var out bytes.Buffer
	if err := JSON(&out, searched(t)); err != nil {
		t.Fatal(err)
	}
	var summary struct {
		Run struct {
			Loads map[string]json.RawMessage
		}
	}
	if err := json.Unmarshal(out.Bytes(), &summary); err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, summary.Run.Loads["steady"]); err != nil {
		t.Fatal(err)
	}
	want := `{"clients":null,"rate_per_s":null,"arrivals":"constant","search":{"slo":[{"metric":"latency.p99","below":10},{"metric":"errors","below":0.001}],"from_per_s":100,"precision":0.05}}`
	if diff := cmp.Diff(want, compact.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if strings.Contains(string(summary.Run.Loads["saturate"]), "search") {
		t.Errorf("a closed load searches: %s", summary.Run.Loads["saturate"])
	}
}

func TestSearchText(t *testing.T) {
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
			"holds 1,000 req/s [950, 1,050]; at 1,050/s p99 reached 14 ms (the front)",
		},
		{
			"an even number",
			[]results.Trial{valid(900, results.BottleneckServer, results.Probe{Rate: 945, Outcome: results.ProbeServer}), valid(1000, results.BottleneckServer, miss)},
			"holds 950 req/s [925, 975]; at 1,050/s p99 reached 14 ms (the server)",
		},
		{
			"a vote of another kind",
			[]results.Trial{valid(1000, results.BottleneckGenerator, results.Probe{Rate: 1050, Outcome: results.ProbeGenerator, Reasons: []string{"late"}}, miss)},
			"holds 1,000 req/s; at 1,050/s late (the load generator)",
		},
		{"nothing missed", []results.Trial{valid(1e6, results.BottleneckRate)}, "holds 1,000,000 req/s"},
		{"no reason", []results.Trial{valid(1000, "x\ny", results.Probe{Rate: 1050, Outcome: results.ProbeServer})}, "holds 1,000 req/s; at 1,050/s it missed (x y)"},
		{"nothing held", []results.Trial{valid(0, results.BottleneckServer, miss)}, "holds no rate; at 1,050/s p99 reached 14 ms (the server)"},
		{"nothing held once", []results.Trial{valid(1000, results.BottleneckServer, miss), valid(0, results.BottleneckServer)}, "holds 1,000 req/s (no rate in 1 of 2 trials); at 1,050/s p99 reached 14 ms (the server)"},
		{"invalid", []results.Trial{{Probes: []results.Probe{miss}}}, "no valid search"},
	} {
		c := summariseCase(results.Case{}, results.Load{Search: goal}, test.trials)
		if got := searchText(c); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestSearchedPicturesAreDrawn: the trials of a search have histograms as all
// others have, but for those that hold nothing.
func TestSearchedPicturesAreDrawn(t *testing.T) {
	d := searched(t)
	for i := range d.Trials {
		if len(d.Trials[i].Probes) == 1 {
			d.Trials[i].Histograms = results.Histograms{}
		}
	}
	d.Scenario = &scenarios.Scenario{Name: "hello"}
	for _, p := range plots(d) {
		if _, err := p.svg(); err != nil {
			t.Errorf("%s: %v", p.name, err)
		}
	}
}
