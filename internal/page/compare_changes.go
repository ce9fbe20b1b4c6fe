package page

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// pairCard is what became of the first run's figures in another one.
type pairCard struct {
	ID         string
	Badge      Badge
	Title      string
	Base, New  string
	Count      string
	Sentences  []string
	Table      template.HTML // of what is worse or better; "" of nothing
	Folded     []foldedTable // the rest
	Method     string
	Legend     string
	Reasons    []string
	References []string
	Unmatched  []string
	Caveats    []string
}

// foldedTable is one that a reader opens.
type foldedTable struct {
	Title string
	Table template.HTML
}

// changes has the picture of all changes, and a card for each later run.
func (p comparison) changes() (template.HTML, error) {
	var view struct {
		Figure template.HTML
		Pairs  []pairCard
	}
	view.Figure = p.figures["changes"]
	for i, changes := range p.Changes {
		card, err := p.pair(i+1, changes)
		if err != nil {
			return "", err
		}
		view.Pairs = append(view.Pairs, card)
	}
	return render("compare-changes", view)
}

func (p comparison) pair(run int, changes verdict.Changes) (pairCard, error) {
	card := pairCard{
		ID: "pair-" + strings.ToLower(summary.Letter(run)), Badge: NewBadge(string(changes.Outcome)),
		Title: fmt.Sprintf("A → %s: %s → %s", summary.Letter(run), p.Names[0], p.Names[run]),
		Base:  p.NameAndBlocks(0), New: p.NameAndBlocks(run), Count: summary.ChangesCount(changes),
		Sentences: toldSentences(changes), Method: summary.Capital(summary.ChangesMethod(changes)) + ".", Legend: summary.Capital(summary.ChangesLegend(changes)),
		Reasons: summary.ChangesReasons(changes), References: summary.ReferenceLines(changes),
		Unmatched: summary.UnmatchedLines(changes), Caveats: summary.ChangesWarnings(changes),
	}
	var told, open, same []verdict.Change
	for _, change := range changes.Changes {
		switch change.Outcome {
		case verdict.Worse, verdict.Better:
			told = append(told, change)
		case verdict.Same:
			same = append(same, change)
		default:
			open = append(open, change)
		}
	}
	scale := scaleOfChanges(changes.Changes)
	var err error
	if card.Table, err = p.changesTable(card.ID+"-changes", "what is worse or better", told, scale, run); err != nil {
		return card, err
	}
	for _, rest := range []struct {
		id, caption, title string
		changes            []verdict.Change
	}{
		{"-open", "inconclusive changes", "that are inconclusive", open},
		{"-same", "changes within their threshold", "that came to the same", same},
	} {
		table, err := p.changesTable(card.ID+rest.id, rest.caption, rest.changes, scale, run)
		if err != nil {
			return card, err
		}
		if table != "" {
			card.Folded = append(card.Folded, foldedTable{summary.Plural(len(rest.changes), "change") + " " + rest.title, table})
		}
	}
	return card, nil
}

// mostSentences is how many changes are put in words: the table has them all.
const mostSentences = 8

// toldSentences are those of what became worse or better.
func toldSentences(changes verdict.Changes) []string {
	var lines []string
	for _, outcome := range []verdict.ChangeOutcome{verdict.Worse, verdict.Better} {
		for _, change := range changes.Changes {
			if change.Outcome == outcome {
				lines = append(lines, inert.Line(change.Sentence))
			}
		}
	}
	if more := len(lines) - mostSentences; more > 0 {
		lines = append(lines[:mostSentences], fmt.Sprintf("and %s more, which the table has", summary.Thousands(float64(more))))
	}
	return lines
}

// scaleOfChanges is the axis that the intervals of a pair share.
func scaleOfChanges(changes []verdict.Change) ratioScale {
	ratios := make([]stats.Ratio, len(changes))
	for i, change := range changes {
		ratios[i] = change.Ratio
	}
	return newRatioScale(nil, ratios...)
}

// changesTable is a row for each change; "" without any.
func (p comparison) changesTable(id, caption string, changes []verdict.Change, scale ratioScale, run int) (template.HTML, error) {
	if len(changes) == 0 {
		return "", nil
	}
	t := Table{
		ID: id, Caption: "A to " + summary.Letter(run) + ": " + caption + ". Drawn: how many times better than A; grey: too small to count", Sortable: true, Filters: true, Cards: true,
	}
	t.Head = append(
		p.caseColumns(), textColumn("metric"), Column{Text: "A", Number: true}, Column{Text: summary.Letter(run), Number: true},
		numberColumn("change, interval", "%"), Column{Text: "on a log axis", Drawn: scale.axis()}, textColumn("outcome"),
	)
	for _, change := range changes {
		row, err := p.changeRow(change, scale)
		if err != nil {
			return "", err
		}
		t.Rows = append(t.Rows, row)
	}
	return t.HTML()
}

func (p comparison) changeRow(change verdict.Change, scale ratioScale) (Row, error) {
	badge, err := render("badge", NewBadge(string(change.Outcome)))
	if err != nil {
		return Row{}, err
	}
	row := p.caseRow(change.New, change.Metric)
	figures := summary.ChangeFigures(change)
	estimate, _, _ := change.Relative()
	text := fmt.Sprintf("%s times better, interval %s: %s", summary.RatioText(change.Ratio.Estimate), summary.IntervalText(verdict.Verdict{Ratio: change.Ratio}), inert.Line(string(change.Outcome)))
	low, high := change.Band()
	moved := numberCell(figures[2], 100*estimate, change.Ratio.N > 0)
	moved.Note = figures[3]
	row.Cells = append(
		row.Cells,
		Cell{Text: figures[0], Class: "number"}, Cell{Text: figures[1], Class: "number"},
		moved,
		Cell{Drawn: scale.banded(low, high).interval(change.Ratio, intervalClass(change.Outcome), text), Class: "drawn"},
		Cell{Drawn: badge, Value: inert.Line(string(change.Outcome))},
	)
	return row, nil
}

// caseColumns head the cells of caseRow, but for the metric.
func (p comparison) caseColumns() []Column {
	if p.loads > 1 {
		return []Column{textColumn("case"), textColumn("load")}
	}
	return []Column{textColumn("case")}
}

// mostName is how much of each name in a case a table shows.
const mostName = 40

// caseRow begins a row about a metric of a case, which filters know.
func (p comparison) caseRow(c results.Case, metric string) Row {
	row := Row{Attrs: AxisAttrs(c, append(slices.Clone(p.axes), "load"))}
	row.Attrs = append(row.Attrs, template.HTMLAttr(`data-axis-metric="`+template.HTMLEscapeString(inert.Line(metric))+`"`))
	row.Cells = append(row.Cells, Cell{Text: summary.Label(c, p.axes, mostName), Head: true, Class: "protocol " + protocolClass(c.Protocol)})
	if p.loads > 1 {
		row.Cells = append(row.Cells, textCell(c.Load))
	}
	row.Cells = append(row.Cells, textCell(metric))
	return row
}

// intervalClass is the colour of an interval: that of a verdict.
func intervalClass(o verdict.ChangeOutcome) string {
	switch o {
	case verdict.Better:
		return string(verdict.Supported)
	case verdict.Worse:
		return string(verdict.Refuted)
	}
	return string(verdict.Inconclusive)
}
