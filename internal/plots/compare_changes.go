package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
)

// changesPicture is a forest plot of what became of each metric of each case since the
// first run: a column for each metric. ok is false where nothing was compared by a ratio.
func changesPicture(c summary.Comparison) (p Picture, ok bool) {
	p = Picture{
		Name:     "changes",
		Title:    titleOf(c, "what changed since A"),
		subtitle: "How many times better than A: estimate and interval. In the grey band a change is too small to count. Further right is better.",
		Alt:      changesAlt(c),
		notes:    []string{"A mark without a line has no interval: there were too few blocks. An arrow: the interval goes on beyond the axis. Errors have no ratio: the table has them."},
	}
	p.notes = append(p.notes, c.BasisNote())
	var legend []legendEntry
	for run := range c.Runs {
		legend = append(legend, legendEntry{text: c.NameAndBlocks(run)})
	}
	p.panels = append(p.panels, legendPanel(legend), outcomeLegend())
	ranges := map[string]changeRange{}
	for _, metric := range changedMetrics(c, "") {
		ranges[metric] = rangeOfChanges(c, metric)
	}
	if len(ranges) == 0 {
		return Picture{}, false
	}
	groups := slices.DeleteFunc(c.ByLoad(), func(g summary.ComparedGroup) bool { return len(changedMetrics(c, g.Load.Name)) == 0 })
	for i, frame := range newRunRows(c, groups, allRuns(c)[1:]) {
		p.panels = append(p.panels, changesPanel{c, groups[i], frame, changedMetrics(c, groups[i].Load.Name), ranges}.panel())
	}
	return p, true
}

func outcomeLegend() panel {
	var entries []legendEntry
	for _, outcome := range []verdict.ChangeOutcome{verdict.Better, verdict.Worse, verdict.Same, verdict.Undetermined} {
		hue, mark := changeStyle(outcome)
		entries = append(entries, legendEntry{mark: mark, hue: hue, text: string(outcome)})
	}
	return legendPanel(entries)
}

func changesAlt(c summary.Comparison) string {
	text := "Ratio and interval of each metric and case against the first run."
	for i, changes := range c.Changes {
		text += fmt.Sprintf(" %s: %s.", summary.Letter(i+1), summary.ChangesCount(changes))
	}
	return text
}

// changedMetrics are those that were compared under a load, or under any where that is
// "", in the order of first mention.
func changedMetrics(c summary.Comparison, load string) []string {
	var metrics []string
	for _, changes := range c.Changes {
		for _, change := range changes.Changes {
			if change.Metric != verdict.Errors && (load == "" || change.New.Load == load) && !slices.Contains(metrics, change.Metric) {
				metrics = append(metrics, change.Metric)
			}
		}
	}
	return metrics
}

// changeRange is the axis of one metric.
type changeRange struct {
	low, high float64
	band      [2]float64 // the widest threshold
}

// rangeOfChanges spans every estimate, interval and threshold of a metric, and 1.
func rangeOfChanges(c summary.Comparison, metric string) changeRange {
	r := changeRange{low: 1, high: 1, band: [2]float64{1, 1}}
	include := func(v float64) {
		if summary.Finite(v) && v > 0 {
			v = math.Min(math.Max(v, leastRatio), greatestRatio)
			r.low, r.high = math.Min(r.low, v), math.Max(r.high, v)
		}
	}
	for _, changes := range c.Changes {
		for _, change := range changes.Changes {
			if change.Metric != metric {
				continue
			}
			include(change.Ratio.Estimate)
			if change.Ratio.HasInterval() {
				include(change.Ratio.Low)
				include(change.Ratio.High)
			}
			if low, high := change.Band(); summary.Finite(high) {
				include(low)
				include(high)
				r.band = [2]float64{math.Min(r.band[0], low), math.Max(r.band[1], high)}
			}
		}
	}
	room := math.Max(math.Pow(r.high/r.low, 0.08), 1.02)
	r.low, r.high = r.low/room, r.high*room
	return r
}

// ticks label 1x and the outermost places, as far as they do not come close to it on an
// axis of that width.
func (r changeRange) ticks(width vg.Length) plot.ConstantTicks {
	ticks := ratioTicks(r.low, r.high)
	first, last := -1, -1
	for i, t := range ticks {
		if t.Label == "" {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	for i, t := range ticks {
		one := math.Abs(t.Value-1) < 1e-9
		near := math.Abs(math.Log(t.Value))/math.Log(r.high/r.low)*float64(width) < 26
		if !one && (near || i != first && i != last) {
			ticks[i].Label = ""
		}
	}
	return ticks
}

// changesPanel is the changes under one load.
type changesPanel struct {
	c       summary.Comparison
	group   summary.ComparedGroup
	frame   runRows
	metrics []string
	ranges  map[string]changeRange
}

// chunks are the metrics that stand side by side at that width.
func (p changesPanel) chunks(width vg.Length) [][]string {
	return slices.Collect(slices.Chunk(p.metrics, fewTicks(width, 4)))
}

func (p changesPanel) panel() panel {
	chunkHeight := func(width vg.Length) vg.Length { return headHeight + p.frame.height(width) + axisHeight }
	return panel{
		height: func(width vg.Length) vg.Length {
			return headHeight + chunkHeight(width)*vg.Length(len(p.chunks(width)))
		},
		draw: func(canvas draw.Canvas) {
			width := canvas.Max.X - canvas.Min.X
			panelHead(canvas, summary.LoadText(p.group.Load), canvas.Max.X)
			for i, metrics := range p.chunks(width) {
				rows := draw.Crop(canvas, 0, 0, 0, -headHeight-chunkHeight(width)*vg.Length(i)-headHeight)
				p.drawChunk(rows, metrics)
			}
		},
	}
}

// drawChunk draws the columns of some metrics; their heads are above the canvas.
func (p changesPanel) drawChunk(rows draw.Canvas, metrics []string) {
	p.frame.drawFrame(rows)
	left := p.frame.data(rows)
	// Columns are as wide as if there were as many as go beside each other.
	column := (rows.Max.X - left) / vg.Length(fewTicks(rows.Max.X-rows.Min.X, 4))
	for i, metric := range metrics {
		from := left + column*vg.Length(i) + columnGap
		to := left + column*vg.Length(i+1) - columnGap/2
		head := boldStyle(8.5, ink)
		fillText(rows, head, from, rows.Max.Y+headHeight/2, shortenTo(inert.Line(metric), head, to-from))
		r := p.ranges[metric]
		axis := newPlot()
		axis.X.Min, axis.X.Max = r.low, r.high
		axis.X.Scale = plot.LogScale{}
		axis.X.Tick.Marker = r.ticks(to - from)
		axis.Add(changeMarks{p, rows, metric})
		p.frame.drawPlot(rows, axis, from, to, "times better (log)")
	}
}

// changeMarks draws the changes of one metric.
type changeMarks struct {
	changesPanel
	rows   draw.Canvas
	metric string
}

// Plot implements plot.Plotter.
func (m changeMarks) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	r := m.ranges[m.metric]
	for i, one := range m.frame.cases {
		for n, run := range m.frame.runs {
			y := m.frame.middle(m.rows, i, n)
			change, ok := m.c.Change(one.Case, m.metric, run)
			if !ok || change.Ratio.N == 0 {
				text := shortenTo(m.nothing(one, change, ok, run), keyStyle, c.Max.X-c.Min.X-2)
				fillText(c, keyStyle, c.Min.X+2, y, text)
				continue
			}
			bottom, top := m.frame.spanOfRun(m.rows, i, n)
			c.FillPolygon(tint(muted, 0.18), corners(vg.Rectangle{
				Min: vg.Point{X: x(inRange(r.band[0], p)), Y: bottom}, Max: vg.Point{X: x(inRange(r.band[1], p)), Y: top},
			}))
			c.StrokeLine2(draw.LineStyle{Color: muted, Width: vg.Points(1)}, x(1), bottom, x(1), top)
			drawChange(c, p, change, x, y)
		}
	}
}

// nothing says why there is no mark.
func (m changeMarks) nothing(one summary.ComparedCase, change verdict.Change, ok bool, run int) string {
	switch {
	case ok && change.Reason != "":
		return "not compared"
	case ok:
		return string(change.Outcome)
	case one.In[0] == nil:
		return "not in A"
	case one.In[run] == nil:
		return "not in " + summary.Letter(run)
	case slices.ContainsFunc(m.c.Changes[run-1].References, func(r verdict.Reference) bool { return r.Case == one.Case }):
		return "reference"
	}
	return summary.Unknown
}

// drawChange draws the interval with its ends, and the estimate.
func drawChange(c draw.Canvas, p *plot.Plot, change verdict.Change, x func(float64) vg.Length, y vg.Length) {
	hue, mark := changeStyle(change.Outcome)
	line := draw.LineStyle{Color: hue, Width: vg.Points(1.4)}
	ratio := change.Ratio
	if ratio.HasInterval() && ratio.Low > 0 && summary.Finite(ratio.High) {
		low, high := inRange(ratio.Low, p), inRange(ratio.High, p)
		c.StrokeLine2(line, x(low), y, x(high), y)
		drawEnd(c, line, x(low), y, low != ratio.Low, -1)
		drawEnd(c, line, x(high), y, high != ratio.High, 1)
	}
	if summary.Finite(ratio.Estimate) && ratio.Estimate > 0 {
		drawMark(c, mark, hue, vg.Point{X: x(inRange(ratio.Estimate, p)), Y: y})
	}
}
