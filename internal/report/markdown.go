package report

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
)

// markdownReport is report.md: GitHub Markdown, the verdict first.
func markdownReport(d summary.Data, pictures []plots.Picture, shown Format) ([]byte, error) {
	m := &markdown{}
	m.heading(1, summary.ScenarioName(d))
	if d.Scenario != nil && inert.Line(d.Scenario.About) != "" {
		m.paragraph(inert.Markdown(d.Scenario.About))
	}
	for _, text := range []string{summary.Partial(d), summary.UnverifiedText(d), summary.QuickText(d)} {
		if text != "" {
			m.paragraph("**" + inert.Markdown(summary.Capital(text)) + "**")
		}
	}
	m.claims(d, "Verdicts", false)
	m.claims(d, "Gates", true)
	m.answers(d)
	m.results(d)
	m.why(d)
	m.plots(pictures, shown)
	m.trends(d)
	m.noted(d)
	m.list("Warnings", summary.CleanAll(d.Run.Warnings), "")
	m.list("Skipped", summary.SkippedLines(d), "Nothing: every case of the scenario ran.")
	m.list("Known differences", summary.ExceptionLines(d), "")
	m.heading(2, "How it was measured")
	m.fold("Method", func() { m.method(d) })
	m.fold("Environment and versions", func() { m.environment(d) })
	m.fold("Noise of the machine", func() { m.noise(d) })
	return m.out.Bytes(), m.err
}

// answers are what the figures mean for a reader who was not there.
func (m *markdown) answers(d summary.Data) {
	m.heading(2, "What this means for you")
	for _, a := range summary.Answers(d) {
		heading := a.Heading
		if !strings.HasSuffix(heading, "?") {
			heading += "."
		}
		m.paragraph("**" + inert.Markdown(heading) + "** " + inert.Markdown(a.Text))
	}
}

// markdown collects a document; the first error of a table stays.
type markdown struct {
	out bytes.Buffer
	err error
}

func (m *markdown) heading(level int, text string) {
	if m.out.Len() > 0 {
		m.out.WriteByte('\n')
	}
	fmt.Fprintf(&m.out, "%s %s\n", strings.Repeat("#", level), inert.Markdown(text))
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

// fold hides what few want to see, and leaves out what body writes nothing of; the
// title is the caller's own text.
func (m *markdown) fold(title string, body func()) {
	before := m.out.Len()
	fmt.Fprintf(&m.out, "\n<details><summary>%s</summary>\n", title)
	start := m.out.Len()
	body()
	if m.out.Len() == start {
		m.out.Truncate(before)
		return
	}
	m.out.WriteString("\n</details>\n")
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
		escaped[i] = inert.Markdown(text)
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

func (m *markdown) claims(d summary.Data, heading string, gates bool) {
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

func (m *markdown) claim(d summary.Data, c verdict.ClaimResult) {
	outcome := cmp.Or(inert.Line(string(c.Outcome)), "undecided")
	m.paragraph(fmt.Sprintf("**%s: %s**", inert.Markdown(summary.Capital(outcome)), inert.Markdown(summary.ClaimText(c))))
	var rows [][]string
	var sentences []string
	for _, v := range summary.InOrder(c) {
		confidence := summary.Unknown
		if summary.HasInterval(v) {
			confidence = summary.ConfidenceText(v)
		}
		metric := v.Metric
		if v.GeneratorBound {
			metric += ", " + summary.LimitText
		}
		rows = append(rows, []string{
			inert.Markdown(metric), inert.Markdown(summary.Scope(d.Run.Plan.Cases, v.Of, v.Over, 0)), summary.RatioText(v.Ratio.Estimate), inert.Markdown(summary.IntervalText(v)),
			confidence, fmt.Sprint(v.Blocks), inert.Markdown(string(v.Outcome)),
		})
		if text := strings.TrimSpace(inert.Line(v.Sentence) + " " + summary.FurtherBlocks(v)); text != "" {
			sentences = append(sentences, inert.Markdown(text))
		}
		if text := inert.Line(v.Explanation); text != "" {
			sentences = append(sentences, inert.Markdown(text))
		}
	}
	if len(rows) > 0 {
		l, r := tw.AlignLeft, tw.AlignRight
		m.table([]string{"metric", "comparison", "ratio", "interval", "confidence", "blocks", "verdict"},
			tw.Alignment{l, l, r, r, r, r, l}, rows)
	}
	if text := summary.BottleneckText(d, c); text != "" {
		sentences = append(sentences, inert.Markdown(text))
	}
	for _, w := range summary.ClaimWarnings(c) {
		sentences = append(sentences, "Warning: "+inert.Markdown(w))
	}
	if len(sentences) > 0 {
		m.fold("In words, and caveats", func() { m.items(sentences) })
	}
}

// results has one table per load.
func (m *markdown) results(d summary.Data) {
	m.heading(2, "Results")
	t := newTable(d, false)
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
	for i, g := range summary.ByLoad(summary.Cases(d)) {
		m.paragraph("**" + inert.Markdown(summary.LoadText(g.Load)) + "**")
		var rows [][]string
		for r, cells := range t.groups[i].rows {
			row := make([]string, 0, len(header))
			for j, cell := range cells {
				cell = inert.Markdown(cell)
				if t.groups[i].bold[r][j] {
					cell = "**" + cell + "**"
				}
				row = append(row, cell)
			}
			c := g.Cases[r]
			rows = append(rows, append(row, validCell(c)))
		}
		m.table(header, align, rows)
		var searches []string
		for _, line := range summary.SearchLines(g, summary.CaseAxes(d.Run.Plan)) {
			searches = append(searches, inert.Markdown(line))
		}
		m.items(searches)
	}
	var legend []string
	for _, line := range t.legend() {
		legend = append(legend, inert.Markdown(line))
	}
	if len(t.groups) == 0 {
		m.paragraph("No cases: there is nothing to show.")
		return
	}
	m.fold("How to read this table", func() {
		m.items(append(
			append(legend, summary.UnitLines...),
			summary.BestNote,
		))
	})
}

// plots shows the pictures beside the document, which are there in that format; ""
// is none.
func (m *markdown) plots(pictures []plots.Picture, shown Format) {
	if shown == "" {
		return
	}
	m.heading(2, "Plots")
	for _, p := range pictures {
		m.paragraph(fmt.Sprintf("![%s](%s.%s)", inert.Markdown(p.Description()), p.Name, shown))
	}
}

func (m *markdown) method(d summary.Data) {
	for _, paragraph := range summary.MethodText(d) {
		m.paragraph(paragraph)
	}
}
