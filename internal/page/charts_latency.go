package page

import (
	"slices"

	"github.com/gwbench/gwbench/internal/summary"
)

// latencyChart is latency by percentile, a panel for each load.
func latencyChart(d summary.Data) Chart {
	axes := summary.CaseAxes(d.Run.Plan)
	var chart Chart
	for _, g := range summary.ByLoad(summary.Cases(d)) {
		panel := percentilePanel(summary.LoadText(g.Load))
		for _, c := range g.Cases {
			if curve := c.Curve(summary.LatencyOf); curve.Unknown == "" {
				panel.add(caseSeries(c.Case, axes), curve.X, curve.MS)
			}
		}
		if len(panel.Series) > 0 {
			chart.Panels = append(chart.Panels, panel)
		}
	}
	return chart
}

// percentilePanel has times in milliseconds over the share of requests that took no
// longer.
func percentilePanel(title string) Panel {
	return Panel{
		Title: title,
		X:     Axis{Label: "percentile of requests (%)", Unit: "%", Scale: "percentile"},
		Y:     Axis{Label: "latency (ms)", Unit: "ms", Scale: "log"},
	}
}

// add adds a line.
func (p *Panel) add(s Series, x, y []float64) {
	s.X, s.Y = compact(x), compact(y)
	p.Series = append(p.Series, s)
}

// share lets lines whose x is the beginning of the longest one have none of their own.
func (p *Panel) share() {
	for _, s := range p.Series {
		if len(s.X) > len(p.X.Values) {
			p.X.Values = s.X
		}
	}
	for i, s := range p.Series {
		if slices.Equal(s.X, p.X.Values[:len(s.X)]) {
			p.Series[i].X = nil
		}
	}
}
