package plots

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// markers tell apart cases that share protocol and connection mode: as many as a chart
// has curves at the most, filled shapes first.
var markers = []draw.GlyphDrawer{
	draw.CircleGlyph{},
	draw.BoxGlyph{},
	draw.PyramidGlyph{},
	draw.CrossGlyph{},
	draw.PlusGlyph{},
	draw.RingGlyph{},
	polygon{corners: 4, first: 90},
	fallGlyph{},
	draw.SquareGlyph{},
	draw.TriangleGlyph{},
	polygon{corners: 4, first: 90, open: true},
	polygon{corners: 3, first: 270, open: true},
}

// polygon is a regular one.
type polygon struct {
	corners int
	first   float64 // where the first corner is, in degrees anticlockwise from the right
	open    bool    // the outline alone
}

// DrawGlyph implements draw.GlyphDrawer.
func (p polygon) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	var path vg.Path
	for i := range p.corners {
		angle := (p.first + 360/float64(p.corners)*float64(i)) * math.Pi / 180
		radius := float64(style.Radius) * 1.25 // as much to see as of a disc
		corner := vg.Point{X: at.X + vg.Length(radius*math.Cos(angle)), Y: at.Y + vg.Length(radius*math.Sin(angle))}
		if i == 0 {
			path.Move(corner)
		} else {
			path.Line(corner)
		}
	}
	path.Close()
	if p.open {
		c.SetLineStyle(draw.LineStyle{Color: style.Color, Width: vg.Points(0.8)})
		c.Stroke(path)
		return
	}
	c.Fill(path)
}

// strongCross is a cross that is seen on a line of its own colour.
type strongCross struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (strongCross) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	line := draw.LineStyle{Color: style.Color, Width: vg.Points(1.2)}
	r := style.Radius
	c.StrokeLine2(line, at.X-r, at.Y-r, at.X+r, at.Y+r)
	c.StrokeLine2(line, at.X-r, at.Y+r, at.X+r, at.Y-r)
}
