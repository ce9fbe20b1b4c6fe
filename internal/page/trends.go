package page

import (
	"html/template"

	"github.com/gwbench/gwbench/internal/summary"
)

// trends are how metrics change along axes of numbers: pictures, and a table of
// slopes where the scenario asks for them.
func (r *report) trends() (template.HTML, error) {
	view := struct {
		Pictures, Table    template.HTML
		Sentences, Caveats []string
	}{}
	view.Pictures = r.pictures(r.others()...)
	t := Table{ID: "trends-table", Caption: "Slopes, by least squares within each block", Cards: true}
	for _, c := range summary.TrendColumns {
		t.Head = append(t.Head, Column{Text: c.Head, Number: c.Number})
	}
	for _, cells := range summary.TrendRows(r.Trends) {
		row := Row{}
		for i, text := range cells {
			cell := Cell{Text: text, Head: i == 0}
			if t.Head[i].Number {
				cell.Class = "number"
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	view.Caveats = summary.TrendCaveats(r.Trends)
	for _, trend := range r.Trends {
		view.Sentences = append(view.Sentences, summary.TrendText(trend))
	}
	if len(t.Rows) > 0 {
		var err error
		if view.Table, err = t.HTML(); err != nil {
			return "", err
		}
	}
	if view.Pictures == "" && len(r.Trends) == 0 {
		return "", nil
	}
	return render("trends", view)
}
