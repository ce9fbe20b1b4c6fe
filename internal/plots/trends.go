package plots

import (
	"cmp"
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
			bare = bare || slices.ContainsFunc(l.Points, func(p summary.AxisPoint) bool { return !p.Range.HasInterval() })
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
	for len(all) > 0 {
		// The charts of one metric stand side by side.
		n := 1
		for n < len(all) && all[n].Metric == all[0].Metric && all[n].Says == all[0].Says && all[n].Axis == all[0].Axis {
			n++
		}
		p.panels = append(p.panels, headingPanel(trendHeading(all[0])), grid(trendCharts(all[:n]), 2))
		all = all[n:]
	}
	return p, true
}

func trendHeading(c summary.AxisChart) string {
	text := fmt.Sprintf("%s (%s) along %s", c.Metric.Name, c.Metric.Unit, c.Axis)
	if c.Says != "" {
		text = c.Says + ": " + text
	}
	return text
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
		summary.Significant(low.low), summary.Significant(low.high), c.Metric.Unit, axisNumber(c, x.low),
		summary.Significant(high.low), summary.Significant(high.high), axisNumber(c, x.high))
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
	several := slices.ContainsFunc(all, func(c summary.AxisChart) bool { return c.Load.Name != all[0].Load.Name })
	var charts []chart
	for _, c := range all {
		firsts := make([]results.Case, len(c.Lines))
		for i, l := range c.Lines {
			firsts[i] = l.Case
		}
		axes := slices.DeleteFunc(results.Varying(firsts), func(axis string) bool { return axis == c.Axis })
		if len(axes) == 0 {
			axes = []string{"target", "protocol"}
		}
		for _, f := range summary.Facets(firsts, axes, summary.MostCurves) {
			part := c
			part.Lines = nil
			for _, i := range f.Members {
				part.Lines = append(part.Lines, c.Lines[i])
			}
			ch := trendChart(part, f.Axes)
			names := []string{c.Series, f.Name}
			if several {
				names = append(names, inert.Line(c.Load.Name))
			}
			names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
			ch.heading = strings.Join(names, ", ") // none where there is one chart
			ch.y = values.fromZero(c.Metric.Unit)
			if logarithmic && values.low > 0 {
				ch.y = values.scale(c.Metric.Unit)
			}
			charts = append(charts, ch)
		}
	}
	return charts
}

func trendChart(c summary.AxisChart, axes []string) chart {
	numbers := newExtent()
	firsts := make([]results.Case, len(c.Lines))
	for i, l := range c.Lines {
		firsts[i] = l.Case
		for _, point := range l.Points {
			numbers.include(point.X)
		}
	}
	ch := chart{x: numbers.fromZero(c.XLabel), legend: legend{key: legendKey}}
	if c.LogX() {
		ch.x = numbers.scale(c.XLabel)
	}
	ch.x.ticks = numberTicks(c)
	for i, style := range caseStyles(firsts) {
		l := c.Lines[i]
		t := trace{line: style.line, glyph: style.glyph, marked: every, band: tint(protocolColour(l.Case.Protocol), 0.16)}
		for _, point := range l.Points {
			t.x, t.y = append(t.x, point.X), append(t.y, point.Median)
			if point.Range.HasInterval() {
				t.low, t.high = append(t.low, point.Range.Low), append(t.high, point.Range.High)
			}
		}
		if len(t.low) < len(t.x) {
			t.low, t.high = nil, nil
		}
		ch.legend.entries = append(ch.legend.entries, legendEntry{text: caseLabel(l.Case, axes), line: &style.line, mark: style.glyph.Shape, hue: style.glyph.Color})
		if fit, ok := fitted(l, ch.x); ok {
			ch.traces = append(ch.traces, fit)
		}
		ch.traces = append(ch.traces, t)
	}
	return ch
}

// fitted is the line of a declared trend.
func fitted(l summary.AxisLine, x scale) (t trace, ok bool) {
	if l.Trend == nil || !(l.Trend.Trend.Per > 0) {
		return trace{}, false
	}
	slope, start := l.Trend.Slope.Estimate/l.Trend.Trend.Per, l.Trend.Intercept.Estimate
	first, last := l.Points[0].X, l.Points[len(l.Points)-1].X
	t.line = draw.LineStyle{Color: tint(protocolColour(l.Case.Protocol), 0.8), Width: vg.Points(0.9), Dashes: []vg.Length{vg.Points(1), vg.Points(1.5)}}
	for i := range fitPoints + 1 {
		part := float64(i) / fitPoints
		at := first + part*(last-first)
		if x.log {
			at = first * math.Pow(last/first, part)
		}
		v := start + slope*at
		if !summary.Finite(at) || !summary.Finite(v) {
			return trace{}, false
		}
		t.x, t.y = append(t.x, at), append(t.y, v)
	}
	return t, true
}

// numberTicks are the numbers that were measured.
func numberTicks(c summary.AxisChart) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for _, l := range c.Lines {
		for _, point := range l.Points {
			if !slices.ContainsFunc(ticks, func(t plot.Tick) bool { return t.Value == point.X }) {
				ticks = append(ticks, plot.Tick{Value: point.X, Label: axisNumber(c, point.X)})
			}
		}
	}
	slices.SortFunc(ticks, func(a, b plot.Tick) int { return cmp.Compare(a.Value, b.Value) })
	return ticks
}

// axisNumber is a number on the axis: 64 clients, 64 KiB.
func axisNumber(c summary.AxisChart, v float64) string {
	if c.Unit != "B" {
		return tickLabel(v)
	}
	for _, unit := range []struct {
		name  string
		bytes float64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if v >= unit.bytes {
			return summary.TrimFloat(v/unit.bytes) + " " + unit.name
		}
	}
	return summary.TrimFloat(v) + " B"
}
