package summary

import (
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/verdict"
)

// Basis says in a few words what changes are of: "next to builtin http keep-alive". Where
// that differs from run to run, each is named.
func (c Comparison) Basis() string {
	return c.ofRuns(func(changes verdict.Changes) string {
		switch changes.Method {
		case verdict.Normalised:
			return "next to " + inert.Line(changes.Reference)
		case verdict.Paired:
			return "within the same blocks"
		}
		if changes.Untold() != "" {
			return "none, as the machines differ"
		}
		return "absolute"
	})
}

// BasisNote says it in full, with what follows for who divides the medians.
func (c Comparison) BasisNote() string {
	text := "Change from A: " + c.ofRuns(func(changes verdict.Changes) string {
		switch changes.Method {
		case verdict.Normalised:
			text := "each case is first divided by the reference " + inert.Line(changes.Reference) + " of its own run, so that the change is not the quotient of the two medians"
			if slices.ContainsFunc(changes.Changes, func(change verdict.Change) bool {
				return change.Method == verdict.Absolute && change.Metric != verdict.Errors
			}) {
				if len(changes.Different) > 0 {
					return text + "; of a case without a reference nothing can be told, because the machines differ"
				}
				return text + "; a case without a reference is compared as it is"
			}
			return text
		case verdict.Paired:
			return "both runs are the same records"
		}
		return inert.Line(changes.Reason)
	})
	return text + "."
}

// ofRuns is what is said of each later run: once where it is the same of all.
func (c Comparison) ofRuns(say func(verdict.Changes) string) string {
	var said []string
	for _, changes := range c.Changes {
		said = append(said, say(changes))
	}
	if len(slices.Compact(slices.Clone(said))) == 1 {
		return said[0]
	}
	for i := range said {
		said[i] = Letter(i+1) + ": " + said[i]
	}
	return strings.Join(said, "; ")
}

// NameAndBlocks is "A: before, 10 complete blocks": a run in a legend.
func (c Comparison) NameAndBlocks(run int) string {
	return Letter(run) + ": " + c.Names[run] + ", " + Plural(CompleteBlocks(c.Runs[run]), "complete block")
}
