package report

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// markdownReport is report.md: GitHub Markdown, the verdict first.
func markdownReport(d Data, pages []page) ([]byte, error) {
	m := &markdown{}
	m.heading(1, scenarioName(d))
	if d.Scenario != nil && clean(d.Scenario.About) != "" {
		m.paragraph(escape(d.Scenario.About))
	}
	for _, text := range []string{partial(d), unverifiedText(d)} {
		if text != "" {
			m.paragraph("**" + escape(strings.ToUpper(text[:1])+text[1:]) + "**")
		}
	}
	m.claims(d, "Verdicts", false)
	m.claims(d, "Gates", true)
	m.trends(d)
	m.results(d)
	m.plots(pages)
	m.method(d)
	m.environment(d)
	m.list("Skipped", skippedLines(d), "Nothing: every case of the scenario ran.")
	m.list("Known differences", exceptionLines(d), "")
	m.disturbed(d)
	m.list("Warnings", cleanAll(d.Run.Warnings), "")
	return m.out.Bytes(), m.err
}

// markdown collects a document; the first error of a table stays.
type markdown struct {
	out bytes.Buffer
	err error
}

// escape makes text from outside plain text in GitHub Markdown, in a table
// cell too: everything that could begin markup, HTML, an entity or a link is
// escaped.
func escape(s string) string {
	s = clean(s)
	var out strings.Builder
	for i, r := range s {
		switch {
		case strings.ContainsRune("\\`*_{}[]<>#|~&$^=", r),
			r == ':' && strings.HasPrefix(s[i:], "://"),
			r == '.' && strings.HasSuffix(strings.ToLower(s[:i]), "www"):
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}

func (m *markdown) heading(level int, text string) {
	if m.out.Len() > 0 {
		m.out.WriteByte('\n')
	}
	fmt.Fprintf(&m.out, "%s %s\n", strings.Repeat("#", level), escape(text))
}

// paragraph takes Markdown: what comes from outside is escaped by the caller.
func (m *markdown) paragraph(text string) { fmt.Fprintf(&m.out, "\n%s\n", text) }

// items is a list of Markdown texts.
func (m *markdown) items(texts []string) {
	if len(texts) == 0 {
		return
	}
	m.out.WriteByte('\n')
	for _, text := range texts {
		fmt.Fprintf(&m.out, "- %s\n", text)
	}
}

// list is a section of plain texts; without any it says none, and where that
// is "" it is left out.
func (m *markdown) list(heading string, texts []string, none string) {
	if len(texts) == 0 && none == "" {
		return
	}
	m.heading(2, heading)
	if len(texts) == 0 {
		m.paragraph(none)
	}
	escaped := make([]string, len(texts))
	for i, text := range texts {
		escaped[i] = escape(text)
	}
	m.items(escaped)
}

// table takes cells of Markdown. The renderer escapes nothing.
func (m *markdown) table(header []string, align tw.Alignment, rows [][]string) {
	m.out.WriteByte('\n')
	t := tablewriter.NewTable(
		&m.out,
		tablewriter.WithRenderer(renderer.NewMarkdown()),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: align}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{PerColumn: align}),
	)
	t.Header(header)
	for _, row := range rows {
		if err := t.Append(row); err != nil && m.err == nil {
			m.err = fmt.Errorf("table in report.md: %w", err)
		}
	}
	if err := t.Render(); err != nil && m.err == nil {
		m.err = fmt.Errorf("table in report.md: %w", err)
	}
}

func (m *markdown) claims(d Data, heading string, gates bool) {
	first := true
	for _, c := range d.Claims {
		if c.Gate != gates {
			continue
		}
		if first {
			m.heading(2, heading)
			first = false
		}
		m.claim(d, c)
	}
	if first && !gates {
		m.heading(2, heading)
		m.paragraph("The scenario claims nothing; the figures stand for themselves.")
	}
}

func (m *markdown) claim(d Data, c verdict.ClaimResult) {
	outcome := cmp.Or(clean(string(c.Outcome)), "undecided")
	m.paragraph(fmt.Sprintf("**%s: %s**", escape(strings.ToUpper(outcome[:1])+outcome[1:]), escape(claimText(c))))
	var rows [][]string
	var sentences []string
	for _, v := range c.Verdicts {
		confidence := unknown
		if hasInterval(v) {
			confidence = confidenceText(v)
		}
		rows = append(rows, []string{
			escape(v.Metric), escape(scope(d.Run.Plan.Cases, v, 0)), ratioText(v.Ratio.Estimate), escape(intervalText(v)),
			confidence, fmt.Sprint(v.Blocks), escape(string(v.Outcome)),
		})
		if text := strings.TrimSpace(clean(v.Sentence) + " " + furtherBlocks(v)); text != "" {
			sentences = append(sentences, escape(text))
		}
		if text := clean(v.Explanation); text != "" {
			sentences = append(sentences, escape(text))
		}
	}
	if len(rows) > 0 {
		l, r := tw.AlignLeft, tw.AlignRight
		m.table([]string{"metric", "comparison", "ratio", "interval", "confidence", "blocks", "verdict"},
			tw.Alignment{l, l, r, r, r, r, l}, rows)
	}
	if text := bottleneckText(d, c); text != "" {
		sentences = append(sentences, escape(text))
	}
	for _, w := range claimWarnings(c) {
		sentences = append(sentences, "Warning: "+escape(w))
	}
	m.items(sentences)
}

// results has one table per load.
func (m *markdown) results(d Data) {
	m.heading(2, "Results")
	t := newTable(d)
	header := make([]string, 0, len(t.columns)+1)
	align := make(tw.Alignment, 0, len(t.columns)+1)
	for _, col := range t.columns {
		title := col.head
		if col.unit != "" {
			title += " (" + col.unit + ")"
		}
		header = append(header, title)
		if col.axis {
			align = append(align, tw.AlignLeft)
		} else {
			align = append(align, tw.AlignRight)
		}
	}
	header, align = append(header, "valid trials"), append(align, tw.AlignRight)
	for i, g := range byLoad(summarise(d)) {
		m.paragraph("**" + escape(loadText(g.Load)) + "**")
		var rows [][]string
		for r, cells := range t.groups[i].rows {
			row := make([]string, 0, len(header))
			for j, cell := range cells {
				cell = escape(cell)
				if t.groups[i].bold[r][j] {
					cell = "**" + cell + "**"
				}
				row = append(row, cell)
			}
			c := g.Cases[r]
			rows = append(rows, append(row, fmt.Sprintf("%d of %d", len(c.Valid), len(c.Valid)+c.Invalid)))
		}
		m.table(header, align, rows)
	}
	var legend []string
	for _, line := range t.legend() {
		legend = append(legend, escape(line))
	}
	if len(t.groups) == 0 {
		m.paragraph("No cases: there is nothing to show.")
		return
	}
	m.items(append(legend, "Bold: the best median of a load. A best value is not a verdict."))
}

func (m *markdown) plots(pages []page) {
	m.heading(2, "Plots")
	for _, p := range pages {
		m.paragraph(fmt.Sprintf("![%s](%s.svg)", escape(p.alt), p.name))
	}
}

func (m *markdown) method(d Data) {
	plan := d.Run.Plan
	m.heading(2, "Method")
	m.paragraph(fmt.Sprintf("Every case was measured once in each block, in a fresh random order (seed %d), with servers started anew: "+
		"%s of %s planned, %s per trial after %s of warm-up that is thrown away. "+
		"Before its first trial each case had to give the expected response, and every response was checked. "+
		"Ratios are paired within blocks: the estimate is the Hodges-Lehmann median of the logarithms, the interval inverts the exact "+
		"Wilcoxon signed-rank test, and the error rate is split over all comparisons (Holm) and over the block counts at which the run may stop. "+
		"A claim is supported where the whole interval is on its side of the factor, refuted where the whole interval is on the other, else inconclusive.",
		d.Run.Seed, plural(completeBlocks(d), "complete block"), plannedBlocks(plan),
		plan.Duration.Round(time.Millisecond), plan.Warmup.Round(time.Millisecond)))
	if plan.Quick {
		m.paragraph("This was a quick run: fewer and shorter trials than the scenario asks for. Treat the figures as a rehearsal.")
	}
}

func (m *markdown) environment(d Data) {
	e := d.Run.Environment
	text := func(s string) string { return cmp.Or(escape(s), "unknown") }
	number := func(v int64, unit string) string {
		if v <= 0 {
			return "unknown"
		}
		return strings.TrimSpace(thousands(float64(v)) + " " + unit)
	}
	when := func(t time.Time) string {
		if t.IsZero() {
			return "unknown"
		}
		return t.UTC().Format(time.RFC3339)
	}
	rows := [][]string{
		{"run", text(d.Run.ID)},
		{"tool", text(d.Run.Tool)},
		{"started", when(d.Run.Start)},
		{"ended", when(d.Run.End)},
		{"scenario file", text(d.Run.Scenario.File)},
		{"CPU", text(e.CPU)},
		{"CPUs", number(int64(e.CPUs), "")},
		{"placement", text(placementText(d.Run.Placement))},
		{"memory", number(e.MemoryMB, "MiB")},
		{"system", text(strings.Join([]string{e.OS, e.Kernel, e.Arch}, " "))},
		{"virtualisation", text(e.Virtual)},
		{"CPU governor", text(e.Governor)},
		{"Go", text(e.Go)},
		{"somaxconn", number(int64(e.Somaxconn), "")},
		{"port range", text(e.PortRange)},
		{"open files limit", number(e.FileLimit, "")},
	}
	for _, s := range d.Run.Targets {
		rows = append(rows, []string{"target " + text(s.Name), text(s.Version)})
	}
	for _, s := range d.Run.Fronts {
		rows = append(rows, []string{"front " + text(s.Name), text(s.Version)})
	}
	m.heading(2, "Environment")
	m.table([]string{"what", "value"}, tw.Alignment{tw.AlignLeft, tw.AlignLeft}, rows)
}

// mostListed bounds how many trials are listed one by one: the records hold
// them all.
const mostListed = 50

// disturbed lists the trials that were left out, and counts what disturbed
// the others.
func (m *markdown) disturbed(d Data) {
	m.heading(2, "Disturbed trials")
	lines := disturbedLines(d)
	if len(lines) == 0 {
		m.paragraph("None.")
		return
	}
	escaped := make([]string, len(lines))
	for i, line := range lines {
		escaped[i] = escape(line)
	}
	m.items(escaped)
	var rows [][]string
	more := 0
	for _, t := range d.Trials {
		if t.Valid {
			continue
		}
		if len(rows) == mostListed {
			more++
			continue
		}
		rows = append(rows, []string{escape(caseName(d.Run.Plan, t)), fmt.Sprint(t.Block), fmt.Sprint(t.Attempt), escape(strings.Join(t.Invalid, "; "))})
	}
	if len(rows) == 0 {
		return
	}
	l, r := tw.AlignLeft, tw.AlignRight
	m.table([]string{"case", "block", "attempt", "why it is invalid"}, tw.Alignment{l, r, r, l}, rows)
	if more > 0 {
		m.paragraph(fmt.Sprintf("%s more are in the records.", plural(more, "invalid trial")))
	}
}

// caseName is a trial's case as the tables name it, with its load.
func caseName(plan results.Plan, t results.Trial) string {
	for _, c := range plan.Cases {
		if c.ID() == t.Case {
			return label(c, append(caseAxes(plan), "load"), 0)
		}
	}
	return t.Case
}
