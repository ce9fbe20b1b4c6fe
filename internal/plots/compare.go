package plots

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
)

// Compared lays out the pictures of several runs beside each other. Each case keeps the
// colour of its protocol; a run has a letter and a mark, the same in all pictures.
func Compared(c summary.Comparison) []Picture {
	var pictures []Picture
	for _, of := range []func(summary.Comparison) (Picture, bool){
		changesPicture, comparedThroughput, comparedSaturation, comparedCapacity, comparedLatency, comparedCurves,
	} {
		if p, ok := of(c); ok {
			pictures = append(pictures, p)
		}
	}
	return pictures
}

// Measures of plots with one row per case, and in it one per run.
const (
	runHeight   = 12 * vg.Length(1)
	caseGap     = 6 * vg.Length(1) // between the runs of one case and those of the next
	letterWidth = 14 * vg.Length(1)
	markWidth   = 12 * vg.Length(1) // of a mark in a legend
	// mostComparedLabel leaves more room to the data than mostLabel.
	mostComparedLabel = 170 * vg.Length(1)
)

// runMark tells runs apart by shape; the letter beside it does so for any number.
func runMark(run int) draw.GlyphDrawer { return markers[run%len(markers)] }

// runDashes tells the curves of runs apart.
func runDashes(run int) []vg.Length {
	return [][]vg.Length{nil, {5, 2.5}, {1.5, 2}, {7, 2, 1.5, 2}, {9, 3}, {3, 1.5}, {7, 2, 1.5, 2, 1.5, 2}, {1, 4}}[run%8]
}

// runRows is the frame of a plot with a row for each case, and in it one for each of
// some runs: label and letters to the left, or where it is narrow the label above.
type runRows struct {
	cases  []summary.ComparedCase
	labels []string
	runs   []int     // from top to bottom
	left   vg.Length // width of the labels
}

// newRunRows is one frame for each load, with labels of the same width.
func newRunRows(c summary.Comparison, groups []summary.ComparedGroup, runs []int) []runRows {
	axes := c.Axes()
	frames := make([]runRows, len(groups))
	left := vg.Length(0)
	for i, g := range groups {
		frames[i] = runRows{cases: g.Cases, runs: runs}
		for _, one := range g.Cases {
			label := caseLabel(one.Case, axes)
			frames[i].labels = append(frames[i].labels, label)
			left = max(left, rowStyle.Width(shortenTo(label, rowStyle, mostComparedLabel)))
		}
	}
	for i := range frames {
		frames[i].left = left
	}
	return frames
}

// caseHeight is that of one case on a canvas of that width.
func (r runRows) caseHeight(width vg.Length) vg.Length {
	height := runHeight*vg.Length(len(r.runs)) + caseGap
	if narrow(width) {
		return height + lineHeight
	}
	return max(height, rowHeight)
}

func (r runRows) height(width vg.Length) vg.Length {
	return r.caseHeight(width) * vg.Length(len(r.cases))
}

// data is where the data may begin.
func (r runRows) data(c draw.Canvas) vg.Length {
	if narrow(c.Max.X - c.Min.X) {
		return c.Min.X + letterWidth
	}
	return c.Min.X + r.left + 2*columnGap + letterWidth
}

// middle is the height at which a run of a case lies, in a canvas whose top is that of
// the first case. n counts the runs of the row.
func (r runRows) middle(c draw.Canvas, i, n int) vg.Length {
	width := c.Max.X - c.Min.X
	height := r.caseHeight(width)
	bottom := c.Max.Y - height*vg.Length(i+1)
	// The room that is left is above and below alike; a label is above.
	room := height - runHeight*vg.Length(len(r.runs))
	if narrow(width) {
		room = caseGap
	}
	return bottom + room/2 + runHeight*(vg.Length(len(r.runs)-1-n)+0.5)
}

// drawFrame draws stripes, labels and letters.
func (r runRows) drawFrame(c draw.Canvas) {
	width := c.Max.X - c.Min.X
	height := r.caseHeight(width)
	for i, label := range r.labels {
		top := c.Max.Y - height*vg.Length(i)
		if i%2 == 0 {
			c.FillPolygon(band, corners(vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: top - height}, Max: vg.Point{X: c.Max.X, Y: top}}))
		}
		if narrow(width) {
			fillText(c, rowStyle, c.Min.X+2, top-caseGap/2-lineHeight/2, shortenTo(label, rowStyle, width-4))
		} else {
			style := rowStyle
			style.XAlign = draw.XRight
			fillText(c, style, c.Min.X+r.left, top-height/2, shortenTo(label, rowStyle, r.left))
		}
		for n, run := range r.runs {
			fillText(c, keyStyle, r.data(c)-letterWidth+2, r.middle(c, i, n), summary.Letter(run))
		}
	}
}

// span is the height that the runs of a case take: without the label above them.
func (r runRows) span(c draw.Canvas, i int) (bottom, top vg.Length) {
	width := c.Max.X - c.Min.X
	bottom = c.Max.Y - r.caseHeight(width)*vg.Length(i+1)
	top = bottom + r.caseHeight(width)
	if narrow(width) {
		top -= lineHeight + caseGap/2
	}
	return bottom, top
}

// spanOfRun is the part of span that belongs to one run.
func (r runRows) spanOfRun(c draw.Canvas, i, n int) (bottom, top vg.Length) {
	bottom, top = r.span(c, i)
	middle := r.middle(c, i, n)
	if n > 0 {
		top = middle + runHeight/2
	}
	if n < len(r.runs)-1 {
		bottom = middle - runHeight/2
	}
	return bottom, top
}

// drawPlot draws the plot with its horizontal axis between two places, at the height of
// all rows. The plot itself must not have the axis' label (see drawAxisName).
func (r runRows) drawPlot(c draw.Canvas, p *plot.Plot, from, to vg.Length, label string) {
	p.HideY()
	p.Y.Min, p.Y.Max = 0, 1
	area := c
	area.Min.X, area.Max.X = from, to
	data := p.DataCanvas(area)
	area.Min.Y += data.Max.Y - data.Min.Y - r.height(c.Max.X-c.Min.X)
	data = p.DataCanvas(area)
	p.Draw(area)
	drawAxisName(c, data, label)
}

// drawTicks draws a thin line at every labelled tick, as high as the runs of each case.
func (r runRows) drawTicks(c draw.Canvas, p *plot.Plot, x func(float64) vg.Length) {
	style := draw.LineStyle{Color: faint, Width: vg.Points(0.5)}
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if !t.IsMinor() {
			r.drawUpright(c, style, x(t.Value))
		}
	}
}

// drawUpright draws a line through all runs.
func (r runRows) drawUpright(c draw.Canvas, style draw.LineStyle, x vg.Length) {
	for i := range r.cases {
		bottom, top := r.span(c, i)
		c.StrokeLine2(style, x, bottom, x, top)
	}
}

// runLegend names the runs, by mark and letter.
func runLegend(c summary.Comparison, runs []int) panel {
	var entries []legendEntry
	for _, run := range runs {
		entries = append(entries, legendEntry{mark: runMark(run), hue: ink, text: c.NameAndBlocks(run)})
	}
	return legendPanel(entries)
}

// allRuns are the indices of the runs.
func allRuns(c summary.Comparison) []int {
	runs := make([]int, len(c.Runs))
	for i := range runs {
		runs[i] = i
	}
	return runs
}

// absent says why there is nothing to draw of a case in a run.
func absent(one *summary.Case) string {
	if one == nil {
		return "not in this run"
	}
	return noFigure(*one)
}
