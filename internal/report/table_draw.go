package report

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// render draws the table as lines of text: the header, once on every screen,
// and each load's rows beneath its heading.
func (t *table) render(s Style) ([]string, error) {
	gap, dropped := t.fit(s.tableWidth())
	return t.draw(s, gap, dropped)
}

// draw is render once everything fits.
func (t *table) draw(s Style, gap int, dropped []string) ([]string, error) {
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
				if paint := t.columns[i].paint; paint != nil {
					cells[i] = paint(s, cell)
				}
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
	var lines []string
	since := screen // rows since the header was last shown
	header := func() {
		if since >= screen {
			lines, since = append(lines, drawn[:headerLines]...), 0
		}
	}
	next := headerLines
	for _, g := range t.groups {
		if len(lines) > 0 && since >= screen {
			lines = append(lines, "")
		}
		header()
		lines = append(lines, s.bold(s.cut(summary.LoadText(g.load)), true))
		for r, pause := range t.pauses(g) {
			if pause {
				lines = append(lines, "")
				header()
			}
			lines = append(lines, drawn[next+r])
			since++
		}
		next += len(g.rows)
	}
	if len(dropped) > 0 {
		them := "these"
		if len(widened(t.columns)) > len(t.columns) {
			them = "these and more"
		}
		note := fmt.Sprintf("Not shown in %d columns: %s; --wide shows %s.", s.tableWidth(), strings.Join(dropped, ", "), them)
		lines = append(lines, s.wrap("", note)...)
	}
	return lines, nil
}

// screen is how many rows fit a screen: after so many the header is shown
// again.
const screen = 30

// pauses tells before which rows of a load a blank line helps to find one's
// place: in a long table, where the first name of the cases changes. Names
// that change all the time would only tear it apart.
func (t *table) pauses(g tableGroup) []bool {
	const long, shortest = 12, 2
	pauses := make([]bool, len(g.rows))
	if len(g.rows) <= long || len(t.columns) == 0 || !t.columns[0].axis {
		return pauses
	}
	parts := 1
	for r := 1; r < len(g.rows); r++ {
		pauses[r] = g.full[r][0] != g.full[r-1][0]
		if pauses[r] {
			parts++
		}
	}
	if parts*shortest > len(g.rows) {
		return make([]bool, len(g.rows))
	}
	return pauses
}

// legend explains the table, as far as it is shown, to someone who sees it
// for the first time.
func (t *table) legend() []string {
	lines := []string{
		"Figures are medians over the valid trials. Compare cases within one load only.",
	}
	open, closed, search := false, false, false
	for _, g := range t.groups {
		open = open || !g.load.Closed() && g.load.Search == nil
		closed = closed || g.load.Closed()
		search = search || g.load.Search != nil
	}
	if closed {
		lines = append(lines, "Closed load: each client waits for its answer; latency is the service time, from the actual send.")
	}
	if open {
		lines = append(lines, "Open load: requests are due at a fixed rate, which sets the throughput; latency counts from the intended send time.")
	}
	if search {
		lines = append(lines, "Search: saturation is the highest rate at which the objectives held; all else is what the confirmation of that rate saw.")
	}
	explained := []struct{ head, text string }{
		{"saturation", summary.AtLeast + " " + summary.AtLeastNote},
		{"throughput", summary.AtLeast + " " + summary.AtLeastNote},
		{"capacity", summary.CapacityNote},
		{"target CPU", "the target's part of the server CPU time; front CPU is the rest."},
		{"user CPU", "the server CPU time in user mode, system CPU that in the kernel: server CPU, divided as the time of all valid trials together is."},
		{"client CPU", "the CPU time of the load generator."},
		{"sent", "bytes on the wire, framing included, as received is."},
		{"dials", "connections opened."},
		{"memory", "the most that the server had resident."},
		{"errors", "share of all requests sent, those of invalid trials included."},
		{"bottleneck", "what limited the trials" + t.shares() + "."},
		{"spread", fmt.Sprintf("interquartile range of %s over trials, divided by its median.", t.spread)},
	}
	for _, e := range explained {
		if m, bounded := results.LookupMetric(e.head); bounded && m.Load != "" && !t.anyAtLeast(e.head) {
			continue
		}
		if slices.ContainsFunc(t.columns, func(c column) bool { return !c.axis && c.head == e.head }) {
			lines = append(lines, e.head+": "+e.text)
		}
	}
	if t.anyUnknown() {
		lines = append(lines, summary.Unknown+": "+summary.UnknownNote)
	}
	return lines
}

// shares explains the figures of bottlenecks that have not been cut off.
func (t *table) shares() string {
	i := slices.IndexFunc(t.columns, func(c column) bool { return !c.axis && c.head == "bottleneck" })
	if i >= 0 && slices.ContainsFunc(t.groups, func(g tableGroup) bool {
		return slices.ContainsFunc(g.rows, func(row []string) bool { return strings.Contains(row[i], "/") })
	}) {
		return "; 6/10: 6 of 10 valid ones"
	}
	return "; of several the most frequent"
}

// anyAtLeast tells whether a figure of the metric is marked as a lower bound.
func (t *table) anyAtLeast(metric string) bool {
	i := slices.IndexFunc(t.columns, func(c column) bool { return c.metric == metric })
	return i >= 0 && slices.ContainsFunc(t.groups, func(g tableGroup) bool {
		return slices.ContainsFunc(g.rows, func(row []string) bool { return strings.HasPrefix(row[i], summary.AtLeast) })
	})
}

// anyUnknown tells whether a cell that is shown is unknown.
func (t *table) anyUnknown() bool {
	for _, g := range t.groups {
		for _, row := range g.rows {
			if slices.Contains(row, summary.Unknown) {
				return true
			}
		}
	}
	return false
}
