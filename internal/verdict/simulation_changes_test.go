package verdict

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// Changes are simulated between runs of so many blocks, with this threshold,
// which is that of capacity.
const (
	blocksOfChanges = 20
	bandOfChanges   = 0.05
)

// How often each cell was simulated: a share of 5 % has a standard error of 1.3
// points in 300 comparisons, and 1.5 in 200.
const (
	runsOfOneChange  = 300
	runsOfTenChanges = 200
)

var falseChanges = []column{
	errsInChanges("normalised: at an edge, one change", normalisedChanges, atAnEdge, 1),
	errsInChanges("at an edge, ten", normalisedChanges, atAnEdge, 10),
	errsInChanges("A/A, one", normalisedChanges, equal, 1),
	errsInChanges("A/A, ten", normalisedChanges, equal, 10),
	errsInChanges("paired: at an edge, one", pairedChanges, atAnEdge, 1),
	errsInChanges("at an edge, ten", pairedChanges, atAnEdge, 10),
	errsInChanges("A/A, one", pairedChanges, equal, 1),
	errsInChanges("A/A, ten", pairedChanges, equal, 10),
}

// truth is how many times better NEW is, and what is false of that.
type truth struct {
	ratio  func(*rand.Rand) float64
	denies []ChangeOutcome
}

var (
	// equal runs are the same: to call them better or worse is false.
	equal = truth{func(*rand.Rand) float64 { return 1 }, []ChangeOutcome{Better, Worse}}
	// At either edge of the band whatever is decided is false, as it is for a claim of
	// exactly the true factor.
	atAnEdge = truth{func(r *rand.Rand) float64 {
		low, high := Change{Threshold: bandOfChanges}.Band()
		if r.IntN(2) == 0 {
			return low
		}
		return high
	}, []ChangeOutcome{Better, Worse, Same}}
)

func errsInChanges(name string, simulate func(conditions, *rand.Rand, float64, int) []*contest, is truth, changes int) column {
	runs := runsOfOneChange
	if changes > 1 {
		runs = runsOfTenChanges
	}
	return errs(name, runs, func(c conditions, r *rand.Rand) bool {
		outcomes := judgeSimulatedChanges(simulate(c, r, is.ratio(r), changes))
		return slices.ContainsFunc(outcomes, func(o ChangeOutcome) bool { return slices.Contains(is.denies, o) })
	})
}

// pairedChanges compares cases of one run, as simulatedFamily makes them.
func pairedChanges(c conditions, r *rand.Rand, ratio float64, changes int) []*contest {
	of, over := simulatedFamily(c, r, ratio, changes, blocksOfChanges)
	contests := make([]*contest, changes)
	for i := range contests {
		contests[i] = simulatedContest(over[i], of[i])
		contests[i].paired = true
	}
	return contests
}

// normalisedChanges compares two runs of so many cases, each divided by a
// reference of its run.
func normalisedChanges(c conditions, r *rand.Rand, ratio float64, changes int) []*contest {
	quotients := func(level float64) [][]float64 {
		levels := append(slices.Repeat([]float64{level}, changes), 1)
		run := c.interleaved(r, levels, 1, blocksOfChanges)
		reference := run[changes][0]
		all := make([][]float64, changes)
		for i := range all {
			for block, v := range run[i][0] {
				all[i] = append(all[i], v/reference[block])
			}
		}
		return all
	}
	before, after := quotients(1), quotients(ratio)
	contests := make([]*contest, changes)
	for i := range contests {
		contests[i] = simulatedContest(before[i], after[i])
	}
	return contests
}

func simulatedContest(before, after []float64) *contest {
	metric, _ := results.LookupMetric("capacity")
	return &contest{
		metric: metric, base: series{values: before}, new: series{values: after},
		change: Change{Threshold: bandOfChanges},
	}
}

// judgeSimulatedChanges does what judgeFamily does, but resamples nothing where
// the rank-sum test would agree with no outcome.
func judgeSimulatedChanges(contests []*contest) []ChangeOutcome {
	if contests[0].paired {
		judgeFamily(contests, 1, 1)
		return outcomesOf(contests)
	}
	p := make([]float64, len(contests))
	for i, x := range contests {
		p[i] = x.p(1)
	}
	for i, rate := range rates(p, len(p), 1) {
		x := contests[i]
		x.change.Outcome = Undetermined
		// Whatever can come out of an estimate on this side of 1 takes it that the
		// edge on this side is rejected.
		edge, high := x.change.Band()
		if stats.Describe(x.new.values).Median > stats.Describe(x.base.values).Median {
			edge = high
		}
		if x.p(edge) <= rate {
			x.judge(rate, 1)
		}
	}
	return outcomesOf(contests)
}

func outcomesOf(contests []*contest) []ChangeOutcome {
	outcomes := make([]ChangeOutcome, len(contests))
	for i, x := range contests {
		outcomes[i] = x.change.Outcome
	}
	return outcomes
}

// The simulation takes a short cut to the changes. It leads where judgeFamily
// does, by which Compare and ComparePaired decide: on runs with decisions of each
// kind and without.
func TestSimulationJudgesAsCompareDoes(t *testing.T) {
	seen := map[ChangeOutcome]int{}
	quiet := conditions{name: "quiet", noise: normal(0.01)}
	for seed := range uint64(45) {
		c := append(kinds[:len(kinds):len(kinds)], quiet, quiet)[seed%uint64(len(kinds)+2)]
		ratio := []float64{0.8, 1, 1.25, 1}[seed%4]
		for name, simulate := range map[string]func(conditions, *rand.Rand, float64, int) []*contest{"normalised": normalisedChanges, "paired": pairedChanges} {
			again := func() []*contest { return simulate(c, rand.New(rand.NewPCG(seed, 2)), ratio, 10) }
			shortly, whole := judgeSimulatedChanges(again()), again()
			judgeFamily(whole, 1, 1)
			if !slices.Equal(shortly, outcomesOf(whole)) {
				t.Fatalf("%s, %s, seed %d: %v, and in full %v", name, c.name, seed, shortly, outcomesOf(whole))
			}
			for _, o := range shortly {
				seen[o]++
			}
		}
	}
	if len(seen) != 4 {
		t.Errorf("the runs ended in %v only", seen)
	}
}
