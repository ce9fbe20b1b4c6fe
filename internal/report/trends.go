package report

import (
	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
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
	rows := summary.TrendRows(d.Trends)
	for _, row := range rows {
		for i, cell := range row {
			row[i] = inert.Markdown(cell)
		}
	}
	if len(rows) > 0 {
		var header []string
		var align tw.Alignment
		for _, c := range summary.TrendColumns {
			side := tw.AlignLeft
			if c.Number {
				side = tw.AlignRight
			}
			header, align = append(header, c.Head), append(align, side)
		}
		m.table(header, align, rows)
	}
	m.escaped(summary.TrendCaveats(d.Trends))
}
