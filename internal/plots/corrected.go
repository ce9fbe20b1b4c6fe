package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
)

// correctedPicture sets latency from the intended send time against that from the
// actual one, case by case. ok is false where no case knows both, as under closed
// loads.
func correctedPicture(t timed) (p Picture, ok bool) {
	p = Picture{
		Name:  "corrected",
		Title: fmt.Sprintf("%s: latency with and without the wait before the send", t.name),
		subtitle: "Under an open load a request is due at a time of its own. Counted from then (corrected for coordinated omission), latency holds " +
			"the wait of requests sent late, because earlier ones were slow or because the load generator itself was late; counted from the actual " +
			"send it hides that wait. The wider the band between them, the more is hidden. Both axes are logarithmic. " + pooled,
	}
	var parts []string
	for _, l := range t.loads {
		charts := correctedCharts(l, t.axes)
		if len(charts) == 0 {
			continue
		}
		p.panels = append(p.panels, headingPanel(summary.LoadText(l.Load)), grid(charts, 3))
		parts = append(parts, correctedAlt(l, t.axes))
	}
	p.Alt, p.Facts = "Latency by percentile from the intended send time against that from the actual send, one chart per case under open load.", strings.Join(parts, " ")
	return p, len(p.panels) > 0
}

func correctedCharts(l timedLoad, axes []string) []chart {
	low, high := math.Inf(1), 0.0
	for _, c := range l.Times {
		if c.Corrected() {
			for _, ms := range append(append([]float64{}, c.Latency.MS...), c.Service.MS...) {
				low, high = math.Min(low, ms), math.Max(high, ms)
			}
		}
	}
	if high == 0 {
		return nil
	}
	low, high = logRange(low, high)
	raw := draw.LineStyle{Color: muted, Width: vg.Points(1), Dashes: []vg.Length{vg.Points(1.5), vg.Points(1.5)}}
	due := draw.LineStyle{Color: ink, Width: vg.Points(1.8)}
	key := legend{
		entries: []legendEntry{{text: summary.CorrectedLabel, line: &due}, {text: summary.RawLabel, line: &raw}},
		key:     "Corrected curves have the colour of their protocol.",
	}
	var charts []chart
	for _, c := range l.Times {
		ch := chart{
			heading: caseLabel(c.Case.Case, axes),
			x:       scale{label: "percentile (%)", low: 0, high: summary.Tail, ticks: latencyTicks},
			y:       scale{label: "latency (ms)", low: low, high: high, log: true},
			legend:  key,
		}
		if !c.Corrected() {
			ch.empty = "unknown: " + c.Latency.Unknown
			if c.Latency.Unknown == "" {
				ch.empty = "service time unknown: " + c.Service.Unknown
			}
			charts = append(charts, ch)
			continue
		}
		hue := protocolColour(c.Case.Case.Protocol)
		latency, service := c.Latency, c.Service
		ch.traces = []trace{
			{x: service.X, y: service.MS, line: raw},
			{x: latency.X, y: latency.MS, line: draw.LineStyle{Color: hue, Width: vg.Points(1.8)}},
		}
		ch.under = func(canvas draw.Canvas, x, y func(float64) vg.Length) {
			var between []vg.Point
			for i := range latency.X {
				between = append(between, vg.Point{X: x(latency.X[i]), Y: y(latency.MS[i])})
			}
			for i := len(service.X) - 1; i >= 0; i-- {
				between = append(between, vg.Point{X: x(service.X[i]), Y: y(service.MS[i])})
			}
			canvas.FillPolygon(tint(hue, 0.16), between)
		}
		charts = append(charts, ch)
	}
	return charts
}

// correctedAlt names the case whose 99th percentile the correction changes most, as the
// answer about waiting does.
func correctedAlt(l timedLoad, axes []string) string {
	worst, w, ok := summary.WorstWaiting(l.Cases)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s: 99th percentile in the median trial, greatest difference: %s, %s ms from the intended send time, %s ms from the actual send.",
		inert.Line(l.Load.Name), summary.Label(worst.Case, axes, mostName), summary.Significant(w.Corrected), summary.Significant(w.Raw))
}
