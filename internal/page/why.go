package page

import (
	"html/template"

	"github.com/gwbench/gwbench/internal/summary"
)

// why takes the figures apart: what makes one protocol cheaper than another, and what
// one response of each case took.
func (r *report) why() (template.HTML, error) {
	if len(r.cases) == 0 {
		return "", nil
	}
	fronts := summary.HasFronts(r.Run.Plan)
	t := Table{ID: "why-table", Caption: "What one correct response took, by case: medians over the valid trials", Sortable: true, Cards: true, Dense: true}
	for _, axis := range r.axes {
		t.Head = append(t.Head, textColumn(axis))
	}
	t.Head = append(t.Head, textColumn("load"), numberColumn("sent", "B"), numberColumn("received", "B"), numberColumn("connections", "opened"),
		numberColumn("target, user", "us"), numberColumn("target, system", "us"))
	if fronts {
		t.Head = append(t.Head, numberColumn("front, user", "us"), numberColumn("front, system", "us"))
	}
	t.Head = append(t.Head, numberColumn("client, user", "us"), numberColumn("client, system", "us"))
	for i, g := range summary.ByLoad(r.cases) {
		for j, c := range g.Cases {
			cost := c.Cost()
			row := Row{Cells: r.caseCells(c)}
			if i > 0 && j == 0 {
				row.Class = "group"
			}
			figures := []*float64{cost.BytesSent, cost.BytesReceived, cost.Dials, cost.TargetUser, cost.TargetSystem}
			if fronts {
				figures = append(figures, cost.FrontUser, cost.FrontSystem)
			}
			for _, v := range append(figures, cost.ClientUser, cost.ClientSystem) {
				if v == nil {
					row.Cells = append(row.Cells, Cell{Text: summary.Unknown, Class: "number"})
					continue
				}
				row.Cells = append(row.Cells, figureCell(*v, true))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	table, err := t.HTML()
	if err != nil {
		return "", err
	}
	return render("why", struct {
		Figure, Table template.HTML
		Groups        []summary.CostGroup
	}{r.figures["cpu"], table, summary.CostGroups(r.Data)})
}
