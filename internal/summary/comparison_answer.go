package summary

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// Answers says in plain words what became of each later run against the first.
func (c Comparison) Answers() []Answer {
	var answers []Answer
	for i, changes := range c.Changes {
		answers = append(answers, Answer{
			Heading: fmt.Sprintf("%s (%s) against A (%s)", Letter(i+1), c.Names[i+1], c.Names[0]),
			Text:    strings.Join(changesAnswer(c, changes), " "),
		})
	}
	return answers
}

func changesAnswer(c Comparison, changes verdict.Changes) []string {
	if changes.Method == verdict.Paired && changes.Base == changes.New {
		return []string{"Both are the same records, so that nothing can have changed: this says nothing of any difference."}
	}
	by := map[verdict.ChangeOutcome][]verdict.Change{}
	for _, change := range changes.Changes {
		by[change.Outcome] = append(by[change.Outcome], change)
	}
	name := changeName(c, changes)
	sentences := []string{fmt.Sprintf("%s compared: %s.", Plural(len(changes.Changes), "figure"), ChangesCount(changes))}
	for _, kind := range []struct {
		outcome verdict.ChangeOutcome
		says    string
	}{{verdict.Worse, "What became worse most"}, {verdict.Better, "What became better most"}} {
		if most, ok := largest(by[kind.outcome]); ok {
			interval := ""
			if figures := ChangeFigures(most); figures[3] != "" {
				interval = " " + figures[3]
			}
			sentences = append(sentences, fmt.Sprintf("%s: %s, %s%s.", kind.says, name(most), ChangeText(most), interval))
		}
	}
	switch {
	case len(by[verdict.Worse])+len(by[verdict.Better]) > 0:
		sentences = append(sentences, fmt.Sprintf("Each such change is larger than its threshold; if nothing had changed, at most one comparison in %d would say so.", int(1/verdict.Alpha)))
	case len(by[verdict.Undetermined]) == 0 && len(changes.Changes) > 0:
		sentences = append(sentences, "The blocks suffice to rule out a change beyond the thresholds.")
	}
	return append(sentences, undecidedAnswer(changes, by[verdict.Undetermined])...)
}

// changeName names the case and the metric of a change.
func changeName(c Comparison, changes verdict.Changes) func(verdict.Change) string {
	axes := results.Varying(c.plan().Cases)
	if len(axes) == 0 {
		axes = ChangesAxes(changes)
	}
	return func(change verdict.Change) string {
		return inert.Line(change.Metric) + " of " + Label(change.New, axes, 0)
	}
}

// largest is the change furthest from 1; ok is false where none has a ratio.
func largest(some []verdict.Change) (most verdict.Change, ok bool) {
	some = slices.DeleteFunc(slices.Clone(some), func(change verdict.Change) bool {
		return !(change.Ratio.Estimate > 0) || !Finite(change.Ratio.Estimate)
	})
	if len(some) == 0 {
		return verdict.Change{}, false
	}
	far := func(change verdict.Change) float64 { return math.Abs(math.Log(change.Ratio.Estimate)) }
	return slices.MaxFunc(some, func(a, b verdict.Change) int { return cmp.Compare(far(a), far(b)) }), true
}

// undecidedAnswer says what it would take to decide what is inconclusive.
func undecidedAnswer(changes verdict.Changes, open []verdict.Change) []string {
	if len(open) == 0 {
		return nil
	}
	apart, known, blocks := 0, 0, 0
	for _, change := range open {
		if change.Reason != "" {
			apart++
		}
		if change.BlocksNeeded > 0 {
			known++
		}
		blocks = max(blocks, change.BlocksNeeded)
	}
	if apart == len(changes.Changes) {
		return []string{"Nothing could be compared: " + inert.Line(changes.Changes[0].Reason) + "."}
	}
	sentences := []string{"Inconclusive does not mean unchanged: there may be a change, or none."}
	some := "what is inconclusive"
	if known < len(open) {
		some = fmt.Sprintf("%d of the %d inconclusive figures", known, len(open))
	}
	switch {
	case blocks > mostBlocks:
		sentences = append(sentences, fmt.Sprintf("It would take more than %s in each run to decide %s.", Plural(mostBlocks, "block"), some))
	case blocks > 0:
		sentences = append(sentences, fmt.Sprintf("It would take about %s in each run to decide %s.", Plural(blocks, "block"), some))
	}
	return sentences
}
