package page

import (
	"math"

	"github.com/gwbench/gwbench/internal/summary"
)

// HistoryChart is a metric over runs, which are numbered from 1. Lines break where
// figures do not compare, as in the static drawing: between two runs stands one that
// nobody made.
func HistoryChart(h summary.History) Chart {
	chart := Chart{Panels: []Panel{}} // none is a list too, for the script
	var places []float64
	var runs []int // -1: a break
	for i, r := range h.Runs {
		if i > 0 && len(r.Changed) > 0 {
			places, runs = append(places, float64(i)+0.5), append(runs, -1)
		}
		places, runs = append(places, float64(i+1)), append(runs, i)
	}
	for _, load := range h.Loads {
		panel := Panel{
			Title: summary.LoadText(load.Load),
			X:     Axis{Label: "run, in order of time", Scale: "linear", Whole: true, Values: compact(places)},
			Y:     Axis{Label: h.Metric.Name + " (" + h.Metric.Unit + ")", Unit: h.Metric.Unit, Scale: "linear"},
		}
		for _, line := range load.Lines {
			s := caseSeries(line.Case, nil)
			s.Label = line.Label
			for _, run := range runs {
				p := summary.PastPoint{Low: math.NaN(), Mid: math.NaN(), Up: math.NaN()}
				if run >= 0 && line.Points[run].Known() {
					p = line.Points[run]
				}
				s.Y, s.Low, s.High = append(s.Y, Compact(p.Mid)), append(s.Low, Compact(p.Low)), append(s.High, Compact(p.Up))
			}
			panel.Series = append(panel.Series, s)
		}
		panel.mark()
		chart.Panels = append(chart.Panels, panel)
	}
	return chart
}
