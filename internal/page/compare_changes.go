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
	Table      template.HTML // of what is not the same; "" of nothing
	Same       template.HTML // likewise of what is
	SameTitle  string
	Method     string
	Legend     string
	Reasons    []string
	References []string
	Unmatched  []string
	Caveats    []string
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
		Base:  p.run(0), New: p.run(run), Count: summary.ChangesCount(changes),
		Sentences: toldSentences(changes), Method: summary.Capital(summary.ChangesMethod(changes)) + ".", Legend: summary.Capital(summary.ChangesLegend(changes)),
		Reasons: summary.ChangesReasons(changes), References: summary.ReferenceLines(changes),
		Unmatched: summary.UnmatchedLines(changes), Caveats: summary.ChangesWarnings(changes),
	}
	var told, same []verdict.Change
	for _, change := range changes.Changes {
		if change.Outcome == verdict.Same {
			same = append(same, change)
		} else {
			told = append(told, change)
		}
	}
	scale := scaleOfChanges(changes.Changes)
	var err error
	if card.Table, err = p.changesTable(card.ID+"-changes", "Changes that are not the same", told, scale, run); err != nil {
		return card, err
	}
	card.SameTitle = summary.Plural(len(same), "change") + " that came to the same"
	card.Same, err = p.changesTable(card.ID+"-same", "Changes within their threshold", same, scale, run)
	return card, err
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
func scaleOfChanges(changes []verdict.Change) Scale {
	ratios := make([]stats.Ratio, len(changes))
	for i, change := range changes {
		ratios[i] = change.Ratio
	}
	return NewScale(nil, ratios...)
}

// changesTable is a row for each change; "" without any.
func (p comparison) changesTable(id, caption string, changes []verdict.Change, scale Scale, run int) (template.HTML, error) {
	if len(changes) == 0 {
		return "", nil
	}
	t := Table{
		ID: id, Caption: caption + ". Drawn: how many times better than A; grey: too small to count", Sortable: true, Filters: true, Cards: true,
	}
	t.Head = append(
		p.caseColumns(), textColumn("metric"), Column{Text: "A", Number: true}, Column{Text: summary.Letter(run), Number: true},
		numberColumn("change", "%"), Column{Text: "interval", Unit: "%", Number: true}, Column{Text: "on a log axis", Drawn: scale.Axis()}, textColumn("outcome"),
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

func (p comparison) changeRow(change verdict.Change, scale Scale) (Row, error) {
	badge, err := render("badge", NewBadge(string(change.Outcome)))
	if err != nil {
		return Row{}, err
	}
	row := p.caseRow(change.New, change.Metric)
	figures := summary.ChangeFigures(change)
	estimate, _, _ := change.Relative()
	text := fmt.Sprintf("%s times better, interval %s: %s", summary.RatioText(change.Ratio.Estimate), summary.IntervalText(verdict.Verdict{Ratio: change.Ratio}), inert.Line(string(change.Outcome)))
	low, high := change.Band()
	row.Cells = append(
		row.Cells,
		Cell{Text: figures[0], Class: "number"}, Cell{Text: figures[1], Class: "number"},
		numberCell(figures[2], estimate, change.Ratio.N > 0), Cell{Text: figures[3], Class: "number"},
		Cell{Drawn: scale.Banded(low, high).Interval(change.Ratio, intervalClass(change.Outcome), text), Class: "drawn"},
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

// caseRow begins a row about a metric of a case, which filters know.
func (p comparison) caseRow(c results.Case, metric string) Row {
	row := Row{Attrs: AxisAttrs(c, append(slices.Clone(p.axes), "load"))}
	row.Attrs = append(row.Attrs, template.HTMLAttr(`data-axis-metric="`+template.HTMLEscapeString(inert.Line(metric))+`"`))
	row.Cells = append(row.Cells, Cell{Text: summary.Label(c, p.axes, 0), Head: true, Class: "protocol " + protocolClass(c.Protocol)})
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
