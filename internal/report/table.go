package report

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// column is one column of the table of cases.
type column struct {
	head, unit string
	axis       bool // names the case: left-aligned, shortened rather than dropped
	cell       func(caseSummary) string
	metric     string // whose best value is set in bold; "" for none
}

// table is the table of cases, ready to be drawn: cells are clean text.
type table struct {
	columns []column
	groups  []tableGroup
	spread  string // metric whose spread the last column shows
	errors  bool   // whether any request failed
	unknown bool   // whether any cell is unknown
}

type tableGroup struct {
	load results.Load
	rows [][]string
	bold [][]bool
}

// newTable lays the cases out: one row per case in the order of the plan,
// grouped by load.
func newTable(d Data) table {
	cases := summarise(d)
	t := table{spread: spreadMetric(cases)}
	for _, axis := range caseAxes(d.Run.Plan) {
		t.columns = append(t.columns, column{head: axis, axis: true, cell: func(c caseSummary) string {
			return cmp.Or(clean(c.Case.Value(axis)), unknown)
		}})
	}
	t.columns = append(
		t.columns,
		column{head: "throughput", unit: "req/s", cell: medianCell("throughput"), metric: "throughput"},
		column{head: "capacity", unit: "req/cpu-s", cell: medianCell("capacity"), metric: "capacity"},
		column{head: "p50", unit: "ms", cell: medianCell("latency.p50"), metric: "latency.p50"},
		column{head: "p99", unit: "ms", cell: medianCell("latency.p99"), metric: "latency.p99"},
		column{head: "server CPU", unit: "us/req", cell: medianCell("server_cpu")},
		column{head: "errors", unit: "%", cell: errorCell},
		column{head: "bottleneck", cell: bottleneckCell},
		column{head: "spread", unit: "%", cell: func(c caseSummary) string { return spreadCell(c.metrics[t.spread]) }},
	)
	for _, g := range byLoad(cases) {
		group := tableGroup{load: g.Load}
		for _, c := range g.Cases {
			t.errors = t.errors || c.wrong > 0
			row := make([]string, len(t.columns))
			for i, col := range t.columns {
				row[i] = col.cell(c)
				t.unknown = t.unknown || row[i] == unknown
			}
			group.rows = append(group.rows, row)
		}
		group.bold = bestCells(t.columns, g)
		t.groups = append(t.groups, group)
	}
	return t
}

// spreadMetric is the metric whose spread the table shows: capacity, which
// holds even where the generator is the bottleneck, else throughput.
func spreadMetric(cases []caseSummary) string {
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
		return significant(v)
	}
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
// under an open load is set by its rate, so none is best.
func bestCells(columns []column, g loadGroup) [][]bool {
	bold := make([][]bool, len(g.Cases))
	for i := range bold {
		bold[i] = make([]bool, len(columns))
	}
	for j, col := range columns {
		m, ok := results.LookupMetric(col.metric)
		if !ok || len(g.Cases) < 2 || m.Load == "closed" && !g.Load.Closed() {
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

// render draws the table as lines of text: the header once, and each load's
// rows beneath its heading.
func (t *table) render(s Style) ([]string, error) {
	gap, dropped := t.fit(s.Width)
	var out bytes.Buffer
	w := tablewriter.NewTable(&out, plainTable(t.columns, gap)...)
	header := make([]string, len(t.columns))
	for i, col := range t.columns {
		header[i] = col.head + "\n" + cmp.Or(col.unit, " ")
	}
	w.Header(header)
	for _, g := range t.groups {
		for r, row := range g.rows {
			cells := make([]string, len(row))
			for i, cell := range row {
				cells[i] = s.bold(cell, g.bold[r][i])
			}
			if err := w.Append(cells); err != nil {
				return nil, fmt.Errorf("table of cases: %w", err)
			}
		}
	}
	if err := w.Render(); err != nil {
		return nil, fmt.Errorf("table of cases: %w", err)
	}
	drawn := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
	for i, line := range drawn {
		drawn[i] = strings.TrimRight(strings.TrimPrefix(line, " "), " ")
	}
	if len(drawn) >= headerLines {
		drawn[headerLines-1] = strings.Repeat("-", t.width(gap))
	}
	return t.headings(drawn, dropped, s)
}

// plainTable is a table without borders: a rule beneath the header, 1 or 2
// spaces between columns, one in front of the first, names to the left and
// figures to the right. Nothing is reformatted or wrapped. The rule is ASCII,
// which is one cell wide everywhere.
func plainTable(columns []column, gap int) []tablewriter.Option {
	align := make(tw.Alignment, len(columns))
	for i, col := range columns {
		align[i] = tw.AlignRight
		if col.axis {
			align[i] = tw.AlignLeft
		}
	}
	// The renderer repeats paddings to fill cells, which only single characters
	// survive.
	pad := tw.Padding{Left: " ", Overwrite: true}
	if gap == 2 {
		pad.Right = " "
	}
	cell := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Padding:    tw.CellPadding{Global: pad},
		Alignment:  tw.CellAlignment{PerColumn: align},
	}
	return []tablewriter.Option{
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbols(tw.StyleASCII),
			Settings: tw.Settings{
				Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On, ShowFooterLine: tw.Off},
				Separators: tw.SeparatorsNone,
			},
		})),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderConfig(cell),
		tablewriter.WithRowConfig(cell),
	}
}

// headerLines is the height of the header: names, units, rule.
const headerLines = 3

// headings puts each load's heading above its rows. Cells are single lines,
// so that lines and rows correspond.
func (t *table) headings(drawn, dropped []string, s Style) ([]string, error) {
	rows := 0
	for _, g := range t.groups {
		rows += len(g.rows)
	}
	if rows == 0 {
		return []string{"No cases: there is nothing to show."}, nil
	}
	if len(drawn) != headerLines+rows {
		return nil, fmt.Errorf("table of cases: %d rows were drawn as %d lines", rows, len(drawn)-headerLines)
	}
	lines := slices.Clone(drawn[:headerLines])
	next := headerLines
	for _, g := range t.groups {
		lines = append(lines, s.bold(s.cut(loadText(g.load)), true))
		lines = append(lines, drawn[next:next+len(g.rows)]...)
		next += len(g.rows)
	}
	if len(dropped) > 0 {
		note := fmt.Sprintf("Not shown, the terminal has %d columns: %s.", s.Width, strings.Join(dropped, ", "))
		lines = append(lines, s.wrap("", note)...)
	}
	return lines, nil
}

// legend explains the table, as far as it is shown, to someone who sees it
// for the first time.
func (t *table) legend() []string {
	lines := []string{
		"Figures are medians over the valid trials. Compare cases within one load only.",
	}
	open, closed := false, false
	for _, g := range t.groups {
		open = open || !g.load.Closed()
		closed = closed || g.load.Closed()
	}
	if closed {
		lines = append(lines, "Closed load: each client waits for its answer; latency is the service time, from the actual send.")
	}
	if open {
		lines = append(lines, "Open load: requests are due at a fixed rate, which sets the throughput; latency counts from the intended send time.")
	}
	explained := []struct{ head, text string }{
		{"capacity", "correct responses per second of server CPU time; it holds even where the load generator is the bottleneck."},
		{"errors", "share of all requests sent, those of invalid trials included."},
		{"bottleneck", "what limited the trials; 6/10: 6 of 10 valid ones."},
		{"spread", fmt.Sprintf("interquartile range of %s over trials, divided by its median.", t.spread)},
	}
	for _, e := range explained {
		if slices.ContainsFunc(t.columns, func(c column) bool { return !c.axis && c.head == e.head }) {
			lines = append(lines, e.head+": "+e.text)
		}
	}
	if t.unknown {
		lines = append(lines, unknown+": unknown, not measured or not recorded.")
	}
	return lines
}
