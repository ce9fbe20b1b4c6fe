package report

import (
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// narrowing is the order in which columns go from a terminal too narrow for
// all of them. server CPU is the inverse of capacity, and failed requests are
// listed beneath the table, so both are said elsewhere.
var narrowing = []string{"server CPU", "spread", "errors", "bottleneck", "p50", "capacity", "p99"}

// minimalAxis is how narrow the name of a case gets before a figure is
// dropped that is shown nowhere else: "per-request" still fits.
const minimalAxis = 11

// fit shortens and drops until the table is at most width columns wide, one
// step at a time, in this order: server CPU and spread are dropped; the
// bottleneck loses how frequent it was; errors are dropped; columns move
// together to a gap of one space; names of cases are cut to minimalAxis; the
// rest of narrowing is dropped; names are cut to what is left. It returns the
// gap and the names of the columns it dropped.
func (t *table) fit(width int) (gap int, dropped []string) {
	gap = 2
	if width <= 0 {
		return gap, nil
	}
	for _, name := range narrowing {
		switch name {
		case "errors":
			if t.width(gap) > width {
				t.shortenBottleneck()
			}
		case "bottleneck":
			if t.width(gap) > width {
				gap = 1
			}
			t.cutAxes(width, gap, minimalAxis)
		}
		if t.width(gap) <= width {
			return gap, dropped
		}
		t.drop(name)
		dropped = append(dropped, name)
	}
	t.cutAxes(width, gap, 1)
	return gap, dropped
}

// shortenBottleneck keeps the name only.
func (t *table) shortenBottleneck() {
	i := slices.IndexFunc(t.columns, func(c column) bool { return !c.axis && c.head == "bottleneck" })
	for _, g := range t.groups {
		for _, row := range g.rows {
			row[i], _, _ = strings.Cut(row[i], " ")
		}
	}
}

// widths measures the columns in terminal cells.
func (t *table) widths() []int {
	w := make([]int, len(t.columns))
	for i, col := range t.columns {
		w[i] = max(twwidth.Width(col.head), twwidth.Width(col.unit))
	}
	for _, g := range t.groups {
		for _, row := range g.rows {
			for i, cell := range row {
				w[i] = max(w[i], twwidth.Width(cell))
			}
		}
	}
	return w
}

func (t *table) width(gap int) int {
	total := gap * (len(t.columns) - 1)
	for _, w := range t.widths() {
		total += w
	}
	return total
}

func (t *table) drop(name string) {
	i := slices.IndexFunc(t.columns, func(c column) bool { return !c.axis && c.head == name })
	t.columns = slices.Delete(t.columns, i, i+1)
	for _, g := range t.groups {
		for r := range g.rows {
			g.rows[r] = slices.Delete(g.rows[r], i, i+1)
			g.bold[r] = slices.Delete(g.bold[r], i, i+1)
		}
	}
}

// cutAxes shortens the widest name column, again and again, until the table
// fits or every one is at its least width.
func (t *table) cutAxes(width, gap, least int) {
	for t.width(gap) > width {
		widest, at := least, -1
		widths := t.widths()
		for i, col := range t.columns {
			if col.axis && widths[i] > widest {
				widest, at = widths[i], i
			}
		}
		if at < 0 {
			return
		}
		t.cutColumn(at, max(least, widest-(t.width(gap)-width)))
	}
}

func (t *table) cutColumn(at, width int) {
	t.columns[at].head = shorten(t.columns[at].head, width)
	for _, g := range t.groups {
		for _, row := range g.rows {
			row[at] = shorten(row[at], width)
		}
	}
}

// shorten cuts text to that many terminal cells, the last of which is then an
// ellipsis.
func shorten(s string, width int) string {
	if twwidth.Width(s) <= width {
		return s
	}
	total := 0
	for i, r := range s {
		total += twwidth.Width(string(r))
		if total > width-1 {
			return s[:i] + "…"
		}
	}
	return s
}
