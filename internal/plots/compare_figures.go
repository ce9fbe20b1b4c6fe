package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// Widths of the figures to the right of the data.
const (
	comparedFigures       = 128 * vg.Length(1)
	comparedFiguresNarrow = 62 * vg.Length(1)
)

func comparedThroughput(c summary.Comparison) (Picture, bool) {
	p, ok := comparedMetric(c, "throughput", func(l results.Load) bool { return l.Closed() })
	p.Title = titleOf(c, "throughput under closed load")
	return p, ok
}

func comparedSaturation(c summary.Comparison) (Picture, bool) {
	p, ok := comparedMetric(c, "saturation", func(l results.Load) bool { return l.Search != nil })
	p.Title = titleOf(c, "highest rate that holds")
	return p, ok
}

func comparedCapacity(c summary.Comparison) (Picture, bool) {
	p, ok := comparedMetric(c, "capacity", func(l results.Load) bool { return l.Search == nil })
	p.Title = titleOf(c, "responses for each second of server CPU time")
	return p, ok
}

// titleOf is what is shown of the runs' scenario.
func titleOf(c summary.Comparison, what string) string {
	return fmt.Sprintf("%s: %s, %s", summary.ScenarioName(c.Runs[0]), what, summary.Plural(len(c.Runs), "run"))
}

// comparedMetric shows the medians of a metric under the loads for which show is true; ok
// is false where no run knows any.
func comparedMetric(c summary.Comparison, metric string, show func(results.Load) bool) (p Picture, ok bool) {
	m, _ := results.LookupMetric(metric)
	groups := slices.DeleteFunc(c.ByLoad(), func(g summary.ComparedGroup) bool { return !show(g.Load) })
	_, high, known := comparedRange(groups, metric)
	if !known {
		return Picture{}, false
	}
	p = Picture{
		Name:     "compare-" + metric,
		subtitle: "Mark: median. Bar: the middle half of the trials (quartiles). Further right is better. To the right the median, and the change from A (" + c.Basis() + ").",
		Alt:      comparedAlt(c, groups, metric),
		notes:    append([]string{c.BasisNote()}, comparedNotes(c, groups, metric)...),
	}
	runs := allRuns(c)
	p.panels = append(p.panels, runLegend(c, runs))
	for i, frame := range newRunRows(c, groups, runs) {
		p.panels = append(p.panels, comparedPanel(groups[i], frame, func(width vg.Length) *plot.Plot {
			axis := newPlot()
			axis.X.Min, axis.X.Max = 0, roomFor(high)
			axis.X.Tick.Marker = stepTicks(0, axis.X.Max, fewTicks(width, 8))
			return axis
		}, comparedColumns{[]string{metric}, fmt.Sprintf("%s (%s)", metric, m.Unit), fmt.Sprintf("median (%s), change", m.Unit)}, c))
	}
	return p, true
}

// fewTicks are half as many where it is narrow.
func fewTicks(width vg.Length, most int) int {
	if narrow(width) {
		return most / 2
	}
	return most
}

// comparedLatency shows the 50th and the 99th percentile of all loads.
func comparedLatency(c summary.Comparison) (p Picture, ok bool) {
	groups := slices.DeleteFunc(c.ByLoad(), func(g summary.ComparedGroup) bool { return g.Load.Search != nil })
	low, high, known := comparedRange(groups, "latency.p50")
	low99, high99, known99 := comparedRange(groups, "latency.p99")
	if !known && !known99 {
		return Picture{}, false
	}
	if known99 && known {
		low, high = min(low, low99), max(high, high99)
	} else if known99 {
		low, high = low99, high99
	}
	low, high = logRange(math.Max(low, leastLatency), math.Min(math.Max(high, leastLatency), greatestLatency))
	p = Picture{
		Name:     "compare-latency",
		Title:    titleOf(c, "latency"),
		subtitle: "Mark: median latency. Upright line: 99th percentile. Bars: the middle half of the trials' figures (quartiles). Further left is better.",
		Alt:      comparedAlt(c, groups, "latency.p99"),
		notes:    []string{"Colour: protocol."},
	}
	runs := allRuns(c)
	p.panels = append(p.panels, runLegend(c, runs))
	for i, frame := range newRunRows(c, groups, runs) {
		p.panels = append(p.panels, comparedPanel(groups[i], frame, func(width vg.Length) *plot.Plot {
			axis := newPlot()
			axis.X.Min, axis.X.Max = low, high
			axis.X.Scale = plot.LogScale{}
			axis.X.Tick.Marker = fewerLabels(logTicks(low, high), fewTicks(width, 12))
			return axis
		}, comparedColumns{[]string{"latency.p50", "latency.p99"}, "latency (ms, log scale)", "p50, p99 (ms)"}, c))
	}
	return p, true
}

// Latencies beyond these (ms) lie at the edge: no axis is readable that spans more.
const (
	leastLatency    = 1e-6
	greatestLatency = 1e9
)

// fewerLabels takes every second label away until there are that many at most.
func fewerLabels(ticks plot.ConstantTicks, most int) plot.ConstantTicks {
	for {
		labelled := 0
		for _, t := range ticks {
			if t.Label != "" {
				labelled++
			}
		}
		if labelled <= most || labelled < 3 {
			return ticks
		}
		n := 0
		for i := range ticks {
			if ticks[i].Label == "" {
				continue
			}
			if n%2 == 1 {
				ticks[i].Label = ""
			}
			n++
		}
	}
}

// comparedRange spans the quartiles that any run knows.
func comparedRange(groups []summary.ComparedGroup, metric string) (low, high float64, known bool) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, g := range groups {
		for _, one := range g.Cases {
			for _, in := range one.In {
				if m, ok := metricOf(in, metric); ok {
					low, high, known = math.Min(low, m.Q1), math.Max(high, m.Q3), true
				}
			}
		}
	}
	return low, high, known
}

// metricOf is false where the run does not have the case, or does not know the metric.
func metricOf(in *summary.Case, metric string) (stats.Summary, bool) {
	if in == nil {
		return stats.Summary{}, false
	}
	m, ok := in.Metrics[metric]
	return m, ok && summary.Finite(m.Q1) && summary.Finite(m.Q3) && summary.Finite(m.Median)
}

// comparedAlt says of each later run how often it is better and worse, for those who do
// not see the picture; the table has the figures.
func comparedAlt(c summary.Comparison, groups []summary.ComparedGroup, metric string) string {
	what := summary.Capital(metric)
	if metric == "latency.p99" {
		what = "99th percentile of latency"
	}
	text := fmt.Sprintf("%s of each case in %s.", what, summary.Plural(len(c.Runs), "run"))
	for run := 1; run < len(c.Runs); run++ {
		n := map[string]int64{}
		for _, g := range groups {
			for _, one := range g.Cases {
				if change, ok := c.Change(one.Case, metric, run); ok {
					n[string(change.Outcome)]++
				}
			}
		}
		if len(n) > 0 {
			text += fmt.Sprintf(" %s against A: %s.", summary.Letter(run), summary.CountText(summary.SortedCounts(n), summary.MostKinds))
		}
	}
	return text
}

// comparedNotes says what the marks of changes mean, and what the colours do.
func comparedNotes(c summary.Comparison, groups []summary.ComparedGroup, metric string) []string {
	notes := []string{"Colour: protocol. Change from A: a triangle that points up is better, one that points down worse, a disc the same, a ring inconclusive."}
	for _, changes := range c.Changes {
		if slices.ContainsFunc(changes.Changes, func(change verdict.Change) bool { return change.Metric == metric && summary.WantsBlocks(change) }) {
			notes = append(notes, "In brackets: too few blocks for an interval.")
			break
		}
	}
	for _, g := range groups {
		for _, one := range g.Cases {
			for _, in := range one.In {
				if metric == "throughput" && in != nil && in.GeneratorBound() {
					return append(notes, summary.AtLeast+" where the load generator was the bottleneck in most trials: the server can do at least as much.")
				}
			}
		}
	}
	return notes
}

// comparedColumns are what a panel shows, and how its axis and its figures are called.
type comparedColumns struct {
	metrics       []string
	axis, figures string
}

// comparedPanel is one load: a legend of the columns, rows, axis and figures.
func comparedPanel(g summary.ComparedGroup, frame runRows, axis func(width vg.Length) *plot.Plot, columns comparedColumns, c summary.Comparison) panel {
	return panel{
		height: func(width vg.Length) vg.Length {
			height := headHeight + frame.height(width) + axisHeight
			if narrow(width) {
				height += lineHeight
			}
			return height
		},
		draw: func(canvas draw.Canvas) {
			width := canvas.Max.X - canvas.Min.X
			room, top := comparedFigures, headHeight
			key := textStyle(8.5, muted)
			if narrow(width) {
				room, top = comparedFiguresNarrow, headHeight+lineHeight
				panelHead(canvas, summary.LoadText(g.Load), canvas.Max.X)
				key.XAlign = draw.XRight
				fillText(canvas, key, canvas.Max.X, canvas.Max.Y-headHeight-lineHeight/2, columns.figures)
			} else {
				panelHead(canvas, summary.LoadText(g.Load), canvas.Max.X-room)
				fillText(canvas, key, canvas.Max.X-room, canvas.Max.Y-headHeight/2, columns.figures)
			}
			rows := draw.Crop(canvas, 0, 0, 0, -top)
			frame.drawFrame(rows)
			p := axis(width)
			p.Add(comparedMarks{frame, rows, columns.metrics, canvas.Max.X - room, c})
			frame.drawPlot(rows, p, frame.data(rows)+columnGap, canvas.Max.X-room-columnGap, columns.axis)
		},
	}
}

// comparedMarks draws the figures of each run of each case in its row.
type comparedMarks struct {
	frame    runRows
	rows     draw.Canvas // of the frame, whose places are those of the plot
	metrics  []string    // the first has the run's mark, others an upright line
	figuresX vg.Length
	c        summary.Comparison
}

// Plot implements plot.Plotter.
func (m comparedMarks) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	m.frame.drawTicks(m.rows, p, x)
	for i, one := range m.frame.cases {
		hue := protocolColour(one.Case.Protocol)
		light := tint(hue, 0.35)
		for n, run := range m.frame.runs {
			y := m.frame.middle(m.rows, i, n)
			in := one.In[run]
			first, known := metricOf(in, m.metrics[0])
			if !known {
				fillText(c, keyStyle, c.Min.X+2, y, absent(in))
				continue
			}
			last := first
			for _, metric := range m.metrics {
				v, ok := metricOf(in, metric)
				if !ok {
					continue
				}
				last = v
				const half = 3
				box := vg.Rectangle{Min: vg.Point{X: x(inRange(v.Q1, p)), Y: y - half}, Max: vg.Point{X: x(inRange(v.Q3, p)), Y: y + half}}
				c.FillPolygon(light, corners(box))
			}
			from, to := x(inRange(first.Median, p)), x(inRange(last.Median, p))
			if len(m.metrics) > 1 {
				line := draw.LineStyle{Color: hue, Width: vg.Points(1)}
				c.StrokeLine2(line, from, y, to, y)
				line.Width = vg.Points(1.6)
				c.StrokeLine2(line, to, y-4, to, y+4)
			}
			drawMark(c, runMark(run), hue, vg.Point{X: from, Y: y})
			m.drawFigures(c, one, run, y)
		}
	}
}

// drawFigures writes the medians, and what became of the first of them where there is
// one only.
func (m comparedMarks) drawFigures(c draw.Canvas, one summary.ComparedCase, run int, y vg.Length) {
	bold := boldStyle(8.5, ink)
	wide := !narrow(m.rows.Max.X - m.rows.Min.X)
	text := func(metric string) string { return summary.FigureCell(metric)(*one.In[run]) }
	if len(m.metrics) > 1 {
		room := (m.rows.Max.X - m.figuresX) / 2
		for i, metric := range m.metrics {
			style := textStyle(8.5, muted)
			if i == 0 {
				style = bold
			}
			fillText(c, style, m.figuresX+room*vg.Length(i), y, shortenTo(text(metric), style, room))
		}
		return
	}
	value := text(m.metrics[0])
	end := m.rows.Max.X - 12
	if wide {
		end = m.figuresX + 50
	}
	fillText(c, bold, m.figuresX, y, shortenTo(value, bold, end-m.figuresX))
	change, ok := m.c.Change(one.Case, m.metrics[0], run)
	if !ok {
		return
	}
	hue, mark := changeStyle(change.Outcome)
	drawMark(c, mark, hue, vg.Point{X: end + 6, Y: y})
	if wide {
		text := summary.ChangeText(change)
		if summary.WantsBlocks(change) {
			text = "(" + text + ")"
		}
		fillText(c, textStyle(8.5, muted), end+14, y, shortenTo(text, rowStyle, m.rows.Max.X-end-14))
	}
}

// changeStyle is the colour and the mark of what became of a figure; the mark alone tells
// them apart too.
func changeStyle(o verdict.ChangeOutcome) (color.Color, draw.GlyphDrawer) {
	switch o {
	case verdict.Better:
		hue, _ := outcomeStyle(verdict.Supported)
		return hue, draw.PyramidGlyph{}
	case verdict.Worse:
		hue, _ := outcomeStyle(verdict.Refuted)
		return hue, fallGlyph{}
	case verdict.Same:
		return ink, draw.CircleGlyph{}
	}
	return outcomeStyle(verdict.Inconclusive)
}

// fallGlyph is a filled triangle that points down.
type fallGlyph struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (fallGlyph) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	r := style.Radius
	side, rise := r*0.9, r*0.5
	c.SetColor(style.Color)
	var path vg.Path
	path.Move(vg.Point{X: at.X - side, Y: at.Y + rise})
	path.Line(vg.Point{X: at.X + side, Y: at.Y + rise})
	path.Line(vg.Point{X: at.X, Y: at.Y - r})
	path.Close()
	c.Fill(path)
}
