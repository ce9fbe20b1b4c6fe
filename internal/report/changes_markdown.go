package report

import (
	"cmp"
	"fmt"
	"io"

	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
)

// ChangesMarkdown writes a comparison of two runs as GitHub Markdown, for a pull
// request: what it came to, the table, in words what is not the same, and the
// caveats. Where much is the same, that part of the table is folded. An error
// is that of w.
func ChangesMarkdown(w io.Writer, c verdict.Changes) error {
	m := &markdown{}
	outcome := cmp.Or(inert.Line(string(c.Outcome)), "undecided")
	m.heading(2, fmt.Sprintf("gwbench compare: %s", outcome))
	m.changesOf(c)
	if m.err != nil {
		return m.err
	}
	_, err := w.Write(m.out.Bytes())
	return err
}

// changesOf is all of a comparison beneath its heading.
func (m *markdown) changesOf(c verdict.Changes) {
	m.paragraph(fmt.Sprintf("**%s**: %s", inert.Markdown(summary.ChangesCount(c)), inert.Markdown(summary.ChangesRuns(c))))
	m.paragraph(inert.Markdown(summary.Capital(summary.ChangesMethod(c))) + ".")
	var told, same []verdict.Change
	for _, change := range c.Changes {
		if change.Outcome == verdict.Same {
			same = append(same, change)
		} else {
			told = append(told, change)
		}
	}
	m.changes(c, told)
	m.escaped(changesInWords(c))
	m.section("Not compared", summary.ChangesReasons(c))
	if len(same) > 0 {
		m.fold(fmt.Sprintf("%s: the same", summary.Plural(len(same), "change")), func() { m.changes(c, same) })
	}
	if details := append(changesLegend(c, newChangesTable(c)), summary.ReferenceLines(c)...); len(details) > 0 {
		m.fold("Thresholds and references", func() { m.escaped(details) })
	}
	m.section("Only in one of the runs", summary.UnmatchedLines(c))
	m.section("Warnings", summary.ChangesWarnings(c))
}

// changes is a table of some of the changes.
func (m *markdown) changes(c verdict.Changes, some []verdict.Change) {
	if len(some) == 0 {
		return
	}
	axes := summary.ChangesAxes(c)
	l, r := tw.AlignLeft, tw.AlignRight
	var align tw.Alignment
	var header []string
	for _, axis := range axes {
		header, align = append(header, axis), append(align, l)
	}
	header = append(header, "metric", "base", "new", "change (%)", "interval (%)", "blocks", "verdict")
	align = append(align, l, r, r, r, r, r, l)
	var rows [][]string
	for _, change := range some {
		row := changeRow(axes, change)
		for i, cell := range row {
			row[i] = inert.Markdown(cell)
		}
		if change.Outcome == verdict.Worse {
			row[len(row)-1] = "**" + inert.Markdown(string(change.Outcome)) + "**"
		}
		rows = append(rows, row)
	}
	m.table(header, align, rows)
}

// escaped is a list of plain texts.
func (m *markdown) escaped(texts []string) {
	items := make([]string, len(texts))
	for i, text := range texts {
		items[i] = inert.Markdown(text)
	}
	m.items(items)
}

// section is a list of plain texts beneath a heading of lesser weight.
func (m *markdown) section(heading string, texts []string) {
	if len(texts) > 0 {
		m.paragraph("**" + heading + "**")
		m.escaped(texts)
	}
}
