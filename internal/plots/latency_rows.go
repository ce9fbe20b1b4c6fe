package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
)

// mostCurves is how many curves of one load a reader can tell apart. With more,
// every case gets a row.
const mostCurves = 12

// latencyFigures is the width of the column with median and 99th percentile.
const latencyFigures = 100 * vg.Length(1)

// latencyRowsPage shows the named percentiles of many cases, one row each.
func latencyRowsPage(d summary.Data, groups []summary.Group) Picture {
	p := Picture{
		Name:     "latency",
		Title:    fmt.Sprintf("%s: latency by percentile", summary.ScenarioName(d)),
		subtitle: "All valid trials together. Disc: median. Ring: 90th percentile. Square: 99th. End of the line: 99.9th. Further left is better.",
		Alt:      "Latency percentiles of each case, one row per case. 99th percentile: " + extremes(d, groups, "latency.p99"),
	}
	axes := summary.CaseAxes(d.Run.Plan)
	var panels []latencyPanel
	low, high, left := math.Inf(1), 0.0, vg.Length(0)
	for _, g := range groups {
		l := newLatencyPanel(g, axes)
		if l.high > 0 {
			low, high = math.Min(low, l.low), math.Max(high, l.high)
		}
		left = max(left, labelColumn(caseLabels(g, axes)))
		panels = append(panels, l)
	}
	for i, l := range panels {
		// Loads share an axis, so that one can look down the page.
		l.low, l.high = low, high
		p.panels = append(p.panels, l.rows(rowPanel{labels: caseLabels(groups[i], axes), left: left, right: latencyFigures}))
	}
	return p
}

// rows draws one row per case.
func (l latencyPanel) rows(frame rowPanel) panel {
	height := headHeight + rowHeight*vg.Length(len(l.curves)) + axisHeight
	return panel{height: fixed(height), draw: func(c draw.Canvas) {
		panelHead(c, l.heading, frame.figures(c))
		fillText(c, textStyle(8.5, muted), frame.figures(c), c.Max.Y-headHeight/2, "p50, p99 (ms)")
		p := newPlot()
		p.X.Label.Text = "latency (ms, log scale)"
		p.X.Min, p.X.Max = 0.1, 10
		if l.high > 0 {
			p.X.Min, p.X.Max = l.low, l.high
		}
		p.X.Scale = plot.LogScale{}
		p.X.Tick.Marker = logTicks(p.X.Min, p.X.Max)
		p.Add(latencyRows{l.curves, frame.figures(c)})
		frame.draw(draw.Crop(c, 0, 0, 0, -headHeight), p)
	}}
}

// latencyRows draws the percentiles of each case in its row, and two of them
// as figures at figuresX.
type latencyRows struct {
	curves   []curve
	figuresX vg.Length
}

// Plot implements plot.Plotter.
func (l latencyRows) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	drawGrid(c, p, x)
	for i, v := range l.curves {
		middle := y(float64(len(l.curves) - 1 - i))
		if v.Unknown != "" {
			fillText(c, textStyle(8.5, muted), l.figuresX, middle, shortenTo("unknown: "+v.Unknown, rowStyle, latencyFigures))
			continue
		}
		v.drawRow(c, func(ms float64) vg.Length { return x(inRange(ms, p)) }, middle)
		figure := func(percentile float64) string {
			if ms, ok := v.At(percentile); ok {
				return summary.Significant(ms)
			}
			return summary.Unknown
		}
		fillText(c, boldStyle(8.5, ink), l.figuresX, middle, figure(50))
		fillText(c, textStyle(8.5, muted), l.figuresX+latencyFigures/2, middle, figure(99))
	}
}

// drawRow draws a line from the median to the furthest percentile that is
// known, and a mark at each.
func (v curve) drawRow(c draw.Canvas, x func(float64) vg.Length, middle vg.Length) {
	first, ok := v.At(50)
	if !ok {
		return
	}
	last := first
	for _, percentile := range []float64{90, 99, 99.9} {
		if ms, ok := v.At(percentile); ok {
			last = ms
		}
	}
	const half = 3.5
	line := draw.LineStyle{Color: v.line.Color, Width: vg.Points(1.4)}
	c.StrokeLine2(line, x(first), middle, x(last), middle)
	if ms, ok := v.At(99.9); ok {
		c.StrokeLine2(line, x(ms), middle-half, x(ms), middle+half)
	}
	mark := func(percentile float64, radius vg.Length, shape draw.GlyphDrawer, hollow bool) {
		ms, ok := v.At(percentile)
		if !ok {
			return
		}
		at := vg.Point{X: x(ms), Y: middle}
		if hollow {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: paper, Radius: radius, Shape: draw.CircleGlyph{}}, at)
		}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: v.line.Color, Radius: radius, Shape: shape}, at)
	}
	mark(99, 2.4, draw.BoxGlyph{}, false)
	mark(90, 2.6, draw.RingGlyph{}, true)
	mark(50, 3.2, draw.CircleGlyph{}, false)
}
