package stats

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDescribe(t *testing.T) {
	for _, c := range []struct {
		name string
		x    []float64
		want Summary
	}{
		{"nothing", nil, Summary{}},
		{"one", []float64{3}, Summary{N: 1, Median: 3, Q1: 3, Q3: 3, Min: 3, Max: 3}},
		// R: quantile(c(4, 1, 3, 2), c(.25, .5, .75)) is 1.75, 2.5, 3.25.
		{"even", []float64{4, 1, 3, 2}, Summary{N: 4, Median: 2.5, Q1: 1.75, Q3: 3.25, Min: 1, Max: 4, Spread: 0.6}},
		{"odd", []float64{5, 1, 2, 4, 3}, Summary{N: 5, Median: 3, Q1: 2, Q3: 4, Min: 1, Max: 5, Spread: 2.0 / 3}},
		{"not finite", []float64{math.NaN(), 2, math.Inf(1), 4, math.Inf(-1)}, Summary{N: 2, Median: 3, Q1: 2.5, Q3: 3.5, Min: 2, Max: 4, Spread: 1.0 / 3}},
		{"median zero", []float64{-1, 0, 1}, Summary{N: 3, Q1: -0.5, Q3: 0.5, Min: -1, Max: 1}},
	} {
		if d := cmp.Diff(c.want, Describe(c.x), cmp.Comparer(near)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func TestDescribeIsOrdered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 40).Draw(t, "x")
		before := slices.Clone(x)
		s := Describe(x)
		if !slices.IsSorted([]float64{s.Min, s.Q1, s.Median, s.Q3, s.Max}) || s.Spread < 0 {
			t.Fatalf("%+v", s)
		}
		if !slices.Equal(x, before) {
			t.Fatal("the sample was changed")
		}
	})
}
