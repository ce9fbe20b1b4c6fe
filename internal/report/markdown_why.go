package report

import (
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
	axes, fronts := summary.CaseAxes(d.Run.Plan), summary.HasFronts(d.Run.Plan)
	var header []string
	var align tw.Alignment
	for _, axis := range axes {
		header, align = append(header, axis), append(align, tw.AlignLeft)
	}
	figures := []struct {
		head string
		of   func(summary.Cost) *float64
	}{
		{"sent (B)", func(c summary.Cost) *float64 { return c.BytesSent }},
		{"received (B)", func(c summary.Cost) *float64 { return c.BytesReceived }},
		{"connections", func(c summary.Cost) *float64 { return c.Dials }},
		{"target, user (us)", func(c summary.Cost) *float64 { return c.TargetUser }},
		{"target, system (us)", func(c summary.Cost) *float64 { return c.TargetSystem }},
		{"front, user (us)", func(c summary.Cost) *float64 { return c.FrontUser }},
		{"front, system (us)", func(c summary.Cost) *float64 { return c.FrontSystem }},
		{"client, user (us)", func(c summary.Cost) *float64 { return c.ClientUser }},
		{"client, system (us)", func(c summary.Cost) *float64 { return c.ClientSystem }},
	}
	if !fronts {
		figures = append(figures[:5:5], figures[7:]...)
	}
	for _, f := range figures {
		header, align = append(header, f.head), append(align, tw.AlignRight)
	}
	m.paragraph("Medians over the valid trials. Sent and received are bytes on the wire, framing included; connections are those opened for a response; user and system are CPU time in user mode and in the kernel.")
	for _, g := range groups {
		m.paragraph("**" + inert.Markdown(summary.LoadText(g.Load)) + "**")
		var rows [][]string
		for _, c := range g.Cases {
			var row []string
			for _, axis := range axes {
				row = append(row, inert.Markdown(summary.Label(c.Case, []string{axis}, 0)))
			}
			cost := c.Cost()
			for _, f := range figures {
				cell := summary.Unknown
				if v := f.of(cost); v != nil {
					cell = summary.Significant(*v)
				}
				row = append(row, inert.Markdown(cell))
			}
			rows = append(rows, row)
		}
		m.table(header, align, rows)
	}
}
