package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// comparisonMarkdown is report.md of several runs: what became of each against the
// first, the figures side by side, the pictures, and what else is not the same.
func comparisonMarkdown(c summary.Comparison, pictures []plots.Picture, shown Format) ([]byte, error) {
	m := &markdown{}
	m.heading(1, c.Title())
	m.paragraph(fmt.Sprintf("**%s**: %s.", inert.Markdown(strings.ToUpper(cmp.Or(string(c.Outcome()), "undecided"))), inert.Markdown(comparisonCount(c))))
	lines := make([]string, len(c.Runs))
	for i := range c.Runs {
		lines[i] = runLine(c, i)
	}
	m.escaped(lines)
	for i, changes := range c.Changes {
		m.heading(2, fmt.Sprintf("A → %s: %s", summary.Letter(i+1), c.Names[i+1]))
		m.changesOf(changes)
	}
	m.comparedFigures(c)
	m.plots(pictures, shown)
	m.facts(c)
	m.list("Caveats", summary.CleanAll(c.Warnings), "")
	return m.out.Bytes(), m.err
}

// comparedFigures are the medians of every run side by side.
func (m *markdown) comparedFigures(c summary.Comparison) {
	m.heading(2, "Figures")
	axes := c.Axes()
	header, align := slices.Clone(axes), slices.Repeat(tw.Alignment{tw.AlignLeft}, len(axes)+2)
	header = append(header, "metric", "unit")
	for run := range c.Runs {
		header, align = append(header, summary.Letter(run)), append(align, tw.AlignRight)
	}
	for _, g := range c.ByLoad() {
		var rows [][]string
		for _, one := range g.Cases {
			for _, metric := range one.Metrics() {
				rows = append(rows, comparedFigures(axes, one, metric))
			}
		}
		m.paragraph("**" + inert.Markdown(summary.LoadText(g.Load)) + "**")
		m.table(header, align, rows)
	}
	m.paragraph(inert.Markdown(summary.Unknown + ": not measured; -: the run does not have the case; " + summary.AtLeast + ": the load generator was the bottleneck in most trials."))
}

// comparedFigures is a metric of a case in the cells of Markdown.
func comparedFigures(axes []string, one summary.ComparedCase, metric results.Metric) []string {
	var row []string
	for _, axis := range axes {
		row = append(row, inert.Markdown(one.Case.Value(axis)))
	}
	row = append(row, metric.Name, metric.Unit)
	for _, in := range one.In {
		cell := "-"
		if in != nil {
			cell = inert.Markdown(summary.FigureCell(metric.Name)(*in))
		}
		row = append(row, cell)
	}
	return row
}

// facts are what the runs say of themselves, where that is not the same.
func (m *markdown) facts(c summary.Comparison) {
	header, align := []string{"what differs"}, tw.Alignment{tw.AlignLeft}
	for i := range c.Runs {
		header, align = append(header, summary.Letter(i)), append(align, tw.AlignLeft)
	}
	var rows [][]string
	for _, fact := range c.Facts() {
		if !fact.Differ {
			continue
		}
		row := []string{inert.Markdown(fact.Name)}
		for _, value := range fact.Values {
			row = append(row, inert.Markdown(value))
		}
		rows = append(rows, row)
	}
	if len(rows) > 0 {
		m.heading(2, "Environment")
		m.table(header, align, rows)
	}
}
