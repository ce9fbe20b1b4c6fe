package plots

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// pen is what a vg.Canvas of ours draws with, and where: all of a canvas but the
// drawing.
type pen struct {
	width, height vg.Length
	penState
	stack []penState
}

// penState is what Push saves.
type penState struct {
	colour color.Color
	line   vg.Length
	dashes []vg.Length
	offset vg.Length
	at     affine
}

func newPen(width, height vg.Length) pen {
	return pen{width: width, height: height, penState: penState{at: affine{a: 1, d: 1}}}
}

func (p *pen) Size() (x, y vg.Length)       { return p.width, p.height }
func (p *pen) SetLineWidth(width vg.Length) { p.line = width }
func (p *pen) SetColor(clr color.Color) {
	if clr == nil {
		clr = color.Black
	}
	p.colour = clr
}

func (p *pen) SetLineDash(pattern []vg.Length, offset vg.Length) {
	p.dashes, p.offset = pattern, offset
}
func (p *pen) Push() { p.stack = append(p.stack, p.penState) }
func (p *pen) Pop() {
	last := len(p.stack) - 1
	p.penState, p.stack = p.stack[last], p.stack[:last]
}

func (p *pen) Translate(by vg.Point) {
	p.at = p.at.then(affine{1, 0, 0, 1, float64(by.X), float64(by.Y)})
}
func (p *pen) Scale(x, y float64) { p.at = p.at.then(affine{x, 0, 0, y, 0, 0}) }
func (p *pen) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	p.at = p.at.then(affine{cos, sin, -sin, cos, 0, 0})
}

// DrawImage does nothing: pictures hold no images.
func (p *pen) DrawImage(vg.Rectangle, image.Image) {}

// down is a place measured from the top left corner, downwards.
func (p *pen) down(at vg.Point) vg.Point {
	at = p.at.apply(at)
	return vg.Point{X: at.X, Y: p.height - at.Y}
}

// scale is how much longer lengths are on paper.
func (p *pen) scale() float64 { return math.Hypot(p.at.a, p.at.b) }

// angle is that of a text on paper, in degrees anticlockwise.
func (p *pen) angle() float64 { return math.Atan2(p.at.b, p.at.a) * 180 / math.Pi }

// isCircle tells whether a path is a circle: the outline of its second part.
func isCircle(path vg.Path) bool {
	return len(path) == 3 && path[1].Type == vg.ArcComp && math.Abs(path[1].Angle) >= 2*math.Pi-1e-9
}

// affine maps x to a*x + c*y + e, and y to b*x + d*y + f.
type affine struct{ a, b, c, d, e, f float64 }

func (m affine) apply(p vg.Point) vg.Point {
	x, y := float64(p.X), float64(p.Y)
	return vg.Point{X: vg.Length(m.a*x + m.c*y + m.e), Y: vg.Length(m.b*x + m.d*y + m.f)}
}

// then is the map that first does n, then m.
func (m affine) then(n affine) affine {
	return affine{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b,
		m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}
