package plots

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// PDF renders the picture as one page of the Wide width, with those letters of its
// fonts that it needs.
func (p Picture) PDF() ([]byte, error) {
	c := newPDFCanvas(Wide, p.height(Wide))
	c.doc.SetTitle(p.Title, true)
	c.doc.SetSubject(p.Description(), true)
	p.drawTo(draw.New(c))
	var out bytes.Buffer
	if err := c.doc.Output(&out); err != nil {
		return nil, fmt.Errorf("draw %s.pdf: %w", p.Name, err)
	}
	return out.Bytes(), nil
}

// pdfCanvas is a vg.Canvas that draws one page of a PDF. That of gonum has no letters
// beyond Latin ones, and one face for bold text and other.
type pdfCanvas struct {
	pen
	doc   *fpdf.Fpdf
	faces map[string]bool // that the document has
}

var _ vg.CanvasSizer = (*pdfCanvas)(nil)

func newPDFCanvas(width, height vg.Length) *pdfCanvas {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: width.Points(), Ht: height.Points()}})
	// Equal data give equal bytes: in the order of names, and not dated to when the
	// picture was drawn.
	doc.SetCatalogSort(true)
	doc.SetCreationDate(time.Unix(0, 0).UTC())
	doc.SetModificationDate(time.Unix(0, 0).UTC())
	doc.SetAutoPageBreak(false, 0)
	doc.AddPage()
	c := &pdfCanvas{pen: newPen(width, height), doc: doc, faces: map[string]bool{}}
	vg.Initialize(c)
	return c
}

func (c *pdfCanvas) Stroke(path vg.Path) {
	if c.line <= 0 {
		return
	}
	r, g, b := c.paint()
	c.doc.SetDrawColor(r, g, b)
	c.doc.SetLineWidth(c.line.Points())
	dashes := make([]float64, len(c.dashes))
	for i, dash := range c.dashes {
		dashes[i] = dash.Points()
	}
	c.doc.SetDashPattern(dashes, c.offset.Points())
	c.path(path, "D")
}

func (c *pdfCanvas) Fill(path vg.Path) {
	r, g, b := c.paint()
	c.doc.SetFillColor(r, g, b)
	c.path(path, "F")
}

func (c *pdfCanvas) FillString(face font.Face, at vg.Point, text string) {
	if face.Font.Size == 0 || text == "" {
		return
	}
	name := "regular"
	if face.Font.Weight >= xfont.WeightBold {
		name = "bold"
	}
	if !c.faces[name] {
		var source bytes.Buffer
		if _, err := face.Face.WriteSourceTo(nil, &source); err != nil {
			c.doc.SetError(err)
			return
		}
		c.doc.AddUTF8FontFromBytes(name, "", source.Bytes())
		c.faces[name] = true
	}
	r, g, b := c.paint()
	c.doc.SetTextColor(r, g, b)
	c.doc.SetFont(name, "", face.Font.Size.Points())
	p := c.down(at)
	x, y := p.X.Points(), p.Y.Points()
	c.doc.TransformBegin()
	c.doc.TransformRotate(c.angle(), x, y)
	c.doc.Text(x, y, basic(text))
	c.doc.TransformEnd()
}

// basic replaces what the library cannot look up in a font: letters beyond the basic
// plane.
func basic(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '?'
		}
		return r
	}, text)
}

// paint sets the opacity and returns the colour.
func (c *pdfCanvas) paint() (r, g, b int) {
	v := color.NRGBAModel.Convert(c.colour).(color.NRGBA)
	c.doc.SetAlpha(float64(v.A)/255, "Normal")
	return int(v.R), int(v.G), int(v.B)
}

// path draws ("D") or fills ("F") a path.
func (c *pdfCanvas) path(path vg.Path, how string) {
	if isCircle(path) {
		at := c.down(path[1].Pos)
		c.doc.Circle(at.X.Points(), at.Y.Points(), path[1].Radius.Points()*c.scale(), how)
		return
	}
	if len(path) == 0 {
		return
	}
	xy := func(p vg.Point) (x, y float64) {
		p = c.down(p)
		return p.X.Points(), p.Y.Points()
	}
	for _, part := range path {
		x, y := xy(part.Pos)
		switch part.Type {
		case vg.MoveComp:
			c.doc.MoveTo(x, y)
		case vg.LineComp:
			c.doc.LineTo(x, y)
		case vg.ArcComp:
			const pieces = 32
			for i := range pieces + 1 {
				sin, cos := math.Sincos(part.Start + part.Angle*float64(i)/pieces)
				c.doc.LineTo(xy(vg.Point{X: part.Pos.X + part.Radius*vg.Length(cos), Y: part.Pos.Y + part.Radius*vg.Length(sin)}))
			}
		case vg.CurveComp:
			x0, y0 := xy(part.Control[0])
			if len(part.Control) == 1 {
				c.doc.CurveTo(x0, y0, x, y)
				continue
			}
			x1, y1 := xy(part.Control[1])
			c.doc.CurveBezierCubicTo(x0, y0, x1, y1, x, y)
		case vg.CloseComp:
			c.doc.ClosePath()
		}
	}
	c.doc.DrawPath(how)
}
