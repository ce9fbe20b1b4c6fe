package plots

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// Measures of plots with one row per case or comparison.
const (
	rowHeight  = 21 * vg.Length(1)
	rowLine    = 13 * vg.Length(1) // of text above the data, where it is narrow
	axisHeight = 30 * vg.Length(1) // tick labels and the name of an axis
	headHeight = 20 * vg.Length(1) // heading of a panel
	headLine   = 13 * vg.Length(1) // each further line of it
	columnGap  = 8 * vg.Length(1)  // between labels, data and figures
	mostLabel  = Narrow - 2*margin
	mostRemark = 125 * vg.Length(1)
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

// Styles of rows.
var (
	rowStyle   = textStyle(8.5, ink)
	valueStyle = boldStyle(8.5, ink)
	headStyle  = boldStyle(9.5, ink)
)

// row is an entry of a rowPanel in words: its label, and its figures.
type row struct {
	label  string
	value  string // "" where it is unknown
	remark string // what else there is to say
	hue    colour // of the remark
}

// rowPanel is a plot with one row per entry, the first on top. Where there is room,
// labels stand to the left of the data and figures to the right; where it is narrow,
// above them. In the plot's own coordinates the middle of entry i's data lies at
// y = n-1-i.
type rowPanel struct {
	heading string
	key     string // what the figures are
	keyHue  colour
	above   vg.Length // kept free between heading and rows
	rows    []row
	plot    func(width vg.Length) *plot.Plot // of about that width
}

// columns are how wide the parts of rows are. Panels of one page share them, so that
// their axes line up.
type columns struct {
	label, value, figures vg.Length
	key                   vg.Length // of what the figures are
}

// right is the width of the column of figures beside the data.
func (w columns) right() vg.Length { return max(w.figures, w.key) }

// rowPanels lays out panels of one page.
func rowPanels(panels []rowPanel) []panel {
	var cols columns
	for _, r := range panels {
		for _, e := range r.rows {
			cols.label = max(cols.label, rowStyle.Width(e.label))
			cols.value = max(cols.value, valueStyle.Width(e.value))
		}
	}
	cols.label = min(cols.label, mostLabel)
	for _, r := range panels {
		cols.key = max(cols.key, r.keyStyle().Width(r.key))
		for _, e := range r.rows {
			at := cols.remarkAt(e)
			cols.figures = max(cols.figures, at, at+min(rowStyle.Width(e.remark), mostRemark))
		}
	}
	laid := make([]panel, len(panels))
	for i, r := range panels {
		laid[i] = panel{
			height: func(width vg.Length) vg.Length {
				return r.headHeight(width, cols) + r.above + r.pitch(width, cols)*vg.Length(len(r.rows)) + axisHeight
			},
			draw: func(c draw.Canvas) { r.draw(c, cols) },
		}
	}
	return laid
}

// remarkAt is where the remark of an entry begins in the column of figures. An entry
// without value has room for a longer one.
func (w columns) remarkAt(e row) vg.Length {
	if e.value == "" {
		return 0
	}
	return w.value + columnGap
}

// heading breaks the heading of a panel into lines, and tells whether what the figures
// are has a line of its own beneath.
func (r rowPanel) headLines(width vg.Length, cols columns) (broken []string, own bool) {
	if !narrow(width) {
		return lines(r.heading, headStyle, width-cols.right()-columnGap), false
	}
	broken = lines(r.heading, headStyle, width)
	last := vg.Length(0)
	if len(broken) > 0 {
		last = headStyle.Width(broken[len(broken)-1])
	}
	return broken, last+columnGap+r.keyStyle().Width(r.key) > width
}

func (r rowPanel) headHeight(width vg.Length, cols columns) vg.Length {
	broken, own := r.headLines(width, cols)
	n := len(broken)
	if own {
		n++
	}
	return headHeight + headLine*vg.Length(max(n-1, 0))
}

// textLines is how many lines of text stand above the data of each row.
func (r rowPanel) textLines(width vg.Length, cols columns) int {
	switch {
	case !narrow(width):
		return 0
	case cols.label+columnGap+cols.figures <= width:
		return 1
	}
	return 2
}

// pitch is the height of a row with its text.
func (r rowPanel) pitch(width vg.Length, cols columns) vg.Length {
	return rowHeight + rowLine*vg.Length(r.textLines(width, cols))
}

func (r rowPanel) draw(c draw.Canvas, cols columns) {
	width := c.Max.X - c.Min.X
	r.drawHead(c, cols)
	pitch, n := r.pitch(width, cols), vg.Length(len(r.rows))
	area := draw.Crop(c, 0, 0, 0, -r.headHeight(width, cols)-r.above)
	if !narrow(width) {
		area = draw.Crop(area, cols.label+1.5*columnGap, -cols.right()-2*columnGap, 0, 0)
	}
	p := r.plot(area.Max.X - area.Min.X)
	p.HideY()
	name := p.X.Label.Text
	p.X.Label.Text = ""
	p.Y.Min = -float64(rowHeight / 2 / pitch)
	p.Y.Max = p.Y.Min + float64(n)
	spaceLabels(&p.X, area.Max.X-area.Min.X, p.X.Tick.Label.Width)
	data := p.DataCanvas(area)
	area.Min.Y += data.Max.Y - data.Min.Y - pitch*n
	data = p.DataCanvas(area)
	x, _ := p.Transforms(&data)
	for i, e := range r.rows {
		top := data.Max.Y - pitch*vg.Length(i)
		if i%2 == 0 {
			c.FillPolygon(band, corners(vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: top - pitch}, Max: vg.Point{X: c.Max.X, Y: top}}))
		}
		grid := data
		grid.Min.Y, grid.Max.Y = top-pitch, top-pitch+rowHeight
		drawGrid(grid, p, x)
		r.drawText(c, cols, e, top)
	}
	p.Draw(area)
	drawAxisName(c, data, name)
}

// drawHead writes the heading, and what the figures are.
func (r rowPanel) drawHead(c draw.Canvas, cols columns) {
	broken, own := r.headLines(c.Max.X-c.Min.X, cols)
	y := c.Max.Y - headHeight/2
	for i, line := range broken {
		if i > 0 {
			y -= headLine
		}
		fillText(c, headStyle, c.Min.X, y, line)
	}
	key := r.keyStyle()
	if !narrow(c.Max.X - c.Min.X) {
		fillText(c, key, c.Max.X-cols.right(), c.Max.Y-headHeight/2, r.key)
		return
	}
	if own && len(broken) > 0 {
		y -= headLine
	}
	key.XAlign = draw.XRight
	fillText(c, key, c.Max.X, y, r.key)
}

// keyStyle is bold where the key has a colour of its own.
func (r rowPanel) keyStyle() draw.TextStyle {
	if r.keyHue != muted {
		return boldStyle(9.5, r.keyHue)
	}
	return textStyle(8.5, muted)
}

// drawText writes label and figures of the entry whose row begins there.
func (r rowPanel) drawText(c draw.Canvas, cols columns, e row, top vg.Length) {
	label, figures := vg.Point{X: c.Min.X, Y: top - rowHeight/2}, vg.Point{X: c.Max.X - cols.right(), Y: top - rowHeight/2}
	style := rowStyle
	switch r.textLines(c.Max.X-c.Min.X, cols) {
	case 0:
		style.XAlign = draw.XRight
		label.X += cols.label + columnGap/2
	case 1:
		label.Y = top - rowLine*0.7
		figures = vg.Point{X: c.Max.X - cols.figures, Y: label.Y}
	case 2:
		label.Y = top - rowLine*0.7
		figures = vg.Point{X: c.Min.X, Y: top - rowLine*1.6}
	}
	fillText(c, style, label.X, label.Y, shortenTo(e.label, rowStyle, mostLabel))
	fillText(c, valueStyle, figures.X, figures.Y, e.value)
	at := figures.X + cols.remarkAt(e)
	fillText(c, textStyle(8.5, e.hue), at, figures.Y, shortenTo(e.remark, rowStyle, c.Max.X-at))
}

// drawAxisName writes the name of a horizontal axis beneath the data. The plot itself
// would make room for it at the wrong end of a logarithmic axis.
func drawAxisName(c, data draw.Canvas, name string) {
	style := textStyle(9, ink)
	style.XAlign = draw.XCenter
	fillText(c, style, data.Center().X, data.Min.Y-axisHeight+6, shortenTo(name, style, data.Max.X-data.Min.X+columnGap))
}

// fillText sets text around the middle of lower-case letters, which is where
// the eye sees the middle of a row; the style's own middle is that of the
// whole line.
func fillText(c draw.Canvas, style draw.TextStyle, x, y vg.Length, text string) {
	style.YAlign = draw.YCenter
	c.FillText(style, vg.Point{X: x, Y: y + style.FontExtents().Descent/2}, text)
}

// spaceLabels takes the labels off those ticks whose label, of that size along the axis,
// has no room on one of that length, but leaves them as ticks: powers of ten stay before
// other numbers.
func spaceLabels(axis *plot.Axis, length vg.Length, size func(label string) vg.Length) {
	ticks := slices.Clone(axis.Tick.Marker.Ticks(axis.Min, axis.Max))
	type extent struct{ low, high vg.Length }
	var taken []extent
	keep := func(i int) bool {
		half := size(ticks[i].Label)/2 + columnGap/4
		at := vg.Length(axis.Norm(ticks[i].Value)) * length
		e := extent{at - half, at + half}
		if slices.ContainsFunc(taken, func(t extent) bool { return e.low < t.high && t.low < e.high }) {
			return false
		}
		taken = append(taken, e)
		return true
	}
	for _, powers := range []bool{true, false} {
		for i, t := range ticks {
			power := math.Log10(math.Abs(t.Value))
			if t.Label != "" && (t.Value == 0 || power == math.Round(power)) == powers && !keep(i) {
				ticks[i].Label = ""
			}
		}
	}
	axis.Tick.Marker = plot.ConstantTicks(ticks)
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
