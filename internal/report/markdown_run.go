package report

import (
	"fmt"
	"strings"

	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
)

func (m *markdown) environment(d summary.Data) {
	var rows [][]string
	for _, fact := range summary.EnvironmentFacts(d) {
		rows = append(rows, []string{inert.Markdown(fact.Name), inert.Markdown(fact.Text)})
	}
	m.table([]string{"what", "value"}, tw.Alignment{tw.AlignLeft, tw.AlignLeft}, rows)
}

// mostListed bounds how many trials are listed one by one: the records hold
// them all.
const mostListed = 50

// noted lists the trials that were left out, and counts what the notes of the others
// are.
func (m *markdown) noted(d summary.Data) {
	m.heading(2, "Invalid, disturbed and noted trials")
	lines := summary.TrialLines(d)
	if len(lines) == 0 {
		m.paragraph("None.")
		return
	}
	escaped := make([]string, len(lines))
	for i, line := range lines {
		escaped[i] = inert.Markdown(line)
	}
	m.items(escaped)
	var rows [][]string
	more := 0
	for _, t := range summary.InState(d.Trials, summary.TrialInvalid) {
		if len(rows) == mostListed {
			more++
			continue
		}
		rows = append(rows, []string{inert.Markdown(summary.CaseName(d.Run.Plan, t)), fmt.Sprint(t.Block), fmt.Sprint(t.Attempt), inert.Markdown(strings.Join(t.Invalid, "; "))})
	}
	if len(rows) == 0 {
		return
	}
	m.fold(summary.Plural(len(rows)+more, "invalid trial"), func() {
		l, r := tw.AlignLeft, tw.AlignRight
		m.table([]string{"case", "block", "attempt", "why it is invalid"}, tw.Alignment{l, r, r, l}, rows)
		if more > 0 {
			m.paragraph(fmt.Sprintf("%s more are in the records.", summary.Plural(more, "invalid trial")))
		}
	})
}
