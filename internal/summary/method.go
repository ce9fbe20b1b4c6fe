package summary

import (
	"fmt"
	"slices"

	"github.com/gwbench/gwbench/internal/verdict"
)

// MethodText says in paragraphs how the run was measured and judged.
func MethodText(d Data) []string {
	plan := d.Run.Plan
	paragraphs := []string{fmt.Sprintf("Every case was measured once in each block, in a fresh random order (seed %d), with servers started anew: "+
		"%s, %s per trial after %s of warm-up that is thrown away. "+
		"Before its first trial each case had to give the expected response, and every response was checked. "+
		"Ratios are paired within blocks: the estimate is the Hodges-Lehmann median of the logarithms, the interval inverts the exact "+
		"Wilcoxon signed-rank test, and the error rate is split over all comparisons (Holm) and over the block counts at which the run may stop. "+
		"A claim is supported where the whole interval is on its side of the factor, refuted where the whole interval is on the other, else inconclusive.",
		d.Run.Seed, BlocksText(d),
		DurationText(plan.Duration), DurationText(plan.Warmup))}
	if hasParts(d) || len(d.Trends) > 0 {
		paragraphs = append(paragraphs, "Parts of a ratio are Shapley values of the axes on which its cases differ, in logarithms: in each block they multiply to the ratio. "+
			"Trends are slopes of least squares within each block. Both describe: their intervals have 95 % each, and are no part of the family of verdicts.")
	}
	paragraphs = append(paragraphs, "What an axis does to a metric, in the answers in words, is the geometric mean over the pairs of cases that differ on that axis alone, paired within blocks. "+
		"The intervals of one list, which is of one metric and of one set of cases (such as those of one target), hold together with 95 % confidence (Bonferroni over all pairs of values), so that the largest of that list may be picked; "+
		"several lists do not hold together. They describe too, and decide no claim.")
	if quick := QuickText(d); quick != "" {
		paragraphs = append(paragraphs, Capital(quick)+".")
	}
	return paragraphs
}

func hasParts(d Data) bool {
	return slices.ContainsFunc(d.Claims, func(c verdict.ClaimResult) bool {
		return slices.ContainsFunc(c.Verdicts, func(v verdict.Verdict) bool { return len(v.Parts) > 0 })
	})
}
