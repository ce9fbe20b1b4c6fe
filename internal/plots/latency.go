package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// Measures of the latency plot.
const (
	latencyHeight = 250 * vg.Length(1)
	mostLegend    = 230 * vg.Length(1) // width of the legend
	legendRow     = 14 * vg.Length(1)
	legendSample  = 26 * vg.Length(1) // length of the piece of line in front of a name
)

// curve is the latency of one case by percentile.
type curve struct {
	summary.Curve
	label  string
	line   draw.LineStyle
	marker draw.GlyphDrawer
}

// latencyTicks are the percentiles the axis names; each has a marker on every
// curve.
var latencyTicks = plot.ConstantTicks{
	{Value: 0, Label: "0"},
	{Value: summary.PercentileX(50), Label: "50"},
	{Value: summary.PercentileX(90), Label: "90"},
	{Value: summary.PercentileX(99), Label: "99"},
	{Value: summary.PercentileX(99.9), Label: "99.9"},
}

// latencyPage shows latency by percentile, one panel per load, from the
// merged histograms of the valid trials.
func latencyPage(d summary.Data) Picture {
	groups := summary.ByLoad(summary.Cases(d))
	if slices.ContainsFunc(groups, func(g summary.Group) bool { return len(g.Cases) > mostCurves }) {
		return latencyRowsPage(d, groups)
	}
	p := Picture{
		Name:     "latency",
		Title:    fmt.Sprintf("%s: latency by percentile", summary.ScenarioName(d)),
		subtitle: "Lower is better. The percentile axis stretches towards the slowest requests; both axes are logarithmic.",
		Alt:      "Latency of each case by percentile, one curve per case. 99th percentile: " + extremes(d, groups, "latency.p99"),
	}
	axes := summary.CaseAxes(d.Run.Plan)
	legend, ticks := vg.Length(0), vg.Length(0)
	var panels []latencyPanel
	for _, g := range groups {
		l := newLatencyPanel(g, axes)
		legend, ticks = max(legend, l.legendWidth()), max(ticks, l.tickWidth())
		panels = append(panels, l)
	}
	for _, l := range panels {
		p.panels = append(p.panels, l.panel(legend, ticks))
	}
	if len(p.panels) == 0 {
		p.panels = []panel{emptyPanel("The plan has no cases.")}
	}
	return p
}

func curvesOf(g summary.Group, axes []string) []curve {
	curves := make([]curve, len(g.Cases))
	sharing := map[[2]string]int{}
	for i, c := range g.Cases {
		key := [2]string{c.Case.Protocol, c.Case.Connection}
		curves[i] = curve{
			Curve:  c.Curve(summary.LatencyOf),
			label:  caseLabel(c.Case, axes),
			line:   draw.LineStyle{Color: protocolColour(c.Case.Protocol), Width: vg.Points(1.4), Dashes: connectionDashes(c.Case.Connection)},
			marker: markers[sharing[key]%len(markers)],
		}
		sharing[key]++
	}
	return curves
}

// latencyPanel is the curves of one load.
type latencyPanel struct {
	heading   string
	curves    []curve
	low, high float64 // of the axis, ms; 0 where there is no curve
}

func newLatencyPanel(g summary.Group, axes []string) latencyPanel {
	curves := curvesOf(g, axes)
	low, high := latencyRange(curves)
	return latencyPanel{summary.LoadText(g.Load) + ", " + latencyMeaning(g), curves, low, high}
}

// tickWidth is the room that the labels of the vertical axis take.
func (l latencyPanel) tickWidth() vg.Length {
	if l.high == 0 {
		return 0
	}
	p := newPlot()
	width := vg.Length(0)
	for _, t := range logTicks(l.low, l.high) {
		width = max(width, p.Y.Tick.Label.Width(t.Label))
	}
	return width
}

// panel draws the curves, with that much room for the legend and for the
// labels of the vertical axis: panels of one page line up.
func (l latencyPanel) panel(legend, ticks vg.Length) panel {
	height := headHeight + legendRow*vg.Length(len(l.curves)+1)
	if l.high > 0 {
		height = max(height, headHeight+latencyHeight)
	}
	return panel{height: fixed(height), draw: func(c draw.Canvas) {
		panelHead(c, l.heading, c.Max.X)
		area := draw.Crop(c, ticks-l.tickWidth(), -legend-2*columnGap, 0, -headHeight)
		drawLegend(c, l.curves, c.Max.X-legend)
		if l.high == 0 {
			style := textStyle(10, muted)
			style.XAlign = draw.XCenter
			area.FillText(style, area.Center(), "No valid trial with a latency histogram.")
			return
		}
		p := newPlot()
		p.X.Label.Text = "percentile of requests (%)"
		p.X.Min, p.X.Max = 0, summary.Tail
		p.X.Tick.Marker = latencyTicks
		p.Y.Label.Text = "latency (ms)"
		p.Y.Min, p.Y.Max = l.low, l.high
		p.Y.Scale = plot.LogScale{}
		p.Y.Tick.Marker = logTicks(l.low, l.high)
		p.Add(latencyCurves{l.curves})
		p.Draw(area)
	}}
}

// latencyMeaning says from when on latency counts under this load.
func latencyMeaning(g summary.Group) string {
	for _, c := range g.Cases {
		if len(c.Valid) == 0 {
			continue
		}
		if c.Valid[0].Latency == "intended" {
			return "from the intended send time"
		}
		return "service time"
	}
	if g.Load.Closed() {
		return "service time"
	}
	return "from the intended send time"
}

// latencyRange spans all curves; 0, 0 where there is none.
func latencyRange(curves []curve) (low, high float64) {
	low, high = math.Inf(1), 0
	for _, v := range curves {
		for _, ms := range v.MS {
			low, high = math.Min(low, ms), math.Max(high, ms)
		}
	}
	if high == 0 {
		return 0, 0
	}
	return logRange(low, high)
}

// latencyCurves draws the curves with markers at the named percentiles.
type latencyCurves struct{ curves []curve }

// Plot implements plot.Plotter.
func (l latencyCurves) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	drawGrid(c, p, x)
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if !t.IsMinor() {
			c.StrokeLine2(draw.LineStyle{Color: faint, Width: vg.Points(0.5)}, c.Min.X, y(t.Value), c.Max.X, y(t.Value))
		}
	}
	for _, v := range l.curves {
		points := make([]vg.Point, len(v.X))
		for i := range v.X {
			points[i] = vg.Point{X: x(v.X[i]), Y: y(v.MS[i])}
		}
		c.StrokeLines(v.line, points)
		for i, at := range points {
			if namedPercentile(v.X[i]) {
				c.DrawGlyphNoClip(draw.GlyphStyle{Color: v.line.Color, Radius: vg.Points(2.4), Shape: v.marker}, at)
			}
		}
	}
}

func namedPercentile(x float64) bool {
	for _, t := range latencyTicks[1:] {
		if x == t.Value {
			return true
		}
	}
	return false
}

// legendText is a curve's line in the legend.
func (v curve) legendText() string {
	if v.Unknown != "" {
		return v.label + " (" + v.Unknown + ")"
	}
	return v.label
}

func (l latencyPanel) legendWidth() vg.Length {
	width := keyStyle.Width(legendKey)
	for _, v := range l.curves {
		text := shortenTo(v.legendText(), rowStyle, mostLegend-legendSample-columnGap)
		width = max(width, legendSample+columnGap+rowStyle.Width(text))
	}
	return width
}

// legendKey says what colour and dashes stand for.
const legendKey = "colour: protocol; dashed: " + results.PerRequest

var keyStyle = textStyle(8, muted)

// drawLegend lists the curves right of the data, in the order of the table.
func drawLegend(c draw.Canvas, curves []curve, left vg.Length) {
	y := c.Max.Y - headHeight - legendRow/2
	for _, v := range curves {
		if v.Unknown == "" {
			c.StrokeLine2(v.line, left, y, left+legendSample, y)
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: v.line.Color, Radius: vg.Points(2.4), Shape: v.marker}, vg.Point{X: left + legendSample/2, Y: y})
		}
		at := left + legendSample + columnGap
		fillText(c, rowStyle, at, y, shortenTo(v.legendText(), rowStyle, c.Max.X-at))
		y -= legendRow
	}
	fillText(c, keyStyle, left, y, legendKey)
}
