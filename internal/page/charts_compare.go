package page

import (
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// runDashes tell the lines of runs apart, as in the drawn curves; those of the first run
// are solid.
var runDashes = [][]int{nil, {8, 4}, {2, 3}, {10, 3, 2, 3}, {14, 4}, {5, 2}, {10, 3, 2, 3, 2, 3}, {2, 6}}

// comparedLatencyChart is latency by percentile, a panel for each load, or several where
// those would have more lines than a reader can tell apart; a line for each case and run.
func comparedLatencyChart(c summary.Comparison) Chart {
	axes := c.Axes()
	var chart Chart
	for _, g := range c.ByLoad() {
		cases := make([]results.Case, len(g.Cases))
		for i, one := range g.Cases {
			cases[i] = one.Case
		}
		for _, f := range summary.Facets(cases, axes, max(1, summary.MostCurves/len(c.Runs))) {
			panel := Panel{Title: facetTitle(g.Load, f), X: percentileX, Y: timesY}
			for _, member := range f.Members {
				for run, curve := range g.Cases[member].Latency {
					s := memberSeries(cases[member], f, axes)
					s.Label = summary.Letter(run) + ": " + s.Label
					s.Axes["run"] = summary.Letter(run)
					s.Dashed, s.Dashes = run > 0, runDashes[run%len(runDashes)]
					panel.add(s, curve.X, curve.MS)
				}
			}
			panel.share()
			panel.mark()
			chart.add(panel)
		}
	}
	return chart
}
