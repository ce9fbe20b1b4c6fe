package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Line is a straight line through points.
type Line struct {
	Slope     float64 // change of y per unit of x
	Intercept float64 // y at x = 0
	// R2 is the share of the variance of y that the line explains, 0 to 1; NaN
	// where all y are equal. Two points always give 1.
	R2 float64
}

// FitLine returns the line of least squares. ok is false where no line is the
// best: with fewer than two different x, or values that are not finite. Every
// point counts the same; one far from the others therefore has the most to
// say about the slope.
func FitLine(x, y []float64) (line Line, ok bool) {
	n := min(len(x), len(y))
	if n < 2 {
		return Line{}, false
	}
	line.Intercept, line.Slope = stat.LinearRegression(x[:n], y[:n], nil, false)
	if math.IsNaN(line.Slope) || math.IsInf(line.Slope, 0) || math.IsNaN(line.Intercept) || math.IsInf(line.Intercept, 0) {
		return Line{}, false
	}
	line.R2 = math.NaN()
	if slices.Min(y[:n]) < slices.Max(y[:n]) {
		line.R2 = stat.RSquared(x[:n], y[:n], nil, line.Intercept, line.Slope)
	}
	return line, true
}
