package plots

import (
	"bytes"
	"cmp"
	"fmt"
	"image/png"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Picture is one drawing that is not rendered yet: a title, a line that says how to
// read it, panels from top to bottom, and notes. It may be rendered more than once,
// and at several widths.
type Picture struct {
	Name     string // file name without extension
	Title    string
	Alt      string // what is drawn, for those who do not see it
	Facts    string // what is to be seen there, in figures; may be ""
	subtitle string
	curves   string // how to read curves of the same; "" where the subtitle says so
	panels   []panel
	notes    []string
}

// Description is all that is said of the picture to those who do not see it, where no
// caption stands beneath.
func (p Picture) Description() string { return strings.TrimSpace(p.Alt + " " + p.Facts) }

// Reading says how to read a chart of curves that stands in for the picture, and what
// is to be known of its figures: what the picture says above and below itself.
func (p Picture) Reading() (above string, below []string) {
	return cmp.Or(p.curves, p.subtitle), p.notes
}

// panel draws itself into a canvas of the width that its height was asked for.
type panel struct {
	height func(width vg.Length) vg.Length
	draw   func(draw.Canvas)
}

// fixed is the height of a panel that does not depend on its width.
func fixed(height vg.Length) func(vg.Length) vg.Length {
	return func(vg.Length) vg.Length { return height }
}

// Wide is the width of pictures in files: 675 points are 900 pixels, the width of a
// README. Narrow is that of pictures for small screens, 345 pixels.
const (
	Wide   = 675 * vg.Length(1)
	Narrow = 259 * vg.Length(1)
)

// narrow tells whether panels of that width have no room for columns beside their
// data.
func narrow(width vg.Length) bool { return width < 450 }

// Measures of a picture.
const (
	margin      = 10 * vg.Length(1)
	titleHeight = 20 * vg.Length(1)
	lineHeight  = 13 * vg.Length(1)
	panelGap    = 10 * vg.Length(1)
)

// pngDPI renders two pixels per CSS pixel, for sharp text on dense screens.
const pngDPI = 192

// Styles of the text around the panels.
var (
	titleStyle = boldStyle(12, ink)
	smallStyle = textStyle(9, muted)
)

func (p Picture) height(width vg.Length) vg.Length {
	inner := width - 2*margin
	h := 2*margin + titleHeight*vg.Length(len(lines(p.Title, titleStyle, inner)))
	h += lineHeight * vg.Length(len(lines(p.subtitle, smallStyle, inner)))
	for _, panel := range p.panels {
		h += panel.height(inner) + panelGap
	}
	for i, note := range p.notes {
		if i == 0 {
			h += panelGap
		}
		h += lineHeight * vg.Length(len(lines(note, smallStyle, inner)))
	}
	return h
}

func (p Picture) drawTo(c draw.Canvas) {
	c.FillPolygon(paper, corners(c.Rectangle))
	width := c.Max.X - c.Min.X - 2*margin
	x, y := c.Min.X+margin, c.Max.Y-margin
	write := func(text string, style draw.TextStyle, height vg.Length) {
		for _, line := range lines(text, style, width) {
			c.FillText(style, vg.Point{X: x, Y: y - height/2}, line)
			y -= height
		}
	}
	write(p.Title, titleStyle, titleHeight)
	write(p.subtitle, smallStyle, lineHeight)
	for _, panel := range p.panels {
		y -= panelGap
		area, height := c, panel.height(width)
		area.Min = vg.Point{X: x, Y: y - height}
		area.Max = vg.Point{X: x + width, Y: y}
		panel.draw(area)
		y -= height
	}
	y -= panelGap
	for _, note := range p.notes {
		write(note, smallStyle, lineHeight)
	}
}

// SVG renders the picture as an SVG file of the Wide width: title and description
// for screen readers, and fonts that stand in where Liberation Sans is not installed.
func (p Picture) SVG() ([]byte, error) {
	c := p.svg(Wide, false)
	width, height := number(float64(c.width), 2), number(float64(c.height), 2)
	var out bytes.Buffer
	fmt.Fprintf(&out, `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="%[1]spt" height="%[2]spt" viewBox="0 0 %[1]s %[2]s" role="img" font-family="%[3]s">
<title>%[4]s</title>
<desc>%[5]s</desc>
`, width, height, families, escape(p.Title), escape(p.Description()))
	out.Write(c.elements())
	out.WriteString("</svg>\n")
	return out.Bytes(), nil
}

// PNG renders the picture at the Wide width and two pixels per CSS pixel.
func (p Picture) PNG() ([]byte, error) {
	c := vgimg.NewWith(vgimg.UseWH(Wide, p.height(Wide)), vgimg.UseDPI(pngDPI))
	p.drawTo(draw.New(c))
	var out bytes.Buffer
	// Flat colours compress as well at the best speed, in two thirds of the time.
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&out, c.Image()); err != nil {
		return nil, fmt.Errorf("draw %s.png: %w", p.Name, err)
	}
	return out.Bytes(), nil
}

// emptyPanel says why there is nothing to draw.
func emptyPanel(why string) panel {
	return panel{height: fixed(60), draw: func(c draw.Canvas) {
		style := textStyle(10, muted)
		style.XAlign = draw.XCenter
		c.FillText(style, c.Center(), why)
	}}
}

func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
}
