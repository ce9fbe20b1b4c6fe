package summary

import (
	"math"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/results"
)

// Curve is a distribution of times by percentile, of all valid trials of a case
// together.
type Curve struct {
	X       []float64 // PercentileX of each point, ascending
	MS      []float64 // milliseconds, positive
	Unknown string    // why there is no curve; "" where there is
}

// Percentiles are those that curves have marks at and that rows of figures name.
var Percentiles = []float64{50, 90, 99, 99.9}

// Tail is where curves end: PercentileX of the last of Percentiles.
const Tail = 3

// PercentileX places a percentile, below 100, on an axis that stretches towards the
// slowest requests: 0 is 0, 90 is 1, 99 is 2.
func PercentileX(percentile float64) float64 {
	const digits = 1e12 // as 99.9 is no binary number, and is to be at 3
	return math.Round(-math.Log10(1-percentile/100)*digits) / digits
}

// LatencyOf, ServiceOf and LagOf choose the histogram that Case.Curve merges. Under a
// closed load latency is service time, and ServiceOf and LagOf know nothing.
func LatencyOf(h results.Histograms) string { return h.Latency }
func ServiceOf(h results.Histograms) string { return h.Service }
func LagOf(h results.Histograms) string     { return h.Lag }

// Curve merges a histogram of all valid trials: up to Tail, and no further than the
// slowest request can tell. Decoding takes about 0.1 ms for each trial.
func (c Case) Curve(of func(results.Histograms) string) Curve {
	var histograms []string
	var requests int64
	for _, t := range c.Valid {
		if h := of(t.Histograms); h != "" {
			histograms = append(histograms, h)
			requests += t.Counts.Sent
		}
	}
	switch {
	case len(c.Valid) == 0:
		return Curve{Unknown: "no valid trial"}
	case len(histograms) == 0:
		return Curve{Unknown: "no histogram"}
	}
	x := percentileGrid(requests)
	ns, err := mergedQuantiles(histograms, x)
	if err != nil {
		return Curve{Unknown: "no curve: " + inert.Line(err.Error())}
	}
	var curve Curve
	for i := range ns {
		// A logarithmic axis has no place for 0.
		if ms := ns[i] / 1e6; ms > 0 && Finite(ms) {
			curve.X = append(curve.X, x[i])
			curve.MS = append(curve.MS, ms)
		}
	}
	if len(curve.X) == 0 {
		curve.Unknown = "no positive latency"
	}
	return curve
}

// At returns the time at one of Percentiles; ok is false where the requests are too
// few for it.
func (c Curve) At(percentile float64) (ms float64, ok bool) {
	for i, x := range c.X {
		if x == PercentileX(percentile) {
			return c.MS[i], true
		}
	}
	return 0, false
}

// mergedQuantiles returns nanoseconds at each x, which is -log10(1-quantile).
func mergedQuantiles(histograms []string, x []float64) ([]float64, error) {
	merged, err := load.Merge(histograms)
	if err != nil {
		return nil, err
	}
	q := make([]float64, len(x))
	for i := range x {
		q[i] = 1 - math.Pow(10, -x[i])
	}
	return load.Quantiles(merged, q)
}

// percentileGrid is where curves have points: evenly, and at the median, which an
// even grid of decades lacks, up to the percentile that a single one of n requests
// exceeds.
func percentileGrid(n int64) []float64 {
	end := float64(Tail)
	if n > 0 {
		end = math.Min(end, math.Log10(float64(n)))
	}
	const perDecade = 40
	var grid []float64
	for i := 0; i <= Tail*perDecade; i++ {
		x := float64(i) / perDecade
		if between := PercentileX(50); i > 0 && between > float64(i-1)/perDecade && between < x && between <= end {
			grid = append(grid, between)
		}
		if x <= end {
			grid = append(grid, x)
		}
	}
	return grid
}
