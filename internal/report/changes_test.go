package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// rerun is hello measured on another day, by another seed, on a machine that is
// a tenth slower: all figures of the cases in factors are so many times worse.
func rerun(t testing.TB, factors map[string]float64) verdict.Side {
	t.Helper()
	d := hello(t)
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

// changed is hello against a run in which one case became worse, one better,
// and one failed.
func changed(t testing.TB) verdict.Changes {
	t.Helper()
	d := hello(t)
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

// builds is one run that measured two builds of a server.
func builds(t testing.TB) verdict.Changes {
	t.Helper()
	d := hello(t)
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

// elsewhere compares figures of two machines as they are.
func elsewhere(t testing.TB) verdict.Changes {
	t.Helper()
	d := hello(t)
	changes, err := verdict.Compare(verdict.Side{Run: d.Run, Trials: d.Trials, Scenario: d.Scenario}, rerun(t, nil), verdict.CompareOptions{Method: verdict.Absolute})
	if err != nil {
		t.Fatal(err)
	}
	return *changes
}

// hostileChanges has text that tries things wherever text comes from outside.
func hostileChanges(t testing.TB) verdict.Changes {
	t.Helper()
	c := changed(t)
	c.Base, c.New, c.Reason, c.Reference = hostileText, hostileText+"2", hostileText, hostileText
	c.OnlyBase, c.Different, c.Warnings = []string{hostileText}, []string{hostileText}, []string{hostileText}
	for i := range c.Changes {
		change := &c.Changes[i]
		change.New.Target = fmt.Sprintf("%s %d", hostileText, i)
		change.Base = change.New
		change.Sentence, change.Warnings = hostileText, []string{hostileText, strings.Repeat("long-", 2000)}
		if i%3 == 0 {
			change.Reason = hostileText
		}
		if i%4 == 0 {
			change.Metric = hostileText
		}
	}
	for i := range c.References {
		c.References[i].Case.Target, c.References[i].Metric = hostileText, hostileText
	}
	return c
}

func changesTerminal(t *testing.T, c verdict.Changes, s Style) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := ChangesTerminal(&out, c, s); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func changesMarkdown(t *testing.T, c verdict.Changes) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := ChangesMarkdown(&out, c); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestChangesGoldens(t *testing.T) {
	c := changed(t)
	golden(t, "changes.txt", changesTerminal(t, c, Style{}))
	golden(t, "changes-60.txt", changesTerminal(t, c, Style{Width: 60}))
	golden(t, "changes-80.txt", changesTerminal(t, c, Style{Width: 80}))
	golden(t, "changes-colour.txt", changesTerminal(t, c, Style{Width: 120, Color: true}))
	golden(t, "changes-paired.txt", changesTerminal(t, builds(t), Style{Width: 80}))
	golden(t, "changes-elsewhere.txt", changesTerminal(t, elsewhere(t), Style{Width: 80}))
	golden(t, "changes.md", changesMarkdown(t, c))
	var out bytes.Buffer
	if err := ChangesJSON(&out, c); err != nil {
		t.Fatal(err)
	}
	golden(t, "changes.json", out.Bytes())
}

func TestHostileTextIsInertInChanges(t *testing.T) {
	c := hostileChanges(t)
	for _, width := range []int{0, 40, 80, 120} {
		text := string(changesTerminal(t, c, Style{Width: width}))
		onlyText(t, "terminal", text)
		table := newChangesTable(c)
		lines, err := table.renderChanges(Style{Width: width})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if got := twwidth.Width(line); width > 0 && got > width {
				t.Errorf("width %d: a line of %d columns: %s", width, got, line)
			}
		}
	}
	markdown := string(changesMarkdown(t, c))
	onlyText(t, "markdown", markdown)
	own := strings.NewReplacer("**", "", "<details><summary>", "", "</summary>", "", "</details>", "")
	for line := range strings.Lines(markdown) {
		if at := unescaped.FindString(own.Replace(line)); at != "" {
			t.Errorf("%q is not escaped in: %.300s", at, line)
		}
	}
	var out bytes.Buffer
	if err := ChangesJSON(&out, c); err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
}

func TestChangesOfNothing(t *testing.T) {
	empty := verdict.Changes{Base: "a", New: "b", Method: verdict.Absolute, Outcome: verdict.Undetermined}
	if text := string(changesTerminal(t, empty, Style{Width: 80})); !strings.Contains(text, "INCONCLUSIVE: nothing was compared\nBASE a, NEW b\n") {
		t.Errorf("%s", text)
	}
	onlyText(t, "markdown", string(changesMarkdown(t, empty)))
}
