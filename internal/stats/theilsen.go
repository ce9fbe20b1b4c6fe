package stats

import (
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// TheilSen returns the slope of y along x: the median of the slopes of all pairs
// of points (Theil 1950, Sen, "Estimates of the regression coefficient based on
// Kendall's tau", JASA 63 (1968)), with the interval at 1-alpha of all slopes that
// Kendall's test of no trend leaves standing once they are taken out. Its ends
// are order statistics of the pairs' slopes. Up to a quarter of the points may be
// off by anything before the estimate follows them.
//
// The x must differ from each other, all values must be finite, and the noise
// independent from point to point; its shape does not matter. Too few points for
// alpha (below five at 0.05) have no interval.
func TheilSen(x, y []float64, alpha float64) Location {
	n := min(len(x), len(y))
	l := Location{Low: math.Inf(-1), High: math.Inf(1), Confidence: 1 - alpha, N: n}
	var slopes []float64
	for i := range n {
		for j := range i {
			slopes = append(slopes, (y[i]-y[j])/(x[i]-x[j]))
		}
	}
	if len(slopes) == 0 {
		return l
	}
	slices.Sort(slopes)
	l.Estimate = medianOfSorted(slopes)
	tail := discordantTail(n)
	// As in SignedRankInterval: so many slopes are left out at either end.
	rejected := sort.Search(len(slopes)/2+1, func(k int) bool { return !(2*tail(k) <= alpha) })
	if rejected == 0 || 2*rejected > len(slopes) {
		return l
	}
	l.Low, l.High, l.Achieved = slopes[rejected-1], slopes[len(slopes)-rejected], 1-2*tail(rejected-1)
	return l
}

// discordantTail returns P(D <= k) as a function of k, where D is the number of
// pairs out of order in a random permutation of n.
func discordantTail(n int) func(k int) float64 {
	pairs := n * (n - 1) / 2
	if n > exactLimit {
		size := float64(n)
		normal := distuv.Normal{Mu: float64(pairs) / 2, Sigma: math.Sqrt(size * (size - 1) * (2*size + 5) / 72)}
		return func(k int) float64 { return normal.CDF(float64(k) + 0.5) }
	}
	// The element that joins i others is out of order with 0 to i of them, each as
	// likely: p becomes the mean of itself moved by 0 to i places.
	p := []float64{1}
	for i := 1; i < n; i++ {
		next := make([]float64, len(p)+i)
		sum := 0.0
		for k := range next {
			if k < len(p) {
				sum += p[k]
			}
			if k > i {
				sum -= p[k-i-1]
			}
			next[k] = sum / float64(i+1)
		}
		p = next
	}
	for k := 1; k < len(p); k++ {
		p[k] += p[k-1]
	}
	return func(k int) float64 {
		switch {
		case k < 0:
			return 0
		case k >= len(p):
			return 1
		}
		return p[k]
	}
}
