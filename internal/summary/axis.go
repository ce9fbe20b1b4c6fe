package summary

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// AxisChart is how one metric runs along an axis of numbers, such as the size of a
// body or the count of clients.
type AxisChart struct {
	Axis   string       // of cases: "request", "load"
	Series string       // what its values say before their numbers, inert: "down"; may be ""
	Load   results.Load // that drives the cases; the zero value where Axis is "load"
	XLabel string       // what the numbers are, with their unit
	Unit   string       // of the numbers: "clients", "B"; may be ""
	Metric results.Metric
	Says   string // what a declared trend says, inert; "" where none is
	Lines  []AxisLine
}

// AxisLine is the cases that agree on all axes but the chart's.
type AxisLine struct {
	Case   results.Case         // one of them: its values on all other axes are those of the line
	Points []AxisPoint          // at least one, by ascending number
	Trend  *verdict.TrendResult // declared and measured; nil where there is none
}

// AxisPoint is one case.
type AxisPoint struct {
	Case   results.Case
	X      float64
	Median float64        // over the valid trials
	Range  stats.Location // over the same, at 95 %
}

// intervalAlpha is the error rate of intervals that describe, as those of package
// verdict's parts and trends do.
const intervalAlpha = 0.05

// leastNumbers is how many numbers make an axis that no trend is declared along.
const leastNumbers = 3

// numberedAxes are those whose numbers mean something: names of servers end in
// numbers too, which are versions.
var numberedAxes = []string{"load", "application", "request"}

// axisMetrics are shown along every axis of numbers.
var axisMetrics = []string{"throughput", "capacity", "latency.p99"}

// AxisCharts are the trends that the scenario declares, in its order, and then
// throughput, capacity and the 99th percentile of latency along every axis that has
// three numbers or more and has not told the same already. Of these, a case that stands
// alone is no line.
func AxisCharts(d Data, cases []Case) []AxisChart {
	byID := map[string]Case{}
	for _, c := range cases {
		byID[c.Case.ID()] = c
	}
	charts := trendCharts(d, byID)
	declared := slices.Clone(charts)
	for _, axis := range numberedAxes {
		for _, name := range axisMetrics {
			told := slices.ContainsFunc(declared, func(c AxisChart) bool {
				return c.Axis == axis && (c.Metric.Name == name || name == "capacity" && c.Metric.Name == "server_cpu")
			})
			if told {
				continue
			}
			for _, chart := range axisCharts(d, cases, axis, name) {
				if chart.numbers() < leastNumbers {
					continue
				}
				if i := slices.IndexFunc(declared, func(c AxisChart) bool { return c.Axis == axis && c.Series == chart.Series }); i >= 0 {
					chart.XLabel, chart.Unit = declared[i].XLabel, declared[i].Unit
				}
				charts = append(charts, chart)
			}
		}
	}
	return charts
}

// trendCharts are those of the declared trends: one for each load and series.
func trendCharts(d Data, byID map[string]Case) []AxisChart {
	var charts []AxisChart
	var trends []string // of charts, by name
	for i, t := range d.Trends {
		metric, ok := results.LookupMetric(t.Trend.Metric)
		if !ok || len(t.Cases) == 0 || len(t.X) != len(t.Cases) {
			continue
		}
		line := AxisLine{Case: t.Cases[0]}
		for j, c := range t.Cases {
			line.add(byID[c.ID()], t.X[j], metric.Name)
		}
		if t.Blocks > 0 {
			line.Trend = &d.Trends[i]
		}
		chart := emptyChart(d, t.Cases[0], t.Trend.Along, metric)
		chart.Says = cmp.Or(inert.Line(t.Trend.Says), inert.Line(t.Trend.Name))
		if unit := inert.Line(t.Trend.Unit); unit != "" && chart.Axis != "load" {
			chart.Unit, chart.XLabel = unit, strings.TrimSpace(cmp.Or(chart.Series, chart.Axis)+" ("+unit+")")
		}
		at := slices.IndexFunc(charts, func(c AxisChart) bool { return c.same(chart) })
		if at < 0 || trends[at] != t.Trend.Name {
			charts, trends = append(charts, chart), append(trends, t.Trend.Name)
			at = len(charts) - 1
		}
		if len(line.Points) > 0 {
			charts[at].Lines = append(charts[at].Lines, line)
		}
	}
	return slices.DeleteFunc(charts, func(c AxisChart) bool { return len(c.Lines) == 0 })
}

// axisCharts are those of one metric along one axis.
func axisCharts(d Data, cases []Case, axis, name string) []AxisChart {
	metric, _ := results.LookupMetric(name)
	var charts []AxisChart
	for _, c := range cases {
		x, ok := axisNumber(c, axis)
		if !ok || !metric.Says(c.Load) {
			continue
		}
		chart := emptyChart(d, c.Case, axis, metric)
		at := slices.IndexFunc(charts, func(other AxisChart) bool { return other.same(chart) })
		if at < 0 {
			at = len(charts)
			charts = append(charts, chart)
		}
		lines := charts[at].Lines
		rest := c.Case.With(map[string]string{axis: ""})
		on := slices.IndexFunc(lines, func(l AxisLine) bool { return l.Case.With(map[string]string{axis: ""}) == rest })
		if on < 0 {
			on = len(lines)
			lines = append(lines, AxisLine{Case: c.Case})
		}
		lines[on].add(c, x, name)
		charts[at].Lines = lines
	}
	for i := range charts {
		charts[i].Lines = slices.DeleteFunc(charts[i].Lines, func(l AxisLine) bool { return l.numbers() < 2 })
	}
	return charts
}

// axisNumber is scenarios.Scenario's Number, from the plan alone: old runs have no
// scenario at hand.
func axisNumber(c Case, axis string) (float64, bool) {
	if axis == "load" {
		x := float64(c.Load.Clients) + c.Load.Rate // one of the two is zero
		return x, c.Load.Search == nil && stats.Usable(x)
	}
	return new(scenarios.Scenario).Number(axis, c.Case.Value(axis))
}

// emptyChart is the chart that a case belongs to.
func emptyChart(d Data, c results.Case, axis string, metric results.Metric) AxisChart {
	chart := AxisChart{Axis: axis, Metric: metric}
	load := d.Run.Plan.Loads[c.Load]
	if axis == "load" {
		chart.Unit, chart.XLabel = "req/s", "arrivals (req/s)"
		if load.Closed() {
			chart.Unit, chart.XLabel = "clients", "clients"
		}
		return chart
	}
	load.Name = cmp.Or(load.Name, c.Load)
	chart.Load = load
	chart.Series = inert.Line(new(scenarios.Scenario).Series(axis, c.Value(axis)))
	chart.XLabel = "number of the " + axis
	if chart.Series != "" {
		chart.XLabel = "N of " + axis + " " + ShortenMiddle(chart.Series, mostSeries) + "-N"
	}
	return chart
}

// mostSeries is how much of the name of a series the label of an axis shows.
const mostSeries = 24

// same tells whether both are one chart, whatever their lines.
func (c AxisChart) same(other AxisChart) bool {
	return c.Axis == other.Axis && c.Series == other.Series && c.Load.Name == other.Load.Name &&
		c.Metric.Name == other.Metric.Name && (c.Axis != "load" || c.Unit == other.Unit)
}

// add puts a case on the line, unless the metric is unknown of it.
func (l *AxisLine) add(c Case, x float64, metric string) {
	median, ok := c.Median(metric)
	if !ok || !Finite(x) {
		return
	}
	var values []float64
	for _, t := range c.Valid {
		if v, ok := t.Metrics[metric]; ok && Finite(v) {
			values = append(values, v)
		}
	}
	place, _ := slices.BinarySearchFunc(l.Points, x, func(p AxisPoint, x float64) int { return cmp.Compare(p.X, x) })
	l.Points = slices.Insert(l.Points, place, AxisPoint{Case: c.Case, X: x, Median: median, Range: stats.Locate(values, intervalAlpha)})
}

// numbers counts the different numbers on the longest line.
func (c AxisChart) numbers() int {
	most := 0
	for _, l := range c.Lines {
		most = max(most, l.numbers())
	}
	return most
}

func (l AxisLine) numbers() int {
	n := 0
	for i, p := range l.Points {
		if i == 0 || p.X != l.Points[i-1].X {
			n++
		}
	}
	return n
}

// LogX tells whether the numbers span more than two decades, so that a linear axis
// would push all but the greatest to one end.
func (c AxisChart) LogX() bool {
	return c.span(100, func(p AxisPoint) float64 { return p.X })
}

// LogY is the same of the metric, from a factor of twenty.
func (c AxisChart) LogY() bool {
	return c.span(20, func(p AxisPoint) float64 { return p.Median })
}

// span tells whether the values are all positive and span more than a factor.
func (c AxisChart) span(factor float64, of func(AxisPoint) float64) bool {
	low, high := 0.0, 0.0
	for _, l := range c.Lines {
		for _, p := range l.Points {
			v := of(p)
			if !stats.Usable(v) {
				return false
			}
			if high == 0 {
				low = v
			}
			low, high = min(low, v), max(high, v)
		}
	}
	return high > factor*low
}
