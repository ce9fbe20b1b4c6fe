package verdict

import (
	"strings"
	"testing"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

func TestCaveats(t *testing.T) {
	every := func(change func(*results.Trial)) func([]results.Trial) {
		return func(trials []results.Trial) {
			for i := range trials {
				change(&trials[i])
			}
		}
	}
	generator := every(func(t *results.Trial) { t.Bottleneck = results.BottleneckGenerator })
	nothing := func([]results.Trial) {}
	for _, c := range []struct {
		name   string
		metric string
		load   string
		change func([]results.Trial)
		want   string // in a warning; "" for no warning at all
	}{
		{"nothing to say", "throughput", "saturate", nothing, ""},
		{"the generator at its limit", "throughput", "saturate", generator, "the load generator was the bottleneck in 24 of 24 trials: throughput measured the generator; read capacity"},
		{"capacity holds where the generator is at its limit", "capacity", "saturate", generator, ""},
		{"some trials at the limit of the generator", "throughput", "saturate", func(trials []results.Trial) {
			for i := range trials {
				if trials[i].Block <= 3 && strings.Contains(trials[i].Case, "uwsgi/tcp/per-request") {
					trials[i].Bottleneck = results.BottleneckGenerator
				}
			}
		}, "in 3 of 24 trials"},
		{"latency of a closed load", "latency.p50", "saturate", nothing, "service time"},
		{"latency with the generator at its limit", "latency.p50", "saturate", generator, "its own delay is part of the latency"},
		{"latency of an open load", "latency.p50", "steady", every(func(t *results.Trial) { t.Bottleneck = results.BottleneckRate }), ""},
		{"a rate that was not kept up with", "latency.p50", "steady", every(func(t *results.Trial) { t.Bottleneck = results.BottleneckServer }), "the rate was not kept up with in 24 of 24 trials"},
		{"dropped hits", "latency.p50", "steady", every(func(t *results.Trial) {
			t.Bottleneck, t.Counts.Dropped, t.Counts.Planned = results.BottleneckRate, 3, 600
		}), "some requests were never sent in 24 of 24 trials, up to 0.5 % of those planned: latency there leaves out who would have waited longest"},
		{"dropped hits that are in no figure", "capacity", "steady", every(func(t *results.Trial) { t.Bottleneck = results.BottleneckRate; t.Counts.Dropped = 3 }), ""},
		{"a search that the server limits", "saturation", "search", every(func(t *results.Trial) { t.Bottleneck = results.BottleneckServer; t.Counts.Dropped = 3 }), ""},
		{"a search that the generator limits", "saturation", "search", generator, "the load generator was the bottleneck in 24 of 24 trials: the saturation there is the generator's, and the server's lies above it"},
		{"latency of what searches found", "latency.p50", "search", generator, "the trial of a search is made at the rate that it found"},
		{"few requests beyond a percentile", "latency.p50", "steady", every(func(t *results.Trial) { t.Counts.Correct = 19 }), "median latency rests on fewer than 10 requests in 24 of 24 trials"},
		{"a disturbed host", "throughput", "saturate", every(func(t *results.Trial) {
			if t.Block == 2 {
				t.Notes = []results.Note{{Kind: "steal"}, {Kind: "steal"}, {Kind: "late"}, {Kind: "bottleneck"}}
			}
		}), "the machine disturbed the measurement in 2 of 24 trials: CPU time taken by the hypervisor (2)"},
		{"what is not the host's", "throughput", "saturate", every(func(t *results.Trial) {
			if t.Block == 2 {
				t.Notes = []results.Note{{Kind: "late"}, {Kind: "late"}, {Kind: "bottleneck"}}
			}
		}), "something was noted in 2 of 24 trials: requests sent after their time, or never (2)"},
		{"late on a disturbed host", "throughput", "saturate", every(func(t *results.Trial) { t.Notes = []results.Note{{Kind: "steal"}, {Kind: "late"}} }), "something was noted in 24 of 24 trials: requests sent after their time, or never (24)"},
		{"limits are no disturbance", "throughput", "saturate", every(func(t *results.Trial) { t.Notes = []results.Note{{Kind: "bottleneck"}, {Kind: "search"}} }), ""},
		{"ratios all over the place", "throughput", "saturate", every(func(t *results.Trial) {
			if t.Block%3 == 0 && strings.Contains(t.Case, "uwsgi") {
				t.Metrics["throughput"] *= 3
			}
		}), "the ratio varied much from block to block"},
		{"a wide interval", "throughput", "saturate", every(func(t *results.Trial) {
			if t.Block%3 == 0 && strings.Contains(t.Case, "uwsgi") {
				t.Metrics["throughput"] *= 10
			}
		}), "the interval is wide"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := single(c.metric, ">=", 1.5)
			s.Load = append(s.Load, scenarios.Load{Name: "search", Search: &scenarios.Search{}})
			s.Claims[0].Of["load"], s.Claims[0].Over["load"] = c.load, c.load
			plan := planOf(s, 12, 12)
			trials := newLab(1, 1, 0.01).trials(plan, 12)
			c.change(trials)
			got := only(t, evaluate(t, s, plan, trials)).Warnings
			if c.want == "" && len(got) > 0 || !strings.Contains(strings.Join(got, "\n"), c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestCaveatWhereSeveralThingsDiffer(t *testing.T) {
	s := hello()
	s.Claims = []scenarios.Claim{claim([]string{"latency.p50"},
		scenarios.Selector{"protocol": "http", "connection": "keep-alive", "load": "steady"},
		scenarios.Selector{"protocol": "uwsgi", "connection": "per-request", "load": "saturate"}, ">=", 1)}
	plan := planOf(s, 10, 10)
	got := strings.Join(only(t, evaluate(t, s, plan, newLab(1, 1, 0.01).trials(plan, 10))).Warnings, "\n")
	for _, want := range []string{
		"the two cases differ in protocol, connection and load: the ratio is that of all of it together",
		"the two are not the same quantity",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not say %q", got, want)
		}
	}
}

func TestCaveatOfAnUnplannedEnd(t *testing.T) {
	s := single("throughput", ">=", 10)
	plan := planOf(s, 10, 30)
	trials := newLab(1, 1, 0.01).trials(plan, 12)
	if got := only(t, evaluate(t, s, plan, trials)); len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "the run ended after 12 blocks, and looks were planned after 10, 15, 20 and 30") {
		t.Errorf("%q", got.Warnings)
	}
	// What is not decided cannot be decided falsely.
	s = single("throughput", ">=", 1)
	if got := only(t, evaluate(t, s, plan, trials)); got.Outcome != Inconclusive || len(got.Warnings) != 0 {
		t.Errorf("%s, %q", got.Outcome, got.Warnings)
	}
}

// TestThroughputOfTheGenerator: it takes most trials of one case to say of a
// comparison that it measured the generator, and only throughput is limited so.
func TestThroughputOfTheGenerator(t *testing.T) {
	in := func(share func(block int) bool, protocol string) func([]results.Trial) {
		return func(trials []results.Trial) {
			for i := range trials {
				if share(trials[i].Block) && strings.Contains(trials[i].Case, protocol) {
					trials[i].Bottleneck = results.BottleneckGenerator
				}
			}
		}
	}
	all := func(int) bool { return true }
	for _, c := range []struct {
		name   string
		metric string
		change func([]results.Trial)
		want   bool
	}{
		{"never", "throughput", func([]results.Trial) {}, false},
		{"in all trials", "throughput", in(all, "/"), true},
		{"in most trials of one case", "throughput", in(func(block int) bool { return block <= 7 }, "fastcgi"), true},
		{"in half of the trials", "throughput", in(func(block int) bool { return block <= 6 }, "fastcgi"), false},
		{"in all trials of a case that is not compared", "throughput", in(all, "http"), false},
		{"capacity", "capacity", in(all, "/"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := single(c.metric, ">=", 10)
			plan := planOf(s, 12, 12)
			trials := newLab(1, 1.3, 0.01).trials(plan, 12)
			c.change(trials)
			v := only(t, evaluate(t, s, plan, trials))
			if said := strings.Contains(v.Sentence, ", measured at the load generator's limit; the claim was"); v.GeneratorBound != c.want || said != c.want {
				t.Errorf("generator bound %t, want %t: %s", v.GeneratorBound, c.want, v.Sentence)
			}
		})
	}
}
