package stats

import "math/bits"

// Shapley divides the difference between two ends exactly among the steps that
// lead from one to the other. Bit i of an index into value tells whether step
// i was taken, so that value has 2^n elements: the first is the one end, the
// last the other, and all mixtures are in between.
//
// The share of a step is the mean, over all orders of the steps, of what it
// changes when its turn comes: the one division that adds up to the whole,
// treats equal steps alike and gives nothing to a step that changes nothing
// (Shapley, "A value for n-person games", 1953). Where a step changes more
// after another one than before it, the two share the surplus equally.
func Shapley(value []float64) []float64 {
	n := bits.Len(uint(len(value))) - 1
	shares := make([]float64, max(n, 0))
	for i := range shares {
		for before := range value {
			if before&(1<<i) != 0 {
				continue
			}
			shares[i] += orders(bits.OnesCount(uint(before)), n) * (value[before|1<<i] - value[before])
		}
	}
	return shares
}

// orders is the share of all orders of n steps in which a given one comes
// right after a given set of so many: before! (n-before-1)! / n!.
func orders(before, n int) float64 {
	share := 1 / float64(n)
	for i := 1; i <= before; i++ {
		share *= float64(i) / float64(n-i)
	}
	return share
}
