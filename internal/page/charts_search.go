package page

import (
	"math"
	"slices"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// probeKinds are what becomes of a probe, in the looks of the drawn picture.
var (
	probeKinds    = []Kind{{Label: "held"}, {Label: "missed: the server", Mark: "cross"}, {Label: "missed: the load generator", Mark: "open-triangle"}, {Label: "disturbed by the machine", Mark: "hollow"}}
	probeOutcomes = []string{results.ProbeHeld, results.ProbeServer, results.ProbeGenerator, results.ProbeDisturbed} // of each kind
)

// saturationChart is what searches met at the rates that they tried. Shapes say what
// became of a probe, so panels hold cases that differ in their protocol alone.
func saturationChart(cases []summary.Case, axes []string) Chart {
	var chart Chart
	var panels panelsOf
	bounds := map[*Panel]summary.SearchPoints{} // one of each panel: all have its objective
	names, others := apart(axes, "protocol")
	for _, s := range summary.SearchesOf(cases) {
		panel := panels.of(titleOf(s.Load, s.Case.Case, others),
			Axis{Label: summary.RateLabel, Unit: "req/s", Scale: "log"}, Axis{Label: s.ValueLabel(), Unit: "ms", Scale: "log"})
		bounds[panel], panel.Kinds = s, probeKinds
		series := caseSeries(s.Case.Case, names)
		series.Axes, series.Dashed = caseAxes(s.Case.Case, axes), false
		var points []point
		for _, p := range s.Probes {
			if p.Known {
				points = append(points, point{x: p.Rate, y: p.Value, kind: max(0, slices.Index(probeOutcomes, p.Outcome))})
			}
		}
		series.Says = s.FoundText()
		if found := s.Saturation; found.N > 0 {
			series.Rule = &Rule{At: Compact(found.Median), Low: Compact(found.Q1), High: Compact(found.Q3), Label: s.Found()}
		}
		series.Points = true
		panel.addPoints(series, points)
	}
	for _, panel := range panels.inOrder {
		if len(panel.Series) > 0 {
			panel.drawBound(bounds[panel])
			chart.add(*panel)
		}
	}
	return chart
}

// drawBound draws what the objective wants the metric below.
func (p *Panel) drawBound(s summary.SearchPoints) {
	if !s.Bounded() {
		return
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range p.Series {
		low, high = math.Min(low, float64(s.X[0])), math.Max(high, float64(s.X[len(s.X)-1]))
		if s.Rule != nil {
			low, high = math.Min(low, float64(s.Rule.Low)), math.Max(high, float64(s.Rule.High))
		}
	}
	if low < high {
		p.add(Series{Label: s.ObjectiveLabel(), Colour: "ink", Dashed: true}, []float64{low, high}, []float64{s.Objective.Below, s.Objective.Below})
	}
}
