package export

import (
	"io"
	"strings"
	"time"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// writeJUnit writes a run as tests, in three suites:
//
//	gates   a test for each comparison: it fails where the gate is refuted, and
//	        is skipped where that is inconclusive
//	claims  likewise, but none fails: a claim is a question, and a refuted one
//	        answers it; the answer is the test's output
//	cases   a test for each case: an error where it has no valid trial
func writeJUnit(w io.Writer, d Data) error {
	all := junitSuites{Name: inert.Line("gwbench " + d.Run.Scenario.Name)}
	for _, suite := range []junitSuite{claimSuite(d, "gates", true), claimSuite(d, "claims", false), caseSuite(d)} {
		if len(suite.Cases) > 0 {
			suite.Timestamp = d.Run.Start.UTC().Format(junitTime)
			suite.Hostname = inert.Line(d.Run.Environment.Hostname)
			suite.Properties = runProperties(d.Run)
			all.add(suite)
		}
	}
	return all.write(w)
}

// claimSuite holds the gates, or the claims.
func claimSuite(d Data, kind string, gates bool) junitSuite {
	suite := junitSuite{Name: inert.Line(d.Run.Scenario.Name + " " + kind)}
	for _, c := range d.Claims {
		if c.Gate == gates {
			for _, t := range claimTests(d, c, kind) {
				suite.add(t)
			}
		}
	}
	return suite
}

// claimTests are the comparisons of a claim or gate. One that has none, because
// its cases were left out of the run, is a test that was skipped.
func claimTests(d Data, c verdict.ClaimResult, kind string) []junitTest {
	class := className(d, kind)
	if len(c.Verdicts) == 0 {
		why := inert.Line(strings.Join(c.Warnings, "; "))
		return []junitTest{{Name: inert.Line(c.Claim.Name), Class: class, Skipped: &junitMessage{Message: why}}}
	}
	var tests []junitTest
	for _, v := range c.Verdicts {
		t := junitTest{
			Name:  inert.Line(c.Claim.Name + ": " + v.Metric + ", " + summary.Scope(d.Run.Plan.Cases, v.Of, v.Over, 0)),
			Class: class,
		}
		sentence := inert.Line(v.Sentence)
		details := lines(append([]string{c.Claim.Says, v.Sentence}, caveats(c, v)...))
		switch {
		case v.Outcome == verdict.Inconclusive:
			t.Skipped = &junitMessage{Message: sentence}
			t.Output = details
		case v.Outcome == verdict.Refuted && c.Gate:
			t.Failure = &junitMessage{Type: "refuted", Message: sentence, Text: details}
		default:
			t.Output = details
		}
		tests = append(tests, t)
	}
	return tests
}

// caveats are what a reader has to know beside the verdict.
func caveats(c verdict.ClaimResult, v verdict.Verdict) []string {
	var all []string
	for _, list := range [][]string{c.Warnings, v.Warnings, v.Ratio.Warnings} {
		for _, w := range list {
			all = append(all, "Warning: "+w)
		}
	}
	return all
}

// caseSuite is the measuring itself: its tests took the time of their trials.
func caseSuite(d Data) junitSuite {
	suite := junitSuite{Name: inert.Line(d.Run.Scenario.Name + " cases")}
	metrics, _ := Choose("")
	for _, f := range figures(d) {
		t := junitTest{Name: inert.Line(f.Case.ID()), Class: className(d, "cases"), seconds: f.Seconds}
		if len(f.Valid) == 0 {
			t.Error = &junitMessage{Type: "no valid trial", Message: noValidTrial(d, f)}
		} else {
			var texts []string
			for _, m := range metrics {
				if s, ok := f.of(m); ok {
					texts = append(texts, m.Name+" "+number(rounded(s.Median))+" "+m.Unit)
				}
			}
			t.Output = lines(texts)
		}
		suite.add(t)
	}
	return suite
}

// noValidTrial says why a case has no figures.
func noValidTrial(d Data, f caseFigures) string {
	if f.Trials == 0 {
		return "the case was not measured"
	}
	for _, t := range d.Trials {
		if t.Case == f.Case.ID() && len(t.Invalid) > 0 {
			return inert.Line("no trial is valid, for example: " + t.Invalid[0])
		}
	}
	return "no trial is valid"
}

// className groups tests: what shows them splits it at its dots.
func className(d Data, kind string) string {
	return inert.Line(strings.ReplaceAll(d.Run.Scenario.Name, ".", "-") + "." + kind)
}

// lines is a text of one line for each of the given ones that say something.
func lines(texts []string) string {
	var kept []string
	for _, text := range texts {
		if text = inert.Line(text); text != "" {
			kept = append(kept, text)
		}
	}
	return strings.Join(kept, "\n")
}

func runProperties(r results.Run) *junitProperties {
	p := &junitProperties{}
	for _, property := range [][2]string{
		{"run", r.ID},
		{"tool", r.Tool},
		{"partial", r.Partial},
		{"os", r.Environment.OS},
		{"kernel", r.Environment.Kernel},
		{"cpu", r.Environment.CPU},
	} {
		p.add(property[0], property[1])
	}
	for _, w := range r.Warnings {
		p.add("warning", w)
	}
	return p
}

// junitTime has no zone, as Apache Ant's schema of such files wants it; it is
// UTC.
const junitTime = time.DateOnly + "T" + time.TimeOnly
