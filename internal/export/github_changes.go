package export

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// GitHubChanges writes a comparison of two runs as annotations for GitHub
// Actions: an error for each case with metrics that became worse, a warning for
// each with inconclusive ones, and a notice for each with better ones, in that
// order, since GitHub shows ten of each level. The summary that goes with them
// is report.ChangesMarkdown.
func GitHubChanges(w io.Writer, c verdict.Changes) error {
	var out strings.Builder
	cases := changedCases(c)
	for _, kind := range []struct {
		outcome verdict.ChangeOutcome
		level   string
	}{
		{verdict.Worse, levelError},
		{verdict.Undetermined, levelWarning},
		{verdict.Better, levelNotice},
	} {
		sentences := map[[2]results.Case][]string{}
		var order []verdict.Change
		for _, change := range c.Changes {
			if change.Outcome != kind.outcome || change.Reason != "" && kind.outcome == verdict.Undetermined {
				continue
			}
			pair := [2]results.Case{change.Base, change.New}
			if sentences[pair] == nil {
				order = append(order, change)
			}
			sentences[pair] = append(sentences[pair], change.Sentence)
		}
		for _, change := range order {
			title := fmt.Sprintf("%s: %s", kind.outcome, changeScope(change, cases))
			out.WriteString(command(kind.level, title, sentences[[2]results.Case{change.Base, change.New}]...))
		}
	}
	if texts := changesCaveats(c); len(texts) > 0 {
		out.WriteString(command(levelWarning, "gwbench compare", texts...))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// changesCaveats are those about the whole comparison, and why some of it could
// not be made.
func changesCaveats(c verdict.Changes) []string {
	texts := slices.Clone(c.Warnings)
	for _, change := range c.Changes {
		if change.Reason != "" && change.Outcome == verdict.Undetermined {
			texts = append(texts, "Not compared: "+change.Reason)
		}
	}
	if len(c.Different) > 0 {
		texts = append(texts, "The machines differ: "+strings.Join(c.Different, ", "))
	}
	if len(c.OnlyBase) > 0 {
		texts = append(texts, "Only in BASE: "+strings.Join(c.OnlyBase, ", "))
	}
	if len(c.OnlyNew) > 0 {
		texts = append(texts, "Only in NEW: "+strings.Join(c.OnlyNew, ", "))
	}
	return unique(texts)
}
