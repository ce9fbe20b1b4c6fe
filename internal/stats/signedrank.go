package stats

import (
	"math"
	"slices"
	"sort"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"
)

// exactLimit is the largest sample whose signed-rank distribution is counted
// out. Beyond it the normal approximation with continuity correction serves:
// counting grows with the cube of the size, and at 200 the two differ by less
// than 5e-4 in probability.
const exactLimit = 200

// HodgesLehmann returns the median of all averages of two elements of x, each
// element paired with itself too (the Walsh averages): Hodges and Lehmann,
// "Estimates of location based on rank tests", Ann. Math. Statist. 34 (1963).
// It is 0 for no elements. The elements must be finite.
func HodgesLehmann(x []float64) float64 {
	return medianOfSorted(walsh(x))
}

// SignedRankInterval inverts the signed-rank test: it returns the closed
// interval of all centres of symmetry that the test does not reject at alpha,
// two-sided. Its ends are order statistics of the Walsh averages (Hollander
// and Wolfe, Nonparametric Statistical Methods, section 3.3). The elements
// must be finite.
//
// achieved is the coverage for continuous x, at least 1-alpha because the
// distribution is discrete; with ties it covers at least as often (Noether,
// "Wilcoxon confidence intervals for location parameters in the discrete
// case", JASA 62 (1967)). ok is false, and all else 0, where x has too few
// elements for alpha: see MinBlocks.
func SignedRankInterval(x []float64, alpha float64) (low, high, achieved float64, ok bool) {
	if len(x) == 0 {
		return 0, 0, 0, false
	}
	averages := walsh(x)
	tail := lowerTail(len(x))
	// rejected is how many averages the interval leaves out at either end: the
	// number of values w of the statistic with 2 P(W <= w) <= alpha.
	rejected := sort.Search(len(averages)/2+1, func(w int) bool { return !(2*tail(w) <= alpha) })
	if rejected == 0 || 2*rejected > len(averages) {
		return 0, 0, 0, false
	}
	return averages[rejected-1], averages[len(averages)-rejected], 1 - 2*tail(rejected-1), true
}

// SignedRankP returns the exact two-sided p-value of the hypothesis that x is
// symmetric around mu. The elements must be finite; without any it is 1.
//
// The statistic is the number of Walsh averages on the rarer side of mu, which
// is Wilcoxon's smaller rank sum (Tukey 1949). An average equal to mu, which
// is what a zero difference or a tie of opposite signs comes to, counts on
// both sides: the p-value is the largest that any way of breaking the ties
// would give. Mid-ranks with dropped zeros (Wilcoxon) or kept ones (Pratt 1959)
// would give a slightly smaller one, but their distribution changes with mu,
// and no interval is the exact inverse of such a test. This one is the inverse
// of SignedRankInterval for all samples: mu is in the interval at 1-alpha if
// and only if its p-value exceeds alpha.
func SignedRankP(x []float64, mu float64) float64 {
	return signedRankP(x, mu, 0)
}

// signedRankP is SignedRankP where averages within tolerance of mu equal it.
func signedRankP(x []float64, mu, tolerance float64) float64 {
	if len(x) == 0 {
		return 1
	}
	below, above := 0, 0
	for i := range x {
		for j := i; j < len(x); j++ {
			a := average(x[i], x[j])
			if a <= mu+tolerance {
				below++
			}
			if a >= mu-tolerance {
				above++
			}
		}
	}
	return min(1, 2*lowerTail(len(x))(min(below, above)))
}

// MinBlocks returns the smallest sample for which SignedRankInterval exists at
// an alpha below 1: the smallest n with 2/2^n <= alpha, which is the chance
// that all n signs agree. It is math.MaxInt for an alpha that is not positive.
func MinBlocks(alpha float64) int {
	if !(alpha > 0) {
		return math.MaxInt
	}
	n := 1
	for chance := 1.0; chance > alpha; chance /= 2 {
		n++
	}
	return n
}

// walsh returns the sorted averages of all pairs of elements of x, each
// element paired with itself too.
func walsh(x []float64) []float64 {
	averages := make([]float64, 0, len(x)*(len(x)+1)/2)
	for i := range x {
		for j := i; j < len(x); j++ {
			averages = append(averages, average(x[i], x[j]))
		}
	}
	slices.Sort(averages)
	return averages
}

// average is exact where a equals b, and does not overflow.
func average(a, b float64) float64 { return a/2 + b/2 }

func medianOfSorted(x []float64) float64 {
	n := len(x)
	switch {
	case n == 0:
		return 0
	case n%2 == 1:
		return x[n/2]
	}
	return average(x[n/2-1], x[n/2])
}

// lowerTail returns P(W <= w) as a function of w, where W is the signed-rank
// statistic of n values without ties.
func lowerTail(n int) func(w int) float64 {
	if n > exactLimit {
		return normalTail(n)
	}
	p := exactTails[n]()
	return func(w int) float64 {
		switch {
		case w < 0:
			return 0
		case w >= len(p):
			return 1
		}
		return p[w]
	}
}

// exactTails are counted out when they are first asked for: a run of n blocks
// looks at many ratios of n pairs.
var exactTails = func() (tails [exactLimit + 1]func() []float64) {
	for n := range tails {
		tails[n] = sync.OnceValue(func() []float64 { return exactTail(n) })
	}
	return tails
}()

// exactTail returns P(W <= w) for all w from 0 to n(n+1)/2.
func exactTail(n int) []float64 {
	// After the step for rank r, p[w] is the chance that the positive ones among
	// the ranks 1 to r add up to w. Halving is exact and all terms are positive,
	// so that even a tail of 2^-200 has its relative precision.
	p := make([]float64, n*(n+1)/2+1)
	p[0] = 1
	sum := 0
	for r := 1; r <= n; r++ {
		sum += r
		for w := sum; w >= 0; w-- {
			p[w] /= 2
			if w >= r {
				p[w] += p[w-r] / 2
			}
		}
	}
	for w := 1; w < len(p); w++ {
		p[w] += p[w-1]
	}
	return p
}

func normalTail(n int) func(w int) float64 {
	size := float64(n)
	normal := distuv.Normal{
		Mu:    size * (size + 1) / 4,
		Sigma: math.Sqrt(size * (size + 1) * (2*size + 1) / 24),
	}
	return func(w int) float64 { return normal.CDF(float64(w) + 0.5) }
}
