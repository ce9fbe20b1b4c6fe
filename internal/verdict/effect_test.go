package verdict

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

func all(results.Case) bool { return true }

// effectsOf are the effects in a run of two servers and two protocols.
func effectsOf(metric string, noise float64, good func(results.Case) float64) []Effect {
	_, plan := origin(metric)
	return Effects(plan, measure(plan, 12, metric, noise, good), metric, all)
}

func TestEffectsOfWhatMultiplies(t *testing.T) {
	effects := effectsOf("capacity", 0.02, additive)
	if len(effects) != 2 {
		t.Fatalf("%d effects, want that of the target and that of the protocol: %+v", len(effects), effects)
	}
	for i, want := range []struct {
		axis, of, over string
		ratio          float64
	}{{"target", "uwsgi", "pygateway", 8.5}, {"protocol", "uwsgi", "fastcgi", 1.05}} {
		e := effects[i]
		if e.Axis != want.axis || e.Of != want.of || e.Over != want.over || e.Pairs != 2 || e.Apart {
			t.Errorf("got %+v, want %+v of 2 pairs alike", e, want)
		}
		if !(e.Ratio.Low < want.ratio && want.ratio < e.Ratio.High) || math.Abs(e.Ratio.Estimate/want.ratio-1) > 0.03 || e.Ratio.N != 12 {
			t.Errorf("the %s: %+v, want about %v over 12 blocks", want.axis, e.Ratio, want.ratio)
		}
		if e.Ratio.Confidence != 1-0.05/2 {
			t.Errorf("the %s: confidence %v, want that of two at once", want.axis, e.Ratio.Confidence)
		}
	}
}

func TestEffectsOfCostsPointToTheCheaper(t *testing.T) {
	// A larger figure is the worse one.
	for _, e := range effectsOf("server_cpu", 0.02, additive) {
		if over := e.Over; over != "uwsgi" || e.Ratio.Estimate <= 1 {
			t.Errorf("%s: %s instead of %s is %.2f times better", e.Axis, e.Of, e.Over, e.Ratio.Estimate)
		}
	}
}

func TestEffectsThatDependOnTheRest(t *testing.T) {
	effects := effectsOf("capacity", 0.02, func(c results.Case) float64 {
		if c.Target == "uwsgi" && c.Protocol == "uwsgi" {
			return 2000
		}
		return 1000
	})
	for _, e := range effects {
		if !e.Apart || math.Abs(e.Least-1) > 0.05 || math.Abs(e.Most-2) > 0.1 || math.Abs(e.Ratio.Estimate-math.Sqrt2) > 0.05 {
			t.Errorf("%s: %+v, want 1.41x, from 1x to 2x", e.Axis, e)
		}
	}
}

func TestEffectsNeedPairs(t *testing.T) {
	_, plan := origin("capacity")
	trials := measure(plan, 12, "capacity", 0.02, additive)
	invalid := slices.Clone(trials)
	for i := range invalid {
		invalid[i].Valid = invalid[i].Block > 8 || invalid[i].Case != plan.Cases[0].ID()
	}
	for _, e := range Effects(plan, invalid, "capacity", all) {
		if e.Ratio.N != 4 {
			t.Errorf("%s: %d blocks, want the 4 that have all the cases", e.Axis, e.Ratio.N)
		}
	}
	apart := plan
	apart.Cases = []results.Case{plan.Cases[0], plan.Cases[3]} // differ in both
	for name, effects := range map[string][]Effect{
		"no case":      Effects(plan, trials, "capacity", func(results.Case) bool { return false }),
		"one case":     Effects(plan, trials, "capacity", func(c results.Case) bool { return c == plan.Cases[0] }),
		"two axes":     Effects(apart, trials, "capacity", all),
		"no trial":     Effects(plan, nil, "capacity", all),
		"other metric": Effects(plan, trials, "throughput", all),
	} {
		if len(effects) != 0 {
			t.Errorf("%s: %+v", name, effects)
		}
	}
}

// Whatever effect is picked afterwards, its interval is as good as promised: where
// nothing differs, few runs have any that excludes 1.
func TestEffectsHoldTogether(t *testing.T) {
	s := hello()
	s.Targets = []scenarios.TargetRef{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}
	s.Protocols, s.Connections, s.Load = []string{"fastcgi", "scgi"}, []string{"per-request"}, s.Load[:1]
	plan := planOf(s, 14, 14)
	const runs = 300
	wrong := 0
	for seed := range uint64(runs) {
		effects := Effects(plan, newLab(seed, 1, 0.1).trials(plan, 14), "capacity", all)
		if len(effects) != 7 {
			t.Fatalf("%d effects, want those of six pairs of servers and of one of protocols", len(effects))
		}
		if slices.ContainsFunc(effects, func(e Effect) bool { return e.Ratio.Above(1) || e.Ratio.Below(1) }) {
			wrong++
		}
	}
	if wrong > runs*8/100 || wrong == 0 {
		t.Errorf("%d of %d runs have an effect where there is none, want at most 5 %%, and some", wrong, runs)
	}
}

// The order of values is chosen by the estimate, so none is below 1, and what is
// said of the largest is said of its own pairs.
func TestEffectsAreAtLeastOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		goods := map[string]float64{}
		_, plan := origin("capacity")
		for _, c := range plan.Cases {
			goods[c.ID()] = rapid.Float64Range(0.1, 10).Draw(t, c.ID())
		}
		for _, e := range Effects(plan, measure(plan, 8, "capacity", 0.1, func(c results.Case) float64 { return goods[c.ID()] }), "capacity", all) {
			if e.Ratio.Estimate < 1-1e-9 || e.Least > e.Most || e.Most < e.Ratio.Estimate*0.8 || e.Least > e.Ratio.Estimate*1.25 {
				t.Fatalf("%+v", e)
			}
		}
	})
}
