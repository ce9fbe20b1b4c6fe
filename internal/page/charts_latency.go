package page

import (
	"slices"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// percentileX has the share of requests that took no longer, timesY times on a
// logarithmic axis.
var (
	percentileX = Axis{Label: "percentile of requests (%)", Unit: "%", Scale: "percentile"}
	timesY      = Axis{Label: "latency (ms)", Unit: "ms", Scale: "log"}
)

// latencyChart is latency by percentile, a panel for each load.
func latencyChart(groups []summary.TimedGroup, axes []string) Chart {
	var chart Chart
	for _, g := range groups {
		panel := Panel{Title: summary.LoadText(g.Load), X: percentileX, Y: timesY}
		for _, t := range g.Times {
			panel.add(caseSeries(t.Case.Case, axes), t.Latency.X, t.Latency.MS)
		}
		chart.add(panel)
	}
	return chart
}

// ecdfPoints is how many times a cumulative distribution is drawn at: a screen shows
// no more corners of it.
const ecdfPoints = 120

// ecdfChart is the share of requests that took at most so long, a panel for each load.
func ecdfChart(groups []summary.TimedGroup, axes []string) Chart {
	var chart Chart
	none, all := 0.0, 100.0
	for _, g := range groups {
		panel := Panel{
			Title: summary.LoadText(g.Load),
			X:     Axis{Label: "latency (ms)", Unit: "ms", Scale: "log"},
			Y:     Axis{Label: "requests answered (%)", Unit: "%", Scale: "linear", Min: &none, Max: &all},
		}
		var curves []summary.Curve
		for _, t := range g.Times {
			curves = append(curves, t.Latency)
		}
		grid := summary.CommonGrid(curves, ecdfPoints)
		for i, curve := range curves {
			var x, y []float64
			for _, ms := range grid {
				share, ok := curve.Within(ms)
				if !ok {
					break // beyond what the case's requests can tell
				}
				x, y = append(x, ms), append(y, 100*share)
			}
			panel.add(caseSeries(g.Times[i].Case.Case, axes), x, y)
		}
		chart.add(panel)
	}
	return chart
}

// correctedChart sets latency from the intended send time beside service time, in
// pairs of lines of which the second is dashed: so panels hold cases that differ in
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
			panel := panels.of(titleOf(g.Load, t.Case.Case, others)+"; dashed: service time alone", percentileX, timesY)
			latency := caseSeries(t.Case.Case, names)
			latency.Axes = caseAxes(t.Case.Case, axes)
			service := latency
			latency.Dashed, service.Dashed = false, true
			service.Label += ", service time"
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
