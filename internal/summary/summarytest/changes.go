package summarytest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// rerun is hello measured on another day, by another seed, on a machine that is
// a tenth slower: all figures of the cases in factors are so many times worse.
func rerun(t testing.TB, factors map[string]float64) verdict.Side {
	t.Helper()
	d := Hello(t)
	d.Run.ID, d.Run.Seed, d.Run.Start = "20260203T040506Z-hello", 43, d.Run.Start.AddDate(0, 1, 1)
	d.Run.Environment.Kernel = "6.2.0"
	for i := range d.Trials {
		trial := &d.Trials[i]
		c, err := results.ParseCaseID(trial.Case)
		if err != nil {
			t.Fatal(err)
		}
		// The made-up noise of hello goes on with other blocks.
		from := d.Trials[(i+5*len(d.Run.Plan.Cases))%len(d.Trials)]
		if from.Case == trial.Case {
			trial.Metrics = from.Metrics
		}
		factor := 1.1
		if f, ok := factors[c.Protocol+" "+c.Connection]; ok {
			factor *= f
		}
		metrics := results.Metrics{}
		for name, v := range trial.Metrics {
			if m, _ := results.LookupMetric(name); m.Higher {
				metrics[name] = v / factor
			} else {
				metrics[name] = v * factor
			}
		}
		trial.Metrics = metrics
	}
	return verdict.Side{Run: d.Run, Trials: d.Trials, Scenario: d.Scenario}
}

// Changed is hello against a run in which one case became worse, one better,
// and one failed.
func Changed(t testing.TB) verdict.Changes {
	t.Helper()
	d := Hello(t)
	next := rerun(t, map[string]float64{"uwsgi per-request": 1.3, "fastcgi keep-alive": 0.7})
	for i := range next.Trials {
		if trial := &next.Trials[i]; trial.Case == d.Run.Plan.Cases[5].ID() && trial.Block < 4 {
			trial.Counts.Correct -= 7
			trial.Errors = []results.ErrorCount{{Kind: "timeout", Count: 7, Sample: "i/o timeout"}}
		}
	}
	next.Run.Plan.Cases = append(next.Run.Plan.Cases, results.Case{Target: "mine", Protocol: "http", Network: "tcp", Connection: "keep-alive", Front: "none", Application: "hello", Load: "steady"})
	changes, err := verdict.Compare(verdict.Side{Run: d.Run, Trials: d.Trials, Scenario: d.Scenario}, next, verdict.CompareOptions{Metrics: []string{"throughput", "capacity", "latency.p50"}})
	if err != nil {
		t.Fatal(err)
	}
	return *changes
}

// Builds is one run that measured two builds of a server.
func Builds(t testing.TB) verdict.Changes {
	t.Helper()
	d := Hello(t)
	for i := range d.Run.Plan.Cases {
		c := &d.Run.Plan.Cases[i]
		was := c.ID()
		c.Target, c.Protocol = map[string]string{"http": "old", "uwsgi": "new", "fastcgi": "other", "scgi": "scgi"}[c.Protocol], "http"
		for j := range d.Trials {
			if d.Trials[j].Case == was {
				d.Trials[j].Case = c.ID()
			}
		}
	}
	changes, err := verdict.ComparePaired(verdict.Side{Run: d.Run, Trials: d.Trials, Scenario: d.Scenario},
		scenarios.Selector{"target": "old"}, scenarios.Selector{"target": "new"}, verdict.CompareOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return *changes
}

// Elsewhere compares figures of two machines as they are.
func Elsewhere(t testing.TB) verdict.Changes {
	t.Helper()
	d := Hello(t)
	changes, err := verdict.Compare(verdict.Side{Run: d.Run, Trials: d.Trials, Scenario: d.Scenario}, rerun(t, nil), verdict.CompareOptions{Method: verdict.Absolute})
	if err != nil {
		t.Fatal(err)
	}
	return *changes
}

// HostileChanges has text that tries things wherever text comes from outside.
func HostileChanges(t testing.TB) verdict.Changes {
	t.Helper()
	c := Changed(t)
	c.Base, c.New, c.Reason, c.Reference = HostileText, HostileText+"2", HostileText, HostileText
	c.OnlyBase, c.Different, c.Warnings = []string{HostileText}, []string{HostileText}, []string{HostileText}
	for i := range c.Changes {
		change := &c.Changes[i]
		change.New.Target = fmt.Sprintf("%s %d", HostileText, i)
		change.Base = change.New
		change.Sentence, change.Warnings = HostileText, []string{HostileText, strings.Repeat("long-", 2000)}
		if i%3 == 0 {
			change.Reason = HostileText
		}
		if i%4 == 0 {
			change.Metric = HostileText
		}
	}
	for i := range c.References {
		c.References[i].Case.Target, c.References[i].Metric = HostileText, HostileText
	}
	return c
}
