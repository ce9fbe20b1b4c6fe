package stats

import (
	"math"
	"slices"
)

// Summary describes a sample for tables and plots, in the unit of the sample.
// All are 0 for no elements.
type Summary struct {
	N      int     `json:"n"`
	Median float64 `json:"median"`
	Q1     float64 `json:"q1"`
	Q3     float64 `json:"q3"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Spread float64 `json:"spread"` // (Q3-Q1)/Median; 0 where the median is 0
}

// Describe summarises x. Quartiles interpolate linearly between order
// statistics, the first at 0 and the last at 1: definition 7 of Hyndman and
// Fan, "Sample quantiles in statistical packages", Am. Stat. 50 (1996), the
// default of R, NumPy and spreadsheets. Elements that are not finite are left
// out.
func Describe(x []float64) Summary {
	sorted := finite(x)
	if len(sorted) == 0 {
		return Summary{}
	}
	slices.Sort(sorted)
	s := Summary{
		N:      len(sorted),
		Median: medianOfSorted(sorted),
		Q1:     quantile(sorted, 0.25),
		Q3:     quantile(sorted, 0.75),
		Min:    sorted[0],
		Max:    sorted[len(sorted)-1],
	}
	if s.Median != 0 {
		s.Spread = (s.Q3 - s.Q1) / math.Abs(s.Median)
	}
	return s
}

// quantile is definition 7 of Hyndman and Fan. gonum's interpolated quantile
// is their definition 4, whose median of 1, 2, 3, 4 is 2.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 == len(sorted) {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
