package summary

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// ChangesCount is "1 worse, 2 better, 10 same, 3 inconclusive".
func ChangesCount(c verdict.Changes) string {
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
		parts = append(parts, Plural(n, "case")+" of BASE missing in NEW")
	}
	return strings.Join(parts, ", ")
}

// ChangesRuns says what is compared with what: two runs, or two sides of one.
func ChangesRuns(c verdict.Changes) string {
	base, next := cmp.Or(inert.Line(c.Base), Unknown), cmp.Or(inert.Line(c.New), Unknown)
	if base != next {
		return "BASE " + base + ", NEW " + next
	}
	var sides []string
	for _, change := range c.Changes {
		differ := results.Varying([]results.Case{change.Base, change.New})
		if len(differ) == 0 {
			continue
		}
		if side := Label(change.New, differ, 0) + " against " + Label(change.Base, differ, 0); !slices.Contains(sides, side) {
			sides = append(sides, side)
		}
	}
	if len(sides) == 1 {
		return "run " + base + ", " + sides[0]
	}
	return "run " + base
}

// ChangesMethod names the method, and why it was taken.
func ChangesMethod(c verdict.Changes) string {
	return inert.Line(fmt.Sprintf("%s comparison: %s", c.Method, c.Reason))
}

// ChangesAxes are the axes that tell the changes apart.
func ChangesAxes(c verdict.Changes) []string {
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

// ChangesInWords are the sentences of what is not the same, the worst first, and how
// many inconclusive changes are left out.
func ChangesInWords(c verdict.Changes) (lines []string, left int) {
	open := 0
	for _, outcome := range []verdict.ChangeOutcome{verdict.Worse, verdict.Better, verdict.Undetermined} {
		for _, change := range c.Changes {
			if change.Outcome != outcome || change.Reason != "" && change.Metric != verdict.Errors {
				continue
			}
			if outcome == verdict.Undetermined {
				if open++; open > mostOpen {
					continue
				}
			}
			lines = append(lines, inert.Line(change.Sentence))
		}
	}
	return lines, max(open-mostOpen, 0)
}

// ChangesReasons groups what could not be compared by why.
func ChangesReasons(c verdict.Changes) []string {
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
		order[i] = fmt.Sprintf("%s: %s", Plural(n[reason], "change"), reason)
	}
	return order
}

// ReferenceLines are the figures of the references: a change of theirs is part
// of every other.
func ReferenceLines(c verdict.Changes) []string {
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
			name = Label(one, slices.Concat([]string{"target", "protocol", "connection"}, slices.DeleteFunc(slices.Clone(axes), func(axis string) bool {
				return slices.Contains([]string{"target", "protocol", "connection"}, axis)
			})), 0)
		}
		lines = append(lines, name+": "+strings.Join(figures, ", "))
	}
	return lines
}

func figureText(v float64, ok bool) string {
	if !ok || !Finite(v) {
		return Unknown
	}
	return Significant(v)
}

// UnmatchedLines name the cases that only one of the runs has.
func UnmatchedLines(c verdict.Changes) []string {
	var lines []string
	for _, side := range []struct {
		name string
		ids  []string
	}{{"BASE", c.OnlyBase}, {"NEW", c.OnlyNew}} {
		if len(side.ids) > 0 {
			lines = append(lines, side.name+": "+strings.Join(CleanAll(side.ids), ", "))
		}
	}
	return lines
}

// ChangesWarnings are the caveats of the whole and of each change.
func ChangesWarnings(c verdict.Changes) []string {
	all := slices.Clone(c.Warnings)
	for _, change := range c.Changes {
		all = append(append(all, change.Warnings...), change.Ratio.Warnings...)
	}
	return eachOnce(all)
}
