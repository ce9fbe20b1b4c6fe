package stats

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestHolm(t *testing.T) {
	for _, c := range []struct {
		name string
		p    []float64
		m    int
		want []float64
	}{
		{"none", nil, 3, []float64{}},
		{"one", []float64{0.03}, 1, []float64{0.06}},
		{"all rejected, each leaves one fewer", []float64{0.03, 0.001, 0.02}, 3, []float64{0.06, 0.02, 0.03}},
		{"from the first that is not rejected on, its rate", []float64{0.9, 0.001, 0.04, 0.05}, 4, []float64{0.02, 0.015, 0.02, 0.02}},
		{"none rejected", []float64{0.5, 0.4}, 2, []float64{0.03, 0.03}},
		{"members without a p-value count", []float64{0.001, 0.01}, 4, []float64{0.015, 0.02}},
		{"a family smaller than its members", []float64{0.5, 0.4}, 1, []float64{0.03, 0.03}},
		{"rejected ties share the larger rate", []float64{0.001, 0.001, 0.9}, 3, []float64{0.03, 0.03, 0.06}},
		{"ties that are not rejected share the smaller", []float64{0.025, 0.025, 0.9}, 3, []float64{0.02, 0.02, 0.02}},
	} {
		if d := cmp.Diff(c.want, Holm(c.p, c.m, 0.06), cmp.Comparer(near)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func TestHolmRejectsNoFewerThanBonferroniAndInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Few distinct values, as an exact test has, so that ties are common.
		p := rapid.SliceOfN(rapid.Map(rapid.IntRange(1, 40), func(k int) float64 { return float64(k) / 400 }), 1, 8).Draw(t, "p")
		m := len(p) + rapid.IntRange(0, 3).Draw(t, "untested")
		rates := Holm(p, m, 0.05)
		byP := map[float64]float64{}
		for i, rate := range rates {
			if rate < 0.05/float64(m) || rate > 0.05 {
				t.Fatalf("rate %g of p = %g", rate, p[i])
			}
			if before, seen := byP[p[i]]; seen && before != rate {
				t.Fatalf("equal p-values %g at rates %g and %g", p[i], before, rate)
			}
			byP[p[i]] = rate
		}
		permuted := rapid.Permutation(p).Draw(t, "permutation")
		for i, rate := range Holm(permuted, m, 0.05) {
			if rate != byP[permuted[i]] {
				t.Fatalf("p = %g at rate %g, in another order at %g", permuted[i], byP[permuted[i]], rate)
			}
		}
	})
}

// The rejections are those of Holm's adjusted p-values: the running maximum of
// (m-i+1) p_(i).
func TestHolmAgreesWithAdjustedPValues(t *testing.T) {
	p := []float64{0.01, 0.013, 0.014, 0.19, 0.35, 0.5, 0.63, 0.67, 0.75, 0.81}
	adjusted := []float64{0.1, 0.117, 0.117, 1, 1, 1, 1, 1, 1, 1}
	for _, alpha := range []float64{0.05, 0.09, 0.11, 0.12, 0.2, 0.9} {
		for i, rate := range Holm(p, len(p), alpha) {
			if (p[i] <= rate) != (adjusted[i] <= alpha) {
				t.Errorf("alpha %g: p = %g at rate %g, adjusted %g", alpha, p[i], rate, adjusted[i])
			}
		}
	}
}
