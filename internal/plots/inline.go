package plots

import (
	"bytes"
	"fmt"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Inline renders the picture at that width (Wide or Narrow) as an svg element for an
// HTML page. It scales with what holds it: it has a viewBox and neither width nor
// height. Its text is escaped, it has no style attribute that a policy could
// forbid, and no id. Colours are variables of the page, with the values of the file as
// what holds where the page has none:
//
//	--paper --ink --muted --faint --band
//	--http --uwsgi --fastcgi --scgi --other --other-too
//	--supported --refuted --inconclusive
func (p Picture) Inline(width vg.Length) ([]byte, error) {
	c := p.svg(width, true)
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg class="drawing" role="img" aria-label="%s" viewBox="0 0 %s %s" font-family="%s">`+"\n",
		escape(p.Alt), number(float64(c.width), 2), number(float64(c.height), 2), families)
	out.Write(c.elements())
	out.WriteString("</svg>\n")
	return out.Bytes(), nil
}

// svg draws the picture on an SVG of that width.
func (p Picture) svg(width vg.Length, variables bool) *svgCanvas {
	c := newSVGCanvas(width, p.height(width), variables)
	p.drawTo(draw.New(c))
	return c
}
