package stats

import (
	"math"
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestMannWhitneyOfLittle(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b []float64
		want float64
	}{
		{"nothing", nil, nil, 1},
		{"nothing on one side", []float64{1, 2}, nil, 1},
		{"nothing finite on one side", []float64{1, 2}, []float64{math.NaN(), math.Inf(1)}, 1},
		{"all equal", []float64{3, 3, 3}, []float64{3, 3}, 1},
		{"one on each side", []float64{1}, []float64{2}, 1},
		{"three on each side, apart", []float64{1, 2, 3}, []float64{4, 5, 6}, 0.1},
		{"infinities left out", []float64{1, 2, 3, math.Inf(1)}, []float64{4, 5, 6, math.NaN()}, 0.1},
	} {
		if got := MannWhitney(c.a, c.b); !near(got, c.want) {
			t.Errorf("%s: p = %g, want %g", c.name, got, c.want)
		}
	}
}

func TestMannWhitneyProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Map(rapid.IntRange(1, 30), func(v int) float64 { return float64(v) }), 1, 12)
		a, b := values.Draw(t, "a"), values.Draw(t, "b")
		p := MannWhitney(a, b)
		if !(p > 0 && p <= 1) {
			t.Fatalf("p = %g", p)
		}
		if swapped := MannWhitney(b, a); !near(swapped, p) {
			t.Fatalf("p = %g, with the sides exchanged %g", p, swapped)
		}
		before := slices.Clone(a)
		if permuted := MannWhitney(rapid.Permutation(a).Draw(t, "permutation"), b); permuted != p {
			t.Fatalf("p = %g, in another order %g", p, permuted)
		}
		if !slices.Equal(a, before) {
			t.Fatal("the sample was changed")
		}
		// Only the order of the values counts.
		squares := func(x []float64) []float64 {
			y := slices.Clone(x)
			for i := range y {
				y[i] *= y[i]
			}
			return y
		}
		if squared := MannWhitney(squares(a), squares(b)); squared != p {
			t.Fatalf("p = %g, of the squares %g", p, squared)
		}
	})
}

// The chance of a result as far out as the one seen, over all ways to choose
// which of the values are a's.
func TestMannWhitneyCountsAllChoices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Map(rapid.IntRange(1, 7), func(v int) float64 { return float64(v) }), 1, 6)
		a, b := values.Draw(t, "a"), values.Draw(t, "b")
		all := slices.Concat(a, b)
		seen := pairsAbove(a, b)
		choices, below, above := 0, 0, 0
		for chosen := range uint(1) << len(all) {
			if bits.OnesCount(chosen) != len(a) {
				continue
			}
			var of, rest []float64
			for i, v := range all {
				if chosen&(1<<i) != 0 {
					of = append(of, v)
				} else {
					rest = append(rest, v)
				}
			}
			choices++
			if u := pairsAbove(of, rest); u <= seen {
				below++
			}
			if u := pairsAbove(of, rest); u >= seen {
				above++
			}
		}
		// The tail on the side where the statistic is.
		tail := below
		if 2*seen > float64(len(a)*len(b)) {
			tail = above
		}
		want := min(1, 2*float64(tail)/float64(choices))
		if 2*seen == float64(len(a)*len(b)) {
			want = 1
		}
		if got := MannWhitney(a, b); !near(got, want) {
			t.Fatalf("p = %g, want %g", got, want)
		}
	})
}

// pairsAbove is the statistic itself.
func pairsAbove(a, b []float64) float64 {
	u := 0.0
	for _, v := range a {
		for _, w := range b {
			switch {
			case v > w:
				u++
			case v == w:
				u += 0.5
			}
		}
	}
	return u
}
