package page

import (
	"fmt"
	"html/template"
	"slices"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// figureColumn is a column of figures in the table of cases.
type figureColumn struct {
	Column
	cell   func(summary.Case) string // as other tables show it
	value  func(summary.Case) (v float64, ok bool)
	metric string // whose best value is marked; "" for none
}

// metricColumn shows the median of a metric.
func metricColumn(head, unit, metric string) figureColumn {
	return figureColumn{
		Column: numberColumn(head, unit), cell: summary.FigureCell(metric), metric: metric,
		value: func(c summary.Case) (float64, bool) { return c.Median(metric) },
	}
}

// figureColumns are those of the table of cases, in its order.
func (r *report) figureColumns() []figureColumn {
	var columns []figureColumn
	some, all := summary.HasSearch(r.Run.Plan)
	if some {
		columns = append(columns, metricColumn("saturation", "req/s", "saturation"))
	}
	if !all {
		columns = append(columns, metricColumn("throughput", "req/s", "throughput"))
	}
	columns = append(
		columns,
		metricColumn("capacity", "req/cpu-s", "capacity"),
		metricColumn("p50", "ms", "latency.p50"),
		metricColumn("p90", "ms", "latency.p90"),
		metricColumn("p99", "ms", "latency.p99"),
		metricColumn("p99.9", "ms", "latency.p99_9"),
		metricColumn("server CPU", "us/req", "server_cpu"),
	)
	if summary.HasFronts(r.Run.Plan) {
		columns = append(
			columns,
			metricColumn("target CPU", "us/req", "server_cpu.target"),
			metricColumn("front CPU", "us/req", "server_cpu.front"),
		)
	}
	columns = append(columns, metricColumn("client CPU", "us/req", "client_cpu"))
	return append(
		columns,
		figureColumn{Column: numberColumn("errors", "%"), cell: summary.ErrorCell, value: func(c summary.Case) (float64, bool) {
			share, ok := c.ErrorShare()
			return 100 * share, ok
		}},
	)
}

// marksBest tells of which metrics the best value is marked: CPU time of server and
// generator is capacity the other way round, or nobody's merit.
func (f figureColumn) marksBest() bool {
	switch f.metric {
	case "saturation", "throughput", "capacity", "latency.p50", "latency.p90", "latency.p99", "latency.p99_9":
		return true
	}
	return false
}

// casesTable lists all cases in one table, which sorts and filters.
func (r *report) casesTable() (template.HTML, error) {
	if len(r.cases) == 0 {
		return "<p>No cases: there is nothing to show.</p>", nil
	}
	columns, spread := r.figureColumns(), summary.SpreadMetric(r.cases)
	t := Table{ID: "cases-table", Caption: "Medians over the valid trials of each case", Sortable: true, Filters: true, Cards: true, Dense: true}
	for _, axis := range r.axes {
		t.Head = append(t.Head, textColumn(axis))
	}
	t.Head = append(t.Head, textColumn("load"))
	for _, c := range columns {
		t.Head = append(t.Head, c.Column)
	}
	t.Head = append(t.Head, textColumn("bottleneck"), numberColumn("spread", "%"), numberColumn("valid", "trials"))
	for i, g := range summary.ByLoad(r.cases) {
		best := map[string][]bool{}
		for _, c := range columns {
			if c.marksBest() {
				best[c.metric] = g.Best(c.metric)
			}
		}
		for j, c := range g.Cases {
			row := Row{Attrs: AxisAttrs(c.Case, results.Varying(r.Run.Plan.Cases)), Cells: r.caseCells(c)}
			if i > 0 && j == 0 {
				row.Class = "group"
			}
			for _, col := range columns {
				v, ok := col.value(c)
				cell := numberCell(col.cell(c), v, ok)
				if marked := best[col.metric]; marked != nil && marked[j] {
					cell.Class, cell.Said = "number best", "best"
				}
				row.Cells = append(row.Cells, cell)
			}
			s := c.Metrics[spread]
			trials := len(c.Valid) + c.Invalid
			row.Cells = append(
				row.Cells,
				Cell{Text: summary.BottleneckCell(c), Class: "wraps"},
				numberCell(summary.SpreadCell(s), 100*s.Spread, s.N >= 2),
				numberCell(fmt.Sprintf("%d/%d", len(c.Valid), trials), float64(len(c.Valid)), true),
			)
			t.Rows = append(t.Rows, row)
		}
	}
	table, err := t.HTML()
	if err != nil {
		return "", err
	}
	view := struct {
		Loads, Legend []string
		Table         template.HTML
	}{Table: table, Legend: r.casesLegend(spread)}
	for _, g := range summary.ByLoad(r.cases) {
		view.Loads = append(view.Loads, summary.LoadText(g.Load))
	}
	return render("cases", view)
}

// caseCells name a case by its axes, and its load.
func (r *report) caseCells(c summary.Case) []Cell {
	cells := make([]Cell, 0, len(r.axes)+1)
	for _, axis := range r.axes {
		cells = append(cells, axisCell(c.Case, axis))
	}
	cells[0].Head = true
	return append(cells, Cell{Text: inert.Line(c.Case.Load)})
}

// casesLegend says how to read the table.
func (r *report) casesLegend(spread string) []string {
	lines := []string{
		summary.BestNote,
		"capacity: " + summary.CapacityNote,
		"spread: of " + spread + " from trial to trial, the interquartile range in percent of the median.",
	}
	lines = append(lines, summary.UnitLines...)
	if slices.ContainsFunc(r.cases, summary.Case.GeneratorBound) {
		lines = append(lines, summary.AtLeast+": "+summary.AtLeastNote)
	}
	return append(lines, summary.Unknown+": "+summary.UnknownNote, "Latency under an open load counts from the intended send time; under a closed one it is service time.")
}
