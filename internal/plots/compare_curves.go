package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
)

// Measures of the small plots.
const (
	smallHeight = 108 * vg.Length(1)
	smallGap    = 10 * vg.Length(1)
)

// runCurves are the latencies of one case in each run.
type runCurves struct {
	label  string
	curves []curve // by run
}

// comparedCurves is a small plot for each case, with a curve for each run. ok is false
// where there is no curve at all.
func comparedCurves(c summary.Comparison) (p Picture, ok bool) {
	p = Picture{
		Name:     "compare-curves",
		Title:    titleOf(c, "latency by percentile"),
		subtitle: "One small plot for each case, one curve for each run. Lower is better. Marks at the percentiles 50, 90, 99 and 99.9.",
		Alt:      comparedAlt(c, c.ByLoad(), "latency.p99"),
		notes:    []string{pooled, "Colour: protocol. Both axes are logarithmic: the percentile axis (% of requests) stretches towards the slowest ones."},
	}
	var legend []legendEntry
	for run := range c.Runs {
		line := draw.LineStyle{Color: ink, Width: vg.Points(1.4), Dashes: runDashes(run)}
		legend = append(legend, legendEntry{mark: runMark(run), line: &line, hue: ink, text: c.NameAndBlocks(run)})
	}
	p.panels = append(p.panels, legendPanel(legend))
	axes := c.Axes()
	for _, g := range c.ByLoad() {
		var cases []runCurves
		low, high := math.Inf(1), 0.0
		for _, one := range g.Cases {
			of := curvesOfRuns(one, caseLabel(one.Case, axes))
			if l, h := latencyRange(of.curves); h > 0 {
				low, high = math.Min(low, l), math.Max(high, h)
			}
			cases = append(cases, of)
		}
		if high > 0 {
			ok = true
			p.panels = append(p.panels, curvesPanel(summary.LoadText(g.Load)+": latency (ms) by percentile of requests (%)", cases, low, high))
		}
	}
	return p, ok
}

func curvesOfRuns(one summary.ComparedCase, label string) runCurves {
	of := runCurves{label: label}
	for run, latency := range one.Latency {
		v := curve{
			Curve:  latency,
			line:   draw.LineStyle{Color: protocolColour(one.Case.Protocol), Width: vg.Points(1.2), Dashes: runDashes(run)},
			marker: runMark(run),
		}
		of.curves = append(of.curves, v)
	}
	return of
}

// curvesPanel sets small plots side by side, as many as there is room for; all have the
// same axes.
func curvesPanel(heading string, cases []runCurves, low, high float64) panel {
	columns := func(width vg.Length) int { return fewTicks(width, 4) }
	rowsOf := func(width vg.Length) int { return (len(cases) + columns(width) - 1) / columns(width) }
	return panel{
		height: func(width vg.Length) vg.Length {
			return headHeight + (smallHeight+smallGap)*vg.Length(rowsOf(width))
		},
		draw: func(c draw.Canvas) {
			width := c.Max.X - c.Min.X
			panelHead(c, heading, c.Max.X)
			n := columns(width)
			room := (width + smallGap) / vg.Length(n)
			for i, one := range cases {
				left := c.Min.X + room*vg.Length(i%n)
				top := c.Max.Y - headHeight - (smallHeight+smallGap)*vg.Length(i/n)
				one.draw(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
					Min: vg.Point{X: left, Y: top - smallHeight}, Max: vg.Point{X: left + room - smallGap, Y: top},
				}}, low, high)
			}
		},
	}
}

// draw draws the curves of one case beneath its name.
func (r runCurves) draw(c draw.Canvas, low, high float64) {
	const head = 13
	known := 0
	for _, v := range r.curves {
		if len(v.MS) > 0 {
			known++
		}
	}
	of := ""
	if known < len(r.curves) {
		of = fmt.Sprintf(" (%d of %d runs)", known, len(r.curves))
	}
	fillText(c, rowStyle, c.Min.X, c.Max.Y-head/2, shortenTo(r.label, rowStyle, c.Max.X-c.Min.X-rowStyle.Width(of))+of)
	p := newPlot()
	p.X.Min, p.X.Max = 0, summary.Tail
	p.X.Tick.Marker = latencyTicks[1:]
	p.Y.Min, p.Y.Max = low, high
	p.Y.Scale = plot.LogScale{}
	p.Y.Tick.Marker = fewerLabels(logTicks(low, high), 4)
	p.X.Tick.Label.Font.Size, p.Y.Tick.Label.Font.Size = vg.Points(7.5), vg.Points(7.5)
	p.Add(chartPlotter{chart{traces: percentileTraces(r.curves)}})
	p.Draw(draw.Crop(c, 0, 0, 0, -head))
	if known == 0 {
		style := textStyle(8.5, muted)
		style.XAlign = draw.XCenter
		c.FillText(style, c.Center(), "no curve")
		return
	}
}
