package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// timed is what the pictures of time are drawn from.
type timed struct {
	summary.Data
	name  string   // of the scenario
	axes  []string // that tell cases of one load apart
	loads []timedLoad
}

// timedLoad is the cases of one load.
type timedLoad struct{ summary.TimedGroup }

func newTimed(of summary.Timed) timed {
	t := timed{Data: of.Data, name: summary.ScenarioName(of.Data), axes: summary.CaseAxes(of.Run.Plan)}
	for _, g := range of.Loads {
		t.loads = append(t.loads, timedLoad{g})
	}
	return t
}

// groups are the loads without the curves.
func (t timed) groups() []summary.Group {
	groups := make([]summary.Group, len(t.loads))
	for i, l := range t.loads {
		groups[i] = l.Group
	}
	return groups
}

// curve is the latency of one case by percentile.
type curve struct {
	summary.Curve
	label  string
	line   draw.LineStyle
	marker draw.GlyphDrawer
}

// latencyTicks are the percentiles the axis names; each has a marker on every
// curve.
var latencyTicks = plot.ConstantTicks{
	{Value: 0, Label: "0"},
	{Value: summary.PercentileX(50), Label: "50"},
	{Value: summary.PercentileX(90), Label: "90"},
	{Value: summary.PercentileX(99), Label: "99"},
	{Value: summary.PercentileX(99.9), Label: "99.9"},
}

// pooled says what curves are made of, and why they are not what tables say.
const pooled = "All requests of all valid trials together. Tables and text have the median over trials, so that a single bad trial shows here and not there."

// readCurves says how to read latency by percentile.
const readCurves = "Lower is better. The percentile axis stretches towards the slowest requests; both axes are logarithmic. " + pooled

// latencyPicture shows latency by percentile, one panel per load, from the merged
// histograms of the valid trials.
func latencyPicture(t timed) Picture {
	if slices.ContainsFunc(t.loads, func(l timedLoad) bool { return len(l.Cases) > summary.MostCurves }) {
		return latencyRowsPicture(t)
	}
	p := Picture{
		Name:     "latency",
		Title:    fmt.Sprintf("%s: latency by percentile", t.name),
		subtitle: readCurves,
		Alt:      "Latency of each case by percentile, one curve per case.",
		Facts:    "99th percentile in the median trial, " + t.extremes("latency.p99"),
	}
	charts := make([]chart, len(t.loads))
	for i, l := range t.loads {
		charts[i] = percentileChart(l.heading(), l.curves(t.axes))
	}
	p.panels = stacked(charts)
	if len(p.panels) == 0 {
		p.panels = []panel{emptyPanel("The plan has no cases.")}
	}
	return p
}

// heading says what the load is, and from when on latency counts under it.
func (l timedLoad) heading() string {
	text := summary.LoadText(l.Load) + ", " + latencyMeaning(l.Group)
	if l.Load.Search != nil {
		text += ", each trial at the rate that it found"
	}
	return text
}

func (l timedLoad) curves(axes []string) []curve {
	cases := make([]results.Case, len(l.Times))
	for i, c := range l.Times {
		cases[i] = c.Case.Case
	}
	curves := make([]curve, len(l.Times))
	for i, style := range caseStyles(cases) {
		curves[i] = curve{Curve: l.Times[i].Latency, label: caseLabel(cases[i], axes), line: style.line, marker: style.glyph.Shape}
	}
	return curves
}

// caseStyle is how a case is drawn.
type caseStyle struct {
	line  draw.LineStyle
	glyph draw.GlyphStyle
}

// caseStyles tell cases apart: colours by protocol, dashes by connection mode, and
// markers where both are shared.
func caseStyles(cases []results.Case) []caseStyle {
	styles := make([]caseStyle, len(cases))
	sharing := map[[2]string]int{}
	for i, c := range cases {
		key := [2]string{c.Protocol, c.Connection}
		hue := protocolColour(c.Protocol)
		styles[i] = caseStyle{
			line:  draw.LineStyle{Color: hue, Width: vg.Points(1.4), Dashes: connectionDashes(c.Connection)},
			glyph: draw.GlyphStyle{Color: hue, Radius: vg.Points(2.4), Shape: markers[sharing[key]%len(markers)]},
		}
		sharing[key]++
	}
	return styles
}

// percentileChart draws curves with markers at the named percentiles.
func percentileChart(heading string, curves []curve) chart {
	ch := chart{
		heading: heading,
		x:       scale{label: "percentile of requests (%)", low: 0, high: summary.Tail, ticks: latencyTicks},
		y:       scale{label: "latency (ms)", log: true},
		legend:  legend{key: LegendKey},
	}
	ch.y.low, ch.y.high = latencyRange(curves)
	if ch.y.high == 0 {
		ch.empty = "No valid trial with a latency histogram."
	}
	ch.traces = percentileTraces(curves)
	for _, v := range curves {
		entry := legendEntry{text: v.legendText(), line: &v.line, mark: v.marker, hue: v.line.Color}
		if v.Unknown != "" {
			entry = legendEntry{text: v.legendText()}
		}
		ch.legend.entries = append(ch.legend.entries, entry)
	}
	return ch
}

// percentileTraces are curves by percentile, with marks at those that have names.
func percentileTraces(curves []curve) []trace {
	traces := make([]trace, len(curves))
	for i, v := range curves {
		traces[i] = trace{
			x: v.X, y: v.MS, line: v.line,
			glyph:  draw.GlyphStyle{Color: v.line.Color, Radius: vg.Points(2.4), Shape: v.marker},
			marked: func(point int) bool { return namedPercentile(v.X[point]) },
		}
	}
	return traces
}

// latencyMeaning says from when on latency counts under this load.
func latencyMeaning(g summary.Group) string {
	for _, c := range g.Cases {
		if len(c.Valid) == 0 {
			continue
		}
		if c.Valid[0].Latency == "intended" {
			return "from the intended send time"
		}
		return "service time"
	}
	if g.Load.Closed() {
		return "service time"
	}
	return "from the intended send time"
}

// latencyRange spans all curves; 0, 0 where there is none.
func latencyRange(curves []curve) (low, high float64) {
	low, high = math.Inf(1), 0
	for _, v := range curves {
		for _, ms := range v.MS {
			low, high = math.Min(low, ms), math.Max(high, ms)
		}
	}
	if high == 0 {
		return 0, 0
	}
	return logRange(low, high)
}

func namedPercentile(x float64) bool {
	for _, t := range latencyTicks[1:] {
		if x == t.Value {
			return true
		}
	}
	return false
}

// legendText is a curve's line in the legend.
func (v curve) legendText() string {
	if v.Unknown != "" {
		return v.label + " (" + v.Unknown + ")"
	}
	return v.label
}
