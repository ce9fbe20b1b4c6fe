package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestFitLine(t *testing.T) {
	for _, c := range []struct {
		name                 string
		x, y                 []float64
		slope, intercept, r2 float64
	}{
		{"two points", []float64{1, 3}, []float64{10, 14}, 2, 8, 1},
		{"on a line", []float64{0, 1, 4, 16}, []float64{5, 4.5, 3, -3}, -0.5, 5, 1},
		{"the middle off the line", []float64{-1, 0, 1}, []float64{0, 3, 2}, 1, 5.0 / 3, 3.0 / 7},
		{"the longer list is cut", []float64{1, 3}, []float64{10, 14, 99}, 2, 8, 1},
	} {
		l, ok := FitLine(c.x, c.y)
		if !ok || !near(l.Slope, c.slope) || !near(l.Intercept, c.intercept) || !near(l.R2, c.r2) {
			t.Errorf("%s: %+v, %v", c.name, l, ok)
		}
	}
	l, ok := FitLine([]float64{1, 2, 3}, []float64{0.1, 0.1, 0.1})
	if !ok || !near(l.Slope, 0) || !math.IsNaN(l.R2) {
		t.Errorf("without variance: %+v, %v", l, ok)
	}
}

func TestNoLine(t *testing.T) {
	for _, xy := range [][2][]float64{
		{},
		{{1}, {2}},
		{{1, 1}, {2, 3}},
		{{1, 2}, {2, math.NaN()}},
		{{1, math.Inf(1)}, {2, 3}},
	} {
		if l, ok := FitLine(xy[0], xy[1]); ok {
			t.Errorf("%v: %+v", xy, l)
		}
	}
}

func TestR2IsAShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfNDistinct(rapid.Float64Range(-100, 100), 2, 8, rapid.ID[float64]).Draw(t, "x")
		y := rapid.SliceOfN(rapid.Float64Range(-100, 100), len(x), len(x)).Draw(t, "y")
		if l, ok := FitLine(x, y); ok && !math.IsNaN(l.R2) && !(l.R2 > -1e-6 && l.R2 < 1+1e-6) {
			t.Fatalf("%+v", l)
		}
	})
}
