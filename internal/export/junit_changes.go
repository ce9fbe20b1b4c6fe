package export

import (
	"io"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// JUnitChanges writes a comparison of two runs as tests, one for each metric of
// each case: what became worse fails, what is inconclusive is skipped, and so is
// a case that only one of the runs has.
func JUnitChanges(w io.Writer, c verdict.Changes) error {
	suite := junitSuite{Name: "changes", Properties: &junitProperties{}}
	suite.Properties.add("base", c.Base)
	suite.Properties.add("new", c.New)
	suite.Properties.add("method", string(c.Method))
	suite.Properties.add("reason", c.Reason)
	suite.Properties.add("reference", c.Reference)
	for _, difference := range c.Different {
		suite.Properties.add("different", difference)
	}
	for _, w := range c.Warnings {
		suite.Properties.add("warning", w)
	}
	cases := changedCases(c)
	for _, change := range c.Changes {
		suite.add(changeTest(change, cases))
	}
	for _, id := range c.OnlyBase {
		suite.add(skippedCase(id, "only BASE has this case"))
	}
	for _, id := range c.OnlyNew {
		suite.add(skippedCase(id, "only NEW has this case"))
	}
	all := junitSuites{Name: "gwbench compare"}
	all.add(suite)
	return all.write(w)
}

// changeClass groups the tests of a comparison.
const changeClass = "compare.changes"

func changeTest(c verdict.Change, cases []results.Case) junitTest {
	t := junitTest{Name: inert.Line(c.Metric + ", " + changeScope(c, cases)), Class: changeClass}
	sentence := inert.Line(c.Sentence)
	texts := []string{c.Sentence}
	for _, list := range [][]string{c.Warnings, c.Ratio.Warnings} {
		for _, w := range list {
			texts = append(texts, "Warning: "+w)
		}
	}
	details := lines(texts)
	switch c.Outcome {
	case verdict.Worse:
		t.Failure = &junitMessage{Type: string(verdict.Worse), Message: sentence, Text: details}
	case verdict.Better, verdict.Same:
		t.Output = details
	default:
		t.Skipped = &junitMessage{Message: sentence}
		t.Output = details
	}
	return t
}

func skippedCase(id, why string) junitTest {
	return junitTest{Name: inert.Line(id), Class: changeClass, Skipped: &junitMessage{Message: why}}
}

// changedCases lists the cases of the new run.
func changedCases(c verdict.Changes) []results.Case {
	var cases []results.Case
	for _, change := range c.Changes {
		cases = append(cases, change.New)
	}
	return cases
}

// changeScope names what changed by what tells it from the other changes, or
// the two cases where one run's are compared with each other.
func changeScope(c verdict.Change, cases []results.Case) string {
	if c.Base != c.New {
		return summary.Scope(cases, c.New, c.Base, 0)
	}
	return inert.Line(verdict.Label(c.New, results.Varying(cases)))
}
