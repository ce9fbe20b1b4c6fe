package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"

	"github.com/gwbench/gwbench/internal/summary"
)

// shareTicks are the shares of requests that the axis of an ECDF names.
var shareTicks = plot.ConstantTicks{
	{Value: 0, Label: "0"},
	{Value: 0.25, Label: "25"},
	{Value: 0.5, Label: "50"},
	{Value: 0.75, Label: "75"},
	{Value: 0.9, Label: "90"},
	{Value: 1, Label: "100"},
}

// ecdfPicture shows which share of the requests was answered within a time: one chart
// per load, or several where there are more cases than a reader can tell apart. ok is
// false where there is no curve.
func ecdfPicture(t timed) (p Picture, ok bool) {
	p = Picture{
		Name:     "ecdf",
		Title:    fmt.Sprintf("%s: share of requests answered within a time", t.name),
		subtitle: "Read up from a time (logarithmic) to the share of requests that took no longer. Further left and steeper is better. " + pooled,
		Alt:      "Share of requests answered within a time, one curve per case (empirical distribution function).",
		Facts:    "Median latency in the median trial, " + t.extremes("latency.p50"),
	}
	low, high := math.Inf(1), 0.0
	for _, l := range t.loads {
		if from, to := latencyRange(l.curves(t.axes)); to > 0 {
			low, high = math.Min(low, from), math.Max(high, to)
		}
	}
	if high == 0 {
		return Picture{}, false
	}
	for _, l := range t.loads {
		facets := l.Facets(t.axes)
		charts := make([]chart, len(facets))
		for i, f := range facets {
			part := timedLoad{summary.TimedGroup{Group: l.Group, Times: f.Times}}
			charts[i] = ecdfChart(f.Name, part.curves(f.Axes), low, high)
		}
		if len(charts) == 1 {
			charts[0].heading = l.heading()
			p.panels = append(p.panels, stacked(charts)...)
			continue
		}
		p.panels = append(p.panels, headingPanel(l.heading()), grid(charts, 2))
	}
	return p, true
}

func ecdfChart(heading string, curves []curve, low, high float64) chart {
	ch := percentileChart(heading, curves)
	if ch.empty != "" {
		return ch
	}
	ch.x = scale{label: "latency (ms)", low: low, high: high, log: true}
	ch.y = scale{label: "requests (%)", low: 0, high: 1, ticks: shareTicks}
	for i, v := range curves {
		shares := make([]float64, len(v.X))
		for point := range v.X {
			shares[point] = v.Share(point)
		}
		tr := &ch.traces[i]
		tr.x, tr.y = v.MS, shares
		tr.marked = func(point int) bool {
			return v.X[point] == summary.PercentileX(50) || v.X[point] == summary.PercentileX(90)
		}
	}
	return ch
}
