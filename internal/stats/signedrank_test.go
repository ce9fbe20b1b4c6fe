package stats

import (
	"math"
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Largest w with 2 P(W <= w) <= alpha for n = 5, 6, ... 30; -1 where the test
// can never reject. The columns are those of L. Winner, University of Florida,
// users.stat.ufl.edu/~winner/tables/wilcox_signrank.pdf, for one tail of half
// the rate; that for 0.05 is also that of D. Harvey, Chemometrics Using R,
// appendix 12.6, to n = 20, and of the University of York's tables to 25.
// McCornack, "Extended tables of the Wilcoxon matched pair signed rank
// statistic", JASA 60 (1965), tells how much the older tables are off, some of
// which name the value next to alpha, be it above or below.
func TestSignedRankMatchesPublishedCriticalValues(t *testing.T) {
	for alpha, critical := range map[float64][]int{
		0.10: {0, 2, 3, 5, 8, 10, 13, 17, 21, 25, 30, 35, 41, 47, 53, 60, 67, 75, 83, 91, 100, 110, 119, 130, 140, 151},
		0.05: {-1, 0, 2, 3, 5, 8, 10, 13, 17, 21, 25, 29, 34, 40, 46, 52, 58, 65, 73, 81, 89, 98, 107, 116, 126, 137},
		0.02: {-1, -1, 0, 1, 3, 5, 7, 9, 12, 15, 19, 23, 27, 32, 37, 43, 49, 55, 62, 69, 76, 84, 92, 101, 110, 120},
		0.01: {-1, -1, -1, 0, 1, 3, 5, 7, 9, 12, 15, 19, 23, 27, 32, 37, 42, 48, 54, 61, 68, 75, 83, 91, 100, 109},
	} {
		for i, want := range critical {
			n := i + 5
			tail := lowerTail(n)
			got := -1
			for 2*tail(got+1) <= alpha {
				got++
			}
			if got != want {
				t.Errorf("n = %d, alpha = %g: critical value %d, want %d", n, alpha, got, want)
			}
			// The interval leaves out one average more than the critical value, at
			// either end; those of 1, 2, ... n are half whole numbers.
			low, high, _, ok := SignedRankInterval(sequence(n), alpha)
			if ok != (want >= 0) {
				t.Errorf("n = %d, alpha = %g: interval exists: %v", n, alpha, ok)
			}
			if averages := walsh(sequence(n)); ok && (low != averages[want] || high != averages[len(averages)-1-want]) {
				t.Errorf("n = %d, alpha = %g: [%g, %g] for the critical value %d", n, alpha, low, high, want)
			}
		}
	}
}

func TestSignedRankTailCountsAllSigns(t *testing.T) {
	for n := 1; n <= 14; n++ {
		counts := make([]int, n*(n+1)/2+1)
		for signs := range uint(1) << n {
			w := 0
			for rest := signs; rest != 0; rest &= rest - 1 {
				w += bits.TrailingZeros(rest) + 1
			}
			counts[w]++
		}
		tail := lowerTail(n)
		sum := 0
		for w, count := range counts {
			sum += count
			if want := float64(sum) / float64(uint(1)<<n); tail(w) != want {
				t.Fatalf("n = %d: P(W <= %d) = %g, want %g", n, w, tail(w), want)
			}
		}
		if tail(-1) != 0 || tail(len(counts)) != 1 {
			t.Errorf("n = %d: the tail is not 0 below and 1 above the statistic's range", n)
		}
	}
}

func TestNormalTailContinuesTheExactOne(t *testing.T) {
	exact, normal := lowerTail(exactLimit), normalTail(exactLimit)
	for w := range exactLimit * (exactLimit + 1) / 2 {
		if d := math.Abs(exact(w) - normal(w)); d > 5e-4 {
			t.Fatalf("P(W <= %d) of %d: exact %g, normal %g", w, exactLimit, exact(w), normal(w))
		}
	}
	x := sequence(exactLimit + 1)
	low, high, achieved, ok := SignedRankInterval(x, 0.05)
	if !ok || low >= high || achieved < 0.95 || achieved > 0.951 {
		t.Errorf("beyond the exact limit: [%g, %g], %g, %v", low, high, achieved, ok)
	}
}

// Hamilton depression scale factor IV of nine patients before and after
// treatment (Hollander and Wolfe 1973, page 29), the example of R's
// wilcox.test. R: V = 40, p = 0.03906; 95 percent interval 0.010 to 0.786,
// pseudomedian 0.46.
func TestSignedRankOnTheDepressionData(t *testing.T) {
	before := []float64{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30}
	after := []float64{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29}
	x := make([]float64, len(before))
	for i := range x {
		x[i] = before[i] - after[i]
	}
	if got := HodgesLehmann(x); !near(got, 0.46) {
		t.Errorf("HodgesLehmann = %g, want 0.46", got)
	}
	if got := SignedRankP(x, 0); got != 20.0/512 {
		t.Errorf("SignedRankP = %g, want 0.0390625", got)
	}
	low, high, achieved, ok := SignedRankInterval(x, 0.05)
	if !ok || !near(low, 0.010) || !near(high, 0.786) || achieved != 1-20.0/512 {
		t.Errorf("SignedRankInterval = %g, %g, %g, %v, want 0.010, 0.786, 0.9609375, true", low, high, achieved, ok)
	}
}

func TestSignedRankOfLittle(t *testing.T) {
	if got := HodgesLehmann(nil); got != 0 {
		t.Errorf("HodgesLehmann of nothing = %g", got)
	}
	if got := SignedRankP(nil, 0); got != 1 {
		t.Errorf("SignedRankP of nothing = %g", got)
	}
	if _, _, _, ok := SignedRankInterval(nil, 0.5); ok {
		t.Error("an interval of nothing")
	}
	if _, _, _, ok := SignedRankInterval(sequence(20), 0); ok {
		t.Error("an interval at an error rate of zero")
	}
	// All equal: the interval is a point, and the only value not rejected.
	x := slices.Repeat([]float64{2}, 9)
	if low, high, _, ok := SignedRankInterval(x, 0.05); !ok || low != 2 || high != 2 {
		t.Errorf("interval of nine twos: [%g, %g], %v", low, high, ok)
	}
	if in, out := SignedRankP(x, 2), SignedRankP(x, 2.1); in != 1 || out != 2.0/512 {
		t.Errorf("p-values of nine twos: %g at 2, %g at 2.1", in, out)
	}
}

func TestMinBlocks(t *testing.T) {
	for _, c := range []struct {
		alpha float64
		want  int
	}{
		{0.05, 6},       // 2/2^6 = 0.031
		{0.01, 8},       // 2/2^8 = 0.0078
		{0.05 / 9, 9},   // three metrics, three looks
		{0.05 / 20, 10}, // five comparisons, four looks
		{2.0 / 1024, 10},
		{0, math.MaxInt},
		{math.NaN(), math.MaxInt},
	} {
		if got := MinBlocks(c.alpha); got != c.want {
			t.Errorf("MinBlocks(%g) = %d, want %d", c.alpha, got, c.want)
		}
	}
}

func TestMinBlocksIsWhereIntervalsBegin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		alpha := rapid.Float64Range(1e-6, 0.999).Draw(t, "alpha")
		n := MinBlocks(alpha)
		if _, _, _, ok := SignedRankInterval(sequence(n), alpha); !ok {
			t.Fatalf("no interval with %d", n)
		}
		if _, _, _, ok := SignedRankInterval(sequence(n-1), alpha); ok {
			t.Fatalf("an interval with fewer than %d", n)
		}
	})
}

func TestIntervalHoldsExactlyWhatIsNotRejected(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := sample(t)
		alpha := rapid.Float64Range(0.001, 0.9).Draw(t, "alpha")
		low, high, achieved, ok := SignedRankInterval(x, alpha)
		if !ok {
			if p := SignedRankP(x, slices.Max(x)+1); p <= alpha {
				t.Fatalf("no interval, and yet p = %g", p)
			}
			return
		}
		if achieved < 1-alpha {
			t.Fatalf("covers %g, want %g", achieved, 1-alpha)
		}
		if e := HodgesLehmann(x); e < low || e > high {
			t.Fatalf("estimate %g outside [%g, %g]", e, low, high)
		}
		// The p-value changes at Walsh averages only: those, and points between.
		averages := walsh(x)
		for i, mu := range averages {
			candidates := []float64{mu, math.Nextafter(mu, math.Inf(-1)), math.Nextafter(mu, math.Inf(1))}
			if i > 0 {
				candidates = append(candidates, average(averages[i-1], mu))
			}
			for _, mu := range candidates {
				if p, in := SignedRankP(x, mu), low <= mu && mu <= high; in != (p > alpha) {
					t.Fatalf("%g in [%g, %g] is %v, and p = %g at alpha = %g", mu, low, high, in, p, alpha)
				}
			}
		}
	})
}

func TestIntervalGrowsWithConfidence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := sample(t)
		narrow := rapid.Float64Range(0.01, 0.9).Draw(t, "narrow")
		wide := rapid.Float64Range(0.005, narrow).Draw(t, "wide")
		low, high, achieved, ok := SignedRankInterval(x, narrow)
		low2, high2, achieved2, ok2 := SignedRankInterval(x, wide)
		if ok2 && (!ok || low2 > low || high2 < high || achieved2 < achieved) {
			t.Fatalf("[%g, %g] at %g, but [%g, %g] at %g", low, high, narrow, low2, high2, wide)
		}
	})
}

// Scaling, shifting and turning round a sample does so to its interval; powers
// of two and whole numbers keep the arithmetic exact.
func TestSignedRankFollowsTheScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.SliceOfN(rapid.IntRange(-50, 50), 1, 16).Draw(t, "x")
		scale := math.Ldexp(float64(rapid.SampledFrom([]int{-1, 1}).Draw(t, "sign")), rapid.IntRange(-3, 3).Draw(t, "exponent"))
		shift := float64(rapid.IntRange(-20, 20).Draw(t, "shift"))
		x, y := make([]float64, len(whole)), make([]float64, len(whole))
		for i, v := range whole {
			x[i] = float64(v)
			y[i] = scale*x[i] + shift
		}
		low, high, achieved, ok := SignedRankInterval(x, 0.1)
		low2, high2, achieved2, ok2 := SignedRankInterval(y, 0.1)
		if scale < 0 {
			low2, high2 = high2, low2
		}
		if ok != ok2 || achieved != achieved2 || ok && (low2 != scale*low+shift || high2 != scale*high+shift) {
			t.Fatalf("[%g, %g] times %g plus %g is not [%g, %g]", low, high, scale, shift, low2, high2)
		}
		if p, p2 := SignedRankP(x, 1), SignedRankP(y, scale+shift); p != p2 {
			t.Fatalf("p = %g, scaled %g", p, p2)
		}
	})
}

func TestSignedRankIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := sample(t)
		y := rapid.Permutation(x).Draw(t, "permutation")
		if HodgesLehmann(x) != HodgesLehmann(y) || SignedRankP(x, 0.5) != SignedRankP(y, 0.5) {
			t.Fatal("the order of the sample changed the result")
		}
	})
}

// The p-value is the largest over all ways to break ties of opposite signs and
// to give zeros a sign.
func TestTiesAndZerosAreBrokenAgainstRejection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.SliceOfN(rapid.IntRange(-2, 3), 1, 6).Draw(t, "x")
		x := make([]float64, len(whole))
		for i, v := range whole {
			x[i] = float64(v)
		}
		want := largestP(whole)
		if got := SignedRankP(x, 0); got != want {
			t.Fatalf("p = %g, want %g", got, want)
		}
	})
}

// largestP tries all orders of the absolute values and all signs of zeros.
func largestP(x []int) float64 {
	n := len(x)
	tail := lowerTail(n)
	abs := func(v int) int { return max(v, -v) }
	largest := 0.0
	var place func(order []int, used uint)
	place = func(order []int, used uint) {
		if len(order) < n {
			for i := range x {
				if used&(1<<i) == 0 && (len(order) == 0 || abs(x[order[len(order)-1]]) <= abs(x[i])) {
					place(append(slices.Clone(order), i), used|1<<i)
				}
			}
			return
		}
		for signs := range 1 << n {
			w := 0
			for rank, i := range order {
				if x[i] > 0 || x[i] == 0 && signs&(1<<i) != 0 {
					w += rank + 1
				}
			}
			largest = max(largest, min(1, 2*tail(min(w, n*(n+1)/2-w))))
		}
	}
	place(nil, 0)
	return largest
}

// sample draws a sample with ties and zeros in it, or one without.
func sample(t *rapid.T) []float64 {
	values := rapid.Float64Range(-10, 10)
	if rapid.Bool().Draw(t, "ties") {
		values = rapid.Map(rapid.IntRange(-4, 6), func(v int) float64 { return float64(v) / 2 })
	}
	return rapid.SliceOfN(values, 1, 16).Draw(t, "x")
}

func sequence(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i + 1)
	}
	return x
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(b)) }
