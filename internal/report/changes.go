package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// ChangesTerminal writes a comparison of two runs as a person wants to see it:
// what it came to and how it was made, the table of changes, in words what is not
// the same, and the caveats. With Style.Width set no line is wider, as far as
// words allow. An error is that of w.
func ChangesTerminal(w io.Writer, c verdict.Changes, s Style) error {
	t := newChangesTable(c)
	tableLines, err := t.renderChanges(s)
	if err != nil {
		return err
	}
	sections := [][]string{
		changesHead(c, s),
		tableLines,
		s.wrapAll(changesLegend(c, t)),
		s.list("In words", changesInWords(c)),
		s.list("Not compared", changesReasons(c)),
		s.list("References", referenceLines(c)),
		s.list("Only in one of the runs", unmatchedLines(c)),
		s.list("Warnings", changesWarnings(c)),
	}
	return writeSections(w, sections)
}

func changesHead(c verdict.Changes, s Style) []string {
	word := s.paint(changeColour(c.Outcome), strings.ToUpper(cmp.Or(inert.Line(string(c.Outcome)), "undecided")))
	lines := s.wrap("", word+": "+changesCount(c))
	return append(lines, s.wrapAll([]string{changesRuns(c), changesMethod(c)})...)
}

// changeColour makes good and bad news stand out; the word carries the meaning.
func changeColour(o verdict.ChangeOutcome) string {
	switch o {
	case verdict.Worse:
		return ansiRed
	case verdict.Better:
		return ansiGreen
	case verdict.Undetermined:
		return ansiYellow
	}
	return ""
}

// changesCount is "1 worse, 2 better, 10 same, 3 inconclusive".
func changesCount(c verdict.Changes) string {
	if len(c.Changes) == 0 {
		return "nothing was compared"
	}
	var parts []string
	for _, outcome := range []verdict.ChangeOutcome{verdict.Worse, verdict.Better, verdict.Same, verdict.Undetermined} {
		n := 0
		for _, change := range c.Changes {
			if change.Outcome == outcome {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, outcome))
		}
	}
	if n := len(c.OnlyBase); n > 0 {
		parts = append(parts, summary.Plural(n, "case")+" of BASE missing in NEW")
	}
	return strings.Join(parts, ", ")
}

// changesRuns says what is compared with what: two runs, or two sides of one.
func changesRuns(c verdict.Changes) string {
	base, next := cmp.Or(inert.Line(c.Base), summary.Unknown), cmp.Or(inert.Line(c.New), summary.Unknown)
	if base != next {
		return "BASE " + base + ", NEW " + next
	}
	var sides []string
	for _, change := range c.Changes {
		differ := results.Varying([]results.Case{change.Base, change.New})
		if len(differ) == 0 {
			continue
		}
		if side := summary.Label(change.New, differ, 0) + " against " + summary.Label(change.Base, differ, 0); !slices.Contains(sides, side) {
			sides = append(sides, side)
		}
	}
	if len(sides) == 1 {
		return "run " + base + ", " + sides[0]
	}
	return "run " + base
}

func changesMethod(c verdict.Changes) string {
	return inert.Line(fmt.Sprintf("%s comparison: %s", c.Method, c.Reason))
}

// changesAxes are the axes that tell the changes apart.
func changesAxes(c verdict.Changes) []string {
	var cases []results.Case
	for _, change := range c.Changes {
		cases = append(cases, change.New)
	}
	if axes := results.Varying(cases); len(axes) > 0 {
		return axes
	}
	return []string{"target", "protocol"}
}

// mostOpen is how many inconclusive changes are put in words: the table lists
// them all.
const mostOpen = 5

// changesInWords are the sentences of what is not the same, the worst first.
func changesInWords(c verdict.Changes) []string {
	var lines []string
	for _, outcome := range []verdict.ChangeOutcome{verdict.Worse, verdict.Better, verdict.Undetermined} {
		n := 0
		for _, change := range c.Changes {
			if change.Outcome != outcome || change.Reason != "" && change.Metric != verdict.Errors {
				continue
			}
			if n++; outcome == verdict.Undetermined && n > mostOpen {
				continue
			}
			lines = append(lines, inert.Line(change.Sentence))
		}
		if outcome == verdict.Undetermined && n > mostOpen {
			lines = append(lines, fmt.Sprintf("and %d more inconclusive, of which --format json has the sentences", n-mostOpen))
		}
	}
	return lines
}

// changesReasons groups what could not be compared by why.
func changesReasons(c verdict.Changes) []string {
	var order []string
	n := map[string]int{}
	for _, change := range c.Changes {
		reason := inert.Line(change.Reason)
		if reason == "" {
			continue
		}
		if n[reason] == 0 {
			order = append(order, reason)
		}
		n[reason]++
	}
	for i, reason := range order {
		order[i] = fmt.Sprintf("%s: %s", summary.Plural(n[reason], "change"), reason)
	}
	return order
}

// referenceLines are the figures of the references: a change of theirs is part
// of every other.
func referenceLines(c verdict.Changes) []string {
	var lines []string
	var cases []results.Case
	for _, r := range c.References {
		cases = append(cases, r.Case)
	}
	axes := results.Varying(cases)
	for i := 0; i < len(c.References); {
		one := c.References[i].Case
		var figures []string
		for ; i < len(c.References) && c.References[i].Case == one; i++ {
			r := c.References[i]
			m, _ := results.LookupMetric(r.Metric)
			figures = append(figures, fmt.Sprintf("%s %s -> %s %s", inert.Line(r.Metric), figureText(r.BaseMedian, r.BaseMedian > 0), figureText(r.NewMedian, r.NewMedian > 0), m.Unit))
		}
		name := inert.Line(c.Reference)
		if len(axes) > 0 {
			name = summary.Label(one, slices.Concat([]string{"target", "protocol", "connection"}, slices.DeleteFunc(slices.Clone(axes), func(axis string) bool {
				return slices.Contains([]string{"target", "protocol", "connection"}, axis)
			})), 0)
		}
		lines = append(lines, name+": "+strings.Join(figures, ", "))
	}
	return lines
}

func figureText(v float64, ok bool) string {
	if !ok || !summary.Finite(v) {
		return summary.Unknown
	}
	return summary.Significant(v)
}

func unmatchedLines(c verdict.Changes) []string {
	var lines []string
	for _, side := range []struct {
		name string
		ids  []string
	}{{"BASE", c.OnlyBase}, {"NEW", c.OnlyNew}} {
		if len(side.ids) > 0 {
			lines = append(lines, side.name+": "+strings.Join(summary.CleanAll(side.ids), ", "))
		}
	}
	return lines
}

func changesWarnings(c verdict.Changes) []string {
	all := slices.Clone(c.Warnings)
	for _, change := range c.Changes {
		all = append(append(all, change.Warnings...), change.Ratio.Warnings...)
	}
	return summary.EachOnce(all)
}
