package plots

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// trialsOf is a picture of one metric: a dot for every valid trial of a case, over
// the box of their quartiles.
type trialsOf struct {
	metric  string
	key     string // what the figures are
	figures func(summary.Case) (value, remark string)
}

// readTrials says how to read such a picture.
const readTrials = "Each dot is one trial, the box its middle half (quartiles), the bar the median. Further right is better."

// panels are one for each load, all on the same axis.
func (t trialsOf) panels(d summary.Data, groups []summary.Group) []panel {
	greatest := 0.0
	for _, g := range groups {
		for _, c := range g.Cases {
			greatest = max(greatest, c.Metrics[t.metric].Max)
		}
	}
	axes := summary.CaseAxes(d.Run.Plan)
	var panels []rowPanel
	for _, g := range groups {
		r := rowPanel{heading: summary.LoadText(g.Load), key: t.key, keyHue: muted}
		for _, s := range g.Cases {
			e := row{label: caseLabel(s.Case, axes), hue: muted}
			if _, ok := s.Metrics[t.metric]; ok {
				e.value, e.remark = t.figures(s)
			} else {
				e.remark = "unknown: " + noFigure(s)
			}
			r.rows = append(r.rows, e)
		}
		r.plot = func(width vg.Length) *plot.Plot {
			m, _ := results.LookupMetric(t.metric)
			p := newPlot()
			p.X.Label.Text = fmt.Sprintf("%s (%s)", t.metric, m.Unit)
			p.X.Min, p.X.Max = 0, roomFor(greatest)
			p.X.Tick.Marker = stepTicks(0, p.X.Max, mostSteps(width))
			p.Add(trialRows{t.metric, g.Cases})
			return p
		}
		panels = append(panels, r)
	}
	return rowPanels(panels)
}

// roomFor leaves a little room to the right of the greatest value. What is beyond any
// axis is beyond any figure, too.
func roomFor(greatest float64) float64 {
	if !(greatest > 1e-9 && greatest < 1e15) {
		return 1
	}
	return greatest * 1.03
}

// noFigure says why a case has no figure.
func noFigure(s summary.Case) string {
	if len(s.Valid) == 0 {
		return "no valid trial"
	}
	return "not measured"
}

// trialRows draws the trials of each case in its row.
type trialRows struct {
	metric string
	cases  []summary.Case
}

// Plot implements plot.Plotter.
func (t trialRows) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for i, s := range t.cases {
		m, ok := s.Metrics[t.metric]
		if !ok {
			continue
		}
		middle, hue := y(float64(len(t.cases)-1-i)), protocolColour(s.Case.Protocol)
		drawBox(c, x(inRange(m.Q1, p)), x(inRange(m.Q3, p)), x(inRange(m.Median, p)), middle, hue)
		t.drawTrials(c, s, x, middle, hue)
	}
}

// drawBox draws the box from first to third quartile, and the median as a
// bar.
func drawBox(c draw.Canvas, q1, q3, median, middle vg.Length, hue colour) {
	const half = rowHeight * 0.32
	box := vg.Rectangle{Min: vg.Point{X: q1, Y: middle - half}, Max: vg.Point{X: q3, Y: middle + half}}
	c.FillPolygon(tint(hue, 0.22), corners(box))
	outline := corners(box)
	c.StrokeLines(draw.LineStyle{Color: tint(hue, 0.6), Width: vg.Points(0.5)}, append(outline, outline[0]))
	c.StrokeLine2(draw.LineStyle{Color: hue, Width: vg.Points(2)}, median, middle-half, median, middle+half)
}

// drawTrials draws one dot per trial, spread over the height of the row in an
// order that is the same each time.
func (t trialRows) drawTrials(c draw.Canvas, s summary.Case, x func(float64) vg.Length, middle vg.Length, hue colour) {
	glyph := draw.GlyphStyle{Color: tint(hue, 0.75), Radius: vg.Points(1.8), Shape: draw.CircleGlyph{}}
	for i, trial := range s.Valid {
		v, ok := trial.Metrics[t.metric]
		if !ok || !summary.Finite(v) {
			continue
		}
		offset := (vanDerCorput(i+1) - 0.5) * 0.6
		c.DrawGlyph(glyph, vg.Point{X: x(v), Y: middle + rowHeight*vg.Length(offset)})
	}
}

// vanDerCorput is the i-th number of the sequence of that name in base 2: it
// fills [0, 1) evenly, and looks like jitter.
func vanDerCorput(i int) float64 {
	v, place := 0.0, 0.5
	for ; i > 0; i /= 2 {
		v += place * float64(i%2)
		place /= 2
	}
	return v
}
