package stats

import (
	"math"

	"golang.org/x/perf/benchmath"
)

// MannWhitney returns the two-sided p-value of the hypothesis that two
// independent samples come from one distribution: Mann and Whitney, "On a test
// of whether one of two random variables is stochastically larger than the
// other", Ann. Math. Statist. 18 (1947), the rank-sum test of Wilcoxon (1945).
// The statistic counts the pairs of an element of a with a smaller one of b, and
// half of the pairs of equals: the order of the elements matters, not by how
// much they differ.
//
// benchmath does the work: exact up to 50 elements a side, or 25 where some are
// equal, and beyond that the normal approximation with its corrections for ties
// and continuity. Elements that are not finite are left out. The p-value is 1
// where nothing can be told: no element on one side, or all of them equal. That
// of n against m elements is 2/binomial(n+m, n) at the least while it is exact:
// 1/10 for three on each side.
func MannWhitney(a, b []float64) float64 {
	a, b = finite(a), finite(b)
	if tendsAbove(a, b) {
		a, b = b, a
	}
	// The thresholds are for Compare's warnings, which say nothing new here. With
	// ties, twice a tail may exceed 1.
	comparison := benchmath.AssumeNothing.Compare(
		benchmath.NewSample(a, &benchmath.DefaultThresholds),
		benchmath.NewSample(b, &benchmath.DefaultThresholds))
	return min(1, comparison.P)
}

// tendsAbove tells whether an element of a is above one of b more often than
// below.
//
// The sample that tends below has to be the first for benchmath. It takes the
// smaller of the two samples' statistics and looks it up in the distribution of
// the first one's, which is the right tail for the second one's only where that
// distribution is symmetric, and ties make it skewed: eight times 30 against six
// times 3 would have p = 0 in one order and 2/3003 in the other.
func tendsAbove(a, b []float64) bool {
	balance := 0
	for _, v := range a {
		for _, w := range b {
			switch {
			case v > w:
				balance++
			case v < w:
				balance--
			}
		}
	}
	return balance > 0
}

// finite returns a copy of x without NaN and infinities.
func finite(x []float64) []float64 {
	kept := make([]float64, 0, len(x))
	for _, v := range x {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			kept = append(kept, v)
		}
	}
	return kept
}
