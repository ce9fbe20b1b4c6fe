package stats

import (
	"math"
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

// The worked example of Wikipedia's article on the method: of p-values 0.01,
// 0.04, 0.03 and 0.005 the first and the last are rejected at 0.05. 0.005 is
// below 0.05/4 and 0.01 below 0.05/3, but 0.03 is above 0.05/2, and that ends it,
// although 0.04 is below 0.05.
func TestHolmOnAPublishedExample(t *testing.T) {
	p := []float64{0.01, 0.04, 0.03, 0.005}
	rates := Holm(p, len(p), 0.05)
	for i, want := range []bool{true, false, false, true} {
		if got := p[i] <= rates[i]; got != want {
			t.Errorf("p = %g at rate %g: rejected is %v, want %v", p[i], rates[i], got, want)
		}
	}
	if rates[1] != 0.025 || rates[2] != 0.025 {
		t.Errorf("the others are tested at %g and %g, want 0.05/2", rates[1], rates[2])
	}
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

// Why the error rate holds, however the p-values depend on each other: let some
// of the hypotheses be true. If all of their p-values are above alpha over their
// number, none of them is rejected; and one of them is not above it with a
// chance of at most alpha.
func TestHolmSparesTheTrueOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const alpha = 0.05
		p := rapid.SliceOfN(rapid.Float64Range(0, 0.1), 1, 10).Draw(t, "p")
		holds := rapid.SliceOfN(rapid.Bool(), len(p), len(p)).Draw(t, "true")
		number := 0
		for _, is := range holds {
			if is {
				number++
			}
		}
		for i := range p {
			if holds[i] {
				p[i] += math.Nextafter(alpha/float64(number), 1)
			}
		}
		for i, rate := range Holm(p, len(p), alpha) {
			if holds[i] && p[i] <= rate {
				t.Fatalf("p = %g of %d true ones is rejected at %g", p[i], number, rate)
			}
		}
	})
}
