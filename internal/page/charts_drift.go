package page

import (
	"math"
	"strings"

	"github.com/gwbench/gwbench/internal/summary"
)

// trialKinds are what a trial may be, in the looks of the drawn picture. No line joins
// an invalid one to others.
var trialKinds = []Kind{{Label: "undisturbed"}, {Label: "disturbed by the machine", Mark: "hollow"}, {Label: "invalid trial", Mark: "cross", Apart: true}}

// driftChart is how metrics went in the course of the run, a panel for each: a thin line
// for each case, and over them what all have in common, and its trend.
func driftChart(d summary.Data) Chart {
	var chart Chart
	axes := summary.CourseAxes(d.Run.Plan)
	for _, course := range summary.Courses(d) {
		low, high := course.Span()
		low, high = 100*low, 100*high
		panel := Panel{
			Title: course.Metric.Name + " by block",
			Notes: []string{course.Heading()},
			X:     Axis{Label: "block", Scale: "linear"},
			Y:     Axis{Label: "% of the median", Unit: "%", Scale: "linear", Min: &low, Max: &high},
			Kinds: trialKinds,
		}
		for _, c := range course.Cases {
			s := caseSeries(c.Case, axes)
			s.Thin = true
			var points []point
			for _, p := range c.Points {
				at := point{x: float64(p.Block), y: 100 * p.Relative, note: p.Disturbed}
				switch {
				case !p.Valid:
					at.kind = 2
				case p.Disturbed != "":
					at.kind = 1
				}
				if at.y < low || at.y > high {
					at.note = strings.TrimPrefix(at.note+", beyond the axis: "+summary.Significant(at.y)+" %", ", ")
					at.y = math.Min(math.Max(at.y, low), high)
				}
				points = append(points, at)
			}
			panel.addPoints(s, points)
		}
		panel.addLevels(course)
		chart.add(panel)
	}
	return chart
}

// addLevels draws what all cases have in common, where there are two blocks or more.
func (p *Panel) addLevels(course summary.Course) {
	blocks, ends, ok := course.Line()
	if !ok {
		return
	}
	var x, y []float64
	for _, l := range course.Drift.Levels {
		x, y = append(x, float64(l.Block)), append(y, math.Min(math.Max(100*l.Value, *p.Y.Min), *p.Y.Max))
	}
	p.add(Series{Label: summary.LevelLabel, Colour: "ink", Mark: "circle"}, x, y)
	p.add(Series{Label: summary.TrendLabel, Colour: "ink", Dashed: true}, []float64{float64(blocks[0]), float64(blocks[1])}, []float64{100 * ends[0], 100 * ends[1]})
}
