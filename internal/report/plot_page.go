package report

import (
	"bytes"
	"fmt"
	"html"
	"image/png"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// page is one picture: a title, a line that says how to read it, panels from
// top to bottom, and notes.
type page struct {
	name     string // file name without extension
	alt      string // what the picture shows, for those who do not see it
	title    string
	subtitle string
	panels   []panel
	notes    []string
}

// panel draws itself into a canvas as wide as the page.
type panel struct {
	height vg.Length
	draw   func(draw.Canvas)
}

// Measures of a page. 675 points are 900 pixels, the width of a README.
const (
	pageWidth   = 675 * vg.Length(1)
	margin      = 10 * vg.Length(1)
	titleHeight = 20 * vg.Length(1)
	lineHeight  = 13 * vg.Length(1)
	panelGap    = 10 * vg.Length(1)
)

// pngDPI renders two pixels per CSS pixel, for sharp text on dense screens.
const pngDPI = 192

func (p page) height() vg.Length {
	h := 2*margin + titleHeight
	if p.subtitle != "" {
		h += lineHeight
	}
	for _, panel := range p.panels {
		h += panel.height + panelGap
	}
	if len(p.notes) > 0 {
		h += panelGap + lineHeight*vg.Length(len(p.notes))
	}
	return h
}

func (p page) drawTo(c draw.Canvas) {
	c.FillPolygon(paper, corners(c.Rectangle))
	width := c.Max.X - c.Min.X - 2*margin
	x, y := c.Min.X+margin, c.Max.Y-margin
	title := boldStyle(12, ink)
	c.FillText(title, vg.Point{X: x, Y: y - titleHeight/2}, shortenTo(p.title, title, width))
	y -= titleHeight
	small := textStyle(9, muted)
	if p.subtitle != "" {
		c.FillText(small, vg.Point{X: x, Y: y - lineHeight/2}, shortenTo(p.subtitle, small, width))
		y -= lineHeight
	}
	for _, panel := range p.panels {
		y -= panelGap
		area := c
		area.Min = vg.Point{X: x, Y: y - panel.height}
		area.Max = vg.Point{X: x + width, Y: y}
		panel.draw(area)
		y -= panel.height
	}
	y -= panelGap
	for _, note := range p.notes {
		c.FillText(small, vg.Point{X: x, Y: y - lineHeight/2}, shortenTo(note, small, width))
		y -= lineHeight
	}
}

// svg renders the page as SVG: title and description for screen readers, and
// fonts that stand in where Liberation Sans is not installed.
func (p page) svg() ([]byte, error) {
	c := vgsvg.New(pageWidth, p.height())
	p.drawTo(draw.New(c))
	var out bytes.Buffer
	if _, err := c.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("draw %s.svg: %w", p.name, err)
	}
	described := fmt.Appendf(nil, "<title>%s</title>\n<desc>%s</desc>\n<g ", html.EscapeString(p.title), html.EscapeString(p.alt))
	drawn := bytes.Replace(out.Bytes(), []byte("<g "), described, 1)
	return bytes.ReplaceAll(drawn, []byte("font-family:Liberation Sans;"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif;")), nil
}

func (p page) png() ([]byte, error) {
	c := vgimg.NewWith(vgimg.UseWH(pageWidth, p.height()), vgimg.UseDPI(pngDPI))
	p.drawTo(draw.New(c))
	var out bytes.Buffer
	// Flat colours compress as well at the best speed, in two thirds of the time.
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&out, c.Image()); err != nil {
		return nil, fmt.Errorf("draw %s.png: %w", p.name, err)
	}
	return out.Bytes(), nil
}

// emptyPanel says why there is nothing to draw.
func emptyPanel(why string) panel {
	return panel{height: 60, draw: func(c draw.Canvas) {
		style := textStyle(10, muted)
		style.XAlign = draw.XCenter
		c.FillText(style, c.Center(), why)
	}}
}

func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
}
