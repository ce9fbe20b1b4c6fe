package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// column is one column of the table of cases.
type column struct {
	head, unit string
	axis       bool // names the case: left-aligned, shortened rather than dropped
	cell       func(caseSummary) string
	metric     string                            // whose best value is set in bold; "" for none
	paint      func(s Style, cell string) string // colours what is drawn; nil for none
}

// table is the table of cases, ready to be drawn: cells are clean text.
type table struct {
	columns []column
	groups  []tableGroup
	spread  string // metric whose spread the last column shows
}

type tableGroup struct {
	load results.Load
	rows [][]string
	bold [][]bool
	full [][]string // the rows before anything was shortened or dropped
}

// newTable lays the cases out: one row per case in the order of the plan,
// grouped by load.
func newTable(d Data) table {
	cases := summarise(d)
	t := table{spread: spreadMetric(cases)}
	for _, axis := range caseAxes(d.Run.Plan) {
		t.columns = append(t.columns, column{head: axis, axis: true, cell: func(c caseSummary) string {
			return cmp.Or(inert.Line(c.Case.Value(axis)), unknown)
		}})
	}
	some, all := hasSearch(d.Run.Plan)
	if some {
		t.columns = append(t.columns, column{head: "saturation", unit: "req/s", cell: saturationCell, metric: "saturation"})
	}
	if !all {
		t.columns = append(t.columns, column{head: "throughput", unit: "req/s", cell: throughputCell, metric: "throughput"})
	}
	t.columns = append(
		t.columns,
		column{head: "capacity", unit: "req/cpu-s", cell: medianCell("capacity"), metric: "capacity"},
		column{head: "p50", unit: "ms", cell: medianCell("latency.p50"), metric: "latency.p50"},
		column{head: "p99", unit: "ms", cell: medianCell("latency.p99"), metric: "latency.p99"},
		column{head: "server CPU", unit: "us/req", cell: medianCell("server_cpu")},
	)
	if hasFronts(d.Run.Plan) {
		t.columns = append(
			t.columns,
			column{head: "target CPU", unit: "us/req", cell: medianCell("server_cpu.target")},
			column{head: "front CPU", unit: "us/req", cell: frontCell},
		)
	}
	t.columns = append(
		t.columns,
		column{head: "errors", unit: "%", cell: errorCell},
		column{head: "bottleneck", cell: bottleneckCell},
		column{head: "spread", unit: "%", cell: func(c caseSummary) string { return spreadCell(c.metrics[t.spread]) }},
	)
	for _, g := range byLoad(cases) {
		group := tableGroup{load: g.Load}
		for _, c := range g.Cases {
			row := make([]string, len(t.columns))
			for i, col := range t.columns {
				row[i] = col.cell(c)
			}
			group.rows, group.full = append(group.rows, row), append(group.full, slices.Clone(row))
		}
		group.bold = bestCells(t.columns, g)
		t.groups = append(t.groups, group)
	}
	return t
}

// spreadMetric is the metric whose spread the table shows: what was searched for
// where all loads search, else capacity, which holds even where the generator is
// the bottleneck, else throughput.
func spreadMetric(cases []caseSummary) string {
	if len(cases) > 0 && !slices.ContainsFunc(cases, func(c caseSummary) bool { return c.Load.Search == nil }) {
		return "saturation"
	}
	for _, c := range cases {
		if _, ok := c.metrics["capacity"]; ok {
			return "capacity"
		}
	}
	return "throughput"
}

func medianCell(metric string) func(caseSummary) string {
	return func(c caseSummary) string {
		v, ok := c.median(metric)
		if !ok {
			return unknown
		}
		return Significant(v)
	}
}

// atLeast marks a throughput that is a lower bound.
const atLeast = ">"

// throughputCell marks what the load generator was the limit of.
func throughputCell(c caseSummary) string {
	cell := medianCell("throughput")(c)
	if cell != unknown && c.Load.Search == nil && c.generatorBound() {
		return atLeast + cell
	}
	return cell
}

// frontCell has nothing to show where nothing stands between load and target.
func frontCell(c caseSummary) string {
	if c.Case.Front == results.NoFront || c.Case.Front == "" {
		return "-"
	}
	return medianCell("server_cpu.front")(c)
}

func errorCell(c caseSummary) string {
	share, ok := c.errorShare()
	if !ok {
		return unknown
	}
	return percent(share)
}

// bottleneckCell names the most frequent bottleneck, and how frequent it was
// where trials differ.
func bottleneckCell(c caseSummary) string {
	switch len(c.bottleneck) {
	case 0:
		return unknown
	case 1:
		return c.bottleneck[0].Name
	}
	return fmt.Sprintf("%s %d/%d", c.bottleneck[0].Name, c.bottleneck[0].N, len(c.Valid))
}

func spreadCell(s stats.Summary) string {
	if s.N < 2 || !finite(s.Spread) {
		return unknown
	}
	return percent(s.Spread)
}

// bestCells marks the best median of each metric within a load. A throughput
// under an open load is set by its rate, of some that are lower bounds nobody
// knows which is the highest, and what else a search saw is of a rate that differs
// from case to case, so none is best.
func bestCells(columns []column, g loadGroup) [][]bool {
	bold := make([][]bool, len(g.Cases))
	for i := range bold {
		bold[i] = make([]bool, len(columns))
	}
	for j, col := range columns {
		m, ok := results.LookupMetric(col.metric)
		if !ok || len(g.Cases) < 2 || !m.Says(g.Load) || g.Load.Search != nil && m.Load != "search" ||
			m.Load != "" && slices.ContainsFunc(g.Cases, caseSummary.generatorBound) {
			continue
		}
		best, at := math.Inf(-1), -1
		for i, c := range g.Cases {
			v, ok := c.median(col.metric)
			if !m.Higher {
				v = -v
			}
			if ok && v > best {
				best, at = v, i
			}
		}
		if at >= 0 {
			bold[at][j] = true
		}
	}
	return bold
}
