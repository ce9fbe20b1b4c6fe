package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// ratioFigures is the width of the column with ratio, interval and verdict.
const ratioFigures = 165 * vg.Length(1)

// RatioPage is a forest plot: one panel per claim, one row per comparison
// with its ratio and interval, against no difference and the claimed factor.
// ok is false where there is no comparison.
func RatioPage(d summary.Data) (p Picture, ok bool) {
	low, high, ok := ratioRange(d)
	if !ok {
		return Picture{}, false
	}
	p = Picture{
		Name:     "ratio",
		Title:    fmt.Sprintf("%s: claims and what was measured", summary.ScenarioName(d)),
		subtitle: "How many times better the first case is than the second: estimate and confidence interval, on a logarithmic axis.",
		Alt:      ratioAlt(d),
		notes:    []string{"Filled circle: supported. Square: refuted. Ring: inconclusive. An arrow: the interval goes on beyond the axis."},
	}
	left := vg.Length(0)
	for _, c := range d.Claims {
		left = max(left, labelColumn(ratioLabels(d, c)))
	}
	for _, c := range d.Claims {
		if len(c.Verdicts) > 0 {
			frame := rowPanel{labels: ratioLabels(d, c), left: left, right: ratioFigures}
			p.panels = append(p.panels, ratioPanel(c, frame, low, high))
		}
	}
	return p, true
}

// ratioLabels names the comparisons of a claim. Where that takes too much room
// they leave out what all of them have in common.
func ratioLabels(d summary.Data, c verdict.ClaimResult) []string {
	labels := make([]string, len(c.Verdicts))
	ofs := make([]results.Case, len(c.Verdicts))
	for i, v := range c.Verdicts {
		ofs[i] = v.Of
	}
	for i, v := range c.Verdicts {
		name := func(cases []results.Case) func(int) string {
			return func(most int) string { return inert.Line(v.Metric) + ", " + summary.Scope(cases, v, most) }
		}
		labels[i] = name(d.Run.Plan.Cases)(mostName)
		if rowStyle.Width(labels[i]) > mostLabel {
			labels[i] = firstThatFits(name(ofs))
		}
	}
	return labels
}

func ratioAlt(d summary.Data) string {
	n := map[string]int64{}
	for _, c := range d.Claims {
		for _, v := range c.Verdicts {
			n[inert.Line(string(v.Outcome))]++
		}
	}
	return "Ratio and confidence interval of each comparison against the claimed factor: " + summary.CountText(summary.SortedCounts(n), summary.MostKinds) + "."
}

// Ratios beyond these lie at the edge: no axis is readable that spans more.
const (
	leastRatio    = 1e-6
	greatestRatio = 1e6
)

// ratioRange spans every estimate, interval and factor, and 1.
func ratioRange(d summary.Data) (low, high float64, ok bool) {
	low, high = 1, 1
	include := func(v float64) {
		if summary.Finite(v) && v > 0 {
			v = math.Min(math.Max(v, leastRatio), greatestRatio)
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	for _, c := range d.Claims {
		for _, v := range c.Verdicts {
			ok = true
			include(v.Ratio.Estimate)
			include(v.Factor.Value)
			if summary.HasInterval(v) {
				include(v.Ratio.Low)
				include(v.Ratio.High)
			}
		}
	}
	// A tenth of the range, and at least 10 %, stays free at either end.
	room := math.Max(math.Pow(high/low, 0.1), 1.1)
	return low / room, high * room, ok
}

func ratioPanel(claim verdict.ClaimResult, frame rowPanel, low, high float64) panel {
	height := 2*headHeight + rowHeight*vg.Length(len(claim.Verdicts)) + axisHeight
	return panel{height: fixed(height), draw: func(c draw.Canvas) {
		kind := "Claim: "
		if claim.Gate {
			kind = "Gate: "
		}
		panelHead(c, kind+summary.ClaimText(claim), frame.figures(c))
		hue, _ := outcomeStyle(claim.Outcome)
		fillText(c, boldStyle(9.5, hue), frame.figures(c), c.Max.Y-headHeight/2, strings.ToUpper(inert.Line(string(claim.Outcome))))
		p := newPlot()
		p.X.Label.Text = "ratio (times better, log scale)"
		p.X.Min, p.X.Max = low, high
		p.X.Scale = plot.LogScale{}
		p.X.Tick.Marker = ratioTicks(low, high)
		p.Add(ratioRows{claim.Verdicts, frame.figures(c)})
		frame.draw(draw.Crop(c, 0, 0, 0, -2*headHeight), p)
	}}
}

// ratioTicks labels the axis in multiples: 0.5x, 1x, 2x, and where there are
// many decades, of which logTicks labels whole powers only, 1e5x.
func ratioTicks(low, high float64) plot.ConstantTicks {
	ticks := logTicks(low, high)
	for i := range ticks {
		if v := ticks[i].Value; ticks[i].Label != "" && (v > 9999 || v < 0.0011) {
			ticks[i].Label = fmt.Sprintf("1e%.0fx", math.Log10(v))
		} else if ticks[i].Label != "" {
			ticks[i].Label += "x"
		}
	}
	return ticks
}

// ratioRows draws the comparisons of one claim, at least one, and their
// figures at figuresX.
type ratioRows struct {
	verdicts []verdict.Verdict
	figuresX vg.Length
}

// Plot implements plot.Plotter.
func (r ratioRows) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	drawGrid(c, p, x)
	r.drawReferences(c, p, x)
	for i, v := range r.verdicts {
		middle := y(float64(len(r.verdicts) - 1 - i))
		drawRatio(c, p, v, x, middle)
		estimate, bold := summary.RatioText(v.Ratio.Estimate), boldStyle(8.5, ink)
		fillText(c, bold, r.figuresX, middle, estimate)
		at := r.figuresX + max(32, bold.Width(estimate)+4)
		hue, _ := outcomeStyle(v.Outcome)
		text := summary.IntervalText(v) + ", " + inert.Line(string(v.Outcome))
		fillText(c, textStyle(8.5, hue), at, middle, shortenTo(text, rowStyle, r.figuresX+ratioFigures-at))
	}
}

// drawReferences draws the vertical lines at no difference and at the claimed
// factor, labelled above the rows.
func (r ratioRows) drawReferences(c draw.Canvas, p *plot.Plot, x func(float64) vg.Length) {
	style := textStyle(8, muted)
	style.XAlign = draw.XCenter
	one := x(1)
	c.StrokeLine2(draw.LineStyle{Color: muted, Width: vg.Points(1)}, one, c.Min.Y, one, c.Max.Y)
	f := r.verdicts[0].Factor.Value
	above := headHeight / 2
	if !summary.Finite(f) || f < p.X.Min || f > p.X.Max || f == 1 {
		c.FillText(style, vg.Point{X: one, Y: c.Max.Y + above}, "1x: no difference")
		return
	}
	claimed := x(f)
	c.StrokeLine2(draw.LineStyle{Color: ink, Width: vg.Points(1.2), Dashes: []vg.Length{3, 2}}, claimed, c.Min.Y, claimed, c.Max.Y)
	left, right := "1x: no difference", "claimed: "+summary.FactorText(r.verdicts[0].Factor)
	at, to := one, claimed
	if claimed < one {
		left, right, at, to = right, left, claimed, one
	}
	// Labels that would run into each other are moved to either side.
	if to-at < (style.Width(left)+style.Width(right))/2+8 {
		style.XAlign = draw.XRight
		c.FillText(style, vg.Point{X: at + 2, Y: c.Max.Y + above}, left)
		style.XAlign = draw.XLeft
		c.FillText(style, vg.Point{X: to - 2, Y: c.Max.Y + above}, right)
		return
	}
	c.FillText(style, vg.Point{X: at, Y: c.Max.Y + above}, left)
	c.FillText(style, vg.Point{X: to, Y: c.Max.Y + above}, right)
}

// drawRatio draws the interval with its ends, and the estimate.
func drawRatio(c draw.Canvas, p *plot.Plot, v verdict.Verdict, x func(float64) vg.Length, middle vg.Length) {
	hue, shape := outcomeStyle(v.Outcome)
	line := draw.LineStyle{Color: hue, Width: vg.Points(1.6)}
	if summary.HasInterval(v) {
		low, high := inRange(v.Ratio.Low, p), inRange(v.Ratio.High, p)
		c.StrokeLine2(line, x(low), middle, x(high), middle)
		drawEnd(c, line, x(low), middle, low != v.Ratio.Low, -1)
		drawEnd(c, line, x(high), middle, high != v.Ratio.High, 1)
	}
	if summary.Finite(v.Ratio.Estimate) && v.Ratio.Estimate > 0 {
		at := vg.Point{X: x(inRange(v.Ratio.Estimate, p)), Y: middle}
		if v.Outcome == verdict.Inconclusive {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: paper, Radius: vg.Points(3), Shape: draw.CircleGlyph{}}, at)
		}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: hue, Radius: vg.Points(3), Shape: shape}, at)
	}
}

// drawEnd ends an interval with a bar, or with an arrow in that direction
// where it goes on beyond the axis.
func drawEnd(c draw.Canvas, line draw.LineStyle, x, y vg.Length, beyond bool, direction vg.Length) {
	const half = 4.5
	if !beyond {
		c.StrokeLine2(line, x, y-half, x, y+half)
		return
	}
	c.StrokeLines(line, []vg.Point{{X: x - 5*direction, Y: y + half}, {X: x, Y: y}, {X: x - 5*direction, Y: y - half}})
}
