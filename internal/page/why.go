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
	figures := summary.CostColumns(r.Run.Plan)
	t := Table{ID: "why-table", Caption: "What one correct response took, by case", Sortable: true, Cards: true, Dense: true}
	for _, axis := range r.axes {
		t.Head = append(t.Head, textColumn(axis))
	}
	t.Head = append(t.Head, textColumn("load"))
	for _, f := range figures {
		t.Head = append(t.Head, numberColumn(f.Head, f.Unit))
	}
	for i, g := range summary.ByLoad(r.cases) {
		for j, c := range g.Cases {
			row := Row{Cells: r.caseCells(c)}
			if i > 0 && j == 0 {
				row.Class = "group"
			}
			for _, f := range figures {
				row.Cells = append(row.Cells, figureCell(f.Value(c)))
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
		Note          string
	}{r.figures["cpu"], table, summary.CostGroups(r.Data), summary.CostNote})
}
