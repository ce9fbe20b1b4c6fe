package report

import (
	"cmp"
	"slices"

	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
)

// mostUnfolded is how many rows a table of figures that only some want to see has
// at the most before it is folded.
const mostUnfolded = 12

// why says what differs between protocols where all else is the same, and takes
// apart what a response of each case took.
func (m *markdown) why(d summary.Data) {
	groups := summary.ByLoad(summary.Cases(d))
	rows := 0
	for _, g := range groups {
		rows += len(g.Cases)
	}
	if rows == 0 {
		return
	}
	m.heading(2, "Why")
	groupTexts := summary.CostGroups(d)
	texts := make([]string, len(groupTexts))
	for i, g := range groupTexts {
		texts[i] = inert.Markdown(g.Text)
		if g.Label != "" {
			texts[i] = "**" + inert.Markdown(g.Label) + "**: " + texts[i]
		}
	}
	m.items(texts)
	if rows <= mostUnfolded {
		m.costs(d, groups)
		return
	}
	m.fold("What one correct response took, by case", func() { m.costs(d, groups) })
}

// costs has one table per load.
func (m *markdown) costs(d summary.Data, groups []summary.Group) {
	axes, figures := summary.CaseAxes(d.Run.Plan), summary.CostColumns(d.Run.Plan)
	header, align := slices.Clone(axes), slices.Repeat(tw.Alignment{tw.AlignLeft}, len(axes))
	for _, f := range figures {
		header, align = append(header, f.Head+" ("+f.Unit+")"), append(align, tw.AlignRight)
	}
	m.paragraph(inert.Markdown(summary.CostNote))
	for _, g := range groups {
		m.paragraph("**" + inert.Markdown(summary.LoadText(g.Load)) + "**")
		var rows [][]string
		for _, c := range g.Cases {
			var row []string
			for _, axis := range axes {
				row = append(row, inert.Markdown(cmp.Or(c.Case.Value(axis), summary.Unknown)))
			}
			for _, f := range figures {
				cell := summary.Unknown
				if v, ok := f.Value(c); ok {
					cell = summary.Significant(v)
				}
				row = append(row, inert.Markdown(cell))
			}
			rows = append(rows, row)
		}
		m.table(header, align, rows)
	}
}
