package plots

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
)

// cpuPage shows where the CPU time of a response went: that of the servers as one bar
// per case, that of the load generator as a thinner one beneath. ok is false where
// no case knows either.
func cpuPage(d summary.Data) (p Picture, ok bool) {
	groups := slices.DeleteFunc(summary.ByLoad(summary.Cases(d)), func(g summary.Group) bool {
		return !knows(g, "server_cpu") && !knows(g, "client_cpu")
	})
	if len(groups) == 0 {
		return Picture{}, false
	}
	p = Picture{
		Name:     "cpu",
		Title:    fmt.Sprintf("%s: CPU time of a response", summary.ScenarioName(d)),
		subtitle: "Medians over the valid trials, divided as the time of all of them together is. Colour: the protocol; full: in user mode; lighter: in the kernel. Shorter is better.",
		Alt:      "CPU time per correct response of each case, by side and mode.",
		Facts:    "CPU time of the servers, median, " + extremes(d, groups, "server_cpu"),
	}
	greatest, outlined := make([]float64, len(groups)), false
	bars := make([][]cpuBars, len(groups))
	for i, g := range groups {
		for _, c := range g.Cases {
			b := newCPUBars(c)
			greatest[i] = max(greatest[i], b.servers.total, b.client.total)
			outlined = outlined || b.servers.outlined() || b.client.outlined()
			bars[i] = append(bars[i], b)
		}
	}
	if most := slices.Max(greatest); slices.Min(greatest) >= alike*most {
		greatest = slices.Repeat([]float64{most}, len(groups))
	} else {
		p.notes = append(p.notes, "Each load has an axis of its own.")
	}
	axes := summary.CaseAxes(d.Run.Plan)
	var panels []rowPanel
	for i, g := range groups {
		panels = append(panels, cpuPanel(g, axes, bars[i], greatest[i]))
	}
	p.panels = append([]panel{cpuLegend(summary.HasFronts(d.Run.Plan))}, rowPanels(panels)...)
	if outlined {
		p.notes = append(p.notes, "An empty bar: how the time divides into user mode and kernel is unknown.")
	}
	return p, true
}

// alike is how much of the greatest CPU time of all loads each has where they share an
// axis: less would leave its bars too short to be read.
const alike = 0.7

// cpuBar is the CPU time of one side, in microseconds per response.
type cpuBar struct {
	hue   colour
	total float64 // 0 is unknown
	parts []cpuPart
}

// outlined tells whether the total is known, but not its parts.
func (b cpuBar) outlined() bool { return b.total > 0 && len(b.parts) == 0 }

type cpuPart struct {
	hue    colour
	time   float64
	system bool
	front  bool
}

type cpuBars struct{ servers, client cpuBar }

func newCPUBars(c summary.Case) cpuBars {
	cost := c.Cost()
	b := cpuBars{servers: cpuBar{hue: protocolColour(c.Case.Protocol)}, client: cpuBar{hue: muted}}
	b.servers.total, _ = c.Median("server_cpu")
	b.client.total, _ = c.Median("client_cpu")
	b.servers.add(cost.TargetUser, cost.TargetSystem, false)
	b.servers.add(cost.FrontUser, cost.FrontSystem, true)
	b.client.add(cost.ClientUser, cost.ClientSystem, false)
	return b
}

func (b *cpuBar) add(user, system *float64, front bool) {
	if user == nil || system == nil {
		return
	}
	b.parts = append(b.parts, cpuPart{b.hue, *user, false, front}, cpuPart{b.hue, *system, true, front})
}

func cpuPanel(g summary.Group, axes []string, bars []cpuBars, greatest float64) rowPanel {
	r := rowPanel{heading: summary.LoadText(g.Load), key: "servers, load generator", keyHue: muted}
	for _, c := range g.Cases {
		e := row{label: caseLabel(c.Case, axes), hue: muted}
		if e.value, e.remark = summary.FigureCell("server_cpu")(c), summary.FigureCell("client_cpu")(c); e.value == summary.Unknown && e.remark == summary.Unknown {
			e.value, e.remark = "", "unknown: "+noFigure(c)
		}
		r.rows = append(r.rows, e)
	}
	r.plot = func(width vg.Length) *plot.Plot {
		p := newPlot()
		p.X.Label.Text = "CPU time (us/req)"
		p.X.Min, p.X.Max = 0, roomFor(greatest)
		p.X.Tick.Marker = stepTicks(0, p.X.Max, mostSteps(width))
		p.Add(cpuRows(bars))
		return p
	}
	return r
}

// cpuLegend says what the bars are made of.
func cpuLegend(fronts bool) panel {
	var entries []legendEntry
	add := func(text string, p cpuPart, inset vg.Length) {
		entries = append(entries, legendEntry{text: text, bar: func(c draw.Canvas, box vg.Rectangle) {
			box.Min.Y, box.Max.Y = box.Min.Y+inset, box.Max.Y-inset
			p.draw(c, box)
		}})
	}
	add("target, user", cpuPart{hue: httpBlue}, 0)
	add("target, kernel", cpuPart{hue: httpBlue, system: true}, 0)
	if fronts {
		add("front, user", cpuPart{hue: httpBlue, front: true}, 0)
		add("front, kernel", cpuPart{hue: httpBlue, front: true, system: true}, 0)
	}
	add("load generator, user", cpuPart{hue: muted}, 2.25)
	add("load generator, kernel", cpuPart{hue: muted, system: true}, 2.25)
	return legendPanel(entries)
}

// cpuRows draws the bars of each case in its row.
type cpuRows []cpuBars

// Plot implements plot.Plotter.
func (r cpuRows) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for i, b := range r {
		middle := y(float64(len(r) - 1 - i))
		at := func(us float64) vg.Length { return x(inRange(us, p)) }
		b.servers.draw(c, at, middle-1.5, middle+7.5)
		b.client.draw(c, at, middle-7.5, middle-3)
	}
}

func (b cpuBar) draw(c draw.Canvas, x func(float64) vg.Length, bottom, top vg.Length) {
	box := func(from, to float64) vg.Rectangle {
		return vg.Rectangle{Min: vg.Point{X: x(from), Y: bottom}, Max: vg.Point{X: x(to), Y: top}}
	}
	if b.outlined() {
		outline := corners(box(0, b.total))
		c.StrokeLines(draw.LineStyle{Color: b.hue, Width: vg.Points(0.8)}, append(outline, outline[0]))
		return
	}
	from := 0.0
	for _, p := range b.parts {
		p.draw(c, box(from, from+p.time))
		from += p.time
	}
}

// draw fills the box: lighter for the kernel, and with stripes for a front.
func (p cpuPart) draw(c draw.Canvas, box vg.Rectangle) {
	c.FillPolygon(paper, corners(box))
	share := 1.0
	if p.system {
		share = 0.45
	}
	c.FillPolygon(tint(p.hue, share), corners(box))
	if !p.front {
		return
	}
	const every = 3
	for x := box.Min.X + every/2; x < box.Max.X; x += every {
		c.StrokeLine2(draw.LineStyle{Color: paper, Width: vg.Points(1)}, x, box.Min.Y, x, box.Max.Y)
	}
}
