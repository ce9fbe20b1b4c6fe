package export

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// GitHubChanges writes a comparison of two runs for GitHub Actions: a step
// summary in Markdown, and as annotations an error for each case with metrics
// that became worse, a warning for each with inconclusive ones, and a notice for
// each with better ones.
func GitHubChanges(summary, annotations io.Writer, c verdict.Changes) error {
	if _, err := summary.Write(changesSummary(c)); err != nil {
		return err
	}
	_, err := io.WriteString(annotations, changesAnnotations(c))
	return err
}

func changesSummary(c verdict.Changes) []byte {
	m := &markdown{}
	m.heading(2, "gwbench compare: "+string(c.Outcome))
	how := string(c.Method) + " comparison"
	if c.Reference != "" {
		how += " against " + c.Reference
	}
	if c.Reason != "" {
		how += ": " + c.Reason
	}
	m.paragraph(markup(how))
	for _, text := range changesCaveats(c) {
		m.paragraph("**" + markup(text) + "**")
	}
	cases := changedCases(c)
	var rows [][]string
	for _, change := range c.Changes {
		rows = append(rows, []string{
			changeScope(change, cases), change.Metric, string(change.Outcome), ratio(change),
			number(100*change.Threshold) + "%",
		})
	}
	if len(rows) > 0 {
		m.table([]string{"case", "metric", "verdict", "times better", "threshold"}, rows)
	}
	first := true
	for _, change := range c.Changes {
		if change.Outcome == verdict.Same {
			continue
		}
		if first {
			m.out.WriteByte('\n')
			first = false
		}
		m.item(0, fmt.Sprintf("**%s**: %s", markup(string(change.Outcome)), markup(change.Sentence)))
	}
	return m.out.Bytes()
}

// ratio is "0.930 [0.808, 1.11]". The interval is rounded outwards: one that
// does not reach 1 is not printed as if it did.
func ratio(c verdict.Change) string {
	if c.Ratio.N == 0 {
		return ""
	}
	text := significant(c.Ratio.Estimate)
	if c.Ratio.HasInterval() {
		text += " [" + rounding(c.Ratio.Low, math.Floor) + ", " + rounding(c.Ratio.High, math.Ceil) + "]"
	}
	return text
}

// changesAnnotations has the errors first: GitHub shows ten of each level.
func changesAnnotations(c verdict.Changes) string {
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
			title := strings.TrimSpace(fmt.Sprintf("%s: %s", kind.outcome, changeScope(change, cases)))
			out.WriteString(command(kind.level, title, sentences[[2]results.Case{change.Base, change.New}]...))
		}
	}
	if texts := changesCaveats(c); len(texts) > 0 {
		out.WriteString(command(levelWarning, "gwbench compare", texts...))
	}
	return out.String()
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
		texts = append(texts, "Only the base has "+strings.Join(c.OnlyBase, ", "))
	}
	if len(c.OnlyNew) > 0 {
		texts = append(texts, "The base does not have "+strings.Join(c.OnlyNew, ", "))
	}
	return unique(texts)
}
