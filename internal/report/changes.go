package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
)

// ChangesTerminal writes a comparison of two runs as a person wants to see it:
// what it came to and how it was made, the table of changes, in words what is not
// the same, and the caveats. With Style.Width set no line is wider, as far as
// words allow. An error is that of w.
func ChangesTerminal(w io.Writer, c verdict.Changes, s Style) error {
	sections, err := changesSections(c, s)
	if err != nil {
		return err
	}
	return writeSections(w, sections)
}

func changesSections(c verdict.Changes, s Style) ([][]string, error) {
	t := newChangesTable(c)
	tableLines, err := t.renderChanges(s)
	if err != nil {
		return nil, err
	}
	return [][]string{
		changesHead(c, s),
		tableLines,
		s.wrapAll(changesLegend(c, t)),
		s.list("In words", changesInWords(c)),
		s.list("Not compared", summary.ChangesReasons(c)),
		s.list("References", summary.ReferenceLines(c)),
		s.list("Only in one of the runs", summary.UnmatchedLines(c)),
		s.list("Warnings", summary.ChangesWarnings(c)),
	}, nil
}

func changesHead(c verdict.Changes, s Style) []string {
	word := s.paint(changeColour(c.Outcome), strings.ToUpper(cmp.Or(inert.Line(string(c.Outcome)), "undecided")))
	lines := s.wrap("", word+": "+summary.ChangesCount(c))
	return append(lines, s.wrapAll([]string{summary.ChangesRuns(c), summary.ChangesMethod(c)})...)
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

// changesInWords says where to find the sentences that it leaves out.
func changesInWords(c verdict.Changes) []string {
	lines, left := summary.ChangesInWords(c)
	if left > 0 {
		lines = append(lines, fmt.Sprintf("and %d more inconclusive, which the table has", left))
	}
	return lines
}
