package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
)

// latencyRowsPicture shows the named percentiles of many cases, one row each.
func latencyRowsPicture(t timed) Picture {
	p := Picture{
		Name:     "latency",
		Title:    fmt.Sprintf("%s: latency by percentile", t.name),
		subtitle: "Disc: median. Ring: 90th percentile. Square: 99th. End of the line: 99.9th. Further left is better. " + pooled,
		curves:   readCurves,
		Alt:      "Latency percentiles of each case, one row per case.",
		Facts:    "99th percentile in the median trial, " + t.extremes("latency.p99"),
	}
	var panels []latencyPanel
	low, high := math.Inf(1), 0.0
	for _, load := range t.loads {
		l := latencyPanel{heading: load.heading(), curves: load.curves(t.axes)}
		l.low, l.high = latencyRange(l.curves)
		if l.high > 0 {
			low, high = math.Min(low, l.low), math.Max(high, l.high)
		}
		panels = append(panels, l)
	}
	var rows []rowPanel
	for _, l := range panels {
		// Loads share an axis, so that one can look down the page.
		l.low, l.high = low, high
		rows = append(rows, l.rows())
	}
	p.panels = rowPanels(rows)
	return p
}

// latencyPanel is the rows of one load.
type latencyPanel struct {
	heading   string
	curves    []curve
	low, high float64 // of the axis, ms; 0 where there is no curve
}

// rows draws one row per case.
func (l latencyPanel) rows() rowPanel {
	r := rowPanel{heading: l.heading, key: "p50, p99 (ms)", keyHue: muted}
	for _, v := range l.curves {
		e := row{label: v.label, hue: muted}
		if v.Unknown != "" {
			e.remark = "unknown: " + v.Unknown
		} else {
			e.value, e.remark = v.figure(50), v.figure(99)
		}
		r.rows = append(r.rows, e)
	}
	r.plot = func(vg.Length) *plot.Plot {
		p := newPlot()
		p.X.Label.Text = "latency (ms, log scale)"
		p.X.Min, p.X.Max = 0.1, 10
		if l.high > 0 {
			p.X.Min, p.X.Max = l.low, l.high
		}
		p.X.Scale = plot.LogScale{}
		p.X.Tick.Marker = logTicks(p.X.Min, p.X.Max)
		p.Add(latencyRows{l.curves})
		return p
	}
	return r
}

// figure is one of summary.Percentiles.
func (v curve) figure(percentile float64) string {
	if ms, ok := v.At(percentile); ok {
		return summary.Significant(ms)
	}
	return summary.Unknown
}

// latencyRows draws the percentiles of each case in its row.
type latencyRows struct{ curves []curve }

// Plot implements plot.Plotter.
func (l latencyRows) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for i, v := range l.curves {
		v.drawRow(c, func(ms float64) vg.Length { return x(inRange(ms, p)) }, y(float64(len(l.curves)-1-i)))
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
