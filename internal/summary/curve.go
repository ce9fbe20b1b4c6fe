package summary

import (
	"math"
	"runtime"
	"slices"
	"sort"

	"golang.org/x/sync/errgroup"

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

// LatencyOf chooses the histogram that Case.Curve merges. Under a closed load latency is
// service time.
func LatencyOf(h results.Histograms) string { return h.Latency }

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

// Share returns the share of requests, 0 to 1, at a point of the curve.
func (c Curve) Share(point int) float64 { return 1 - math.Pow(10, -c.X[point]) }

// Within returns the share of requests, 0 to 1, that took at most so long. ok is
// false where the curve does not know: beyond its slow end, and of no curve at all.
func (c Curve) Within(ms float64) (share float64, ok bool) {
	next := sort.Search(len(c.MS), func(i int) bool { return c.MS[i] > ms })
	switch {
	case len(c.MS) == 0 || next == len(c.MS) && ms > c.MS[next-1]:
		return 0, false
	case next == 0:
		return 0, true
	case next == len(c.MS):
		return c.Share(next - 1), true
	}
	low, high := c.Share(next-1), c.Share(next)
	part := math.Log(ms/c.MS[next-1]) / math.Log(c.MS[next]/c.MS[next-1])
	return low + part*(high-low), true
}

// CommonGrid is so many times (ms), evenly on a logarithmic axis, that span the
// curves; nil where there is none.
func CommonGrid(curves []Curve, points int) []float64 {
	low, high := math.Inf(1), 0.0
	for _, c := range curves {
		for _, ms := range c.MS {
			low, high = math.Min(low, ms), math.Max(high, ms)
		}
	}
	if high == 0 || points < 2 {
		return nil
	}
	grid := make([]float64, points)
	for i := range grid {
		part := float64(i) / float64(points-1)
		grid[i] = low * math.Pow(high/low, part)
	}
	grid[points-1] = high
	return grid
}

// Times is what the requests of a case took.
type Times struct {
	Case
	Latency Curve // under an open load from the intended send time, else service time
	Service Curve // from the actual send; Unknown under a closed load, whose latency it is
}

// Names of the two, in picture and chart.
const (
	CorrectedLabel = "from the intended send time (corrected)"
	RawLabel       = "from the actual send (raw)"
)

// Corrected tells whether latency and service time are two things, both known: that of
// requests that were sent late counts the wait, so that a server which stalls the
// generator does not look the better for it.
func (t Times) Corrected() bool { return t.Latency.Unknown == "" && t.Service.Unknown == "" }

// TimedGroup is the cases of one load, and what the requests of each took.
type TimedGroup struct {
	Group
	Times []Times // of the group's cases, in their order
}

// TimedFacet is those cases of a TimedGroup that one picture holds.
type TimedFacet struct {
	Facet
	Times []Times // of its members
}

// Facets part the group, if it has more than MostCurves. Axes are those that tell its
// cases apart.
func (g TimedGroup) Facets(axes []string) []TimedFacet {
	cases := make([]results.Case, len(g.Times))
	for i, t := range g.Times {
		cases[i] = t.Case.Case
	}
	var facets []TimedFacet
	for _, f := range Facets(cases, axes, MostCurves) {
		part := TimedFacet{Facet: f}
		for _, member := range f.Members {
			part.Times = append(part.Times, g.Times[member])
		}
		facets = append(facets, part)
	}
	return facets
}

// Timed is a run, and what the requests of its cases took.
type Timed struct {
	Data
	Loads []TimedGroup // as ByLoad groups the cases
}

// WithTimes merges the histograms of all cases, on all CPUs. It takes time: whoever makes
// several things of a run hands the curves on.
func WithTimes(d Data) Timed {
	timed := Timed{Data: d}
	groups := ByLoad(Cases(d))
	for _, g := range groups {
		timed.Loads = append(timed.Loads, TimedGroup{Group: g, Times: make([]Times, len(g.Cases))})
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, g := range groups {
		for j, c := range g.Cases {
			group.Go(func() error {
				timed.Loads[i].Times[j] = Times{Case: c, Latency: c.Curve(LatencyOf), Service: c.Curve(func(h results.Histograms) string { return h.Service })}
				return nil
			})
		}
	}
	_ = group.Wait() // none fails
	return timed
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

// percentileGrid is where curves have points: evenly towards the slowest requests,
// and every second percentile up to the median, where that would be too coarse for
// the share of requests; up to the percentile that a single one of n requests exceeds.
func percentileGrid(n int64) []float64 {
	end := float64(Tail)
	if n > 0 {
		end = math.Min(end, math.Log10(float64(n)))
	}
	const perDecade = 40
	var grid []float64
	for i := 0; i <= Tail*perDecade; i++ {
		grid = append(grid, float64(i)/perDecade)
	}
	// The fastest request may be far from all others.
	for _, percentile := range []float64{0.1, 0.5, 1} {
		grid = append(grid, PercentileX(percentile))
	}
	for percentile := 2.0; percentile <= 50; percentile += 2 {
		grid = append(grid, PercentileX(percentile))
	}
	slices.Sort(grid)
	return slices.DeleteFunc(grid, func(x float64) bool { return x > end })
}
