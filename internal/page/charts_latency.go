package page

import (
	"slices"

	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// percentileX has the share of requests that took no longer, timesY times on a
// logarithmic axis.
var (
	percentileX = Axis{Label: "percentile of requests (%)", Unit: "%", Scale: "percentile"}
	timesY      = Axis{Label: "latency (ms)", Unit: "ms", Scale: "log"}
)

// latencyChart is latency by percentile, a panel for each facet of each load.
func latencyChart(groups []summary.TimedGroup, axes []string) Chart {
	var chart Chart
	for _, g := range groups {
		for _, f := range g.Facets(axes) {
			panel := Panel{Title: facetTitle(g.Load, f.Facet), X: percentileX, Y: timesY, Key: plots.LegendKey}
			for _, t := range f.Times {
				panel.noteUnknown(t, f.Axes)
				panel.add(memberSeries(t.Case.Case, f.Facet, axes), t.Latency.X, t.Latency.MS)
			}
			chart.add(panel)
		}
	}
	return chart
}

// noteUnknown says why a case has no line.
func (p *Panel) noteUnknown(t summary.Times, axes []string) {
	if t.Latency.Unknown != "" {
		p.Notes = append(p.Notes, summary.Label(t.Case.Case, axes, 0)+" ("+t.Latency.Unknown+")")
	}
}

// facetTitle names a panel by its load and what its cases have in common.
func facetTitle(load results.Load, f summary.Facet) string {
	if f.Name == "" {
		return summary.LoadText(load)
	}
	return f.Name + ", " + summary.LoadText(load)
}

// memberSeries is caseSeries of a case of a facet, which names it shorter. Filters know
// it by all axes.
func memberSeries(c results.Case, f summary.Facet, axes []string) Series {
	s := caseSeries(c, f.Axes)
	s.Axes = caseAxes(c, axes)
	return s
}

// ecdfPoints is how many times a cumulative distribution is drawn at: a screen shows
// no more corners of it.
const ecdfPoints = 120

// ecdfChart is the share of requests that took at most so long, a panel for each facet
// of each load.
func ecdfChart(groups []summary.TimedGroup, axes []string) Chart {
	var chart Chart
	none, all := 0.0, 100.0
	for _, g := range groups {
		var curves []summary.Curve
		for _, t := range g.Times {
			curves = append(curves, t.Latency)
		}
		grid := summary.CommonGrid(curves, ecdfPoints)
		for _, f := range g.Facets(axes) {
			panel := Panel{
				Title: facetTitle(g.Load, f.Facet),
				X:     Axis{Label: "latency (ms)", Unit: "ms", Scale: "log"},
				Y:     Axis{Label: "requests (%)", Unit: "%", Scale: "linear", Min: &none, Max: &all},
				Key:   plots.LegendKey,
			}
			for _, t := range f.Times {
				panel.noteUnknown(t, f.Axes)
				x, y := sharesOf(t.Latency, grid)
				panel.add(memberSeries(t.Case.Case, f.Facet, axes), x, y)
			}
			chart.add(panel)
		}
	}
	return chart
}

// sharesOf are the shares (%) of requests that took at most the times of a grid, as far
// as the requests can tell.
func sharesOf(curve summary.Curve, grid []float64) (x, y []float64) {
	for _, ms := range grid {
		share, ok := curve.Within(ms)
		if !ok {
			break
		}
		x, y = append(x, ms), append(y, 100*share)
	}
	return x, y
}

// correctedChart sets latency from the intended send time beside service time, in
// pairs of lines of which the second is dotted, with a band between them: so panels hold cases that differ in
// their protocol alone.
func correctedChart(groups []summary.TimedGroup, axes []string) Chart {
	var chart Chart
	names, others := apart(axes, "protocol")
	for _, g := range groups {
		panels := panelsOf{}
		for _, t := range g.Times {
			if !t.Corrected() {
				continue
			}
			panel := panels.of(titleOf(g.Load, t.Case.Case, others), percentileX, timesY)
			latency := caseSeries(t.Case.Case, names)
			latency.Axes = caseAxes(t.Case.Case, axes)
			service := latency
			latency.Label, service.Label = latency.Label+", "+summary.CorrectedLabel, service.Label+", "+summary.RawLabel
			latency.Dashed, service.Dashed, service.Dashes = false, true, []int{2, 3}
			if slices.Equal(t.Latency.X, t.Service.X) {
				latency.Low, latency.High = compact(t.Service.MS), compact(t.Latency.MS)
			}
			panel.add(latency, t.Latency.X, t.Latency.MS)
			panel.add(service, t.Service.X, t.Service.MS)
		}
		for _, panel := range panels.inOrder {
			chart.add(*panel)
		}
	}
	return chart
}

// apart divides axes into those that name the lines of a panel, and those that name
// the panel.
func apart(axes []string, inside ...string) (names, others []string) {
	for _, axis := range axes {
		if slices.Contains(inside, axis) {
			names = append(names, axis)
		} else {
			others = append(others, axis)
		}
	}
	if len(names) == 0 {
		names = inside[:1]
	}
	return names, others
}

// titleOf names a panel by its load and what its cases have in common.
func titleOf(load results.Load, c results.Case, others []string) string {
	if len(others) == 0 {
		return summary.LoadText(load)
	}
	return summary.Label(c, others, 0) + ", " + summary.LoadText(load)
}

// panelsOf are panels by title, in the order of their first mention.
type panelsOf struct{ inOrder []*Panel }

func (p *panelsOf) of(title string, x, y Axis) *Panel {
	for _, panel := range p.inOrder {
		if panel.Title == title {
			return panel
		}
	}
	p.inOrder = append(p.inOrder, &Panel{Title: title, X: x, Y: y})
	return p.inOrder[len(p.inOrder)-1]
}
