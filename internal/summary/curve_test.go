package summary

import (
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
