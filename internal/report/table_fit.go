package report

import (
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/gwbench/gwbench/internal/summary"
)

// narrowing is the order in which columns go from a terminal too narrow for
// all of them. server CPU is the inverse of capacity, failed requests are
// listed beneath the table and bottlenecks beside the verdicts, so these are
// said elsewhere.
var narrowing = []string{"server CPU", "spread", "errors", "bottleneck", "p50", "target CPU", "front CPU", "capacity", "p99"}

// minimalAxis is how narrow the name of a case gets before a figure is
// dropped that is shown nowhere else: "per-request" still fits.
const minimalAxis = 11

// fit shortens and drops until the table is at most width columns wide, one
// step at a time, in this order: server CPU and spread are dropped; the
// bottleneck loses how frequent it was; errors are dropped; columns move
// together to a gap of one space; names of cases are cut to minimalAxis; the
// rest of narrowing is dropped; names are cut to what is left. No cut makes two
// names of a column the same, except where even that leaves no room. It
// returns the gap and the names of the columns it dropped.
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
		if !t.has(name) {
			continue
		}
		t.drop(name)
		dropped = append(dropped, name)
	}
	t.cutAxes(width, gap, 1)
	t.squeeze(width, gap)
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

func (t *table) has(name string) bool {
	return slices.ContainsFunc(t.columns, func(c column) bool { return !c.axis && c.head == name })
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
// fits or none may become narrower: each keeps that many cells at least, and
// as many as it takes to tell its names apart.
func (t *table) cutAxes(width, gap, least int) {
	stuck := map[int]bool{}
	for t.width(gap) > width {
		widest, at := least, -1
		widths := t.widths()
		for i, col := range t.columns {
			if col.axis && !stuck[i] && widths[i] > widest {
				widest, at = widths[i], i
			}
		}
		if at < 0 {
			return
		}
		stuck[at] = !t.cutColumn(at, max(least, widest-(t.width(gap)-width)), widest)
	}
}

// cutColumn cuts the names of a column to the least width from that on at
// which they stay distinct; ok is false where that is none below the present
// one.
func (t *table) cutColumn(at, width, present int) (ok bool) {
	var names []string
	for _, g := range t.groups {
		for _, row := range g.full {
			if !slices.Contains(names, row[at]) {
				names = append(names, row[at])
			}
		}
	}
	// Names that take more than this to tell apart are not worth the room.
	const further = 40
	for last := min(present, width+further); width < last; width++ {
		for _, cut := range []func(string, int) string{summary.Shorten, summary.ShortenMiddle} {
			if distinctWhen(names, func(name string) string { return cut(name, width) }) {
				t.setColumn(at, width, cut)
				return true
			}
		}
	}
	return false
}

// squeeze cuts name columns without regard to what becomes of the names.
func (t *table) squeeze(width, gap int) {
	for t.width(gap) > width {
		widest, at := 1, -1
		for i, w := range t.widths() {
			if t.columns[i].axis && w > widest {
				widest, at = w, i
			}
		}
		if at < 0 {
			return
		}
		t.setColumn(at, max(1, widest-(t.width(gap)-width)), summary.ShortenMiddle)
	}
}

func (t *table) setColumn(at, width int, cut func(string, int) string) {
	t.columns[at].head = summary.Shorten(t.columns[at].head, width)
	for _, g := range t.groups {
		for r, row := range g.rows {
			row[at] = cut(g.full[r][at], width)
		}
	}
}

func distinctWhen(names []string, changed func(string) string) bool {
	seen := map[string]bool{}
	for _, name := range names {
		c := changed(name)
		if seen[c] {
			return false
		}
		seen[c] = true
	}
	return true
}
