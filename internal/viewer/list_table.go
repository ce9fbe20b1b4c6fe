package viewer

import (
	"html/template"
	"strconv"

	"github.com/gwbench/gwbench/internal/page"
)

// listTable is the table of the runs, each with a box to check.
func listTable(rows []listRow) (template.HTML, error) {
	t := page.Table{
		ID: "runs-table", Caption: "The runs, the newest first", Sortable: true, Filters: true, Cards: true,
		Head: []page.Column{
			{Text: "compare"},
			{Text: "scenario, folder or file", Type: "text"},
			{Text: "date (UTC)", Type: "number"},
			{Text: "state", Type: "text"},
			{Text: "complete blocks", Type: "number", Number: true},
			{Text: "valid trials", Type: "number", Number: true},
			{Text: "verdicts", Type: "text"},
			{Text: "machine", Type: "text"},
		},
	}
	for _, r := range rows {
		cells, err := r.cells()
		if err != nil {
			return "", err
		}
		t.Rows = append(t.Rows, page.Row{
			Attrs: []template.HTMLAttr{page.AxisAttr("scenario", r.Scenario), page.AxisAttr("state", r.StateWord), page.AxisAttr("machine", r.Machine)},
			Cells: cells,
		})
	}
	return t.HTML()
}

func (r listRow) cells() ([]page.Cell, error) {
	date, state := page.Cell{Class: "when"}, page.Cell{}
	if r.Date != "" {
		date.Value = strconv.FormatInt(r.Unix, 10)
	}
	if r.Problem != "" {
		state.Class, state.Value = "problem", r.StateWord
	}
	blocks, valid := page.Cell{Text: r.Unread(), Class: "number"}, page.Cell{Text: r.Unread(), Class: "number"}
	if r.Known {
		blocks.Text = strconv.Itoa(r.Blocks)
		valid.Text, valid.Value = strconv.Itoa(r.Valid)+" of "+strconv.Itoa(r.Trials), strconv.Itoa(r.Valid)
	}
	machine := page.Cell{Text: r.Machine}
	if machine.Text == "" {
		machine.Text = "?"
	}
	cells := []page.Cell{{}, {Head: true, Value: r.Scenario}, date, state, blocks, valid, {}, machine}
	for at, name := range map[int]string{0: "list-compare", 1: "list-name", 2: "list-date", 3: "list-state", 6: "list-verdicts"} {
		drawn, err := fragment(name, r)
		if err != nil {
			return nil, err
		}
		cells[at].Drawn = drawn
	}
	return cells, nil
}
