package page

import (
	"html/template"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// cases lists the figures of every run side by side, a row for each case and metric.
func (p comparison) cases() (template.HTML, error) {
	t := Table{ID: "figures-table", Caption: "Medians over the valid trials of each case, and the change since A", Sortable: true, Filters: true, Cards: true}
	t.Head = append(p.caseColumns(), textColumn("metric"), textColumn("unit"))
	for run := range p.Runs {
		t.Head = append(t.Head, numberColumn(summary.Letter(run), ""))
		if run > 0 {
			t.Head = append(t.Head, numberColumn("A to "+summary.Letter(run), "%"))
		}
	}
	for _, g := range p.ByLoad() {
		for _, one := range g.Cases {
			for i, metric := range one.Metrics() {
				row := p.comparedRow(one, metric)
				if i == 0 && len(t.Rows) > 0 {
					row.Class = "group"
				}
				t.Rows = append(t.Rows, row)
			}
		}
	}
	if len(t.Rows) == 0 {
		return "<p>No run knows any figure.</p>", nil
	}
	table, err := t.HTML()
	if err != nil {
		return "", err
	}
	return render("compare-cases", struct {
		Table  template.HTML
		Legend []string
	}{table, []string{
		"▲ better, ▼ worse, ● the same within the threshold, ○ inconclusive; without a mark it was not compared; few blocks: too few for an interval.",
		p.blocks(),
		p.BasisNote(),
		summary.Unknown + ": not measured, or no valid trial; -: the run does not have the case.",
		summary.AtLeast + ": " + summary.AtLeastNote,
	}})
}

// comparedRow is a metric of a case in every run.
func (p comparison) comparedRow(one summary.ComparedCase, metric results.Metric) Row {
	row := p.caseRow(one.Case, metric.Name)
	row.Cells = append(row.Cells, Cell{Text: metric.Unit})
	for run, in := range one.In {
		if in == nil {
			row.Cells = append(row.Cells, Cell{Text: "-", Class: "number"})
		} else {
			v, ok := in.Median(metric.Name)
			row.Cells = append(row.Cells, numberCell(summary.FigureCell(metric.Name)(*in), v, ok))
		}
		if run > 0 {
			row.Cells = append(row.Cells, p.changeCell(one.Case, metric.Name, run))
		}
	}
	return row
}

// changeCell is a change with the mark of its outcome.
func (p comparison) changeCell(c results.Case, metric string, run int) Cell {
	change, ok := p.Change(c, metric, run)
	if !ok || change.Ratio.N == 0 {
		return Cell{Class: "number"}
	}
	estimate, _, _ := change.Relative()
	cell := numberCell(summary.ChangeFigures(change)[2], 100*estimate, true)
	badge := NewBadge(string(change.Outcome))
	cell.Note, cell.Said = badge.Mark, badge.Word
	if summary.WantsBlocks(change) {
		cell.Note += " few blocks"
	}
	if change.Outcome == verdict.Worse || change.Outcome == verdict.Better {
		cell.Class = strings.Join([]string{cell.Class, "best"}, " ")
	}
	return cell
}

// verdicts are the claims and gates that any run has, and what became of each in every
// run.
func (p comparison) verdicts() (template.HTML, error) {
	type claim struct {
		text string
		by   []*verdict.ClaimResult
	}
	var claims []claim
	at := map[string]int{}
	for run, d := range p.Runs {
		for _, one := range d.Claims {
			text := summary.ClaimText(one)
			i, ok := at[text]
			if !ok {
				i, at[text] = len(claims), len(claims)
				claims = append(claims, claim{text, make([]*verdict.ClaimResult, len(p.Runs))})
			}
			claims[i].by[run] = &one
		}
	}
	if len(claims) == 0 {
		return "", nil
	}
	t := Table{ID: "verdicts-table", Cards: true, Caption: "Each run's own verdicts, of its own blocks", Head: []Column{{Text: "claim"}}}
	for run := range p.Runs {
		t.Head = append(t.Head, Column{Text: p.run(run)})
	}
	for _, one := range claims {
		row := Row{Cells: []Cell{{Text: one.text, Head: true}}}
		for _, c := range one.by {
			cell, err := verdictCell(c)
			if err != nil {
				return "", err
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t.HTML()
}

// verdictCell is what became of a claim in a run, nil where it does not make it.
func verdictCell(c *verdict.ClaimResult) (Cell, error) {
	if c == nil {
		return Cell{Text: "not claimed"}, nil
	}
	badge, err := render("badge", NewBadge(string(c.Outcome)))
	cell := Cell{Drawn: badge}
	if v, ok := summary.Telling(*c); ok {
		cell.Note = inert.Line(v.Metric) + " " + summary.RatioText(v.Ratio.Estimate) + " " + summary.IntervalText(v)
	}
	return cell, err
}

// blocks says how much there is of each run.
func (p comparison) blocks() string {
	parts := make([]string, len(p.Runs))
	for run := range p.Runs {
		parts[run] = p.NameAndBlocks(run)
	}
	return strings.Join(parts, "; ") + "."
}
