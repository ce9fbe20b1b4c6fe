package plots

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// probeMarks are how probes look, by outcome; the shape alone tells them apart too.
var probeMarks = []struct {
	outcome, text string
	glyph         draw.GlyphStyle
}{
	{results.ProbeHeld, "held", draw.GlyphStyle{Color: tint(ink, 0.55), Radius: vg.Points(2), Shape: draw.CircleGlyph{}}},
	{results.ProbeServer, "missed: the server", draw.GlyphStyle{Color: ink, Radius: vg.Points(2.6), Shape: draw.CrossGlyph{}}},
	{results.ProbeGenerator, "missed: the load generator", draw.GlyphStyle{Color: muted, Radius: vg.Points(2.6), Shape: draw.TriangleGlyph{}}},
	{results.ProbeDisturbed, "disturbed by the machine", draw.GlyphStyle{Color: tint(muted, 0.6), Radius: vg.Points(2.2), Shape: draw.RingGlyph{}}},
}

// sloLine is the bound of the objective.
var sloLine = draw.LineStyle{Color: ink, Width: vg.Points(1), Dashes: []vg.Length{vg.Points(4), vg.Points(2)}}

// saturationPicture shows what searches tried on each case: latency by rate. ok is
// false where no load searches, and where no probe was made.
func saturationPicture(d summary.Data, cases []summary.Case) (p Picture, ok bool) {
	p = Picture{
		Name:  "saturation",
		Title: fmt.Sprintf("%s: latency by arrival rate, and the rates found", summary.ScenarioName(d)),
		subtitle: "Each mark is one probe of a search. The vertical line is the median of the rates found, its band the middle half (quartiles) over the trials. " +
			"Further right is better. Both axes are logarithmic.",
	}
	axes := summary.CaseAxes(d.Run.Plan)
	var facts []string
	limited := false
	for _, g := range summary.ByLoad(cases) {
		searches := summary.SearchesOf(g.Cases)
		charts, left := saturationCharts(searches, axes)
		if len(charts) == 0 {
			continue
		}
		p.panels = append(p.panels, headingPanel(summary.LoadText(g.Load)), grid(charts, 3))
		limited = limited || slices.ContainsFunc(g.Cases, summary.Case.GeneratorBound)
		facts = append(facts, extremes(d, []summary.Group{g}, "saturation"))
		if left > 0 {
			p.notes = append(p.notes, fmt.Sprintf("%s left out: their latency is unknown.", summary.Plural(left, "probe")))
		}
	}
	if limited {
		p.notes = append(p.notes, "At least: the load generator was the limit in most trials, the server can do at least as much.")
	}
	p.Alt, p.Facts = "Latency of each probe by its arrival rate, one chart per case, against the objective.", "Rate found, median, "+strings.Join(facts, " ")
	return p, len(p.panels) > 0
}

// saturationCharts is one per case, and how many probes have no place on them.
func saturationCharts(searches []summary.SearchPoints, axes []string) (charts []chart, left int) {
	rates, times := newExtent(), newExtent()
	probes := 0
	for _, s := range searches {
		if s.Bounded() {
			times.include(s.Objective.Below)
		}
		for _, p := range s.Probes {
			probes++
			rates.include(p.Rate)
			if p.Known {
				times.include(p.Value)
			} else {
				left++
			}
		}
		if s.Saturation.N > 0 {
			rates.include(s.Saturation.Q1)
			rates.include(s.Saturation.Q3)
		}
	}
	if probes == 0 {
		return nil, 0
	}
	for _, s := range searches {
		charts = append(charts, saturationChart(s, axes, rates, times))
	}
	return charts, left
}

func saturationChart(s summary.SearchPoints, axes []string, rates, times extent) chart {
	ch := chart{heading: caseLabel(s.Case.Case, axes), legend: saturationLegend(s)}
	ch.x = rates.scale(summary.RateLabel)
	ch.y = times.scale(s.ValueLabel())
	if len(s.Probes) == 0 {
		ch.empty = "No valid search."
		return ch
	}
	for _, mark := range probeMarks {
		t := trace{hidden: true, glyph: mark.glyph, marked: every}
		for _, p := range s.Probes {
			if p.Known && p.Outcome == mark.outcome {
				t.x, t.y = append(t.x, p.Rate), append(t.y, p.Value)
			}
		}
		ch.traces = append(ch.traces, t)
	}
	hue, found, below := protocolColour(s.Case.Case.Protocol), s.Saturation, s.Objective.Below
	ch.heading += ": " + s.Found()
	ch.under = func(c draw.Canvas, x, y func(float64) vg.Length) {
		if found.N > 0 {
			band := vg.Rectangle{Min: vg.Point{X: x(found.Q1), Y: c.Min.Y}, Max: vg.Point{X: x(found.Q3), Y: c.Max.Y}}
			c.FillPolygon(tint(hue, 0.2), corners(band))
			c.StrokeLine2(draw.LineStyle{Color: hue, Width: vg.Points(1.8)}, x(found.Median), c.Min.Y, x(found.Median), c.Max.Y)
		}
		if s.Bounded() {
			c.StrokeLine2(sloLine, c.Min.X, y(below), c.Max.X, y(below))
		}
	}
	return ch
}

func saturationLegend(s summary.SearchPoints) legend {
	var l legend
	for _, mark := range probeMarks {
		l.entries = append(l.entries, legendEntry{text: mark.text, mark: mark.glyph.Shape, hue: mark.glyph.Color})
	}
	if s.Bounded() {
		l.entries = append(l.entries, legendEntry{text: s.ObjectiveLabel(), line: &sloLine})
	}
	l.entries = append(l.entries, legendEntry{text: "rate found, in the colour of the protocol", line: &draw.LineStyle{Color: httpBlue, Width: vg.Points(1.8)}})
	return l
}
