package verdict

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// hello is the shipped scenario in small: one claim of three metrics on a
// closed and an open load, a family of five.
func hello() *scenarios.Scenario {
	return &scenarios.Scenario{
		Name:         "hello",
		Applications: []string{"hello"},
		Targets:      []scenarios.TargetRef{{Name: "builtin"}},
		Protocols:    []string{"http", "uwsgi", "fastcgi"},
		Networks:     []string{"tcp"},
		Connections:  []string{"per-request", "keep-alive"},
		Fronts:       []string{"none"},
		Load:         []scenarios.Load{{Name: "saturate", Clients: 16}, {Name: "steady", Rate: 2000}},
		Claims: []scenarios.Claim{claim(
			[]string{"throughput", "capacity", "latency.p50"},
			scenarios.Selector{"protocol": "uwsgi", "connection": "per-request"},
			scenarios.Selector{"protocol": "fastcgi", "connection": "per-request"},
			">=", 10,
		)},
	}
}

func claim(metrics []string, of, over scenarios.Selector, op string, factor float64) scenarios.Claim {
	return scenarios.Claim{
		Name: "uwsgi-fastcgi", Says: "uwsgi is faster than FastCGI", Metrics: metrics, Of: of, Over: over,
		Factor: scenarios.Factor{Op: op, Value: factor}, Line: 7,
	}
}

// single is hello with one claim of one metric on one pair of cases.
func single(metric, op string, factor float64) *scenarios.Scenario {
	s := hello()
	s.Claims = []scenarios.Claim{claim(
		[]string{metric},
		scenarios.Selector{"protocol": "uwsgi", "connection": "per-request", "load": "saturate"},
		scenarios.Selector{"protocol": "fastcgi", "connection": "per-request", "load": "saturate"},
		op, factor,
	)}
	return s
}

// planOf expands the scenario into all its cases; no server keeps a uwsgi
// connection open.
func planOf(s *scenarios.Scenario, lowest, highest int) results.Plan {
	p := results.Plan{
		Loads: map[string]results.Load{}, MinBlocks: lowest, MaxBlocks: highest,
		Looks: stats.Looks(lowest, highest), Precision: 0.05,
	}
	for _, l := range s.Load {
		load := results.Load{Name: l.Name, Clients: l.Clients, Rate: l.Rate}
		if l.Search != nil {
			load.Search = &results.Search{}
		}
		p.Loads[l.Name] = load
	}
	for _, t := range s.Targets {
		for _, protocol := range s.Protocols {
			for _, connection := range s.Connections {
				if protocol == "uwsgi" && connection == "keep-alive" {
					continue
				}
				for _, l := range s.Load {
					p.Cases = append(p.Cases, results.Case{
						Target: t.Name, Protocol: protocol, Network: "tcp", Connection: connection,
						Front: "none", Application: "hello", Load: l.Name,
					})
				}
			}
		}
	}
	return p
}

// without leaves cases out of a plan, as a target that is not installed does.
func without(p results.Plan, axis, value string) results.Plan {
	p.Cases = slices.DeleteFunc(slices.Clone(p.Cases), func(c results.Case) bool { return c.Value(axis) == value })
	return p
}

// lab makes trials: a case is so many times as good as FastCGI, times a host
// that changes from block to block, times noise of its own.
type lab struct {
	random *rand.Rand
	good   map[string]float64 // by protocol; 1 where absent
	noise  float64            // standard deviation of the logarithm
}

func newLab(seed uint64, uwsgi, noise float64) lab {
	return lab{random: rand.New(rand.NewPCG(seed, 11)), good: map[string]float64{"uwsgi": uwsgi}, noise: noise}
}

func (l lab) trials(p results.Plan, blocks int) []results.Trial {
	var trials []results.Trial
	for block := 1; block <= blocks; block++ {
		trials = append(trials, l.block(p, block)...)
	}
	return trials
}

func (l lab) block(p results.Plan, block int) []results.Trial {
	host := math.Exp(0.3 * l.random.NormFloat64())
	var trials []results.Trial
	for i, c := range p.Cases {
		good, ok := l.good[c.Protocol]
		if !ok {
			good = 1
		}
		draw := func() float64 { return good * host * math.Exp(l.noise*l.random.NormFloat64()) }
		trials = append(trials, results.Trial{
			Case: c.ID(), Block: block, Order: i + 1, Attempt: 1, Valid: true,
			Counts: results.Counts{Correct: 10000},
			Metrics: results.Metrics{
				"throughput": 10000 * draw(), "capacity": 20000 * draw(),
				"latency.p50": 2 / draw(), "server_cpu": 50 / draw(),
			},
		})
		if p.Loads[c.Load].Search != nil {
			trials[len(trials)-1].Metrics["saturation"] = 15000 * draw()
		}
	}
	return trials
}

func evaluate(t *testing.T, s *scenarios.Scenario, p results.Plan, trials []results.Trial) []ClaimResult {
	t.Helper()
	claims, err := Evaluate(s, p, trials)
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

// only returns the verdict of a scenario with one comparison.
func only(t *testing.T, claims []ClaimResult) Verdict {
	t.Helper()
	if len(claims) != 1 || len(claims[0].Verdicts) != 1 {
		t.Fatalf("want one verdict: %+v", claims)
	}
	return claims[0].Verdicts[0]
}
