package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// column is one column of the table of cases.
type column struct {
	head, unit string
	axis       bool // names the case: left-aligned, shortened rather than dropped
	cell       func(summary.Case) string
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

// wideColumns are those that only a wide table has, by the column that they follow.
var wideColumns = map[string][]column{
	"p50": {{head: "p90", unit: "ms", cell: summary.FigureCell("latency.p90")}},
	"p99": {
		{head: "p99.9", unit: "ms", cell: summary.FigureCell("latency.p99_9")},
		{head: "max", unit: "ms", cell: summary.FigureCell("latency.max")},
	},
	"server CPU": {
		{head: "user CPU", unit: "us/req", cell: summary.UserCPUCell},
		{head: "system CPU", unit: "us/req", cell: summary.SystemCPUCell},
	},
	"errors": {
		{head: "client CPU", unit: "us/req", cell: summary.FigureCell("client_cpu")},
		{head: "sent", unit: "B/req", cell: summary.FigureCell("bytes_sent")},
		{head: "received", unit: "B/req", cell: summary.FigureCell("bytes_received")},
		{head: "dials", unit: "conn/req", cell: summary.FigureCell("dials")},
		{head: "memory", unit: "MiB", cell: summary.FigureCell("server_rss")},
	},
	"spread": {{head: "valid", unit: "trials", cell: validCell}},
}

// validCell is "10 of 11".
func validCell(c summary.Case) string {
	return fmt.Sprintf("%d of %d", len(c.Valid), len(c.Valid)+c.Invalid)
}

// widened are columns with those of wideColumns among them.
func widened(columns []column) (all []column) {
	for _, c := range columns {
		all = append(all, c)
		if !c.axis {
			all = append(all, wideColumns[c.head]...)
		}
	}
	return all
}

// newTable lays the cases out: one row per case in the order of the plan,
// grouped by load; a wide one has all columns.
func newTable(d summary.Data, wide bool) table {
	cases := summary.Cases(d)
	t := table{spread: summary.SpreadMetric(cases)}
	for _, axis := range summary.CaseAxes(d.Run.Plan) {
		t.columns = append(t.columns, column{head: axis, axis: true, cell: func(c summary.Case) string {
			return cmp.Or(inert.Line(c.Case.Value(axis)), summary.Unknown)
		}})
	}
	some, all := summary.HasSearch(d.Run.Plan)
	if some {
		t.columns = append(t.columns, column{head: "saturation", unit: "req/s", cell: summary.FigureCell("saturation"), metric: "saturation"})
	}
	if !all {
		t.columns = append(t.columns, column{head: "throughput", unit: "req/s", cell: summary.FigureCell("throughput"), metric: "throughput"})
	}
	t.columns = append(
		t.columns,
		column{head: "capacity", unit: "req/cpu-s", cell: summary.FigureCell("capacity"), metric: "capacity"},
		column{head: "p50", unit: "ms", cell: summary.FigureCell("latency.p50"), metric: "latency.p50"},
		column{head: "p99", unit: "ms", cell: summary.FigureCell("latency.p99"), metric: "latency.p99"},
		column{head: "server CPU", unit: "us/req", cell: summary.FigureCell("server_cpu")},
	)
	if summary.HasFronts(d.Run.Plan) {
		t.columns = append(
			t.columns,
			column{head: "target CPU", unit: "us/req", cell: summary.FigureCell("server_cpu.target")},
			column{head: "front CPU", unit: "us/req", cell: summary.FigureCell("server_cpu.front")},
		)
	}
	t.columns = append(
		t.columns,
		column{head: "errors", unit: "%", cell: summary.ErrorCell},
		column{head: "bottleneck", cell: summary.BottleneckCell},
		column{head: "spread", unit: "%", cell: func(c summary.Case) string { return summary.SpreadCell(c.Metrics[t.spread]) }},
	)
	if wide {
		t.columns = widened(t.columns)
	}
	for _, g := range summary.ByLoad(cases) {
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

// bestCells marks the best median of each metric within a load.
func bestCells(columns []column, g summary.Group) [][]bool {
	bold := make([][]bool, len(g.Cases))
	for i := range bold {
		bold[i] = make([]bool, len(columns))
	}
	for j, col := range columns {
		for i, best := range g.Best(col.metric) {
			bold[i][j] = best
		}
	}
	return bold
}
