package report

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
)

func (m *markdown) environment(d summary.Data) {
	e := d.Run.Environment
	text := func(s string) string { return cmp.Or(inert.Markdown(s), "unknown") }
	number := func(v int64, unit string) string {
		if v <= 0 {
			return "unknown"
		}
		return strings.TrimSpace(summary.Thousands(float64(v)) + " " + unit)
	}
	when := func(t time.Time) string {
		if t.IsZero() {
			return "unknown"
		}
		return t.UTC().Format(time.RFC3339)
	}
	rows := [][]string{
		{"run", text(d.Run.ID)},
		{"tool", text(d.Run.Tool)},
		{"started", when(d.Run.Start)},
		{"ended", when(d.Run.End)},
		{"scenario file", text(d.Run.Scenario.File)},
		{"CPU", text(e.CPU)},
		{"CPUs", number(int64(e.CPUs), "")},
		{"placement", text(summary.PlacementText(d.Run.Placement))},
		{"memory", number(e.MemoryMB, "MiB")},
		{"system", text(strings.Join([]string{e.OS, e.Kernel, e.Arch}, " "))},
		{"virtualisation", text(e.Virtual)},
		{"CPU governor", text(e.Governor)},
		{"Go", text(e.Go)},
		{"somaxconn", number(int64(e.Somaxconn), "")},
		{"port range", text(e.PortRange)},
		{"open files limit", number(e.FileLimit, "")},
	}
	for _, s := range d.Run.Targets {
		rows = append(rows, []string{"target " + text(s.Name), text(s.Version)})
	}
	for _, s := range d.Run.Fronts {
		rows = append(rows, []string{"front " + text(s.Name), text(s.Version)})
	}
	m.heading(2, "Environment")
	m.table([]string{"what", "value"}, tw.Alignment{tw.AlignLeft, tw.AlignLeft}, rows)
}

// mostListed bounds how many trials are listed one by one: the records hold
// them all.
const mostListed = 50

// disturbed lists the trials that were left out, and counts what disturbed
// the others.
func (m *markdown) disturbed(d summary.Data) {
	m.heading(2, "Disturbed trials")
	lines := summary.DisturbedLines(d)
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
	for _, t := range d.Trials {
		if t.Valid {
			continue
		}
		if len(rows) == mostListed {
			more++
			continue
		}
		rows = append(rows, []string{inert.Markdown(summary.CaseName(d.Run.Plan, t)), fmt.Sprint(t.Block), fmt.Sprint(t.Attempt), inert.Markdown(strings.Join(t.Invalid, "; "))})
	}
	if len(rows) == 0 {
		return
	}
	l, r := tw.AlignLeft, tw.AlignRight
	m.table([]string{"case", "block", "attempt", "why it is invalid"}, tw.Alignment{l, r, r, l}, rows)
	if more > 0 {
		m.paragraph(fmt.Sprintf("%s more are in the records.", summary.Plural(more, "invalid trial")))
	}
}
