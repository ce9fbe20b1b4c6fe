package report

import (
	"fmt"

	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
)

// noise is how quiet the machine was: drift, and what was
// measured in each trial.
func (m *markdown) noise(d summary.Data) {
	drifts, figures := verdict.Drifts(d.Run.Plan, d.Trials), summary.NoiseFigures(d)
	if len(drifts) == 0 && len(figures) == 0 {
		return
	}
	var items []string
	for _, drift := range drifts {
		items = append(items, inert.Markdown(fmt.Sprintf("Drift of all cases alike, over %s: %s.", summary.Plural(drift.Blocks, "block"), drift)))
	}
	if len(figures) > 0 {
		items = append(items, inert.Markdown(summary.HostText(d)))
	}
	m.items(items)
	if len(figures) == 0 {
		return
	}
	var rows [][]string
	for _, f := range figures {
		rows = append(rows, []string{inert.Markdown(f.Name), inert.Markdown(f.About), inert.Markdown(f.Show(f.Summary.Median)), inert.Markdown(f.Show(f.Worst())), fmt.Sprint(f.Summary.N)})
	}
	l, r := tw.AlignLeft, tw.AlignRight
	m.table([]string{"per trial", "what", "median", "worst", "trials"}, tw.Alignment{l, l, r, r, r}, rows)
}
