package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// ratioPage is a forest plot: one panel per claim, one row per comparison
// with its ratio and interval, against no difference and the claimed factor.
// ok is false where there is no comparison.
func ratioPage(d summary.Data) (p Picture, ok bool) {
	low, high, ok := ratioRange(d)
	if !ok {
		return Picture{}, false
	}
	p = Picture{
		Name:     "ratio",
		Title:    fmt.Sprintf("%s: claims and what was measured", summary.ScenarioName(d)),
		subtitle: "How many times better the first case is than the second: estimate and confidence interval, on a logarithmic axis.",
		Alt:      "Ratio and confidence interval of each comparison against the claimed factor.",
		Facts:    "Of all comparisons: " + ratioFacts(d) + ".",
		notes:    []string{"Filled circle: supported. Square: refuted. Ring: inconclusive. An arrow: the interval goes on beyond the axis."},
	}
	var panels []rowPanel
	limited := false
	for _, c := range d.Claims {
		c.Verdicts = summary.InOrder(c)
		if len(c.Verdicts) > 0 {
			panels = append(panels, ratioPanel(d, c, low, high))
		}
		limited = limited || slices.ContainsFunc(c.Verdicts, func(v verdict.Verdict) bool { return v.GeneratorBound })
	}
	p.panels = rowPanels(panels)
	p.notes = append(p.notes, metricNotes(d)...)
	if limited {
		p.notes = append(p.notes, limitMark+" "+summary.LimitText+", of either case: what the servers can do may differ more, or less.")
	}
	return p, true
}

// metricNotes say what the metrics of all comparisons are, as rows have their names alone.
func metricNotes(d summary.Data) (notes []string) {
	var said []string
	for _, c := range d.Claims {
		for _, v := range c.Verdicts {
			if m, ok := results.LookupMetric(v.Metric); ok && !slices.Contains(said, m.Name) {
				said = append(said, m.Name)
				notes = append(notes, m.Name+": "+m.About+".")
			}
		}
	}
	return notes
}

// limitMark stands behind a metric that was measured at the load generator's limit.
const limitMark = "*"

// ratioLabels names the comparisons of a claim. Where that takes too much room
// they leave out what all of them have in common.
func ratioLabels(d summary.Data, c verdict.ClaimResult) []string {
	labels := make([]string, len(c.Verdicts))
	ofs := make([]results.Case, len(c.Verdicts))
	for i, v := range c.Verdicts {
		ofs[i] = v.Of
	}
	for i, v := range c.Verdicts {
		metric := inert.Line(v.Metric)
		if v.GeneratorBound {
			metric += limitMark
		}
		name := func(cases []results.Case) func(int) string {
			return func(most int) string { return metric + ", " + summary.Scope(cases, v.Of, v.Over, most) }
		}
		labels[i] = name(d.Run.Plan.Cases)(mostName)
		if rowStyle.Width(labels[i]) > mostLabel {
			labels[i] = firstThatFits(name(ofs))
		}
	}
	return labels
}

func ratioFacts(d summary.Data) string {
	n := map[string]int64{}
	for _, c := range d.Claims {
		for _, v := range c.Verdicts {
			n[inert.Line(string(v.Outcome))]++
		}
	}
	return summary.CountText(summary.SortedCounts(n), summary.MostKinds)
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

func ratioPanel(d summary.Data, claim verdict.ClaimResult, low, high float64) rowPanel {
	kind := "Claim: "
	if claim.Gate {
		kind = "Gate: "
	}
	hue, _ := outcomeStyle(claim.Outcome)
	r := rowPanel{
		heading: kind + summary.ClaimText(claim), above: headHeight,
		key: strings.ToUpper(inert.Line(string(claim.Outcome))), keyHue: hue,
	}
	labels := ratioLabels(d, claim)
	for i, v := range claim.Verdicts {
		hue, _ := outcomeStyle(v.Outcome)
		r.rows = append(r.rows, row{
			label: labels[i], value: summary.RatioText(v.Ratio.Estimate),
			remark: summary.IntervalText(v) + ", " + inert.Line(string(v.Outcome)), hue: hue,
		})
	}
	r.plot = func(vg.Length) *plot.Plot {
		p := newPlot()
		p.X.Label.Text = "ratio (times better, log scale)"
		p.X.Min, p.X.Max = low, high
		p.X.Scale = plot.LogScale{}
		p.X.Tick.Marker = ratioTicks(low, high)
		p.Add(ratioRows{claim.Verdicts})
		return p
	}
	return r
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

// ratioRows draws the comparisons of one claim, at least one.
type ratioRows struct{ verdicts []verdict.Verdict }

// Plot implements plot.Plotter.
func (r ratioRows) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	r.drawReferences(c, p, x)
	for i, v := range r.verdicts {
		drawRatio(c, p, v, x, y(float64(len(r.verdicts)-1-i)))
	}
}

// drawReferences draws the vertical lines at no difference and at the claimed
// factor, labelled above the rows.
func (r ratioRows) drawReferences(c draw.Canvas, p *plot.Plot, x func(float64) vg.Length) {
	_, y := p.Transforms(&c)
	line := func(style draw.LineStyle, at vg.Length) {
		for i := range r.verdicts {
			middle := y(float64(len(r.verdicts) - 1 - i))
			c.StrokeLine2(style, at, middle+rowHeight/2, at, middle-rowHeight/2)
		}
	}
	line(draw.LineStyle{Color: muted, Width: vg.Points(1)}, x(1))
	texts := []string{"1x: no difference"}
	at := []vg.Length{x(1)}
	if f := r.verdicts[0].Factor; summary.Finite(f.Value) && f.Value >= p.X.Min && f.Value <= p.X.Max && f.Value != 1 {
		// Dashes fit into a row, so that they go on in the next.
		line(draw.LineStyle{Color: ink, Width: vg.Points(1.2), Dashes: []vg.Length{rowHeight / 7, rowHeight * 3 / 28}}, x(f.Value))
		texts, at = append(texts, "claimed: "+summary.FactorText(f)), append(at, x(f.Value))
	}
	style := textStyle(8, muted)
	half := func(i int) vg.Length { return style.Width(texts[i]) / 2 }
	for i := range at {
		at[i] = min(max(at[i], c.Min.X+half(i)), c.Max.X-half(i))
	}
	level := []vg.Length{c.Max.Y + 6, c.Max.Y + 6}
	if len(at) > 1 && max(at[0]-at[1], at[1]-at[0]) < half(0)+half(1)+columnGap {
		level[1] += 10
	}
	style.XAlign = draw.XCenter
	for i, text := range texts {
		c.FillText(style, vg.Point{X: at[i], Y: level[i]}, text)
	}
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
