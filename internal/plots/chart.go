package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// chart is lines over a horizontal and a vertical axis.
type chart struct {
	heading string
	empty   string // why there is nothing to draw; "" where there is
	x, y    scale
	under   func(c draw.Canvas, x, y func(float64) vg.Length) // what lies beneath the lines; may be nil
	traces  []trace
	over    func(c draw.Canvas, x, y func(float64) vg.Length) // what lies above them; may be nil
	legend  legend
}

// scale is one axis of a chart.
type scale struct {
	label     string
	low, high float64 // both positive where log
	log       bool
	ticks     plot.ConstantTicks // nil: round numbers, as many as there is room for
}

// trace is one line of a chart. Values beyond the axes lie at their edge.
type trace struct {
	x, y      []float64 // as many of each
	low, high []float64 // a band around y; nil for none
	band      colour
	line      draw.LineStyle
	hidden    bool // marks alone
	glyph     draw.GlyphStyle
	marked    func(point int) bool // which points have the glyph; nil for none
}

// Measures of charts.
const (
	chartHeight     = 220 * vg.Length(1) // of one that has the width for itself
	cellHeight      = 140 * vg.Length(1) // of one of several side by side
	chartTop        = 4 * vg.Length(1)   // below the heading, for the topmost label
	leastTickHeight = 20 * vg.Length(1)  // between labels of a linear axis
)

// plot is the chart's axes, with labels for about so much room.
func (ch chart) plot(width, height vg.Length) *plot.Plot {
	p := newPlot()
	ch.x.apply(&p.X, mostSteps(width))
	ch.y.apply(&p.Y, min(max(int(height/leastTickHeight), 2), 8))
	p.Add(chartPlotter{ch})
	return p
}

// apply labels an axis; a linear one in at most so many steps.
func (s scale) apply(axis *plot.Axis, steps int) {
	axis.Label.Text = s.label
	axis.Min, axis.Max = s.low, s.high
	ticks := s.ticks
	if s.log {
		axis.Scale = plot.LogScale{}
	}
	switch {
	case ticks != nil:
	case s.log:
		ticks = logTicks(s.low, s.high)
	default:
		ticks = stepTicks(s.low, s.high, steps)
	}
	axis.Tick.Marker = ticks
}

// tickWidth is the room that the labels of the vertical axis take.
func (ch chart) tickWidth(height vg.Length) vg.Length {
	if ch.empty != "" {
		return 0
	}
	p := ch.plot(Narrow, height)
	width := vg.Length(0)
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		width = max(width, p.Y.Tick.Label.Width(t.Label))
	}
	return width
}

// draw draws heading and axes into c, with that much room for the labels of the
// vertical axis: so the charts of a page line up.
func (ch chart) draw(c draw.Canvas, ticks vg.Length) {
	drawHeading(c, ch.heading)
	above := headingHeight(ch.heading, c.Max.X-c.Min.X)
	height := c.Max.Y - c.Min.Y - above - axisHeight
	area := draw.Crop(c, ticks-ch.tickWidth(height), 0, 0, -above-chartTop)
	if ch.empty != "" {
		style := textStyle(9, muted)
		style.XAlign = draw.XCenter
		fillText(area, style, area.Center().X, area.Center().Y, shortenTo(ch.empty, style, area.Max.X-area.Min.X))
		return
	}
	p := ch.plot(area.Max.X-area.Min.X-ticks, height)
	data := p.DataCanvas(area)
	spaceLabels(&p.X, data.Max.X-data.Min.X, p.X.Tick.Label.Width)
	spaceLabels(&p.Y, data.Max.Y-data.Min.Y, p.Y.Tick.Label.Height)
	p.Draw(area)
}

// headingHeight is how much room a heading takes in that width; none where there is none.
func headingHeight(text string, width vg.Length) vg.Length {
	n := len(lines(text, headStyle, width))
	if n == 0 {
		return 0
	}
	return headHeight + headLine*vg.Length(n-1)
}

// drawHeading writes a heading at the top of c, in as many lines as it takes.
func drawHeading(c draw.Canvas, text string) {
	y := c.Max.Y - headHeight/2
	for _, line := range lines(text, headStyle, c.Max.X-c.Min.X) {
		fillText(c, headStyle, c.Min.X, y, line)
		y -= headLine
	}
}

// chartPlotter draws the data of a chart.
type chartPlotter struct{ chart }

// Plot implements plot.Plotter.
func (ch chartPlotter) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	x := func(v float64) vg.Length { return toX(math.Min(math.Max(v, p.X.Min), p.X.Max)) }
	y := func(v float64) vg.Length { return toY(math.Min(math.Max(v, p.Y.Min), p.Y.Max)) }
	drawGrid(c, p, x)
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if !t.IsMinor() {
			c.StrokeLine2(draw.LineStyle{Color: faint, Width: vg.Points(0.5)}, c.Min.X, y(t.Value), c.Max.X, y(t.Value))
		}
	}
	if ch.under != nil {
		ch.under(c, x, y)
	}
	for _, t := range ch.traces {
		t.drawBand(c, x, y)
	}
	for _, t := range ch.traces {
		t.draw(c, x, y)
	}
	if ch.over != nil {
		ch.over(c, x, y)
	}
}

// add adds a point.
func (t *trace) add(x, y float64) { t.x, t.y = append(t.x, x), append(t.y, y) }

func (t trace) drawBand(c draw.Canvas, x, y func(float64) vg.Length) {
	if len(t.low) == 0 {
		return
	}
	var outline []vg.Point
	for i := range t.x {
		outline = append(outline, vg.Point{X: x(t.x[i]), Y: y(t.high[i])})
	}
	for i := len(t.x) - 1; i >= 0; i-- {
		outline = append(outline, vg.Point{X: x(t.x[i]), Y: y(t.low[i])})
	}
	c.FillPolygon(t.band, outline)
}

func (t trace) draw(c draw.Canvas, x, y func(float64) vg.Length) {
	points := make([]vg.Point, len(t.x))
	for i := range t.x {
		points[i] = vg.Point{X: x(t.x[i]), Y: y(t.y[i])}
	}
	if !t.hidden && len(points) > 1 {
		c.StrokeLines(t.line, points)
	}
	if t.marked == nil {
		return
	}
	for i, at := range points {
		if t.marked(i) {
			c.DrawGlyphNoClip(t.glyph, at)
		}
	}
}

// every marks all points.
func every(int) bool { return true }
