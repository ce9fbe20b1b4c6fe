package bench

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

var slo = []results.Objective{{Metric: "latency.p99", Below: 10}, {Metric: "errors", Below: 0.001}}

func TestJudgeProbe(t *testing.T) {
	// good held the objectives at 1000 hits.
	good := func(edit func(*results.Trial)) results.Trial {
		trial := results.Trial{
			Seconds: 1, Counts: results.Counts{Planned: 1000, Sent: 1000, Correct: 1000},
			Metrics: results.Metrics{"latency.p99": 5, "service.p99": 4, "latency.max": 8, "lag.max": 3, "errors": 0},
			Usage:   results.Usage{ServerBusy: ptr(0.5), ClientBusy: ptr(0.5)},
		}
		edit(&trial)
		return trial
	}
	late := func(trial *results.Trial) { trial.Counts.Late = 500; trial.Metrics["latency.p99"] = 50 }
	for _, test := range []struct {
		name   string
		slo    []results.Objective
		trial  results.Trial
		waited int64
		want   string
		reason string
	}{
		{"held", slo, good(func(*results.Trial) {}), 0, results.ProbeHeld, ""},
		{"a slow server", slo, good(func(t *results.Trial) { t.Metrics["latency.p99"], t.Metrics["service.p99"] = 12, 11 }), 0, results.ProbeServer, "p99 reached 12 ms"},
		{"a server that fails", slo, good(func(t *results.Trial) {
			t.Metrics["errors"], t.Errors = 0.02, []results.ErrorCount{{Kind: "reset", Count: 20, Sample: "connection reset"}}
		}), 0, results.ProbeServer, "errors reached 2 % (reset: connection reset)"},
		{"a server that never answers right", slo, good(func(t *results.Trial) { t.Metrics = results.Metrics{"errors": 1} }), 0, results.ProbeServer, "p99 is not known"},
		{"stolen time", slo, good(func(t *results.Trial) { t.Usage.Steal = ptr(0.3); late(t) }), 0, results.ProbeDisturbed, "the hypervisor took 30 %"},
		{"other programs", slo, good(func(t *results.Trial) { t.Usage.Others = ptr(0.3); late(t) }), 0, results.ProbeDisturbed, "other programs took 30 %"},
		{"a late generator", slo, good(late), 0, results.ProbeGenerator, "500 of 1000 hits were late"},
		{"a late generator, in spite of which the objectives held", slo, good(func(t *results.Trial) { t.Counts.Late = 500 }), 0, results.ProbeHeld, ""},
		{"a busy machine, in spite of which they held", slo, good(func(t *results.Trial) { t.Usage.Others = ptr(0.3) }), 0, results.ProbeHeld, ""},
		{"a generator that did not send all", slo, good(func(t *results.Trial) { t.Counts.Sent, t.Counts.Dropped = 980, 20 }), 0, results.ProbeGenerator, "20 of 1000 hits were never sent"},
		{"a server that came to a stop", slo, good(func(t *results.Trial) { t.Counts.Sent, t.Counts.Dropped = 980, 20 }), 20, results.ProbeServer, "20 of 1000 hits could not be sent, as no answers came"},
		{"a server that kept all workers waiting", slo, good(late), 400, results.ProbeServer, "p99 reached 50 ms"},
		{"a generator whose workers had no time", slo, good(func(t *results.Trial) { late(t); t.Usage.ClientBusy = ptr(0.99) }), 400, results.ProbeGenerator, "500 of 1000 hits were late"},
		{"a busy server and a busy generator", slo, good(func(t *results.Trial) {
			late(t)
			t.Usage.ServerBusy, t.Usage.ClientBusy = ptr(0.99), ptr(0.99)
		}), 400, results.ProbeServer, "p99 reached 50 ms"},
		{"a few late hits that alone make the tail", slo, good(func(t *results.Trial) { t.Counts.Late = 30; t.Metrics["latency.p99"] = 12 }), 0, results.ProbeGenerator, "p99 reached 12 ms because the generator was late"},
		{"late hits and a slow server", slo, good(func(t *results.Trial) {
			t.Counts.Late = 30
			t.Metrics["latency.p99"], t.Metrics["service.p99"] = 12, 10.5
		}), 0, results.ProbeServer, "p99 reached 12 ms"},
		{"one very late hit", []results.Objective{{Metric: "latency.max", Below: 10}}, good(func(t *results.Trial) {
			t.Metrics["latency.max"], t.Metrics["lag.max"] = 15, 11
		}), 0, results.ProbeGenerator, "max reached 15 ms because the generator was late"},
		{"one very slow answer", []results.Objective{{Metric: "latency.max", Below: 10}}, good(func(t *results.Trial) { t.Metrics["latency.max"] = 15 }), 0, results.ProbeServer, "max reached 15 ms"},
		{"no ports left", slo, good(func(t *results.Trial) {
			t.Metrics["errors"], t.Errors = 0.5, []results.ErrorCount{{Kind: load.KindPorts, Count: 500, Sample: "cannot assign requested address"}}
		}), 0, results.ProbeGenerator, "no local port was free"},
	} {
		t.Run(test.name, func(t *testing.T) {
			outcome, reasons := judgeProbe(test.slo, test.trial, test.waited, 1, false)
			if text := strings.Join(reasons, "; "); outcome != test.want || !strings.HasPrefix(text, test.reason) && !strings.HasSuffix(text, test.reason) {
				t.Errorf("%s, %q; want %s, %q", outcome, text, test.want, test.reason)
			}
			if (outcome == results.ProbeHeld) != (len(reasons) == 0) {
				t.Errorf("%s for the reasons %q", outcome, reasons)
			}
		})
	}
}

// TestConfirmationsAreUndisturbed: their figures are those of the trial.
func TestConfirmationsAreUndisturbed(t *testing.T) {
	trial := results.Trial{Counts: results.Counts{Planned: 9, Sent: 9, Correct: 9}, Metrics: results.Metrics{"latency.p99": 5, "errors": 0}, Usage: results.Usage{Steal: ptr(0.3)}}
	for confirms, want := range map[bool]string{false: results.ProbeHeld, true: results.ProbeDisturbed} {
		if got, _ := judgeProbe(slo, trial, 0, 1, confirms); got != want {
			t.Errorf("confirms %t: %s, want %s", confirms, got, want)
		}
	}
	trial.Attempt = maxAttempts
	if got, _ := judgeProbe(slo, trial, 0, 1, true); got != results.ProbeHeld {
		t.Errorf("in the last attempt: %s", got)
	}
}

func TestHuntConcludes(t *testing.T) {
	probes := []results.Probe{
		{Stage: load.StageDoubling, Rate: 1000, Outcome: results.ProbeHeld},
		{Stage: load.StageDoubling, Rate: 2000, Outcome: results.ProbeServer, Reasons: []string{"p99 reached 14 ms"}},
		{Stage: load.StageDoubling, Rate: 4000, Outcome: results.ProbeGenerator, Reasons: []string{"90 of 100 hits were late"}},
	}
	for _, test := range []struct {
		name       string
		answer     load.Answer
		side       string // bottleneck of the probe that missed
		valid      bool
		saturation float64
		bottleneck string
		text       string // in a note or a reason
	}{
		{"found", load.Answer{Rate: 1500, Missed: 2000, Limit: results.ProbeServer}, results.BottleneckServer, true, 1500, results.BottleneckServer, ""},
		{"a server that rested and yet missed", load.Answer{Rate: 1500, Missed: 2000, Limit: results.ProbeServer}, results.BottleneckUnknown, true, 1500, results.BottleneckServer, ""},
		{"a front that missed", load.Answer{Rate: 1500, Missed: 2000, Limit: results.ProbeServer}, results.BottleneckFront, true, 1500, results.BottleneckFront, ""},
		{
			"a generator that could no more",
			load.Answer{Rate: 1500, Missed: 2000, Limit: results.ProbeGenerator},
			"", true, 1500, results.BottleneckGenerator,
			"the load generator could not send 2000/s in time: the server's own limit is higher than the 1500/s found",
		},
		{"no limit", load.Answer{Rate: 1e6}, "", true, 1e6, results.BottleneckRate, ""},
		{
			"nothing held",
			load.Answer{Missed: 13, Limit: results.ProbeServer},
			"", true, 0, results.BottleneckServer,
			"no rate holds p99 < 10 ms, errors < 0.1 %: even 13/s did not (p99 reached 14 ms)",
		},
		{
			"nothing held behind a front",
			load.Answer{Missed: 2000, Limit: results.ProbeServer},
			results.BottleneckFront, true, 0, results.BottleneckFront,
			"no rate holds p99 < 10 ms, errors < 0.1 %: even 2000/s did not (p99 reached 14 ms)",
		},
		{
			"nothing held over a network",
			load.Answer{Missed: 2000, Limit: results.ProbeServer},
			results.BottleneckNetwork, true, 0, results.BottleneckNetwork,
			"no rate holds p99 < 10 ms, errors < 0.1 %: even 2000/s did not (p99 reached 14 ms)",
		},
		{
			"nothing held that the generator could send",
			load.Answer{Missed: 13, Limit: results.ProbeGenerator},
			"", false, 0, results.BottleneckGenerator,
			"because of the load generator no rate holds p99 < 10 ms, errors < 0.1 %: even 13/s did not (90 of 100 hits were late)",
		},
		{"disturbed", load.Answer{GaveUp: "too many probes were disturbed"}, "", false, 0, results.BottleneckRate, "the search gave up: too many probes were disturbed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := hunt{
				goal: results.Search{SLO: slo}, probes: probes, sides: map[float64]string{2000: test.side},
				// Any other trial with a wrong answer is invalid; here the objectives say how
				// many there may be.
				trial: results.Trial{
					Invalid: []string{"1 of 2000 responses failed or were wrong"},
					Metrics: results.Metrics{"latency.p99": 9}, Bottleneck: results.BottleneckRate,
				},
			}
			got := h.conclude(test.answer)
			saturation, known := got.Metrics["saturation"]
			if got.Valid != test.valid || saturation != test.saturation || known != (test.saturation > 0) || got.Bottleneck != test.bottleneck {
				t.Errorf("valid %t, saturation %g, bottleneck %s", got.Valid, saturation, got.Bottleneck)
			}
			said := slices.Clone(got.Invalid)
			for _, n := range got.Notes {
				said = append(said, n.Text)
			}
			if text := strings.Join(said, "; "); text != test.text {
				t.Errorf("says %q, want %q", text, test.text)
			}
			if diff := cmp.Diff(probes, got.Probes); diff != "" {
				t.Errorf("probes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOnlyWhatHeldInTimeIsNotWaitedFor(t *testing.T) {
	late := results.Trial{Errors: []results.ErrorCount{{Kind: load.KindReset, Count: 1}, {Kind: load.KindTimeout, Count: 1}}}
	for _, test := range []struct {
		outcome string
		trial   results.Trial
		want    bool
	}{
		{results.ProbeHeld, results.Trial{}, false},
		{results.ProbeHeld, late, true},
		{results.ProbeServer, results.Trial{}, true},
		{results.ProbeGenerator, results.Trial{}, true},
		{results.ProbeDisturbed, results.Trial{}, true},
	} {
		if got := needsDrain(test.outcome, test.trial); got != test.want {
			t.Errorf("%s with the errors %v: %t", test.outcome, test.trial.Errors, got)
		}
	}
}

func TestFirstRates(t *testing.T) {
	seen := map[float64]bool{}
	for attempt := range 200 {
		place := results.Trial{Case: "a", Attempt: attempt}
		rate := firstRate(100, 7, place)
		if rate < 100/math.Sqrt2 || rate > 100*math.Sqrt2 {
			t.Errorf("%g is not within half a doubling of 100", rate)
		}
		if rate != firstRate(100, 7, place) || rate == firstRate(100, 8, place) {
			t.Errorf("%g is not the seed's", rate)
		}
		seen[rate] = true
	}
	if len(seen) < 200 {
		t.Errorf("%d different rates of 200", len(seen))
	}
}

// knee is a scenario that searches on an endpoint in this process. Its probes
// are too short to tell anything but that they were made.
func knee(t *testing.T) *scenarios.Scenario {
	return external(t, "http", helloApp(t), func(s *scenarios.Scenario) {
		s.Connections, s.Blocks = []string{results.KeepAlive}, scenarios.Blocks{Min: 1, Max: 1}
		s.Load = []scenarios.Load{{Name: "search", Arrivals: load.Poisson, Search: &scenarios.Search{
			SLO: []scenarios.Objective{{Metric: "errors", Below: 0.5}}, From: 500, Precision: 0.5,
		}}}
	})
}

func TestSearchIsStoredWithItsProbes(t *testing.T) {
	tried := map[float64]bool{}
	outcome, err := run(t.Context(), t, knee(t), func(e Event) {
		if e.Phase == PhaseStarted {
			tried[e.Probe.Rate] = true
			e.Live()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	_, trials, err := results.Read(outcome.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(trials) == 0 {
		t.Fatal("no trial")
	}
	for _, trial := range trials {
		if len(trial.Probes) < 2 || trial.Probes[0].Stage != load.StageDoubling || trial.Latency != load.FromIntended {
			t.Fatalf("%d probes, latency is %s: %+v", len(trial.Probes), trial.Latency, trial.Probes)
		}
		last := trial.Probes[len(trial.Probes)-1]
		if last.Counts != trial.Counts || last.Metrics["latency.p50"] != trial.Metrics["latency.p50"] {
			t.Errorf("the trial is not its last probe: %+v and %+v", trial.Counts, last.Counts)
		}
		saturation, known := trial.Metrics["saturation"]
		confirmed := last.Stage == load.StageConfirmation && last.Outcome == results.ProbeHeld
		if known && (!trial.Valid || !confirmed || saturation != last.Rate) {
			t.Errorf("valid %t, saturation %g after %+v", trial.Valid, saturation, last)
		}
		for _, p := range trial.Probes {
			if !tried[p.Rate] || p.Counts.Planned == 0 || (p.Outcome == results.ProbeHeld) != (len(p.Reasons) == 0) {
				t.Errorf("%+v", p)
			}
			if _, known := p.Metrics["saturation"]; known {
				t.Errorf("a probe has the answer of the search: %+v", p)
			}
		}
	}
}

func TestSearchEndsWhenInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	probes := 0
	outcome, err := run(ctx, t, knee(t), func(e Event) {
		if e.Phase == PhaseStarted {
			if probes++; probes == 2 {
				cancel()
			}
		}
	})
	if !errors.Is(err, context.Canceled) || probes != 2 || len(outcome.Trials) != 0 {
		t.Errorf("%v after %d probes, %d trials", err, probes, len(outcome.Trials))
	}
}

func TestSearchesTakeTimeInAPlan(t *testing.T) {
	scenario := knee(t)
	plan, err := NewPlan(scenario, Choices{})
	if err != nil {
		t.Fatal(err)
	}
	// From 500/s it takes 6 probes to pass any server's limit, and more to narrow it.
	if least := 8 * (scenario.Warmup + scenario.Duration); plan.BlockTime() < least || plan.BlockTime() > time.Minute {
		t.Errorf("a block takes %s, the least is %s", plan.BlockTime(), least)
	}
	quick, err := NewPlan(scenario, Choices{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	scenario.Load[0].Search.Precision = 0.01
	fine, err := NewPlan(scenario, Choices{})
	if err != nil {
		t.Fatal(err)
	}
	if quick.Loads["search"].Search.Precision != 0.5 || fine.BlockTime() <= plan.BlockTime() {
		t.Errorf("quick searches to %g, a fine search takes %s, a coarse one %s", quick.Loads["search"].Search.Precision, fine.BlockTime(), plan.BlockTime())
	}
}
