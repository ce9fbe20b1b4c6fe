package report

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/load"
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
	label   string
	x       []float64 // -log10(1-quantile), ascending
	ms      []float64 // positive
	line    draw.LineStyle
	marker  draw.GlyphDrawer
	unknown string // why there is no curve; "" where there is
}

// tail is where the curves end: -log10(1-q) of the 99.9th percentile.
const tail = 3

// latencyTicks are the percentiles the axis names; each has a marker on every
// curve.
var latencyTicks = plot.ConstantTicks{
	{Value: 0, Label: "0"},
	{Value: -math.Log10(0.5), Label: "50"},
	{Value: 1, Label: "90"},
	{Value: 2, Label: "99"},
	{Value: 3, Label: "99.9"},
}

// latencyPage shows latency by percentile, one panel per load, from the
// merged histograms of the valid trials.
func latencyPage(d Data) page {
	groups := byLoad(summarise(d))
	if slices.ContainsFunc(groups, func(g loadGroup) bool { return len(g.Cases) > mostCurves }) {
		return latencyRowsPage(d, groups)
	}
	p := page{
		name:     "latency",
		title:    fmt.Sprintf("%s: latency by percentile", scenarioName(d)),
		subtitle: "Lower is better. The percentile axis stretches towards the slowest requests; both axes are logarithmic.",
		alt:      "Latency of each case by percentile, one curve per case. 99th percentile: " + extremes(d, groups, "latency.p99"),
	}
	axes := caseAxes(d.Run.Plan)
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

func curvesOf(g loadGroup, axes []string) []curve {
	curves := make([]curve, len(g.Cases))
	sharing := map[[2]string]int{}
	for i, c := range g.Cases {
		key := [2]string{c.Case.Protocol, c.Case.Connection}
		curves[i] = curve{
			label:  caseLabel(c.Case, axes),
			line:   draw.LineStyle{Color: protocolColour(c.Case.Protocol), Width: vg.Points(1.4), Dashes: connectionDashes(c.Case.Connection)},
			marker: markers[sharing[key]%len(markers)],
		}
		sharing[key]++
		curves[i].trace(c)
	}
	return curves
}

// trace fills in the curve: up to the tail, and no further than the slowest
// request can tell. A case without a curve says why, and costs the others
// nothing.
func (v *curve) trace(c caseSummary) {
	var histograms []string
	var requests int64
	for _, t := range c.Valid {
		if t.Histograms.Latency != "" {
			histograms = append(histograms, t.Histograms.Latency)
			requests += t.Counts.Sent
		}
	}
	switch {
	case len(c.Valid) == 0:
		v.unknown = "no valid trial"
		return
	case len(histograms) == 0:
		v.unknown = "no histogram"
		return
	}
	x := percentileGrid(requests)
	ns, err := mergedQuantiles(histograms, x)
	if err != nil {
		v.unknown = "no curve: " + inert.Line(err.Error())
		return
	}
	for i := range ns {
		// A logarithmic axis has no place for 0.
		if ms := ns[i] / 1e6; ms > 0 && finite(ms) {
			v.x = append(v.x, x[i])
			v.ms = append(v.ms, ms)
		}
	}
	if len(v.x) == 0 {
		v.unknown = "no positive latency"
	}
}

// mergedQuantiles returns nanoseconds at each x, which is -log10(1-quantile).
func mergedQuantiles(histograms []string, x []float64) ([]float64, error) {
	merged, err := load.Merge(histograms)
	if err != nil {
		return nil, err
	}
	q := make([]float64, len(x))
	for i := range x {
		q[i] = 1 - math.Pow(10, -x[i])
	}
	return load.Quantiles(merged, q)
}

// percentileGrid is where curves have points: the named percentiles, and
// evenly in between, up to the one that a single one of n requests exceeds.
func percentileGrid(n int64) []float64 {
	end := float64(tail)
	if n > 0 {
		end = math.Min(end, math.Log10(float64(n)))
	}
	const perDecade = 40
	named := latencyTicks[1].Value
	var grid []float64
	for i := 0; i <= tail*perDecade; i++ {
		x := float64(i) / perDecade
		if i > 0 && named > float64(i-1)/perDecade && named < x && named <= end {
			grid = append(grid, named)
		}
		if x <= end {
			grid = append(grid, x)
		}
	}
	return grid
}

// latencyPanel is the curves of one load.
type latencyPanel struct {
	heading   string
	curves    []curve
	low, high float64 // of the axis, ms; 0 where there is no curve
}

func newLatencyPanel(g loadGroup, axes []string) latencyPanel {
	curves := curvesOf(g, axes)
	low, high := latencyRange(curves)
	return latencyPanel{loadText(g.Load) + ", " + latencyMeaning(g), curves, low, high}
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
	return panel{height: height, draw: func(c draw.Canvas) {
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
		p.X.Min, p.X.Max = 0, tail
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
func latencyMeaning(g loadGroup) string {
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
		for _, ms := range v.ms {
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
		points := make([]vg.Point, len(v.x))
		for i := range v.x {
			points[i] = vg.Point{X: x(v.x[i]), Y: y(v.ms[i])}
		}
		c.StrokeLines(v.line, points)
		for i, at := range points {
			if namedPercentile(v.x[i]) {
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
	if v.unknown != "" {
		return v.label + " (" + v.unknown + ")"
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
		if v.unknown == "" {
			c.StrokeLine2(v.line, left, y, left+legendSample, y)
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: v.line.Color, Radius: vg.Points(2.4), Shape: v.marker}, vg.Point{X: left + legendSample/2, Y: y})
		}
		at := left + legendSample + columnGap
		fillText(c, rowStyle, at, y, shortenTo(v.legendText(), rowStyle, c.Max.X-at))
		y -= legendRow
	}
	fillText(c, keyStyle, left, y, legendKey)
}
