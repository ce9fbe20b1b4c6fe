package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
)

// Measures of the history.
const (
	pastHeight   = 230 * vg.Length(1)
	pastLabel    = 46 * vg.Length(1) // width of a run's label below the axis
	widestLinear = 12                // a panel that spans a larger factor has a logarithmic axis
)

// History draws a metric over runs: a panel for each load, a line for each case, and a
// band from quartile to quartile. Lines break where the machine or the load changed.
func History(h summary.History) Picture {
	metric := h.Metric
	better := "Lower is better."
	if metric.Higher {
		better = "Higher is better."
	}
	p := Picture{
		Name:     "history",
		Title:    fmt.Sprintf("%s: %s over %s", inert.Line(h.Scenario), metric.Name, summary.Plural(len(h.Runs), "run")),
		subtitle: better + " The mark is the median of a run's valid trials, the band reaches from quartile to quartile; the axis need not begin at 0.",
		Alt:      fmt.Sprintf("The %s of each case by run, one line per case. Tables hold the figures.", metric.Name),
	}
	for _, load := range h.Loads {
		p.panels = append(p.panels, pastPanel(h, load))
	}
	if len(p.panels) == 0 {
		p.panels = []panel{emptyPanel("No run knows this metric.")}
	}
	for _, r := range h.Runs {
		if len(r.Changed) > 0 {
			p.notes = append(p.notes, "A dotted line: the machine, a load or how figures are made is another from there on. Figures to its two sides do not compare.")
			break
		}
	}
	return p
}

func pastPanel(h summary.History, load summary.PastLoad) panel {
	low, high, logarithmic := pastRange(load)
	names := pastLegend(load)
	return panel{
		height: func(width vg.Length) vg.Length { return headHeight + pastHeight + columnGap + names.height(width) },
		draw: func(c draw.Canvas) {
			panelHead(c, summary.LoadText(load.Load), c.Max.X)
			area := draw.Crop(c, 0, 0, 0, -headHeight)
			area.Min.Y = area.Max.Y - pastHeight
			beneath := c
			beneath.Max.Y = area.Min.Y - columnGap
			names.draw(beneath)
			if high == 0 {
				style := textStyle(10, muted)
				style.XAlign = draw.XCenter
				area.FillText(style, area.Center(), "No run knows it.")
				return
			}
			p := newPlot()
			p.Y.Label.Text = h.Metric.Name + " (" + h.Metric.Unit + ")"
			p.Y.Min, p.Y.Max = low, high
			if logarithmic {
				p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, logTicks(low, high)
			} else {
				p.Y.Tick.Marker = stepTicks(low, high, 6)
			}
			p.X.Min, p.X.Max = -0.5, float64(len(h.Runs))-0.5
			p.X.Label.Text = "run, in order of time"
			p.X.Tick.Marker = pastTicks(h.Runs, area.Max.X-area.Min.X)
			p.Add(pastLines{h, load})
			p.Draw(area)
		},
	}
}

// pastRange spans all bands, with a little room; 0, 0 where there is none. An axis that
// would span a large factor is a logarithmic one.
func pastRange(load summary.PastLoad) (low, high float64, logarithmic bool) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, line := range load.Lines {
		for _, p := range line.Points {
			if p.Known() {
				low, high = min(low, p.Low), max(high, p.Up)
			}
		}
	}
	switch {
	case high <= 0:
		if math.IsInf(low, 0) {
			return 0, 0, false
		}
		return 0, 1, false // a metric that is 0 throughout
	case high > widestLinear*low && low > 0:
		low, high = logRange(low, high)
		return low, high, true
	}
	room := max((high-low)*0.08, high*0.02)
	return max(0, low-room), high + room, false
}

// pastTicks names as many runs as have room: by number and date.
func pastTicks(runs []summary.PastRun, width vg.Length) plot.ConstantTicks {
	every := max(1, int(math.Ceil(float64(vg.Length(len(runs))*pastLabel/max(width-pastLabel, pastLabel)))))
	var ticks plot.ConstantTicks
	for i, r := range runs {
		tick := plot.Tick{Value: float64(i)}
		if i%every == 0 {
			tick.Label = fmt.Sprintf("%d\n%s", i+1, r.Start.UTC().Format("2 Jan 06"))
		}
		ticks = append(ticks, tick)
	}
	return ticks
}

// pastLines draws lines, bands and changes.
type pastLines struct {
	history summary.History
	load    summary.PastLoad
}

// Plot implements plot.Plotter.
func (l pastLines) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if !t.IsMinor() {
			c.StrokeLine2(draw.LineStyle{Color: faint, Width: vg.Points(0.5)}, c.Min.X, y(t.Value), c.Max.X, y(t.Value))
		}
	}
	for i, r := range l.history.Runs {
		if i > 0 && len(r.Changed) > 0 {
			at := x(float64(i) - 0.5)
			c.StrokeLine2(draw.LineStyle{Color: muted, Width: vg.Points(0.8), Dashes: []vg.Length{vg.Points(1.5), vg.Points(2.5)}}, at, c.Min.Y, at, c.Max.Y)
		}
	}
	for i, line := range l.load.Lines {
		style, marker := pastStyle(l.load, i)
		for _, part := range l.unbroken(line) {
			var points, band []vg.Point
			for _, run := range part {
				points = append(points, vg.Point{X: x(float64(run)), Y: y(line.Points[run].Mid)})
				band = append(band, vg.Point{X: x(float64(run)), Y: y(line.Points[run].Low)})
			}
			for j := len(part) - 1; j >= 0; j-- {
				band = append(band, vg.Point{X: x(float64(part[j])), Y: y(line.Points[part[j]].Up)})
			}
			if len(part) > 1 {
				c.FillPolygon(tint(protocolColour(line.Case.Protocol), 0.14), band)
				c.StrokeLines(style, points)
			} else {
				whisker := style
				whisker.Width, whisker.Dashes = vg.Points(0.8), nil
				c.StrokeLine2(whisker, band[0].X, band[0].Y, band[1].X, band[1].Y)
			}
			for _, at := range points {
				c.DrawGlyphNoClip(draw.GlyphStyle{Color: style.Color, Radius: vg.Points(2.2), Shape: marker}, at)
			}
		}
	}
}

// unbroken parts the runs that know the figure at changes, and at runs that do not.
func (l pastLines) unbroken(line summary.PastCase) (parts [][]int) {
	joined := false
	for i, p := range line.Points {
		if i < len(l.history.Runs) && len(l.history.Runs[i].Changed) > 0 {
			joined = false
		}
		switch {
		case !p.Known():
			joined = false
		case joined:
			parts[len(parts)-1] = append(parts[len(parts)-1], i)
		default:
			parts, joined = append(parts, []int{i}), true
		}
	}
	return parts
}

// pastStyle is that of the curves of a report; cases that share it have marks of their
// own.
func pastStyle(load summary.PastLoad, i int) (draw.LineStyle, draw.GlyphDrawer) {
	c, sharing := load.Lines[i].Case, 0
	for _, other := range load.Lines[:i] {
		if other.Case.Protocol == c.Protocol && other.Case.Connection == c.Connection {
			sharing++
		}
	}
	return draw.LineStyle{Color: protocolColour(c.Protocol), Width: vg.Points(1.4), Dashes: connectionDashes(c.Connection)}, markers[sharing%len(markers)]
}

// pastLegend names the lines.
func pastLegend(load summary.PastLoad) legend {
	var l legend
	for i, line := range load.Lines {
		style, marker := pastStyle(load, i)
		l.entries = append(l.entries, legendEntry{mark: marker, line: &style, hue: style.Color, text: inert.Line(line.Label)})
	}
	return l
}
