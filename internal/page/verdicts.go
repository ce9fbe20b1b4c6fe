package page

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
)

// claimCard is a claim, or a gate, with what tells its verdict.
type claimCard struct {
	ID         string
	Badge      Badge
	Gate       bool
	Says, Name string
	Factor     string
	Sentence   string        // of the comparison that stands for the claim
	Table      template.HTML // of its comparisons; "" without any
	Further    []string      // what it takes to decide what is not
	Parts      []claimParts
	Bottleneck string
	Caveats    []string
}

// claimParts say which axes made a ratio.
type claimParts struct {
	Explanation string
	Table       template.HTML
}

// verdicts has a card for each claim, then for each gate.
func (r *report) verdicts() (template.HTML, error) {
	var view struct {
		Claims, Gates []claimCard
		Figure        template.HTML
	}
	view.Figure = r.figures["ratio"]
	for i, c := range r.Claims {
		card, err := r.claim(fmt.Sprintf("claim-%d", i+1), c)
		if err != nil {
			return "", err
		}
		if c.Gate {
			view.Gates = append(view.Gates, card)
		} else {
			view.Claims = append(view.Claims, card)
		}
	}
	return render("verdicts", view)
}

func (r *report) claim(id string, c verdict.ClaimResult) (claimCard, error) {
	card := claimCard{
		ID: id, Badge: NewBadge(string(c.Outcome)), Gate: c.Gate, Says: inert.Line(c.Claim.Says), Name: inert.Line(c.Claim.Name),
		Factor: summary.FactorText(c.Claim.Factor), Bottleneck: summary.BottleneckText(r.Data, c), Caveats: summary.ClaimWarnings(c),
	}
	if card.Says == "" {
		card.Says, card.Name = card.Name, ""
	}
	if v, ok := summary.Telling(c); ok {
		card.Sentence = inert.Line(v.Sentence)
	}
	verdicts := summary.InOrder(c)
	var err error
	if card.Table, err = r.comparisons(id, c, verdicts); err != nil {
		return card, err
	}
	for i, v := range verdicts {
		if text := summary.FurtherBlocks(v); text != "" {
			card.Further = append(card.Further, fmt.Sprintf("%s, %s: %s", inert.Line(v.Metric), summary.Scope(r.Run.Plan.Cases, v.Of, v.Over, 0), text))
		}
		if len(v.Parts) == 0 && inert.Line(v.Explanation) == "" {
			continue
		}
		parts := claimParts{Explanation: inert.Line(v.Explanation)}
		about := fmt.Sprintf("Parts of the ratio of %s: %s", inert.Line(v.Metric), summary.Scope(r.Run.Plan.Cases, v.Of, v.Over, 0))
		if parts.Table, err = partsTable(fmt.Sprintf("%s-parts-%d", id, i+1), about, v); err != nil {
			return card, err
		}
		card.Parts = append(card.Parts, parts)
	}
	return card, nil
}

// comparisons is a row for each; their intervals share an axis.
func (r *report) comparisons(id string, c verdict.ClaimResult, verdicts []verdict.Verdict) (template.HTML, error) {
	if len(verdicts) == 0 {
		return "", nil
	}
	ratios := make([]stats.Ratio, len(verdicts))
	for i, v := range verdicts {
		ratios[i] = v.Ratio
	}
	scale := newRatioScale([]float64{c.Claim.Factor.Value}, ratios...)
	lines := "the line at 1x is no difference, the dashed one the claimed factor"
	if c.Claim.Factor.Value == 1 {
		lines = "the line is no difference, and what is claimed"
	}
	t := Table{
		ID: id + "-comparisons", Cards: true, Caption: "What was compared for " + strings.ReplaceAll(id, "-", " ") + "; " + lines,
		Head: []Column{
			{Text: "metric"},
			{Text: "comparison"},
			{Text: "ratio", Number: true},
			{Text: "interval", Number: true},
			{Text: "on a log axis", Drawn: scale.axis()},
			{Text: "verdict"},
			{Text: "confidence", Number: true},
			{Text: "blocks", Number: true},
		},
	}
	for _, v := range verdicts {
		badge, err := render("badge", NewBadge(string(v.Outcome)))
		if err != nil {
			return "", err
		}
		metric := Cell{Text: inert.Line(v.Metric), Head: true}
		if v.GeneratorBound {
			metric.Note = summary.LimitText
		}
		confidence := summary.Unknown
		if summary.HasInterval(v) {
			confidence = summary.ConfidenceText(v)
		}
		text := fmt.Sprintf("%s, interval %s, claimed %s: %s", summary.RatioText(v.Ratio.Estimate), summary.IntervalText(v), summary.FactorText(v.Factor), inert.Line(string(v.Outcome)))
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			metric,
			{Text: summary.Scope(r.Run.Plan.Cases, v.Of, v.Over, 0), Class: "pair"},
			{Text: summary.RatioText(v.Ratio.Estimate), Class: "number"},
			{Text: summary.IntervalText(v), Class: "number"},
			{Drawn: scale.interval(v.Ratio, NewBadge(string(v.Outcome)).Class, text), Class: "drawn"},
			{Drawn: badge},
			{Text: confidence, Class: "number"},
			countCell(v.Blocks),
		}})
	}
	return t.HTML()
}

// partsTable says what each axis has to do with a ratio; "" without parts.
func partsTable(id, caption string, v verdict.Verdict) (template.HTML, error) {
	if len(v.Parts) == 0 {
		return "", nil
	}
	ratios := make([]stats.Ratio, len(v.Parts))
	for i, p := range v.Parts {
		ratios[i] = p.Ratio
	}
	scale := newRatioScale(nil, ratios...)
	t := Table{ID: id, Cards: true, Caption: caption, Head: []Column{
		{Text: "axis"},
		{Text: "from"},
		{Text: "to"},
		{Text: "ratio", Number: true},
		{Text: "95 % interval", Number: true},
		{Text: "on a log axis", Drawn: scale.axis()},
		{Text: "least and most", Number: true},
	}}
	for _, p := range v.Parts {
		interval := summary.IntervalText(verdict.Verdict{Ratio: p.Ratio})
		between := summary.RatioText(p.Least) + " to " + summary.RatioText(p.Most)
		if math.Abs(p.Least-p.Most) < 0.005 {
			between = summary.RatioText(p.Least)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			{Text: inert.Line(p.Axis), Head: true},
			textCell(p.From), textCell(p.To),
			{Text: summary.RatioText(p.Ratio.Estimate), Class: "number"},
			{Text: interval, Class: "number"},
			{Drawn: scale.interval(p.Ratio, "", strings.Join([]string{summary.RatioText(p.Ratio.Estimate), interval}, ", interval ")), Class: "drawn"},
			{Text: between, Class: "number"},
		}})
	}
	return t.HTML()
}
