package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// Measures of plots with one row per case or comparison.
const (
	rowHeight  = 21 * vg.Length(1)
	axisHeight = 30 * vg.Length(1) // tick labels and the name of an axis
	headHeight = 20 * vg.Length(1) // heading of a panel
	columnGap  = 8 * vg.Length(1)  // between labels, data and figures
	mostLabel  = 250 * vg.Length(1)
)

// mostName is how many runes of a name a picture shows: a long one does not
// push out what stands behind it.
const mostName = 20

// leastName is how far names are cut to make room for each other.
const leastName = 6

// caseLabel names a case in a picture: as many runes of each name as let the
// whole fit, so that what stands last is not lost.
func caseLabel(c results.Case, axes []string) string {
	return firstThatFits(func(most int) string { return summary.Label(c, axes, most) })
}

// firstThatFits tries shorter and shorter names.
func firstThatFits(text func(most int) string) string {
	for most := mostName; most > leastName; most-- {
		if t := text(most); rowStyle.Width(t) <= mostLabel {
			return t
		}
	}
	return text(leastName)
}

// rowStyle is the text of rows.
var rowStyle = textStyle(8.5, ink)

// rowPanel is the frame of a plot with one row per entry, the first on top:
// labels to the left, data in the middle, figures to the right. Panels of one
// page share the widths of the columns, so that their axes line up.
type rowPanel struct {
	labels []string
	left   vg.Length // width of the labels
	right  vg.Length // width of the figures
}

// labelColumn is how wide labels may get, and need to be.
func labelColumn(labels []string) vg.Length {
	width := vg.Length(0)
	for _, l := range labels {
		width = max(width, rowStyle.Width(shortenTo(l, rowStyle, mostLabel)))
	}
	return width + columnGap/2
}

// draw draws labels, bands and the plot with its horizontal axis into c, from
// the top. In the plot's own coordinates entry i lies at y = n-1-i.
func (r rowPanel) draw(c draw.Canvas, p *plot.Plot) {
	p.HideY()
	p.Y.Min, p.Y.Max = -0.5, float64(len(r.labels))-0.5
	area := draw.Crop(c, r.left+columnGap, -r.right-2*columnGap, 0, 0)
	data := p.DataCanvas(area)
	area.Min.Y += data.Max.Y - data.Min.Y - rowHeight*vg.Length(len(r.labels))
	data = p.DataCanvas(area)
	for i, text := range r.labels {
		middle := data.Max.Y - rowHeight*(vg.Length(i)+0.5)
		if i%2 == 0 {
			stripe := vg.Rectangle{
				Min: vg.Point{X: c.Min.X, Y: middle - rowHeight/2},
				Max: vg.Point{X: c.Max.X, Y: middle + rowHeight/2},
			}
			c.FillPolygon(band, corners(stripe))
		}
		style := rowStyle
		style.XAlign = draw.XRight
		fillText(c, style, c.Min.X+r.left, middle, shortenTo(text, rowStyle, mostLabel))
	}
	p.Draw(area)
}

// figures is where the column of figures begins.
func (r rowPanel) figures(c draw.Canvas) vg.Length { return c.Max.X - r.right }

// fillText sets text around the middle of lower-case letters, which is where
// the eye sees the middle of a row; the style's own middle is that of the
// whole line.
func fillText(c draw.Canvas, style draw.TextStyle, x, y vg.Length, text string) {
	style.YAlign = draw.YCenter
	c.FillText(style, vg.Point{X: x, Y: y + style.FontExtents().Descent/2}, text)
}

// panelHead writes the heading of a panel, as far as there is room up to the
// right end.
func panelHead(c draw.Canvas, heading string, right vg.Length) {
	style := boldStyle(9.5, ink)
	fillText(c, style, c.Min.X, c.Max.Y-headHeight/2, shortenTo(heading, style, right-c.Min.X-columnGap))
}

// drawGrid draws a thin line at every labelled tick of the horizontal axis.
func drawGrid(c draw.Canvas, p *plot.Plot, x func(float64) vg.Length) {
	style := draw.LineStyle{Color: faint, Width: vg.Points(0.5)}
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if !t.IsMinor() {
			c.StrokeLine2(style, x(t.Value), c.Min.Y, x(t.Value), c.Max.Y)
		}
	}
}

// inRange keeps a value within the horizontal axis.
func inRange(v float64, p *plot.Plot) float64 {
	return math.Min(math.Max(v, p.X.Min), p.X.Max)
}
