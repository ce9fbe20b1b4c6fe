package plots

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
)

// driftPicture shows throughput, capacity and median latency in the course of the run,
// each case relative to its own median. ok is false where there are no two blocks.
func driftPicture(d summary.Data) (p Picture, ok bool) {
	p = Picture{
		Name:  "drift",
		Title: fmt.Sprintf("%s: drift in the course of the run", summary.ScenarioName(d)),
		subtitle: "Each thin line is one case, in percent of its own median over the run; the strong line is what all cases have in common. " +
			"Level is good: what changes for all cases alike is the machine, and cancels out within a block.",
	}
	var charts []chart
	var facts []string
	courses := slices.DeleteFunc(summary.Courses(d), func(c summary.Course) bool { return c.Drift.Blocks < 2 })
	for _, course := range courses {
		charts = append(charts, driftChart(course))
		facts = append(facts, course.Drift.String())
	}
	if len(charts) == 0 {
		return Picture{}, false
	}
	p.Alt = "Throughput, capacity and median latency by block, relative to the median of each case."
	p.Facts = "Over the run: " + strings.Join(facts, "; ") + "."
	p.panels = []panel{grid(charts, 1), driftCases(d, courses, charts)}
	return p, true
}

// Styles of what is not that of one case.
var (
	levelLine     = draw.LineStyle{Color: ink, Width: vg.Points(1.8)}
	driftLine     = draw.LineStyle{Color: ink, Width: vg.Points(1), Dashes: []vg.Length{vg.Points(8), vg.Points(3)}}
	levelMark     = draw.GlyphStyle{Color: ink, Radius: vg.Points(2.2), Shape: draw.CircleGlyph{}}
	invalidMark   = draw.GlyphStyle{Color: muted, Radius: vg.Points(2.6), Shape: strongCross{}}
	disturbedMark = draw.GlyphStyle{Color: muted, Radius: vg.Points(2.6), Shape: draw.RingGlyph{}}
)

func driftChart(course summary.Course) chart {
	blocks := newExtent()
	for _, c := range course.Cases {
		for _, p := range c.Points {
			blocks.include(float64(p.Block))
		}
	}
	low, high := course.Span()
	ch := chart{
		heading: course.Heading(),
		x:       scale{label: "block", low: blocks.low - 0.4, high: blocks.high + 0.4},
		y:       scale{label: "% of the median", low: low, high: high},
	}
	ch.x.ticks = wholeTicks(ch.x.low, ch.x.high)
	ch.y.ticks = stepTicks(ch.y.low, ch.y.high, 6)
	for i := range ch.y.ticks {
		ch.y.ticks[i].Label = summary.TickLabel(100 * ch.y.ticks[i].Value)
	}
	for _, c := range course.Cases {
		traces := courseTraces(c, draw.LineStyle{Color: tint(protocolColour(c.Case.Protocol), 0.4), Width: vg.Points(0.7)})
		ch.traces = append(ch.traces, traces[:]...)
	}
	level := trace{line: levelLine, glyph: levelMark, marked: every}
	for _, l := range course.Drift.Levels {
		level.x, level.y = append(level.x, float64(l.Block)), append(level.y, l.Value)
	}
	ch.traces = append(ch.traces, level)
	if at, levels, ok := course.Line(); ok {
		ch.traces = append(ch.traces, trace{x: []float64{float64(at[0]), float64(at[1])}, y: levels[:], line: driftLine})
	}
	ch.legend = driftLegend
	return ch
}

// courseTraces are the line through the valid trials of a case, and the marks of those
// that were disturbed and of the invalid ones.
func courseTraces(c summary.CaseCourse, line draw.LineStyle) [3]trace {
	hue := protocolColour(c.Case.Protocol)
	mark := func(like draw.GlyphStyle) trace {
		like.Color = hue
		return trace{hidden: true, glyph: like, marked: every}
	}
	valid, disturbed, invalid := trace{line: line}, mark(disturbedMark), mark(invalidMark)
	for _, p := range c.Points {
		to := &valid
		if !p.Valid {
			to = &invalid
		}
		to.add(float64(p.Block), p.Relative)
		if p.Valid && p.Disturbed != "" {
			disturbed.add(float64(p.Block), p.Relative)
		}
	}
	return [3]trace{valid, disturbed, invalid}
}

var driftLegend = legend{entries: []legendEntry{
	{text: summary.LevelLabel, line: &levelLine, mark: levelMark.Shape, hue: levelMark.Color},
	{text: summary.TrendLabel, line: &driftLine},
	{text: "each case, in the colour of its protocol", line: &draw.LineStyle{Color: tint(httpBlue, 0.4), Width: vg.Points(0.7)}},
	{text: "disturbed by the machine", mark: disturbedMark.Shape, hue: disturbedMark.Color},
	{text: "invalid trial", mark: invalidMark.Shape, hue: invalidMark.Color},
}}
