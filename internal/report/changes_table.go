package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// newChangesTable lays the changes out: one row for each in the order of cases
// and metrics, grouped by load.
func newChangesTable(c verdict.Changes) table {
	var t table
	axes := slices.DeleteFunc(summary.ChangesAxes(c), func(axis string) bool { return axis == "load" })
	for _, axis := range axes {
		t.columns = append(t.columns, column{head: axis, axis: true})
	}
	t.columns = append(
		t.columns,
		column{head: "metric", axis: true},
		column{head: "base"}, column{head: "new"},
		column{head: "change", unit: "%"}, column{head: "interval", unit: "%"}, column{head: "blocks"},
		column{head: "verdict", paint: paintVerdict},
	)
	for _, change := range c.Changes {
		i := slices.IndexFunc(t.groups, func(g tableGroup) bool { return g.load.Name == change.New.Load })
		if i < 0 {
			i = len(t.groups)
			t.groups = append(t.groups, tableGroup{load: results.Load{Name: change.New.Load}})
		}
		g := &t.groups[i]
		row := changeRow(axes, change)
		g.rows, g.full = append(g.rows, row), append(g.full, slices.Clone(row))
		g.bold = append(g.bold, make([]bool, len(row)))
	}
	return t
}

// changeRow is a change in the cells of the table.
func changeRow(axes []string, change verdict.Change) []string {
	var row []string
	for _, axis := range axes {
		row = append(row, cmp.Or(inert.Line(summary.ChangeAxis(change, axis)), summary.Unknown))
	}
	row = append(row, inert.Line(change.Metric))
	row = append(row, summary.ChangeFigures(change)...)
	return append(row, verdictText(change.Outcome))
}

// verdictText sets what has to be seen in capitals.
func verdictText(o verdict.ChangeOutcome) string {
	if o == verdict.Worse {
		return strings.ToUpper(string(o))
	}
	return cmp.Or(inert.Line(string(o)), "undecided")
}

func paintVerdict(s Style, cell string) string {
	colour := changeColour(verdict.ChangeOutcome(strings.ToLower(cell)))
	if colour == "" {
		return cell
	}
	return s.paint(colour, cell)
}

// renderChanges draws the table of changes. Where the terminal is too narrow
// columns move together, names are cut to minimalAxis, and what the other
// columns tell is dropped: the blocks, the two figures, and the interval, which the
// sentences have.
func (t *table) renderChanges(s Style) ([]string, error) {
	if len(t.groups) == 0 {
		return nil, nil
	}
	gap := 2
	var dropped []string
	if width := s.tableWidth(); width > 0 && t.width(gap) > width {
		gap = 1
		t.cutAxes(width, gap, minimalAxis)
		for _, name := range []string{"blocks", "base", "new", "interval"} {
			if t.width(gap) > width {
				t.drop(name)
				dropped = append(dropped, name)
			}
		}
		t.cutAxes(width, gap, 1)
		t.squeeze(width, gap)
	}
	return t.draw(s, gap, dropped)
}

// changesLegend explains the table to someone who sees it for the first time.
func changesLegend(c verdict.Changes, t table) []string {
	var lines []string
	if text := summary.ChangesLegend(c); text != "" {
		lines = append(lines, text)
	}
	if len(c.Changes) > 0 && t.anyUnknown() {
		lines = append(lines, summary.Unknown+": unknown, not measured or not recorded.")
	}
	return lines
}
