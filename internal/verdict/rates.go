package verdict

import (
	"fmt"
	"slices"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// Alpha is the chance, at most, that a run ends with any false verdict.
const Alpha = 0.05

// rateOfLook is what one look at the records may spend of Alpha.
func rateOfLook(looks int) float64 { return Alpha / float64(max(looks, 1)) }

// rates returns the error rate of each verdict, from the p-values of the
// comparisons that could be tested: Holm's, capped. The package comment says
// why that is valid.
func rates(p []float64, family, looks int) []float64 {
	family = max(family, len(p))
	rates := stats.Holm(p, family, rateOfLook(looks))
	for i := range rates {
		rates[i] = min(rates[i], 2*rateOfLook(looks)/float64(family))
	}
	return rates
}

// blocksToDecide is the number of blocks that the first decision of a family
// takes: with fewer, an interval at its rate does not exist.
func blocksToDecide(family, looks int) int {
	return stats.MinBlocks(rateOfLook(looks) / float64(family))
}

// Feasible refuses a plan under which no comparison of a family of that size
// could ever be decided, because an exact interval at its share of the error
// rate takes more blocks than blocks.max. The error names what to write.
//
// A first look with too few blocks is no reason to refuse: PlanWarnings names
// it.
func Feasible(family int, plan results.Plan) error {
	if family == 0 {
		return nil
	}
	need := blocksToDecide(family, len(plan.Looks))
	if need <= plan.MaxBlocks {
		return nil
	}
	lowest, highest := feasibleBlocks(family, plan.MaxBlocks)
	return fmt.Errorf("this plan can never decide a claim: %s at %s share an error rate of %s %%, an interval that certain takes %d blocks, and blocks.max is %d: "+
		"write blocks: {min: %d, max: %d}, or test fewer claims and metrics",
		count(family, "comparison"), count(len(plan.Looks), "look"), percent(Alpha), need, plan.MaxBlocks, lowest, highest)
}

// feasibleBlocks returns the smallest blocks.min at which the first look can
// decide, with the blocks.max nearest to the wanted one.
func feasibleBlocks(family, wanted int) (lowest, highest int) {
	for lowest = 1; ; lowest++ {
		highest = max(lowest, wanted)
		if blocksToDecide(family, len(stats.Looks(lowest, highest))) <= lowest {
			return lowest, highest
		}
	}
}

// PlanWarnings names the looks of a feasible plan that come too early to
// decide anything. They do no harm but to spend their share of the error rate.
func PlanWarnings(family int, plan results.Plan) []string {
	if family == 0 {
		return nil
	}
	need := blocksToDecide(family, len(plan.Looks))
	var early []int
	for _, look := range plan.Looks {
		if look < need {
			early = append(early, look)
		}
	}
	if len(early) == 0 || need > plan.MaxBlocks {
		return nil
	}
	lowest, highest := feasibleBlocks(family, plan.MaxBlocks)
	return []string{fmt.Sprintf("no claim can be decided after %s blocks, only from %d on: blocks: {min: %d, max: %d} would not spend error rate on looks in vain",
		list(early), need, lowest, highest)}
}

// unplanned is the caveat of a verdict made after a number of blocks at which
// the plan did not mean to look; "" where it did.
func unplanned(blocks int, plan results.Plan) string {
	if len(plan.Looks) == 0 || slices.Contains(plan.Looks, blocks) {
		return ""
	}
	return fmt.Sprintf("the run ended after %s, and looks were planned after %s: the error rate holds only if it did not end because of what it had shown",
		count(blocks, "block"), list(plan.Looks))
}
