package plots

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// driftRows is a row for each case, with a small line for each metric: so however many
// cases there are, each has its name beside it, and none lies over another.
type driftRows struct {
	courses []summary.Course
	charts  []chart // of the courses: their axes
	cases   []results.Case
	labels  []string
	left    vg.Length // width of the labels
}

func driftCases(d summary.Data, courses []summary.Course, charts []chart) panel {
	r := driftRows{courses: courses, charts: charts}
	axes := summary.CourseAxes(d.Run.Plan)
	for _, c := range d.Run.Plan.Cases {
		if slices.ContainsFunc(courses, func(course summary.Course) bool { return courseIn(course, c) != nil }) {
			r.cases, r.labels = append(r.cases, c), append(r.labels, caseLabel(c, axes))
			r.left = max(r.left, rowStyle.Width(r.labels[len(r.labels)-1]))
		}
	}
	r.left = min(r.left, mostLabel)
	return panel{
		height: func(width vg.Length) vg.Length {
			return 2*headHeight + r.pitch(width)*vg.Length(len(r.cases)) + axisHeight
		},
		draw: r.draw,
	}
}

// courseIn is how a metric went of a case; nil where it has none.
func courseIn(course summary.Course, c results.Case) *summary.CaseCourse {
	at := slices.IndexFunc(course.Cases, func(of summary.CaseCourse) bool { return of.Case == c })
	if at < 0 {
		return nil
	}
	return &course.Cases[at]
}

// pitch is the height of a row with its text.
func (r driftRows) pitch(width vg.Length) vg.Length {
	if narrow(width) {
		return rowHeight + rowLine
	}
	return rowHeight
}

func (r driftRows) draw(c draw.Canvas) {
	width := c.Max.X - c.Min.X
	drawHeading(c, "Each case by itself")
	area := draw.Crop(c, 0, 0, 0, -headHeight)
	if !narrow(width) {
		area = draw.Crop(area, r.left+1.5*columnGap, 0, 0, 0)
	}
	n := vg.Length(len(r.charts))
	column := (area.Max.X - area.Min.X + columnGap) / n
	pitch := r.pitch(width)
	top := area.Max.Y - headHeight
	for i, label := range r.labels {
		high := top - pitch*vg.Length(i)
		if i%2 == 0 {
			c.FillPolygon(band, corners(vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: high - pitch}, Max: vg.Point{X: c.Max.X, Y: high}}))
		}
		if narrow(width) {
			fillText(c, rowStyle, c.Min.X, high-rowLine*0.7, shortenTo(label, rowStyle, width))
			continue
		}
		style := rowStyle
		style.XAlign = draw.XRight
		fillText(c, style, c.Min.X+r.left+columnGap/2, high-rowHeight/2, shortenTo(label, rowStyle, mostLabel))
	}
	for i, course := range r.courses {
		part := area
		part.Min.X += column * vg.Length(i)
		part.Max.X = part.Min.X + column - columnGap
		part.Max.Y = top
		r.drawHead(part, course.Metric.Name, r.charts[i])
		r.drawColumn(part, course, r.charts[i], pitch)
	}
}

// drawHead names a metric, and what the height of a row spans.
func (r driftRows) drawHead(c draw.Canvas, name string, ch chart) {
	span := fmt.Sprintf("%.0f to %.0f %%", 100*ch.y.low, 100*ch.y.high)
	width := c.Max.X - c.Min.X
	y := c.Max.Y + headHeight/2
	if both := name + ", " + span; rowStyle.Width(both) <= width {
		fillText(c, rowStyle, c.Min.X, y, both)
		return
	}
	fillText(c, rowStyle, c.Min.X, y+5, shortenTo(name, rowStyle, width))
	fillText(c, keyStyle, c.Min.X, y-5, shortenTo(span, keyStyle, width))
}

// drawColumn draws the lines of a metric, and the blocks beneath them.
func (r driftRows) drawColumn(c draw.Canvas, course summary.Course, ch chart, pitch vg.Length) {
	const room = 2 // above and below a line
	x := func(v float64) vg.Length {
		return c.Min.X + vg.Length((v-ch.x.low)/(ch.x.high-ch.x.low))*(c.Max.X-c.Min.X)
	}
	for i, one := range r.cases {
		bottom := c.Max.Y - pitch*vg.Length(i+1) + room
		y := func(v float64) vg.Length {
			v = min(max(v, ch.y.low), ch.y.high)
			return bottom + vg.Length((v-ch.y.low)/(ch.y.high-ch.y.low))*(rowHeight-2*room)
		}
		of := courseIn(course, one)
		if of == nil {
			continue // as of the throughput of open loads
		}
		c.StrokeLine2(draw.LineStyle{Color: faint, Width: vg.Points(0.7)}, c.Min.X, y(1), c.Max.X, y(1))
		hue := protocolColour(one.Protocol)
		for _, t := range courseTraces(*of, draw.LineStyle{Color: hue, Width: vg.Points(1.1)}) {
			t.draw(c, x, y)
		}
	}
	first, last := wholeTicks(ch.x.low, ch.x.high), keyStyle
	y := c.Max.Y - pitch*vg.Length(len(r.cases)) - 8
	last.XAlign = draw.XRight
	fillText(c, keyStyle, c.Min.X, y, "block "+first[0].Label)
	fillText(c, last, c.Max.X, y, first[len(first)-1].Label)
}
