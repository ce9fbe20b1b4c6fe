package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/page"
	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
)

// ComparisonFiles writes the report of several runs beside each other into dir, as Files
// does that of one.
func ComparisonFiles(dir string, c summary.Comparison, formats []Format) ([]string, error) {
	pictures := plots.Compared(c)
	return write(dir, formats, pictures, map[Format]func() ([]byte, error){
		HTML:     func() ([]byte, error) { return page.Comparison(c, pictures) },
		Markdown: func() ([]byte, error) { return comparisonMarkdown(c, pictures, shown(formats)) },
	})
}

// ComparisonTerminal writes what became of each later run against the first, one after
// the other, as ChangesTerminal does. An error is that of w.
func ComparisonTerminal(w io.Writer, c summary.Comparison, s Style) error {
	word := s.paint(changeColour(c.Outcome()), strings.ToUpper(cmp.Or(inert.Line(string(c.Outcome())), "undecided")))
	head := s.wrap("", word+": "+comparisonCount(c))
	for i := range c.Runs {
		head = append(head, s.wrap("  ", runLine(c, i))...)
	}
	all := [][]string{head}
	for i, changes := range c.Changes {
		sections, err := changesSections(changes, s)
		if err != nil {
			return err
		}
		all = append(all, []string{s.bold(s.cut(fmt.Sprintf("A -> %s: %s", summary.Letter(i+1), c.Names[i+1])), true)})
		all = append(all, sections...)
	}
	all = append(all, s.list("Of all runs", summary.CleanAll(c.Warnings)))
	return writeSections(w, all)
}

// comparisonCount is "3 runs, 11 of 13 cases in all of them".
func comparisonCount(c summary.Comparison) string {
	return fmt.Sprintf("%s, %d of %s in all of them", summary.Plural(len(c.Runs), "run"), c.Matched(), summary.Plural(len(c.Cases), "case"))
}

// runLine names a run by letter, and says how much there is of it.
func runLine(c summary.Comparison, i int) string {
	text := fmt.Sprintf("%s: %s", summary.Letter(i), c.Names[i])
	if id := inert.Line(c.Runs[i].Run.ID); id != "" && id != c.Names[i] {
		text += ", " + id
	}
	return text + ", " + summary.BlocksText(c.Runs[i])
}
