package verdict

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// The simulation takes a short cut to the verdicts. It leads where Evaluate
// does: on runs with decisions both ways and without.
func TestSimulationJudgesAsEvaluateDoes(t *testing.T) {
	s := hello()
	perProtocol := func(protocol string) scenarios.Selector {
		return scenarios.Selector{"protocol": protocol, "load": "saturate"}
	}
	const factor = 1
	s.Claims = []scenarios.Claim{claim([]string{"throughput", "capacity"}, perProtocol("http"), perProtocol("fastcgi"), ">=", factor)}
	plan := planOf(s, looks[0], looks[len(looks)-1])
	plan = without(without(plan, "load", "steady"), "protocol", "uwsgi")

	seen := map[Outcome]int{}
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 1))
		c := kinds[seed%uint64(len(kinds))]
		// Two pairs of cases, of which one is apart, and two metrics.
		levels := []float64{0.8 + 0.1*float64(seed%5), 1, factor, 1}
		run := c.interleaved(random, levels, 2, looks[len(looks)-1])
		of, over := slices.Concat(run[0], run[2]), slices.Concat(run[1], run[3])

		trials := simulatedTrials(plan, run)
		for _, look := range looks {
			var want []Outcome
			for _, v := range evaluate(t, s, plan, trials[:look*len(plan.Cases)])[0].Verdicts {
				want = append(want, v.Outcome)
			}
			got := judgeSimulated(of, over, factor, look)
			// Evaluate goes through the pairs within each metric.
			if got := []Outcome{got[0], got[2], got[1], got[3]}; !slices.Equal(got, want) {
				t.Fatalf("%s, seed %d, %d blocks: %v, and Evaluate says %v", c.name, seed, look, got, want)
			}
			for _, o := range want {
				seen[o]++
			}
		}
	}
	if len(seen) != 3 {
		t.Errorf("the runs ended in %v only", seen)
	}
}

// simulatedTrials makes records of a run with the cases http per-request,
// fastcgi per-request, http keep-alive and fastcgi keep-alive, and the metrics
// throughput and capacity, in the order of its blocks.
func simulatedTrials(plan results.Plan, run simulatedRun) []results.Trial {
	var trials []results.Trial
	for block := range run[0][0] {
		for i, c := range plan.Cases {
			which := slices.Index([]string{"http per-request", "fastcgi per-request", "http keep-alive", "fastcgi keep-alive"},
				fmt.Sprint(c.Protocol, " ", c.Connection))
			trials = append(trials, results.Trial{
				Case: c.ID(), Block: block + 1, Order: i + 1, Attempt: 1, Valid: true,
				Metrics: results.Metrics{"throughput": run[which][0][block], "capacity": run[which][1][block]},
			})
		}
	}
	return trials
}

// What all looks and comparisons of a run may spend adds up to Alpha: in any
// direction where the ratio is the factor, by Holm, and in the wrong one, where
// each comparison can be wrong at one end of its interval only, by the cap.
func TestLooksAndComparisonsShareTheErrorRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lowest := rapid.IntRange(1, 60).Draw(t, "lowest")
		looks := len(stats.Looks(lowest, rapid.IntRange(lowest, 600).Draw(t, "highest")))
		p := rapid.SliceOfN(rapid.Float64Range(0, 0.02), 1, 12).Draw(t, "p")
		family := rapid.IntRange(0, 20).Draw(t, "family")

		const rounding = 1 + 1e-12
		if spent := float64(looks) * rateOfLook(looks); spent > Alpha*rounding {
			t.Fatalf("%d looks spend %g", looks, spent)
		}
		oneEnd := 0.0
		for i, rate := range rates(p, family, looks) {
			oneEnd += rate / 2
			if rate > rateOfLook(looks)*rounding || rate < rateOfLook(looks)/float64(max(family, len(p)))/rounding {
				t.Errorf("p = %g at rate %g of the look's %g", p[i], rate, rateOfLook(looks))
			}
		}
		if spent := float64(looks) * oneEnd; spent > Alpha*rounding {
			t.Errorf("the ends of %d intervals at %d looks spend %g", len(p), looks, spent)
		}
	})
}
