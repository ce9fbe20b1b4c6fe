package report

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
)

// trendLines is the block of trends: a sentence for each group of cases, and
// what limits it.
func trendLines(d summary.Data, s Style) []string {
	if len(d.Trends) == 0 {
		return nil
	}
	lines := []string{s.bold("Trends", true)}
	for _, t := range d.Trends {
		lines = append(lines, s.wrap("  ", summary.TrendText(t))...)
		for _, w := range summary.CleanAll(t.Warnings) {
			lines = append(lines, s.wrap("    ", "Warning: "+w)...)
		}
	}
	return lines
}

// trends has one table, since slopes of one trend are there to be compared.
func (m *markdown) trends(d summary.Data) {
	if len(d.Trends) == 0 {
		return
	}
	m.heading(2, "Trends")
	var rows [][]string
	var warnings []string
	for _, t := range d.Trends {
		says := cmp.Or(inert.Line(t.Trend.Says), inert.Line(t.Trend.Name), summary.Unknown)
		about := says
		if group := inert.Line(t.Group); group != "" {
			about += " (" + group + ")"
		}
		for _, w := range summary.CleanAll(t.Warnings) {
			warnings = append(warnings, inert.Markdown(about+": warning: "+w))
		}
		if t.Blocks == 0 {
			continue
		}
		slope, bounds, r2 := summary.Significant(t.Slope.Estimate), "no interval", summary.Unknown
		if t.Slope.HasInterval() {
			bounds = verdict.Interval(t.Slope.Low, t.Slope.High)
		}
		if t.R2 != nil {
			r2 = fmt.Sprintf("%.3f", math.Floor(*t.R2*1000)/1000) // never rounded up to 1
		}
		step := strings.TrimSpace(summary.TrimFloat(t.Trend.Per) + " " + cmp.Or(inert.Line(t.Trend.Unit), "of "+inert.Line(t.Trend.Along)))
		rows = append(rows, []string{
			inert.Markdown(says), inert.Markdown(cmp.Or(inert.Line(t.Group), "all")), inert.Markdown(t.Trend.Metric),
			inert.Markdown(slope + " " + t.Unit), inert.Markdown(bounds), inert.Markdown(step),
			inert.Markdown(summary.Significant(t.Intercept.Estimate) + " " + t.Unit), r2, fmt.Sprint(t.Blocks),
		})
	}
	if len(rows) > 0 {
		l, r := tw.AlignLeft, tw.AlignRight
		m.table([]string{"trend", "cases", "metric", "slope", "95% interval", "per", "at 0", "R2", "blocks"},
			tw.Alignment{l, l, l, r, r, l, r, r, r}, rows)
	}
	m.items(warnings)
}
