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
	"github.com/gwbench/gwbench/results"
)

// fitPoints is how many pieces a straight line has on a logarithmic axis, where it is
// none.
const fitPoints = 48

// trendsPicture shows metrics along the axes that are numbers: what declared trends
// look at first. ok is false where there is no such axis.
func trendsPicture(d summary.Data, cases []summary.Case) (p Picture, ok bool) {
	p = Picture{
		Name:     "trends",
		Title:    fmt.Sprintf("%s: figures along the axes of numbers", summary.ScenarioName(d)),
		subtitle: "Each point is the median of one case, the band around a line its 95 % interval over the blocks, each by itself; overlapping bands do not mean no difference, since verdicts compare within blocks.",
	}
	all := summary.AxisCharts(d, cases)
	if len(all) == 0 {
		return Picture{}, false
	}
	var facts []string
	for _, t := range d.Trends {
		if t.Blocks > 0 {
			facts = append(facts, summary.TrendText(t))
		}
	}
	bare, fitted, bent := false, false, false
	for _, c := range all {
		for _, l := range c.Lines {
			fitted = fitted || l.Trend != nil
			bent = bent || l.Trend != nil && (c.LogX() || c.LogY())
			bare = bare || !l.HasBand()
		}
		if c.Says == "" {
			facts = append(facts, axisFact(c))
		}
	}
	if slices.ContainsFunc(all, summary.AxisChart.LogX) {
		p.subtitle += " The axis of sizes is logarithmic."
	}
	switch {
	case bent:
		p.subtitle += " Thin dotted: the straight line fitted to a declared trend, which bends on a logarithmic axis."
	case fitted:
		p.subtitle += " Thin dotted: the straight line fitted to a declared trend."
	}
	if bare {
		p.notes = append(p.notes, "A line without a band has too few blocks for an interval in one of its cases.")
	}
	p.Alt, p.Facts = "Figures along the axes of numbers, one line per group of cases.", strings.Join(facts, " ")
	for _, group := range summary.AxisGroups(all) {
		p.panels = append(p.panels, headingPanel(group[0].Heading()), grid(trendCharts(group), 2))
	}
	return p, true
}

// axisFact is how a metric runs along an axis, for those who do not see it.
func axisFact(c summary.AxisChart) string {
	low, high := newExtent(), newExtent()
	x := newExtent()
	for _, l := range c.Lines {
		first, last := l.Points[0], l.Points[len(l.Points)-1]
		low.include(first.Median)
		high.include(last.Median)
		x.include(first.X)
		x.include(last.X)
	}
	return fmt.Sprintf("%s: %s to %s %s at %s, %s to %s at %s.", strings.TrimSpace(c.Metric.Name+" along "+c.XLabel+" "+inert.Line(c.Load.Name)),
		summary.Significant(low.low), summary.Significant(low.high), c.Metric.Unit, c.Number(x.low),
		summary.Significant(high.low), summary.Significant(high.high), c.Number(x.high))
}

// trendCharts are charts of one metric on one scale, parted where they have too many
// lines.
func trendCharts(all []summary.AxisChart) []chart {
	values := newExtent()
	logarithmic := false
	for _, c := range all {
		logarithmic = logarithmic || c.LogY()
		for _, l := range c.Lines {
			for _, point := range l.Points {
				values.include(point.Median)
				if point.Range.HasInterval() {
					values.include(point.Range.Low)
					values.include(point.Range.High)
				}
			}
		}
	}
	var charts []chart
	for _, part := range summary.AxisParts(all) {
		ch := trendChart(part)
		ch.heading = strings.Join(part.Names, ", ") // none where there is one chart
		ch.y = values.fromZero(part.Metric.Unit)
		if logarithmic && values.low > 0 {
			ch.y = values.scale(part.Metric.Unit)
		}
		charts = append(charts, ch)
	}
	return charts
}

func trendChart(c summary.AxisPart) chart {
	numbers := newExtent()
	firsts := make([]results.Case, len(c.Lines))
	for i, l := range c.Lines {
		firsts[i] = l.Case
		for _, point := range l.Points {
			numbers.include(point.X)
		}
	}
	ch := chart{x: numbers.fromZero(c.XLabel), legend: legend{key: LegendKey}}
	if c.LogX() {
		ch.x = numbers.scale(c.XLabel)
	}
	ch.x.ticks = numberTicks(c.AxisChart)
	for i, style := range caseStyles(firsts) {
		l := c.Lines[i]
		t := trace{line: style.line, glyph: style.glyph, marked: every, band: tint(protocolColour(l.Case.Protocol), 0.16)}
		for _, point := range l.Points {
			t.x, t.y = append(t.x, point.X), append(t.y, point.Median)
			if l.HasBand() {
				t.low, t.high = append(t.low, point.Range.Low), append(t.high, point.Range.High)
			}
		}
		ch.legend.entries = append(ch.legend.entries, legendEntry{text: caseLabel(l.Case, c.Axes), line: &style.line, mark: style.glyph.Shape, hue: style.glyph.Color})
		if fit, ok := fitted(l, ch.x); ok {
			ch.traces = append(ch.traces, fit)
		}
		ch.traces = append(ch.traces, t)
	}
	return ch
}

// fitted is the line of a declared trend.
func fitted(l summary.AxisLine, x scale) (t trace, ok bool) {
	ends, values, ok := l.Fit()
	if !ok {
		return trace{}, false
	}
	t.line = draw.LineStyle{Color: tint(protocolColour(l.Case.Protocol), 0.8), Width: vg.Points(0.9), Dashes: []vg.Length{vg.Points(1), vg.Points(1.5)}}
	for i := range fitPoints + 1 {
		part := float64(i) / fitPoints
		at := ends[0] + part*(ends[1]-ends[0])
		if x.log {
			at = ends[0] * math.Pow(ends[1]/ends[0], part)
		}
		along := part
		if ends[1] != ends[0] {
			along = (at - ends[0]) / (ends[1] - ends[0])
		}
		t.x, t.y = append(t.x, at), append(t.y, values[0]+along*(values[1]-values[0]))
	}
	return t, true
}

// numberTicks are the numbers that were measured.
func numberTicks(c summary.AxisChart) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for _, x := range c.Numbers() {
		ticks = append(ticks, plot.Tick{Value: x, Label: c.Number(x)})
	}
	return ticks
}
