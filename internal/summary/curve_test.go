package summary

import (
	"math"
	"slices"
	"testing"
)

func TestCurvesEndWhereTheRequestsEnd(t *testing.T) {
	for _, tt := range []struct {
		requests int64
		want     float64
	}{
		{0, Tail}, // unknown: the histogram is shown in full
		{1, 0},
		{100, 2},
		{1e9, Tail},
	} {
		grid := percentileGrid(tt.requests)
		if got := grid[len(grid)-1]; got != tt.want {
			t.Errorf("%d requests: the curve ends at %v, want %v", tt.requests, got, tt.want)
		}
		for i := 1; i < len(grid); i++ {
			if grid[i] <= grid[i-1] {
				t.Fatalf("%d requests: the grid does not ascend at %d: %v, %v", tt.requests, i, grid[i-1], grid[i])
			}
		}
	}
}

func TestEveryNamedPercentileHasAPoint(t *testing.T) {
	named := 0
	for _, x := range percentileGrid(1e9) {
		if slices.ContainsFunc(Percentiles, func(p float64) bool { return x == PercentileX(p) }) {
			named++
		}
	}
	if want := len(Percentiles); named != want {
		t.Errorf("%d points at named percentiles, want %d", named, want)
	}
}

func TestWithinIsTheInverseOfTheCurve(t *testing.T) {
	c := Curve{X: []float64{0, PercentileX(50), 1, 2}, MS: []float64{1, 2, 2, 8}}
	for _, tt := range []struct {
		ms, want float64
		ok       bool
	}{
		{0.5, 0, true}, // faster than any
		{1, 0, true},
		{math.Sqrt2, 0.25, true}, // halfway on the logarithmic axis
		{2, 0.9, true},           // of a step, the top
		{4, 0.945, true},
		{8, 0.99, true},
		{8.001, 0, false}, // the slowest hundredth is not on the curve
	} {
		got, ok := c.Within(tt.ms)
		if math.Abs(got-tt.want) > 1e-9 || ok != tt.ok {
			t.Errorf("within %v ms: %v, %v; want %v, %v", tt.ms, got, ok, tt.want, tt.ok)
		}
	}
	if _, ok := (Curve{Unknown: "no histogram"}).Within(1); ok {
		t.Error("no curve knows a share")
	}
}

func TestCommonGridSpansAllCurves(t *testing.T) {
	grid := CommonGrid([]Curve{{MS: []float64{1, 10}}, {}, {MS: []float64{0.1}}}, 3)
	for i, want := range []float64{0.1, 1, 10} {
		if len(grid) != 3 || math.Abs(grid[i]/want-1) > 1e-9 {
			t.Fatalf("grid %v, want 0.1, 1, 10", grid)
		}
	}
	if grid := CommonGrid([]Curve{{}}, 3); grid != nil {
		t.Errorf("a grid of nothing: %v", grid)
	}
}
