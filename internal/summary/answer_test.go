package summary_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// lab makes a run whose figures are what good says of each case, times a little
// noise, the same each time.
type lab struct {
	cases  []results.Case
	loads  map[string]results.Load
	blocks int
	good   func(results.Case) results.Metrics
	trial  func(*results.Trial)
}

func (l lab) data() summary.Data {
	d := summary.Data{Run: results.Run{Plan: results.Plan{Cases: l.cases, Loads: l.loads, MinBlocks: l.blocks, MaxBlocks: l.blocks}}}
	d.Run.End = d.Run.Start.AddDate(2026, 0, 0)
	random := rand.New(rand.NewPCG(1, 2))
	for block := 1; block <= l.blocks; block++ {
		for _, c := range l.cases {
			trial := results.Trial{Case: c.ID(), Block: block, Attempt: 1, Valid: true, Metrics: l.good(c), Bottleneck: results.BottleneckServer}
			scatter := math.Exp(0.002 * random.NormFloat64())
			for name := range trial.Metrics {
				trial.Metrics[name] *= scatter
			}
			if l.trial != nil {
				l.trial(&trial)
			}
			d.Trials = append(d.Trials, trial)
		}
	}
	return d
}

var (
	closedLoad = map[string]results.Load{"saturate": {Name: "saturate", Clients: 16}}
	openLoad   = map[string]results.Load{"steady": {Name: "steady", Rate: 2000, Arrivals: "constant"}}
)

// grid is cases of two protocols on each of these servers, in each mode.
func grid(load string, targets, connections []string) (cases []results.Case) {
	for _, target := range targets {
		for _, protocol := range []string{"http", "fastcgi"} {
			for _, connection := range connections {
				cases = append(cases, results.Case{
					Target: target, Protocol: protocol, Network: "tcp", Connection: connection,
					Front: results.NoFront, Application: "hello", Load: load,
				})
			}
		}
	}
	return cases
}

// capacities are 10,000, times what each of these values is worth.
func capacities(worth map[string]float64) func(results.Case) results.Metrics {
	return func(c results.Case) results.Metrics {
		capacity := 10000.0
		for _, axis := range results.Axes {
			if w, ok := worth[axis+" "+c.Value(axis)]; ok {
				capacity *= w
			}
			if w, ok := worth[c.Target+" with "+axis+" "+c.Value(axis)]; ok {
				capacity *= w
			}
		}
		return results.Metrics{"capacity": capacity, "throughput": capacity, "server_cpu": 1e6 / capacity}
	}
}

// answered is the text beneath a heading, "" where there is none.
func answered(d summary.Data, heading string) string {
	for _, a := range summary.Answers(d) {
		if a.Heading == heading {
			return a.Text
		}
	}
	return ""
}

const (
	protocolHeading = "Does the protocol matter?"
	axesHeading     = "What matters most"
	limitHeading    = "What was the limit"
	durationHeading = "How long a request takes"
	waitingHeading  = "Waiting before the send"
	costHeading     = "Where the cost lies"
	trustHeading    = "How far to trust this"
	claimsHeading   = "What became of the claims"
)

// claimed adds a claim on the first two cases that cannot tell them apart.
func claimed(d summary.Data) summary.Data {
	d.Claims = []verdict.ClaimResult{{Verdicts: []verdict.Verdict{{
		Comparison: verdict.Comparison{Metric: "capacity", Of: d.Run.Plan.Cases[1], Over: d.Run.Plan.Cases[0]},
		Ratio:      stats.Ratio{Estimate: 1.05, Low: 0.99, High: 1.12, Confidence: 0.99, Achieved: 0.99, N: 12},
	}}}}
	return d
}

// working are the cases with a small request and with a large one.
func working(cases []results.Case) (both []results.Case) {
	for _, request := range []string{"small", "large"} {
		for _, c := range cases {
			both = append(both, c.With(map[string]string{"request": request}))
		}
	}
	return both
}

// noisy has a third protocol, uwsgi, that is a fifth worse than the one and, by an
// estimate that scatters widely, half as bad again as the other.
func noisy(cases []results.Case, wild, steady string) summary.Data {
	cases = append(slices.Clone(cases), cases[0].With(map[string]string{"protocol": "uwsgi"}))
	loads := closedLoad
	if cases[0].Load == "steady" {
		loads = openLoad
	}
	return lab{cases: cases, loads: loads, blocks: 14, good: func(c results.Case) results.Metrics {
		worth := map[string]float64{steady: 1.2, wild: 1.5, "uwsgi": 1}[c.Protocol]
		return results.Metrics{"capacity": worth, "latency.p50": 1 / worth, "latency.p99": 1 / worth}
	}, trial: func(trial *results.Trial) {
		c, _ := results.ParseCaseID(trial.Case)
		if c.Protocol != wild {
			return
		}
		// From block to block far to either side.
		scatter := []float64{0.4, 2.5, 0.6, 1.8}[trial.Block%4]
		trial.Metrics["capacity"] *= scatter
		trial.Metrics["latency.p50"] /= scatter
		trial.Metrics["latency.p99"] /= scatter
	}}.data()
}

func TestAnswers(t *testing.T) {
	one, two := []string{"builtin"}, []string{"builtin", "uwsgi"}
	perRequest, both := []string{results.PerRequest}, []string{results.PerRequest, results.KeepAlive}
	run := func(cases []results.Case, blocks int, worth map[string]float64) summary.Data {
		return lab{cases: cases, loads: closedLoad, blocks: blocks, good: capacities(worth)}.data()
	}
	limitedBy := func(by string, of int) summary.Data {
		n := 0
		return lab{cases: grid("saturate", one, perRequest), loads: closedLoad, blocks: 10, good: capacities(nil), trial: func(trial *results.Trial) {
			if n++; n <= of {
				trial.Bottleneck = by
			}
		}}.data()
	}
	open := func(late, lag float64) summary.Data {
		return lab{cases: grid("steady", one, perRequest), loads: openLoad, blocks: 12, good: func(c results.Case) results.Metrics {
			slow := 1.0
			if c.Protocol == "fastcgi" {
				slow = 1.5
			}
			return results.Metrics{"latency.p50": 0.2 * slow, "latency.p99": 1 + late, "service.p99": 1, "lag.p99": lag}
		}, trial: func(trial *results.Trial) { trial.Bottleneck = results.BottleneckRate }}.data()
	}
	for _, test := range []struct {
		name    string
		data    summary.Data
		heading string
		want    []string // in the text
		not     []string // nowhere in it
	}{
		{
			"a protocol that matters", run(grid("saturate", one, perRequest), 12, map[string]float64{"protocol http": 1.5}), protocolHeading,
			[]string{"Yes: 1.50x [", "with http instead of fastcgi", "capacity (responses per second of server CPU time)"},
			[]string{"noise", "server builtin", "depending"},
		},
		{
			"one that hardly does", run(grid("saturate", one, perRequest), 12, map[string]float64{"protocol http": 1.07}), protocolHeading,
			[]string{"Hardly: 1.0", "Measured in capacity"},
			[]string{"noise", "Yes"},
		},
		{
			"one that does not", run(grid("saturate", one, perRequest), 12, nil), protocolHeading,
			[]string{"No difference that can be told from noise: 1.0"},
			[]string{"Yes", "at most"},
		},
		{
			"one that matters on one server", run(grid("saturate", two, perRequest), 12, map[string]float64{"uwsgi with protocol http": 2}), protocolHeading,
			[]string{"Yes on target uwsgi: 2.00x [", "No difference that can be told from noise on target builtin: 1.0", "intervals of one target hold together with 95 %"},
			[]string{"the server"},
		},
		{
			"one that matters on one server and hardly on the other", run(grid("saturate", two, perRequest), 12, map[string]float64{"uwsgi with protocol http": 2, "builtin with protocol http": 1.05}), protocolHeading,
			[]string{"Yes on target uwsgi: 2.0", "Hardly on target builtin: 1.05x ["},
			[]string{"noise", "claim"},
		},
		{
			"one of which a claim cannot tell", claimed(run(grid("saturate", two, perRequest), 12, map[string]float64{"uwsgi with protocol http": 2, "builtin with protocol http": 1.05})), protocolHeading,
			[]string{"Hardly on target builtin: 1.05x [", "(the claim cannot tell it from none: its interval, [0.990, 1.12], is wider"},
			nil,
		},
		{
			"a larger estimate that is noise", noisy(grid("saturate", one, perRequest), "http", "fastcgi"), protocolHeading,
			[]string{"with fastcgi instead of uwsgi", "look further apart but cannot be told from noise are passed over"},
			[]string{"http", "No difference"},
		},
		{
			"too few blocks", run(grid("saturate", one, perRequest), 3, map[string]float64{"protocol http": 1.5}), protocolHeading,
			[]string{"Not known: there are too few blocks"},
			[]string{"Yes", "[", "1.50x"},
		},
		{
			"one protocol", run(grid("saturate", one, perRequest)[:1], 12, nil), protocolHeading, nil, []string{"a"},
		},
		{
			"the largest axis first", run(grid("saturate", two, both), 12, map[string]float64{"connection keep-alive": 4, "protocol http": 1.3}), axesHeading,
			[]string{
				"What changes capacity, most first: the connection mode, 4.00x [", "; the protocol, 1.30x [", "with keep-alive instead of per-request",
				"No difference in capacity can be told from noise: the server, 1.0", "hold together with 95 %", "instead of target uwsgi", "cases equal in all else",
			},
			[]string{"cannot be told.", "depending on the rest", "at most"},
		},
		{
			"two axes alike", run(grid("saturate", one, both), 12, map[string]float64{"connection keep-alive": 1.3, "protocol http": 1.3}), axesHeading,
			[]string{"and whether the connection mode or the protocol does more cannot be told."},
			nil,
		},
		{
			"an effect that depends", run(grid("saturate", two, perRequest), 12, map[string]float64{"uwsgi with protocol http": 2}), axesHeading,
			[]string{"the protocol, 1.4", "x, depending on the rest)"},
			nil,
		},
		{
			"axes in few blocks", run(grid("saturate", two, both), 3, map[string]float64{"connection keep-alive": 4}), axesHeading,
			[]string{"is not known of the connection mode, the protocol and the server: there are too few blocks"},
			[]string{"95 %", "[", "4.00x", "Each"},
		},
		{
			"rates that are the generator's", func() summary.Data {
				d := run(grid("saturate", one, both), 12, map[string]float64{"connection keep-alive": 4})
				for i := range d.Trials {
					delete(d.Trials[i].Metrics, "capacity")
					d.Trials[i].Bottleneck = results.BottleneckGenerator
				}
				return d
			}(), axesHeading,
			[]string{"What changes throughput, most first: the connection mode, 4.00x [", "In 4 of 4 cases the load generator was the limit"},
			nil,
		},
		{"one axis", run(grid("saturate", one, perRequest), 12, nil), axesHeading, nil, []string{"a"}},
		{
			"work is no choice", run(working(grid("saturate", one, perRequest)), 12, map[string]float64{"request large": 0.1}), axesHeading,
			nil,
			[]string{"a"},
		},
		{
			"work beside choices", run(working(grid("saturate", one, both)), 12, map[string]float64{"request large": 0.1, "connection keep-alive": 4}), axesHeading,
			[]string{"most first: the connection mode, 4.00x [", "How much work a request is, is left out of this: it makes 10.0x ["},
			[]string{"the request"},
		},
		{"the server", limitedBy(results.BottleneckServer, 20), limitHeading, []string{"Under closed load: the server in 20 of 20 trials. Throughput is what the servers can do."}, nil},
		{
			"the generator", limitedBy(results.BottleneckGenerator, 15), limitHeading,
			[]string{"the load generator in 15 of 20 trials, the server in 5. Where it was the load generator, throughput is a lower bound"},
			nil,
		},
		{"the front", limitedBy(results.BottleneckFront, 20), limitHeading, []string{"the front in 20 of 20 trials. Throughput is the front's"}, nil},
		{"the network", limitedBy(results.BottleneckNetwork, 20), limitHeading, []string{"the network in 20 of 20 trials. Throughput is the network's"}, nil},
		{"nothing known", limitedBy(results.BottleneckUnknown, 20), limitHeading, []string{"in 20 of 20 trials nothing was found to be the limit. Something but CPU time"}, nil},
		{"nothing known of some", limitedBy(results.BottleneckUnknown, 5), limitHeading, []string{"the server in 15 of 20 trials; in 5 nothing was found to be the limit. Where it was the server, throughput"}, nil},
		{"a rate kept", open(0, 0), limitHeading, []string{"the rate was kept up with in 24 of 24 trials: latency there is that of servers with room to spare."}, []string{"closed"}},
		{
			"a rate not kept", func() summary.Data {
				d := open(0, 0)
				d.Trials[0].Counts.Dropped = 3
				d.Trials[1].Bottleneck = results.BottleneckServer
				return d
			}(), limitHeading, []string{"in 23 of 24 trials: latency in the others may be that of a queue that grows. Where it was kept up with, 3 requests were never sent, and what"}, nil,
		},
		{
			"keep-alive saves", run(grid("saturate", one, both), 12, map[string]float64{"connection keep-alive": 4}), costHeading,
			nil,
			[]string{"A connection for each request"}, // as nobody knows what is user and what system time
		},
		{
			"latency", open(0.02, 0.01), durationHeading,
			[]string{
				"Under steady: open load, 2,000 req/s, constant arrivals, half of the requests were answered within 0.2", "(http) to 0.3", " ms (fastcgi). 99 of 100 were answered within 1.0", "hold together with 95 %",
				"What changes the median latency most, of what can be told from noise, is the protocol: 1.5", "faster with http instead of fastcgi",
				"No choice makes a difference to the 99th percentile of latency that can be told from noise.",
			},
			[]string{"look better", "nearly the same", "lateness"},
		},
		{
			"a larger estimate of latency that is noise", noisy(grid("steady", one, perRequest), "http", "fastcgi"), durationHeading,
			[]string{"What changes the 99th percentile of latency most, of what can be told from noise, is the protocol: 1.2", "with fastcgi instead of uwsgi"},
			nil,
		},
		{"no waiting", open(0.02, 0.01), waitingHeading, []string{"the 99th percentile would be nearly the same: within 5 % in every case"}, []string{"look better"}},
		{"the generator's lateness within", open(1, 0.9), durationHeading, []string{"99 of 100 were answered within 2.00 ms", "1.00 ms of it before the send, and most of that may be the load generator's own lateness"}, nil},
		{"late servers", open(1, 0.4), durationHeading, []string{"99 of 100 were answered within 2.00 ms"}, []string{"lateness"}},
		{"late servers that make wait", open(1, 0.4), waitingHeading, []string{"would look better than it was", "within 0.40"}, []string{"own lateness"}},
		{
			"omission", open(1, 0.9), waitingHeading,
			[]string{"would look better than it was. In the worst case it would be 1.00 instead of 2.00 ms (", "within 0.90", "Most of that may be the load generator's own lateness: do not read it as the server's."},
			[]string{"nearly"},
		},
		{"closed loads alone", run(grid("saturate", one, perRequest), 12, nil), durationHeading, []string{"an open load would tell"}, []string{"99 of 100"}},
		{"enough blocks", run(grid("saturate", one, perRequest), 12, nil), trustHeading, []string{"rest on 12 complete blocks of 2 cases", "Of 24 trials none is invalid; none is known to be disturbed by the machine.", "span", "one machine on one day"}, []string{"too few", "quick", "partial", "course of the run", "virtual", "steady drift", "notes"}},
		{"three blocks", run(grid("saturate", one, perRequest), 3, nil), trustHeading, []string{"3 complete blocks of 2 cases", "too few: an interval with 95 % confidence takes 6"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := answered(test.data, test.heading)
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in: %s", want, got)
				}
			}
			for _, not := range test.not {
				if strings.Contains(got, not) {
					t.Errorf("%q is in: %s", not, got)
				}
			}
		})
	}
}

func TestAnswersOfTrust(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*summary.Data)
		want   string
	}{
		{"partial", func(d *summary.Data) { d.Run.Partial = "interrupted" }, "The run is partial: interrupted; 12 complete blocks of 12 planned."},
		{"unverified", func(d *summary.Data) { d.Run.Unverified = true }, "The run is not verified: --no-verify"},
		{"quick", func(d *summary.Data) { d.Run.Plan.Quick = true }, "take it for a rehearsal"},
		{"invalid", func(d *summary.Data) {
			d.Trials = append(d.Trials, results.Trial{Case: d.Trials[0].Case, Block: 1, Attempt: 2})
		}, "Of 25 trials 1 is invalid and left out; no other is known"},
		{"disturbed", func(d *summary.Data) { d.Trials[0].Notes = []results.Note{{Kind: "steal"}} }, "Of 24 trials none is invalid; 1 is disturbed by the machine, but counted."},
		{"notes of the measurement", func(d *summary.Data) { d.Trials[0].Notes = []results.Note{{Kind: "late"}} }, "disturbed by the machine; 1 has notes of something else."},
		{"up and down", func(d *summary.Data) {
			for i := range d.Trials {
				d.Trials[i].Metrics["capacity"] *= 1 - 0.005*math.Pow(float64(d.Trials[i].Block)-6.5, 2)
			}
		}, "No steady drift, but the blocks went up and down: capacity between 8"},
		{"virtual", func(d *summary.Data) { d.Run.Environment.Virtual = "kvm" }, "one virtual machine"},
		{"shared", func(d *summary.Data) { d.Run.Placement = results.Placement{Servers: []int{0, 1}, Generator: []int{1}} }, "shared its CPUs"},
		{"drift", func(d *summary.Data) {
			for i := range d.Trials {
				d.Trials[i].Metrics["capacity"] *= 1 + 0.05*float64(d.Trials[i].Block)
			}
		}, "changed in the course of the run: "},
	} {
		cases := grid("saturate", []string{"builtin"}, []string{results.PerRequest})
		d := lab{cases: cases, loads: closedLoad, blocks: 12, good: capacities(nil)}.data()
		d.Run.Placement = results.Placement{Servers: []int{1}, Generator: []int{0}}
		if text := answered(d, trustHeading); strings.Contains(text, test.want) {
			t.Fatalf("%s: %q is in any case: %s", test.name, test.want, text)
		}
		test.change(&d)
		if text := answered(d, trustHeading); !strings.Contains(text, test.want) {
			t.Errorf("%s: %q is not in: %s", test.name, test.want, text)
		}
	}
}

func TestAnswersOfClaims(t *testing.T) {
	ratio := func(estimate, low, high float64) stats.Ratio {
		return stats.Ratio{Estimate: estimate, Low: low, High: high, Confidence: 0.99, Achieved: 0.99, N: 10}
	}
	cases := grid("saturate", []string{"builtin", "uwsgi"}, []string{results.PerRequest})
	for _, test := range []struct {
		name    string
		outcome verdict.Outcome
		ratios  []stats.Ratio
		want    string
	}{
		{
			"refuted", verdict.Refuted,
			[]stats.Ratio{ratio(1.9, 1.7, 2.3)},
			`"x is fast" does not hold here. It says at least 10x; measured in capacity (responses per second of server CPU time) there was 1.90x [1.70, 2.30] (http over fastcgi, builtin).`,
		},
		{
			"supported", verdict.Supported,
			[]stats.Ratio{ratio(12, 11, 13)},
			`"x is fast" holds here. It says at least 10x; measured in capacity (responses per second of server CPU time) there was 12.0x [11.0, 13.0] (http over fastcgi, builtin).`,
		},
		{
			"inconclusive", verdict.Inconclusive,
			[]stats.Ratio{ratio(1, 0.5, 20)},
			`"x is fast" cannot be decided from this run. It says at least 10x; measured in capacity (responses per second of server CPU time) there was 1.00x [0.500, 20.0] (http over fastcgi, builtin), which cannot be told from no difference.`,
		},
		{
			"no interval", verdict.Inconclusive,
			[]stats.Ratio{{Estimate: 2, High: math.Inf(1), Confidence: 0.99, N: 2}},
			`"x is fast" cannot be decided from this run. It says at least 10x; measured in capacity (responses per second of server CPU time) there was no interval in 1 comparison, for want of blocks.`,
		},
		{"nothing", verdict.Inconclusive, nil, `"x is fast" cannot be decided from this run: nothing was compared.`},
		{
			"several that differ not", verdict.Refuted,
			[]stats.Ratio{ratio(1.9, 1.7, 2.3), ratio(1.1, 0.9, 1.2), ratio(1.2, 0.8, 1.4)},
			`"x is fast" does not hold here. It says at least 10x; measured in capacity (responses per second of server CPU time) there was 1.90x [1.70, 2.30] (http over fastcgi, builtin); ` +
				`no difference that can be told from noise in 2 comparisons (1.10x [0.900, 1.20] to 1.20x [0.800, 1.40]).`,
		},
		{
			"many", verdict.Refuted,
			[]stats.Ratio{ratio(1.5, 1.4, 1.6), ratio(1.2, 1.1, 1.3), ratio(2, 1.9, 2.1), ratio(1.6, 1.5, 1.7), ratio(1.7, 1.6, 1.8)},
			`"x is fast" does not hold here. It says at least 10x; measured in capacity (responses per second of server CPU time) there was from 1.20x [1.10, 1.30] (http over fastcgi, builtin) to 2.00x [1.90, 2.10] (http over fastcgi, builtin) in 5 comparisons.`,
		},
	} {
		claim := verdict.ClaimResult{Claim: scenarios.Claim{Says: "x is fast", Factor: scenarios.Factor{Op: scenarios.AtLeast, Value: 10}}, Outcome: test.outcome}
		for _, r := range test.ratios {
			claim.Verdicts = append(claim.Verdicts, verdict.Verdict{
				Comparison: verdict.Comparison{Metric: "capacity", Of: cases[0], Over: cases[1]}, Outcome: test.outcome, Ratio: r,
			})
		}
		d := summary.Data{Run: results.Run{Plan: results.Plan{Cases: cases, Loads: closedLoad}}, Claims: []verdict.ClaimResult{claim}}
		if strings.Contains(test.want, " [") {
			test.want += " The intervals are those of the verdicts, which share an error rate of 5 %."
		}
		if got := answered(d, claimsHeading); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestAnswersOfTrendsAndSearches(t *testing.T) {
	if got := answered(summarytest.Fronts(t), "Trends"); !strings.Contains(got, "One more WSGI middleware costs: ") || !strings.Contains(got, "each interval 95 % by itself") {
		t.Errorf("trends: %s", got)
	}
	searched := answered(summarytest.Searched(t), "Saturation")
	if !strings.Contains(searched, "The highest rate that holds ") || !strings.Contains(searched, " req/s (") {
		t.Errorf("searches: %s", searched)
	}
	if got := answered(summarytest.Hello(t), "Trends"); got != "" {
		t.Errorf("without a trend: %s", got)
	}
}

func TestAnswersAreFewAndInert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkAnswers(t, summarytest.AnyData.Draw(t, "data")) })
}

func TestAnswersOfEveryRun(t *testing.T) {
	for _, d := range []summary.Data{
		summarytest.Hello(t), summarytest.OneCase(t), summarytest.ThirtyCases(t), summarytest.SixtyCases(t), summarytest.Fronts(t),
		summarytest.Noisy(t), summarytest.Searched(t), summarytest.Hostile(t), summarytest.Extreme(t), summarytest.NothingValid(t),
		{},
	} {
		checkAnswers(t, d)
		for _, a := range summary.Answers(d) {
			for _, wrong := range []string{"NaN", "Inf", "%!"} {
				if strings.Contains(a.Text, wrong) {
					t.Errorf("%q in: %s", wrong, a.Text)
				}
			}
		}
	}
}

func checkAnswers(t rapid.TB, d summary.Data) {
	t.Helper()
	answers := summary.Answers(d)
	if len(answers) == 0 || len(answers) > 9 || answers[len(answers)-1].Heading != trustHeading {
		t.Fatalf("%d answers: %q", len(answers), answers)
	}
	for _, a := range answers {
		for _, text := range []string{a.Heading, a.Text} {
			if text == "" || text != inert.Line(text) || strings.ContainsFunc(text, unicode.IsControl) {
				t.Fatalf("not inert: %q", text)
			}
		}
	}
	for _, g := range summary.CostGroups(d) {
		if g.Text == "" || g.Text != inert.Line(g.Text) || len(g.Cases) < 2 {
			t.Fatalf("%+v", g)
		}
	}
}
