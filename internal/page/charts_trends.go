package page

import (
	"math"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
)

// trendsChart is how metrics run along axes of numbers, with the interval of each case
// and the straight lines of declared trends. The panels of a metric have one scale.
func trendsChart(d summary.Data, cases []summary.Case) Chart {
	var chart Chart
	axes := summary.CaseAxes(d.Run.Plan)
	for _, group := range summary.AxisGroups(summary.AxisCharts(d, cases)) {
		y := valueAxis(group)
		for _, c := range summary.AxisParts(group) {
			panel := Panel{Title: strings.Join(slices.Concat([]string{c.Heading()}, c.Names), ", "), X: numberAxis(c.AxisChart), Y: y, Key: plots.LegendKey}
			for _, line := range c.Lines {
				s := caseSeries(line.Case, c.Axes)
				s.Axes = caseAxes(line.Case, slices.DeleteFunc(slices.Clone(axes), func(axis string) bool { return axis == c.Axis }))
				panel.addLine(s, line)
			}
			chart.add(panel)
		}
	}
	return chart
}

// addLine adds the medians of cases, their intervals where all have one, and the line
// that was fitted to them.
func (p *Panel) addLine(s Series, line summary.AxisLine) {
	var x, y []float64
	for _, at := range line.Points {
		if slices.Contains(x, Compact(at.X).rounded()) {
			continue // two cases of one number
		}
		x, y = append(x, Compact(at.X).rounded()), append(y, at.Median)
		if line.HasBand() {
			s.Low, s.High = append(s.Low, Compact(at.Range.Low)), append(s.High, Compact(at.Range.High))
		}
	}
	if ends, values, ok := line.Fit(); ok {
		s.Fit = &Fit{X: [2]Compact{Compact(ends[0]), Compact(ends[1])}, Y: [2]Compact{Compact(values[0]), Compact(values[1])}}
		s.Says = summary.TrendText(*line.Trend)
	}
	p.add(s, x, y)
}

// numberAxis names the numbers that were measured.
func numberAxis(c summary.AxisChart) Axis {
	axis := Axis{Label: c.XLabel, Unit: c.Unit, Scale: "linear"}
	if c.LogX() {
		axis.Scale = "log"
	} else {
		axis.Min = new(math.Min(c.Numbers()[0], 0))
	}
	if c.Unit == "B" {
		axis.Unit = "" // names have it
	}
	for _, x := range c.Numbers() {
		axis.Ticks = append(axis.Ticks, Tick{Compact(x), c.Number(x)})
	}
	return axis
}

// valueAxis spans the values of a group of charts: from 0 where it is linear.
func valueAxis(group []summary.AxisChart) Axis {
	metric := group[0].Metric
	axis := Axis{Label: metric.Name + " (" + metric.Unit + ")", Unit: metric.Unit, Scale: "linear"}
	low, high := math.Inf(1), math.Inf(-1)
	for _, c := range group {
		for _, l := range c.Lines {
			for _, p := range l.Points {
				low, high = math.Min(low, p.Median), math.Max(high, p.Median)
				if l.HasBand() {
					low, high = math.Min(low, p.Range.Low), math.Max(high, p.Range.High)
				}
			}
		}
	}
	if low > 0 && slices.ContainsFunc(group, summary.AxisChart.LogY) {
		axis.Scale = "log"
		low, high = low/1.1, high*1.1
	} else {
		low, high = math.Min(low, 0), math.Max(high, 0)
		high += 0.05 * (high - low)
	}
	if low < high && summary.Finite(low) && summary.Finite(high) {
		axis.Min, axis.Max = &low, &high
	}
	return axis
}
