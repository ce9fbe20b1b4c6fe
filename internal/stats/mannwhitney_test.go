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

// Permeability constants of the human chorioamnion at term and at 12 to 26
// weeks (Hollander and Wolfe 1973, page 69), the example of R's wilcox.test:
// W = 35, one-sided p = 0.1272.
func TestMannWhitneyOnThePermeabilityData(t *testing.T) {
	term := []float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46}
	early := []float64{1.15, 0.88, 0.90, 0.74, 1.21}
	if got := MannWhitney(term, early); math.Abs(got-2*0.1272) > 1e-4 {
		t.Errorf("p = %g, want 2 x 0.1272", got)
	}
}

// 1 to 10 against the even numbers to 24 has five ties. R's coin package gives
// 0.006001738 for the exact tail on the side of the statistic (quoted in
// HypothesisTests.jl, issue 337).
func TestMannWhitneyWithTies(t *testing.T) {
	a, b := sequence(10), make([]float64, 12)
	for i := range b {
		b[i] = float64(2 * (i + 1))
	}
	for _, got := range []float64{MannWhitney(a, b), MannWhitney(b, a)} {
		if math.Abs(got-2*0.006001738) > 1e-8 {
			t.Errorf("p = %.9f, want 0.012003476", got)
		}
	}
}

// The largest statistic with p <= 0.05 for samples of equal size, 5 to 20: the
// diagonal of the usual table, such as numeracy-bank.net's.
func TestMannWhitneyMatchesPublishedCriticalValues(t *testing.T) {
	for i, critical := range []int{2, 5, 8, 13, 17, 23, 30, 37, 45, 55, 64, 75, 87, 99, 113, 127} {
		n := i + 5
		p, beyond := MannWhitney(withStatistic(n, critical)), MannWhitney(withStatistic(n, critical+1))
		if p > 0.05 || beyond <= 0.05 {
			t.Errorf("%d against %d: p = %g at U = %d, and %g at the next", n, n, p, critical, beyond)
		}
	}
}

// withStatistic returns two samples of n, without ties, in which so many pairs
// have the element of the first above that of the second.
func withStatistic(n, pairs int) (a, b []float64) {
	for i := range n {
		b = append(b, float64(i))
		above := min(pairs, n)
		pairs -= above
		// Between the elements above-1 and above of b, and apart from the others.
		a = append(a, float64(above)-0.5+float64(i)/float64(4*n))
	}
	return a, b
}

// Beyond the exact limits the normal approximation takes over: it continues
// what comes before.
func TestMannWhitneyOfMany(t *testing.T) {
	p := func(n int) float64 {
		// The statistic is two standard deviations below its mean.
		pairs := float64(n*n)/2 - 2*math.Sqrt(float64(n*n*(2*n+1))/12)
		return MannWhitney(withStatistic(n, int(pairs)))
	}
	for _, n := range []int{40, 50, 51, 80} {
		if got := p(n); math.Abs(got-0.0455) > 0.003 {
			t.Errorf("%d against %d: p = %g, want about 0.0455", n, n, got)
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
