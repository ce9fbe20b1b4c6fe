package verdict

import (
	"testing"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// runToTheEnd measures block by block and stops at the first look that decides
// everything, as a run does.
func runToTheEnd(t *testing.T, s *scenarios.Scenario, plan results.Plan, l lab) []ClaimResult {
	t.Helper()
	var trials []results.Trial
	var claims []ClaimResult
	block := 0
	for _, look := range plan.Looks {
		for ; block < look; block++ {
			trials = append(trials, l.block(plan, block+1)...)
		}
		if claims = evaluate(t, s, plan, trials); Decided(claims, plan.Precision) {
			break
		}
	}
	return claims
}

// small leaves out the cases that no claim here is about, and never stops for
// precision.
func small(p results.Plan) results.Plan {
	p = without(without(p, "load", "steady"), "connection", "keep-alive")
	p.Precision = 0
	return p
}

// equalAndFaster claims something of two metrics that are equal, and of two
// pairs that are not: the case in which a step-down procedure spends most.
func equalAndFaster(factor float64) *scenarios.Scenario {
	s := hello()
	perRequest := func(protocol string) scenarios.Selector {
		return scenarios.Selector{"protocol": protocol, "connection": "per-request", "load": "saturate"}
	}
	s.Claims = []scenarios.Claim{
		claim([]string{"throughput", "capacity"}, perRequest("http"), perRequest("fastcgi"), ">=", 1),
		claim([]string{"throughput", "capacity"}, perRequest("uwsgi"), perRequest("fastcgi"), ">=", factor),
	}
	return s
}

// An A/A run compares what is equal: a decision either way is a false alarm.
// Four looks and four comparisons would each have their chance; together they
// may use up 5 %.
func TestEqualsAreHardlyEverToldApart(t *testing.T) {
	for _, c := range []struct {
		name   string
		factor float64 // claimed of the other two comparisons, whose ratio is 1
	}{
		{"all equal", 1},
		{"the others decided at once", 0.5},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := equalAndFaster(c.factor)
			plan := small(planOf(s, 10, 30))
			const runs = 200
			alarms := 0
			for seed := range uint64(runs) {
				for _, r := range runToTheEnd(t, s, plan, newLab(seed, 1, 0.1)) {
					equal := r.Claim.Of["protocol"] == "http" || c.factor == 1
					if equal && (r.Verdicts[0].Outcome != Inconclusive || r.Verdicts[1].Outcome != Inconclusive) {
						alarms++
						break
					}
				}
			}
			// 5 % of 200 and two standard deviations.
			if alarms > 16 {
				t.Errorf("%d of %d A/A runs ended in a verdict", alarms, runs)
			}
		})
	}
}

// The other half of an instrument's proof: what is there is found. 5 % at the
// noise of a shared host takes all thirty blocks.
func TestASmallDifferenceIsFound(t *testing.T) {
	s := single("capacity", ">=", 1)
	plan := small(planOf(s, 10, 30))
	const runs = 60
	found := 0
	for seed := range uint64(runs) {
		switch only(t, runToTheEnd(t, s, plan, newLab(seed, 0.95, 0.03))).Outcome {
		case Refuted:
			found++
		case Supported:
			t.Errorf("seed %d: a slowdown of 5 %% passed for none", seed)
		}
	}
	if found < 54 {
		t.Errorf("a slowdown of 5 %% was found in %d of %d runs", found, runs)
	}
}
