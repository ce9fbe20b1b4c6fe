package stats

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestUnpairedRatioOfConstants(t *testing.T) {
	r := UnpairedRatio(slices.Repeat([]float64{30}, 8), slices.Repeat([]float64{3}, 6), 0.05, 1)
	if !near(r.Estimate, 10) || !r.AtLeast(10) || !r.AtMost(10) || r.N != 6 || r.Achieved != 0.95 || len(r.Warnings) > 0 {
		t.Errorf("%+v", r)
	}
	if !near(r.P, 2.0/3003) {
		t.Errorf("p = %g, want 2 of the 3003 ways to choose 6 of 14", r.P)
	}
}

// The middle two of an even number of values are averaged as ratios are.
func TestUnpairedRatioIsThatOfTheMedians(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b []float64
		want float64
	}{
		{"odd", []float64{9, 1, 6}, []float64{3, 2, 1}, 3},
		{"even", []float64{1, 4, 9, 100}, []float64{2, 3, 1, 6}, 6 / math.Sqrt(6)},
		{"one", []float64{5}, []float64{2}, 2.5},
	} {
		if r := UnpairedRatio(c.a, c.b, 0.05, 1); !near(r.Estimate, c.want) {
			t.Errorf("%s: %g, want %g", c.name, r.Estimate, c.want)
		}
	}
}

func TestUnpairedRatioWithoutAnInterval(t *testing.T) {
	many := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}
	for _, c := range []struct {
		name  string
		a, b  []float64
		alpha float64
		n     int
		want  string // a warning
	}{
		{"nothing", nil, nil, 0.05, 0, ""},
		{"nothing on one side", many, nil, 0.05, 0, ""},
		{"nothing usable on one side", many, []float64{0, -1}, 0.05, 0, "2 of 22 values were left out"},
		{"one", many[:1], many[:7], 0.05, 1, "1 value against 7 is too few for an interval at this confidence: it takes 6 on each side"},
		{"few on one side", many, many[:5], 0.05, 5, "20 values against 5 are too few for an interval at this confidence: it takes 6 on each side"},
		{"few for the confidence", many[:9], many, 0.0025, 9, "it takes 10 on each side"},
		{"an error rate too small to resolve", many, many, 1.9e-5, 20, "100000 resamples do not resolve it"},
		{"no error rate", many, many, 0, 20, "are too few"},
	} {
		r := UnpairedRatio(c.a, c.b, c.alpha, 1)
		if r.HasInterval() || r.Low != 0 || !math.IsInf(r.High, 1) || r.N != c.n || (r.Estimate > 0) != (c.n > 0) {
			t.Errorf("%s: %+v", c.name, r)
		}
		if warnings := strings.Join(r.Warnings, "\n"); !strings.Contains(warnings, c.want) || (c.want == "") != (warnings == "") {
			t.Errorf("%s: warnings %q, want %q", c.name, warnings, c.want)
		}
	}
}

func TestUnpairedRatioLeavesOutWhatHasNoRatio(t *testing.T) {
	good := []float64{4, 5, 6, 7, 8, 9}
	bad := append([]float64{0, math.NaN(), math.Inf(1), -3, math.Inf(-1)}, good...)
	r, clean := UnpairedRatio(bad, good, 0.05, 3), UnpairedRatio(good, good, 0.05, 3)
	if len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "5 of 17 values were left out") {
		t.Errorf("warnings: %q", r.Warnings)
	}
	r.Warnings = nil
	if d := cmp.Diff(clean, r); d != "" {
		t.Error(d)
	}
}

func TestResamplesFollowTheErrorRate(t *testing.T) {
	for _, c := range []struct {
		alpha float64
		want  int
	}{{0.9, 1000}, {0.05, 1000}, {0.0025, 16000}, {0.0005, 80000}, {1e-5, 100000}} {
		if got := resamples(c.alpha); got != c.want {
			t.Errorf("resamples(%g) = %d, want %d", c.alpha, got, c.want)
		}
	}
}

// A resample's median has a distribution that can be counted out: for an odd
// number it is the k-th smallest value or less where the majority of draws is.
func TestResampledMediansHaveTheirDistribution(t *testing.T) {
	const n, draws = 5, 200_000
	r := newResampler([]float64{1, 2, 3, 4, 5}, 7, 1)
	counts := map[float64]int{}
	for range draws {
		counts[r.median()]++
	}
	// sum over j = 3, 4, 5 of binomial(5, j) (k/5)^j (1-k/5)^(5-j)
	below := func(k int) float64 {
		p := float64(k) / n
		return 10*math.Pow(p, 3)*(1-p)*(1-p) + 5*math.Pow(p, 4)*(1-p) + math.Pow(p, 5)
	}
	for k := 1; k <= n; k++ {
		want := below(k) - below(k-1)
		// Five standard deviations are at most 0.0056.
		if got := float64(counts[float64(k)]) / draws; math.Abs(got-want) > 0.0056 {
			t.Errorf("the median is element %d with a chance of %.4f, want %.4f", k, got, want)
		}
	}
	even := newResampler([]float64{1, 2}, 7, 1)
	clear(counts)
	for range draws {
		counts[even.median()]++
	}
	for value, want := range map[float64]float64{1: 0.25, 1.5: 0.5, 2: 0.25} {
		if got := float64(counts[value]) / draws; math.Abs(got-want) > 0.0056 {
			t.Errorf("the median of two is %g with a chance of %.4f, want %.4f", value, got, want)
		}
	}
}

func TestUnpairedRatioIgnoresOrderAndKeepsItsArguments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, alpha := samples(t)
		beforeA, beforeB := slices.Clone(a), slices.Clone(b)
		r := UnpairedRatio(a, b, alpha, 5)
		if !slices.Equal(a, beforeA) || !slices.Equal(b, beforeB) {
			t.Fatal("a sample was changed")
		}
		permuted := UnpairedRatio(rapid.Permutation(a).Draw(t, "a permuted"), rapid.Permutation(b).Draw(t, "b permuted"), alpha, 5)
		if d := cmp.Diff(r, permuted); d != "" {
			t.Fatal(d)
		}
	})
}

func TestUnpairedRatioScalesWithItsSamples(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, alpha := samples(t)
		k := rapid.Float64Range(0.01, 100).Draw(t, "k")
		scaled := slices.Clone(a)
		for i := range scaled {
			scaled[i] *= k
		}
		r, s := UnpairedRatio(a, b, alpha, 5), UnpairedRatio(scaled, b, alpha, 5)
		if !near(s.Estimate/k, r.Estimate) || !near(s.Low/k, r.Low) || r.HasInterval() && !near(s.High/k, r.High) {
			t.Fatalf("%+v times %g is not %+v", r, k, s)
		}
	})
}

func TestUnpairedRatioInvertsWithItsSides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, alpha := samples(t)
		r, s := UnpairedRatio(a, b, alpha, 5), UnpairedRatio(b, a, alpha, 5)
		if !near(r.Estimate*s.Estimate, 1) || r.P != s.P || r.HasInterval() != s.HasInterval() {
			t.Fatalf("%+v is not the inverse of %+v", r, s)
		}
		if r.HasInterval() && (!near(r.Low*s.High, 1) || !near(r.High*s.Low, 1)) {
			t.Fatalf("[%g, %g] is not the inverse of [%g, %g]", r.Low, r.High, s.Low, s.High)
		}
	})
}

// Rates and times are inverses, value by value.
func TestUnpairedRatioInvertsWithItsValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, alpha := samples(t)
		invert := func(x []float64) []float64 {
			y := make([]float64, len(x))
			for i := range x {
				y[i] = 1 / x[i]
			}
			return y
		}
		r, s := UnpairedRatio(a, b, alpha, 5), UnpairedRatio(invert(b), invert(a), alpha, 5)
		if !near(r.Estimate, s.Estimate) {
			t.Fatalf("%g in one unit, %g in the other", r.Estimate, s.Estimate)
		}
	})
}

func TestUnpairedIntervalHoldsTheEstimateAndGrowsWithConfidence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, alpha := samples(t)
		r := UnpairedRatio(a, b, alpha, 5)
		if !r.HasInterval() {
			t.Skip("too few")
		}
		if !(r.Low <= r.Estimate && r.Estimate <= r.High) {
			t.Fatalf("%+v", r)
		}
		lowest := slices.Min(a) / slices.Max(b)
		highest := slices.Max(a) / slices.Min(b)
		if r.Low < lowest*(1-1e-9) || r.High > highest*(1+1e-9) {
			t.Fatalf("%+v reaches beyond [%g, %g]", r, lowest, highest)
		}
		// The resamples are the same as long as their number is.
		if s := UnpairedRatio(a, b, 2*alpha, 5); resamples(2*alpha) == resamples(alpha) && (s.Low < r.Low || s.High > r.High) {
			t.Fatalf("%+v, and at twice the error rate %+v", r, s)
		}
	})
}

// samples draws two samples of their own lengths and an error rate.
func samples(t *rapid.T) (a, b []float64, alpha float64) {
	values := rapid.SliceOfN(rapid.Float64Range(0.1, 1000), 1, 14)
	return values.Draw(t, "a"), values.Draw(t, "b"), rapid.Float64Range(0.02, 0.4).Draw(t, "alpha")
}
