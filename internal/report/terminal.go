package report

import (
	"io"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/summary"
)

// Terminal writes what a person wants to see at the end of a run: the run and
// its machine, the table of cases, the verdicts and trends, and what was
// skipped, disturbed or doubtful. With Style.Width set no line is wider, as far as
// words allow; without it sentences stay on one line. The table fits 80 columns then
// all the same, but for Style.Wide: it first loses columns (and says which), then
// cuts names. An error is that of w.
func Terminal(w io.Writer, d summary.Data, s Style) error {
	t := newTable(d, s.Wide)
	tableLines, err := t.render(s)
	if err != nil {
		return err
	}
	var legend []string
	for _, line := range t.legend() {
		legend = append(legend, s.wrap("  ", line)...)
	}
	sections := [][]string{
		s.wrapAll(summary.RunLines(d)),
		tableLines,
		s.wrapAll(summary.AllSearchLines(d)),
		legend,
		s.wrapAll(slices.Concat(summary.TrialLines(d), summary.NoiseLines(d))),
		verdictLines(d, s),
		trendLines(d, s),
		s.list("Skipped", summary.SkippedLines(d)),
		s.list("Known differences", summary.ExceptionLines(d)),
		s.list("Warnings", summary.CleanAll(d.Run.Warnings)),
	}
	return writeSections(w, sections)
}

// writeSections writes the sections that have lines, with an empty line between
// them.
func writeSections(w io.Writer, sections [][]string) error {
	var out strings.Builder
	for _, lines := range sections {
		if len(lines) == 0 {
			continue
		}
		if out.Len() > 0 {
			out.WriteByte('\n')
		}
		for _, line := range lines {
			out.WriteString(line)
			out.WriteByte('\n')
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}
