package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
)

// Beyond these shares of a case's median a trial lies at the edge: so one that stalled
// does not squeeze all others into a line.
const (
	leastLevel    = 0.3
	greatestLevel = 3
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
	for _, course := range summary.Courses(d) {
		if course.Drift.Blocks < 2 {
			continue
		}
		charts = append(charts, driftChart(course))
		facts = append(facts, course.Drift.String())
	}
	if len(charts) == 0 {
		return Picture{}, false
	}
	p.Alt = "Throughput, capacity and median latency by block, relative to the median of each case."
	p.Facts = "Over the run: " + strings.Join(facts, "; ") + "."
	p.panels = []panel{grid(charts, 1)}
	return p, true
}

// Styles of what is not that of one case.
var (
	levelLine     = draw.LineStyle{Color: ink, Width: vg.Points(1.8)}
	driftLine     = draw.LineStyle{Color: ink, Width: vg.Points(1), Dashes: []vg.Length{vg.Points(8), vg.Points(3)}}
	levelMark     = draw.GlyphStyle{Color: ink, Radius: vg.Points(2.2), Shape: draw.CircleGlyph{}}
	invalidMark   = draw.GlyphStyle{Color: refutedHue, Radius: vg.Points(2.6), Shape: draw.CrossGlyph{}}
	disturbedMark = draw.GlyphStyle{Color: muted, Radius: vg.Points(2.6), Shape: draw.RingGlyph{}}
)

func driftChart(course summary.Course) chart {
	blocks, levels := newExtent(), newExtent()
	levels.include(1)
	for _, c := range course.Cases {
		for _, p := range c.Points {
			blocks.include(float64(p.Block))
			levels.include(math.Min(math.Max(p.Relative, leastLevel), greatestLevel))
		}
	}
	// Room for marks, and a step of the axis at the least.
	room := math.Max(0.04*(levels.high-levels.low), 0.02)
	ch := chart{
		heading: fmt.Sprintf("%s: %s", summary.Plural(len(course.Cases), "case"), course.Drift),
		x:       scale{label: "block", low: blocks.low - 0.4, high: blocks.high + 0.4},
		y:       scale{label: "% of the median", low: levels.low - room, high: levels.high + room},
	}
	ch.x.ticks = wholeTicks(ch.x.low, ch.x.high)
	ch.y.ticks = stepTicks(ch.y.low, ch.y.high, 6)
	for i := range ch.y.ticks {
		ch.y.ticks[i].Label = summary.TickLabel(100 * ch.y.ticks[i].Value)
	}
	var marks []trace
	for _, c := range course.Cases {
		t := trace{line: draw.LineStyle{Color: tint(protocolColour(c.Case.Protocol), 0.4), Width: vg.Points(0.7)}}
		invalid := trace{hidden: true, glyph: invalidMark, marked: every}
		disturbed := trace{hidden: true, glyph: disturbedMark, marked: every}
		for _, p := range c.Points {
			to := &t
			if !p.Valid {
				to = &invalid
			}
			to.x, to.y = append(to.x, float64(p.Block)), append(to.y, p.Relative)
			if p.Valid && p.Disturbed != "" {
				disturbed.x, disturbed.y = append(disturbed.x, float64(p.Block)), append(disturbed.y, p.Relative)
			}
		}
		ch.traces = append(ch.traces, t)
		marks = append(marks, disturbed, invalid)
	}
	ch.traces = append(ch.traces, marks...)
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

var driftLegend = legend{entries: []legendEntry{
	{text: "all cases together", line: &levelLine, mark: levelMark.Shape, hue: levelMark.Color},
	{text: "trend (Theil-Sen)", line: &driftLine},
	{text: "each case, in the colour of its protocol", line: &draw.LineStyle{Color: tint(httpBlue, 0.4), Width: vg.Points(0.7)}},
	{text: "disturbed by the machine", mark: disturbedMark.Shape, hue: disturbedMark.Color},
	{text: "invalid trial", mark: invalidMark.Shape, hue: invalidMark.Color},
}}
