package verdict

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// origin is the comparison that made the legend: two servers and two protocols
// behind the same front, and a claim that crosses both.
func origin(metric string) (*scenarios.Scenario, results.Plan) {
	s := hello()
	s.Targets = []scenarios.TargetRef{{Name: "uwsgi"}, {Name: "pygateway"}}
	s.Protocols, s.Connections, s.Load = []string{"uwsgi", "fastcgi"}, []string{"per-request"}, s.Load[:1]
	s.Claims = []scenarios.Claim{claim([]string{metric},
		scenarios.Selector{"target": "uwsgi", "protocol": "uwsgi"},
		scenarios.Selector{"target": "pygateway", "protocol": "fastcgi"}, ">=", 10)}
	return s, planOf(s, 10, 10)
}

// measure makes one trial of each case in each block: what good says, times a
// host, times noise.
func measure(plan results.Plan, blocks int, metric string, noise float64, good func(results.Case) float64) []results.Trial {
	random := rand.New(rand.NewPCG(3, 5))
	var trials []results.Trial
	for block := 1; block <= blocks; block++ {
		host := math.Exp(0.3 * random.NormFloat64())
		for _, c := range plan.Cases {
			trials = append(trials, results.Trial{
				Case: c.ID(), Block: block, Attempt: 1, Valid: true, Counts: results.Counts{Correct: 10000},
				Metrics: results.Metrics{metric: good(c) * host * math.Exp(noise*random.NormFloat64())},
			})
		}
	}
	return trials
}

// additive is a target 8.5 times and a protocol 1.05 times as good, whatever
// the other is.
func additive(c results.Case) float64 {
	good := 1000.0
	if c.Target == "uwsgi" {
		good *= 8.5
	}
	if c.Protocol == "uwsgi" {
		good *= 1.05
	}
	return good
}

func TestPartsOfWhatMultiplies(t *testing.T) {
	for _, metric := range []string{"capacity", "server_cpu"} {
		s, plan := origin(metric)
		good := additive
		if metric == "server_cpu" {
			good = func(c results.Case) float64 { return 1e6 / additive(c) }
		}
		v := only(t, evaluate(t, s, plan, measure(plan, 10, metric, 0.01, good)))
		if len(v.Parts) != 2 {
			t.Fatalf("%s: %+v", metric, v.Parts)
		}
		for i, want := range []struct {
			axis, from, to string
			ratio          float64
		}{{"target", "pygateway", "uwsgi", 8.5}, {"protocol", "fastcgi", "uwsgi", 1.05}} {
			p := v.Parts[i]
			if p.Axis != want.axis || p.From != want.from || p.To != want.to || math.Abs(p.Ratio.Estimate/want.ratio-1) > 0.02 {
				t.Errorf("%s: %+v, want %+v", metric, p, want)
			}
			if r := p.Ratio; !(r.Low <= want.ratio && want.ratio <= r.High) || r.N != 10 || r.Confidence != 0.95 {
				t.Errorf("%s: %+v does not hold %g", metric, r, want.ratio)
			}
			if !(p.Least <= p.Ratio.Estimate*1.001 && p.Ratio.Estimate <= p.Most*1.001) {
				t.Errorf("%s: %g is not within [%g, %g]", metric, p.Ratio.Estimate, p.Least, p.Most)
			}
		}
		if len(v.Warnings) > 0 {
			t.Errorf("%s: %q", metric, v.Warnings)
		}
	}
}

// Whatever the figures, the parts of a block multiply to its ratio, and so one
// block is told exactly; three axes at once.
func TestPartsMultiplyToTheRatio(t *testing.T) {
	s, _ := origin("capacity")
	s.Claims[0].Of["connection"], s.Claims[0].Over["connection"] = "keep-alive", "per-request"
	s.Protocols, s.Connections = []string{"http", "fastcgi"}, []string{"per-request", "keep-alive"}
	s.Claims[0].Of["protocol"] = "http"
	plan := planOf(s, 10, 10)
	rapid.Check(t, func(rt *rapid.T) {
		var trials []results.Trial
		for _, c := range plan.Cases {
			trials = append(trials, results.Trial{Case: c.ID(), Block: 1, Valid: true, Metrics: results.Metrics{
				"capacity": rapid.Float64Range(1, 1e6).Draw(rt, c.ID()),
			}})
		}
		v := only(t, evaluate(t, s, plan, trials))
		if len(v.Parts) != 3 {
			rt.Fatalf("%+v", v.Parts)
		}
		product := 1.0
		for _, p := range v.Parts {
			product *= p.Ratio.Estimate
		}
		if math.Abs(product/v.Ratio.Estimate-1) > 1e-9 {
			rt.Fatalf("the parts multiply to %g, the ratio is %g: %+v", product, v.Ratio.Estimate, v.Parts)
		}
	})
}

func TestNoParts(t *testing.T) {
	s, plan := origin("capacity")
	lacking := plan
	lacking.Cases = slices.DeleteFunc(slices.Clone(plan.Cases), func(c results.Case) bool { return c.Target == "uwsgi" && c.Protocol == "fastcgi" })
	together := "the two cases differ in target and protocol: the ratio is that of all of it together; a run of all their combinations would tell the parts"
	for _, c := range []struct {
		name   string
		plan   results.Plan
		change func(*results.Trial)
		warns  bool
	}{
		{"a combination is not in the plan", lacking, func(*results.Trial) {}, true},
		{"a combination has no valid trial", plan, func(t *results.Trial) { t.Valid = t.Case != plan.Cases[1].ID() }, true},
		{"a combination is not positive", plan, func(t *results.Trial) {
			if t.Case == plan.Cases[1].ID() {
				t.Metrics["capacity"] = 0
			}
		}, true},
	} {
		trials := measure(c.plan, 10, "capacity", 0.01, additive)
		for i := range trials {
			c.change(&trials[i])
		}
		v := only(t, evaluate(t, s, c.plan, trials))
		if len(v.Parts) != 0 || v.Explanation != "" || !slices.Contains(v.Warnings, together) {
			t.Errorf("%s: %+v, %q, %q", c.name, v.Parts, v.Explanation, v.Warnings)
		}
	}
	one := single("capacity", ">=", 1)
	v := only(t, evaluate(t, one, planOf(one, 10, 10), newLab(1, 1, 0.1).trials(planOf(one, 10, 10), 10)))
	if len(v.Parts) != 0 || v.Explanation != "" {
		t.Errorf("one axis: %+v, %q", v.Parts, v.Explanation)
	}
}

func TestABlockWithoutACombinationIsLeftOut(t *testing.T) {
	s, plan := origin("capacity")
	trials := measure(plan, 10, "capacity", 0.01, additive)
	for i := range trials {
		if trials[i].Block <= 2 && trials[i].Case == plan.Cases[1].ID() {
			trials[i].Valid = false
		}
	}
	v := only(t, evaluate(t, s, plan, trials))
	if len(v.Parts) != 2 || v.Parts[0].Ratio.N != 8 || v.Ratio.N != 10 {
		t.Fatalf("%+v", v)
	}
	if !strings.HasSuffix(v.Explanation, " The parts rest on 8 of 10 blocks: the others lack a valid trial of some combination.") {
		t.Error(v.Explanation)
	}
}

func TestExplanations(t *testing.T) {
	better := func(target, protocol, both float64) func(results.Case) float64 {
		return func(c results.Case) float64 {
			switch {
			case c.Target == "uwsgi" && c.Protocol == "uwsgi":
				return 1000 * both
			case c.Target == "uwsgi":
				return 1000 * target
			case c.Protocol == "uwsgi":
				return 1000 * protocol
			}
			return 1000
		}
	}
	for _, c := range []struct {
		name   string
		good   func(results.Case) float64
		noise  float64
		blocks int
		want   string
	}{
		{
			"the server", better(8.5, 1.04, 8.5*1.04), 0, 10,
			"Of the 8.84x, 8.50x [8.50, 8.50] comes from the target (uwsgi instead of pygateway) and 1.04x [1.04, 1.04] from the protocol (uwsgi instead of fastcgi), so the difference is the server's, not the protocol's.",
		},
		{
			"mostly the server", better(3, 1.5, 4.5), 0, 10,
			", so the difference is mostly the server's, and to a smaller part the protocol's.",
		},
		{
			"nearly as much the protocol", better(1.7, 1.6, 2.72), 0, 10,
			", so the difference is the server's and, nearly as much, the protocol's.",
		},
		{
			"against each other", better(3, 0.8, 2.4), 0, 10,
			", so the difference is the server's, and goes against what the protocol does.",
		},
		{
			"worse", better(0.5, 1, 0.5), 0, 10,
			"The 0.500x is made of 0.500x [0.500, 0.500] from the target (uwsgi instead of pygateway) and 1.00x [1.00, 1.00] from the protocol (uwsgi instead of fastcgi), so the difference is the server's, not the protocol's.",
		},
		{
			"the protocol matters with one server only", better(8, 1, 16), 0, 10,
			"so the difference is mostly the server's, and to a smaller part the protocol's. What the protocol does depends on the target: 1.00x to 2.00x.",
		},
		{"equal parts", better(2, 2, 4), 0.05, 10, ", but which of them is larger is not clear."},
		{"no difference", better(1, 1, 1), 0.05, 10, ", but none of them is clearly different from 1x."},
		{"few blocks", better(8, 1, 8), 0, 3, "8.00x comes from the target (uwsgi instead of pygateway) and 1.00x from the protocol (uwsgi instead of fastcgi), but it takes 6 blocks to tell which of them is larger."},
	} {
		s, plan := origin("capacity")
		got := only(t, evaluate(t, s, plan, measure(plan, c.blocks, "capacity", c.noise, c.good))).Explanation
		if !strings.Contains(got, c.want) {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestExplanationOfThreeAxes(t *testing.T) {
	s, _ := origin("capacity")
	s.Protocols, s.Connections = []string{"http", "fastcgi"}, []string{"per-request", "keep-alive"}
	s.Claims[0].Of = scenarios.Selector{"target": "uwsgi", "protocol": "http", "connection": "keep-alive"}
	s.Claims[0].Over = scenarios.Selector{"target": "pygateway", "protocol": "fastcgi", "connection": "per-request"}
	plan := planOf(s, 10, 10)
	good := func(c results.Case) float64 {
		v := 1000.0
		if c.Target == "uwsgi" {
			v *= 6
		}
		if c.Connection == "keep-alive" {
			v *= 2
		}
		return v
	}
	want := "Of the 12.0x, 6.00x [6.00, 6.00] comes from the target (uwsgi instead of pygateway), 1.00x [1.00, 1.00] from the protocol (http instead of fastcgi) and 2.00x [2.00, 2.00] from the connection (keep-alive instead of per-request)," +
		" so the difference is mostly the server's, not the protocol's, and to a smaller part the connection mode's."
	if got := only(t, evaluate(t, s, plan, measure(plan, 10, "capacity", 0, good))).Explanation; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
