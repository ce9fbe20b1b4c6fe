package summarytest

import (
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// Searched is hello whose open load searches: on six cases, one of which holds
// nothing in two blocks, one in none, and one of which the generator limits.
func Searched(t testing.TB) summary.Data {
	t.Helper()
	d := Hello(t)
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
			// Latency grows towards a rate a little beyond the one that holds.
			p.Metrics = results.Metrics{"latency.p99": 1 / max(1.1-factor, 0.03)}
			if outcome == results.ProbeServer {
				p.Metrics["latency.p99"] += 10
			}
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
