package page

import (
	"github.com/gwbench/gwbench/internal/summary"
)

// comparedLatencyChart is latency by percentile, a panel for each load, in it a line for
// each case and run. Lines of the first run are solid.
func comparedLatencyChart(c summary.Comparison) Chart {
	axes := c.Axes()
	var chart Chart
	for _, g := range c.ByLoad() {
		panel := Panel{Title: summary.LoadText(g.Load), X: percentileX, Y: timesY}
		for _, one := range g.Cases {
			for run, in := range one.In {
				if in == nil {
					continue
				}
				curve := in.Curve(summary.LatencyOf)
				if curve.Unknown != "" {
					continue
				}
				s := caseSeries(one.Case, axes)
				s.Label = summary.Letter(run) + ": " + s.Label
				s.Axes["run"] = summary.Letter(run)
				s.Dashed = run > 0
				panel.add(s, curve.X, curve.MS)
			}
		}
		panel.share()
		chart.add(panel)
	}
	return chart
}
