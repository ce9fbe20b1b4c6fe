package stats

import (
	"cmp"
	"slices"
)

// Holm returns the error rate at which each of the hypotheses is tested, in
// the order of p, so that the chance of rejecting any true one is at most
// alpha however they depend on each other: Holm, "A simple sequentially
// rejective multiple test procedure", Scand. J. Statist. 6 (1979). A
// hypothesis is rejected if and only if its p-value is at most its rate.
//
// The smallest p-value is tested at alpha/m; each rejection leaves one
// hypothesis fewer to share alpha. From the first that is not rejected on, all
// keep its rate. Equal p-values get equal rates, so that the order of p does
// not matter. The family has m members, at least len(p): those without a
// p-value count as never rejected.
func Holm(p []float64, m int, alpha float64) []float64 {
	m = max(m, len(p))
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })

	rates := make([]float64, len(p))
	rejecting := true
	rate := alpha / float64(max(m, 1))
	for first := 0; first < len(order); {
		end := first + 1
		for end < len(order) && p[order[end]] == p[order[first]] {
			end++
		}
		if rejecting {
			rate = alpha / float64(m-first)
			rejecting = p[order[first]] <= rate
		}
		if rejecting {
			// The ties of a rejected hypothesis are rejected after it, at the larger
			// rate of their last one.
			rate = alpha / float64(m-end+1)
		}
		for _, i := range order[first:end] {
			rates[i] = rate
		}
		first = end
	}
	return rates
}
