package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
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
	axes := slices.DeleteFunc(changesAxes(c), func(axis string) bool { return axis == "load" })
	for _, axis := range axes {
		t.columns = append(t.columns, column{head: axis, axis: true})
	}
	t.columns = append(
		t.columns,
		column{head: "metric", axis: true},
		column{head: "base"}, column{head: "new"},
		column{head: "change", unit: "%"}, column{head: "interval", unit: "%"},
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
		row = append(row, cmp.Or(inert.Line(axisText(change, axis)), summary.Unknown))
	}
	row = append(row, inert.Line(change.Metric))
	row = append(row, changeFigures(change)...)
	return append(row, verdictText(change.Outcome))
}

// axisText is a case's value, or both where two cases of one run are compared.
func axisText(change verdict.Change, axis string) string {
	base, next := change.Base.Value(axis), change.New.Value(axis)
	if base == next {
		return next
	}
	return base + " -> " + next
}

// changeFigures are base, new, change and interval.
func changeFigures(change verdict.Change) []string {
	show := func(v float64, blocks int) string {
		if change.Metric == verdict.Errors && blocks > 0 {
			return summary.Percent(v) + "%"
		}
		return figureText(v, blocks > 0 || v > 0)
	}
	estimate, low, high := change.Relative()
	figures := []string{show(change.BaseMedian, change.BaseBlocks), show(change.NewMedian, change.NewBlocks), "", ""}
	if change.Ratio.N > 0 {
		figures[2] = signed(estimate, math.Round)
	}
	if change.Ratio.HasInterval() {
		figures[3] = fmt.Sprintf("[%s, %s]", signed(low, math.Floor), signed(high, math.Ceil))
	}
	return figures
}

// signed writes a relative change in percent with its sign: +12.1, -8.0, 0.0.
func signed(v float64, round func(float64) float64) string {
	// A hair is taken off, so that the rounding of a logarithm is no digit.
	tenths := round(math.Round(v*1e9) / 1e6)
	if !summary.Finite(tenths) {
		return summary.Unknown
	}
	if tenths == 0 {
		return "0.0"
	}
	sign := "+"
	if tenths < 0 {
		sign = "-"
	}
	return sign + strconv.FormatFloat(math.Abs(tenths)/10, 'f', 1, 64)
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
// columns tell is dropped: the two figures, and the interval, which the
// sentences have.
func (t *table) renderChanges(s Style) ([]string, error) {
	if len(t.groups) == 0 {
		return nil, nil
	}
	gap := 2
	var dropped []string
	if s.Width > 0 && t.width(gap) > s.Width {
		gap = 1
		t.cutAxes(s.Width, gap, minimalAxis)
		for _, name := range []string{"base", "new", "interval"} {
			if t.width(gap) > s.Width {
				t.drop(name)
				dropped = append(dropped, name)
			}
		}
		t.cutAxes(s.Width, gap, 1)
		t.squeeze(s.Width, gap)
	}
	return t.draw(s, gap, dropped)
}

// changesLegend explains the table to someone who sees it for the first time.
func changesLegend(c verdict.Changes, t table) []string {
	if len(c.Changes) == 0 {
		return nil
	}
	var thresholds, metrics []string
	for _, change := range c.Changes {
		if change.Metric == verdict.Errors || slices.Contains(metrics, change.Metric) {
			continue
		}
		metrics = append(metrics, change.Metric)
		thresholds = append(thresholds, fmt.Sprintf("%s %s%%", inert.Line(change.Metric), summary.TrimFloat(change.Threshold*100)))
	}
	change := "change: from base to new, which are medians, with its interval"
	switch c.Method {
	case verdict.Normalised:
		change = "change: of each case next to the reference, with its interval; base and new are the medians themselves"
	case verdict.Paired:
		change = "change: within the blocks of the run, with its interval; base and new are medians"
	}
	lines := []string{change + ". A change counts from its threshold on: " + strings.Join(thresholds, ", ") + "."}
	if len(thresholds) == 0 {
		lines = nil
	}
	if t.anyUnknown() {
		lines = append(lines, summary.Unknown+": unknown, not measured or not recorded.")
	}
	return lines
}
