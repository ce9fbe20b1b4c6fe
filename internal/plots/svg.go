package plots

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"math"
	"strconv"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// families stand in for each other: all have the same metrics, but for the last.
const families = "Liberation Sans,Arimo,Arial,Helvetica,Nimbus Sans,sans-serif"

// leastFitted is the width from which on text says how wide it is, for readers who have
// none of those families: what they have instead must not run into what is beside it.
const leastFitted = 15 * vg.Length(1)

// svgCanvas is a vg.Canvas that writes the elements of an SVG, in points and with few
// bytes: elements of one style share a group, lines of one style a path, and places
// are rounded to a tenth of a point.
type svgCanvas struct {
	pen
	variables bool // colours are CSS variables

	out   bytes.Buffer
	style string       // of the elements that are not written yet
	parts []svgElement // these
}

var _ vg.CanvasSizer = (*svgCanvas)(nil)

// svgElement is one element but for its style.
type svgElement struct {
	name  string
	attrs string
	text  string
}

func newSVGCanvas(width, height vg.Length, variables bool) *svgCanvas {
	c := &svgCanvas{pen: newPen(width, height), variables: variables}
	vg.Initialize(c)
	return c
}

// elements are all that was drawn.
func (c *svgCanvas) elements() []byte {
	c.flush()
	return c.out.Bytes()
}

func (c *svgCanvas) Stroke(path vg.Path) {
	if c.line <= 0 {
		return
	}
	style := `fill="none"` + c.paint("stroke")
	if c.line != 1 {
		style += ` stroke-width="` + number(float64(c.line), 2) + `"`
	}
	for i, dash := range c.dashes {
		if i == 0 {
			style += ` stroke-dasharray="`
		} else {
			style += " "
		}
		style += number(float64(dash), 2)
		if i == len(c.dashes)-1 {
			style += `"`
		}
	}
	if len(c.dashes) > 0 && c.offset != 0 {
		style += ` stroke-dashoffset="` + number(float64(c.offset), 2) + `"`
	}
	if c.variables { // in a page, where every byte counts
		path = straighten(path)
	}
	c.path(style, path, c.opaque() && len(c.dashes) == 0)
}

func (c *svgCanvas) Fill(path vg.Path) { c.path(c.paint("fill")[1:], path, false) }

// path adds a path, to the one before it where they may share an element.
func (c *svgCanvas) path(style string, path vg.Path, share bool) {
	if isCircle(path) {
		at := c.place(path[1].Pos)
		radius := float64(path[1].Radius) * c.scale()
		c.add(style, svgElement{name: "circle", attrs: fmt.Sprintf(`cx="%s" cy="%s" r="%s"`, tenths(at.x), tenths(at.y), number(radius, 2))})
		return
	}
	d := c.data(path)
	if last := len(c.parts) - 1; share && c.style == style && last >= 0 && c.parts[last].name == "path" {
		c.parts[last].attrs += d
		return
	}
	c.add(style, svgElement{name: "path", attrs: `d="` + d})
}

func (c *svgCanvas) FillString(face font.Face, at vg.Point, text string) {
	if face.Font.Size == 0 || text == "" {
		return
	}
	p := c.place(at)
	attrs := `x="` + tenths(p.x) + `" y="` + tenths(p.y) + `"`
	if angle := -c.angle(); math.Abs(angle) > 0.05 {
		attrs += ` transform="rotate(` + number(angle, 1) + " " + tenths(p.x) + " " + tenths(p.y) + `)"`
	}
	if width := face.Width(text); width > leastFitted {
		attrs += ` textLength="` + number(float64(width)*c.scale(), 1) + `" lengthAdjust="spacingAndGlyphs"`
	}
	style := c.paint("fill")[1:] + ` font-size="` + number(float64(face.Font.Size), 2) + `"`
	if face.Font.Weight >= xfont.WeightBold {
		style += ` font-weight="bold"`
	}
	c.add(style, svgElement{name: "text", attrs: attrs, text: escape(text)})
}

// add keeps an element until one of another style comes.
func (c *svgCanvas) add(style string, e svgElement) {
	if style != c.style {
		c.flush()
		c.style = style
	}
	c.parts = append(c.parts, e)
}

// flush writes the elements that share a style.
func (c *svgCanvas) flush() {
	own := ""
	if len(c.parts) == 1 {
		own = c.style + " "
	} else if len(c.parts) > 1 {
		c.out.WriteString("<g " + c.style + ">\n")
	}
	for _, e := range c.parts {
		c.out.WriteString("<" + e.name + " " + own + e.attrs)
		switch e.name {
		case "path":
			c.out.WriteString(`"/>`)
		case "text":
			c.out.WriteString(">" + e.text + "</text>")
		default:
			c.out.WriteString("/>")
		}
		c.out.WriteByte('\n')
	}
	if len(c.parts) > 1 {
		c.out.WriteString("</g>\n")
	}
	c.parts = c.parts[:0]
}

func (c *svgCanvas) opaque() bool {
	_, _, _, alpha := c.colour.RGBA()
	return alpha == 0xFFFF
}

// paint is the colour as an attribute, and its opacity as another, with a blank
// in front of each.
func (c *svgCanvas) paint(attr string) string {
	v := color.NRGBAModel.Convert(c.colour).(color.NRGBA)
	value := fmt.Sprintf("#%02X%02X%02X", v.R, v.G, v.B)
	if named, ok := c.colour.(colour); ok && c.variables {
		value = "var(--" + named.name + "," + value + ")"
	}
	text := " " + attr + `="` + value + `"`
	if v.A != 255 {
		text += " " + attr + `-opacity="` + number(float64(v.A)/255, 2) + `"`
	}
	return text
}

// spot is a place in tenths of a point, downwards from the top left corner.
type spot struct{ x, y int }

func (c *svgCanvas) place(p vg.Point) spot {
	p = c.down(p)
	return spot{int(math.Round(10 * float64(p.X))), int(math.Round(10 * float64(p.Y)))}
}

// data is a path in the language of SVG: absolute at its beginning, then relative.
func (c *svgCanvas) data(path vg.Path) string {
	var d []byte
	var start, at spot
	to := func(command byte, p spot) {
		switch {
		case command == 'l' && p.y == at.y:
			d = append(append(d, 'h'), tenths(p.x-at.x)...)
		case command == 'l' && p.x == at.x:
			d = append(append(d, 'v'), tenths(p.y-at.y)...)
		case command == 'l':
			d = append(append(d, 'l'), tenths(p.x-at.x)+separated(tenths(p.y-at.y))...)
		default:
			d = append(append(d, command), tenths(p.x)+separated(tenths(p.y))...)
		}
		at = p
	}
	for _, part := range path {
		p := c.place(part.Pos)
		switch part.Type {
		case vg.MoveComp:
			to('M', p)
			start = p
		case vg.LineComp:
			if p != at {
				to('l', p)
			}
		case vg.CurveComp:
			command := byte('Q')
			if len(part.Control) == 2 {
				command = 'C'
			}
			for _, control := range part.Control {
				to(command, c.place(control))
				command = ' '
			}
			to(' ', p)
		case vg.ArcComp:
			end := func(angle float64) spot {
				sin, cos := math.Sincos(angle)
				return c.place(vg.Point{X: part.Pos.X + part.Radius*vg.Length(cos), Y: part.Pos.Y + part.Radius*vg.Length(sin)})
			}
			if first := end(part.Start); len(d) == 0 {
				to('M', first)
				start = first
			} else if first != at {
				to('l', first)
			}
			large, sweep := 0, 0
			if math.Abs(part.Angle) > math.Pi {
				large = 1
			}
			if part.Angle < 0 {
				sweep = 1
			}
			radius := number(float64(part.Radius)*c.scale(), 2)
			d = fmt.Appendf(d, "A%s %s 0 %d %d ", radius, radius, large, sweep)
			to(' ', end(part.Start+part.Angle))
		case vg.CloseComp:
			d = append(d, 'z')
			at = start
		}
	}
	return string(d)
}

// separated puts a blank in front of a number that has no sign.
func separated(number string) string {
	if number[0] == '-' {
		return number
	}
	return " " + number
}

func tenths(v int) string { return number(float64(v)/10, 1) }

// number is short: without zeros at its ends, and never -0.
func number(v float64, decimals int) string {
	s := strconv.AppendFloat(nil, v, 'f', decimals, 64)
	if bytes.IndexByte(s, '.') >= 0 {
		s = bytes.TrimRight(bytes.TrimRight(s, "0"), ".")
	}
	switch {
	case bytes.HasPrefix(s, []byte("0.")):
		s = s[1:]
	case bytes.HasPrefix(s, []byte("-0.")):
		s = append([]byte{'-'}, s[2:]...)
	case string(s) == "-0":
		s = []byte("0")
	}
	return string(s)
}

// escape is text that XML and HTML show as it is.
func escape(text string) string {
	var out bytes.Buffer
	// A buffer takes everything.
	_ = xml.EscapeText(&out, []byte(text))
	return out.String()
}
