package export

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// measured is a run as it was recorded: five cases of results/showcase/hello, its
// claim, and three gates of which one holds, one does not, and one cannot be
// told. Its histograms are left out, as no export shows them.
func measured(t testing.TB) Data {
	t.Helper()
	run, trials, err := results.Read("testdata/small")
	if err != nil {
		t.Fatal(err)
	}
	scenario, err := scenarios.Parse(run.Scenario.File, []byte(run.Scenario.YAML), scenarios.Vocabulary{
		Protocols: []string{"http", "uwsgi", "fastcgi", "scgi"}, Networks: []string{"tcp"},
		Connections: []string{results.PerRequest, results.KeepAlive},
		Metrics:     results.MetricNames(), Axes: results.Axes, Stored: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	claims, err := verdict.Evaluate(scenario, run.Plan, trials)
	if err != nil {
		t.Fatal(err)
	}
	return Data{Run: run, Trials: trials, Claims: claims}
}

// small is measured with sentences and caveats of our own: how verdicts are
// worded is not what is tested here.
func small(t testing.TB) Data {
	t.Helper()
	d := measured(t)
	for i := range d.Claims {
		c := &d.Claims[i]
		c.Warnings = []string{"a caveat of " + c.Claim.Name}
		for j := range c.Verdicts {
			v := &c.Verdicts[j]
			v.Sentence = fmt.Sprintf("What 99 %% say of %s: %s.", v.Metric, v.Outcome)
			v.Warnings = []string{"a caveat of " + v.Metric, "a caveat of all"}
		}
	}
	return d
}

// lacking is small after a bad day: nothing is valid of one case, another was
// not measured at all, one metric is unknown, a claim has no cases, and the run
// was interrupted.
func lacking(t testing.TB) Data {
	t.Helper()
	d := small(t)
	failed, absent := d.Run.Plan.Cases[0].ID(), d.Run.Plan.Cases[1].ID()
	var trials []results.Trial
	for _, trial := range d.Trials {
		switch trial.Case {
		case absent:
			continue
		case failed:
			trial.Valid, trial.Invalid = false, []string{"200 of 300 responses were wrong", "late"}
			trial.Counts.Correct = trial.Counts.Sent / 3
		}
		delete(trial.Metrics, "server_cpu")
		trial.Usage.ServerUser = nil
		trials = append(trials, trial)
	}
	d.Trials = trials
	d.Run.Partial = "interrupted"
	d.Claims = append(d.Claims[:1:1], verdict.ClaimResult{
		Claim: scenarios.Claim{Name: "elsewhere", Says: "Caddy is faster than nginx"}, Gate: true,
		Outcome: verdict.Inconclusive, Warnings: []string{"every case was left out: caddy is not installed"},
	})
	return d
}

// The cases of changes.
var (
	uwsgiCase   = results.Case{Target: "builtin", Protocol: "uwsgi", Network: "tcp", Connection: "per-request", Front: "none", Application: "hello", Load: "saturate"}
	fastcgiCase = results.Case{Target: "builtin", Protocol: "fastcgi", Network: "tcp", Connection: "per-request", Front: "none", Application: "hello", Load: "saturate"}
)

// changes has one of each outcome.
func changes() verdict.Changes {
	change := func(c results.Case, metric string, outcome verdict.ChangeOutcome, estimate, low, high float64, sentence string, warnings ...string) verdict.Change {
		return verdict.Change{
			Base: c, New: c, Metric: metric, Threshold: 0.05, Outcome: outcome, Alpha: 0.0125,
			Ratio:      stats.Ratio{Estimate: estimate, Low: low, High: high, Confidence: 0.9875, Achieved: 0.99, N: 11},
			BaseMedian: 100, NewMedian: 100 * estimate, BaseBlocks: 11, NewBlocks: 11,
			Warnings: warnings, Sentence: sentence,
		}
	}
	return verdict.Changes{
		Base: "20260102T030405Z-hello", New: "20260203T040506Z-hello",
		Method: verdict.Normalised, Reason: "the two runs were measured apart", Reference: "builtin http keep-alive", Outcome: verdict.Worse,
		Changes: []verdict.Change{
			change(uwsgiCase, "capacity", verdict.Worse, 0.85, 0.809, 0.899, "uwsgi has 0.85 times the capacity that it had."),
			change(uwsgiCase, "latency.p99", verdict.Undetermined, 0.97, 0.8, 1.17, "Whether the 99th percentile of uwsgi changed cannot be told.", "few requests beyond it"),
			change(fastcgiCase, "capacity", verdict.Same, 1.001, 0.9789, 1.0311, "fastcgi has the capacity that it had."),
			change(fastcgiCase, "latency.p99", verdict.Better, 1.4, 1.2, 1.6, "fastcgi has a 99th percentile that is 1.4 times as good."),
		},
		OnlyBase:  []string{"builtin/scgi/tcp/per-request/none/hello/saturate"},
		Different: []string{"kernel 6.1 -> 6.2"},
		Warnings:  []string{"the base is 40 days old"},
	}
}

// hostileText is what a server might answer, or a scenario be called.
const hostileText = "::error title=x::y\n::add-mask::z\r##[error]w <script>alert(1)</script> \"'&]]>|`*[a](http://x.y)@all, 100%0A=cmd\x00\x1b[31m\x85\u202e\u2028\ufffe,;\t end"

// hostile is small with such texts, and one of 10 kB, wherever it has texts of
// others.
func hostile(t testing.TB, texts ...string) Data {
	t.Helper()
	if len(texts) == 0 {
		texts = []string{hostileText, "=" + hostileText, "\n" + hostileText, strings.Repeat("long-", 2000), "-" + hostileText}
	}
	next := 0
	text := func() string {
		next++
		return texts[next%len(texts)]
	}
	value := func() string { return strings.ReplaceAll(text(), "/", "") + string(rune('a'+next%26)) + "1-2" }
	d := small(t)
	d.Trials = d.Trials[:4*len(d.Run.Plan.Cases)] // enough for each to have valid ones
	renamed := map[string]results.Case{}
	load := d.Run.Plan.Loads["saturate"]
	d.Run.Plan.Loads = map[string]results.Load{}
	for i := range d.Run.Plan.Cases {
		c := &d.Run.Plan.Cases[i]
		old := c.ID()
		*c = results.Case{Target: value(), Protocol: value(), Network: value(), Connection: value(), Front: value(), Application: value(), Load: value(), Request: value()}
		d.Run.Plan.Loads[c.Load] = load
		renamed[old] = *c
	}
	for i := range d.Trials {
		trial := &d.Trials[i]
		trial.Case = renamed[trial.Case].ID()
		trial.Bottleneck, trial.Latency = text(), text()
		trial.Notes = []results.Note{{Kind: text(), Text: text()}}
		trial.Valid = i%4 != 0
		if !trial.Valid {
			trial.Invalid = []string{text(), text()}
		}
	}
	d.Run.ID, d.Run.Tool, d.Run.Partial = text(), text(), text()
	d.Run.Scenario.Name = text()
	d.Run.Environment.CPU, d.Run.Environment.OS, d.Run.Environment.Arch, d.Run.Environment.Hostname = text(), text(), text(), text()
	d.Run.Warnings = []string{text(), text()}
	for i := range d.Claims {
		c := &d.Claims[i]
		c.Claim.Name, c.Claim.Says, c.Warnings = text(), text(), []string{text()}
		for j := range c.Verdicts {
			v := &c.Verdicts[j]
			v.Of, v.Over = renamed[v.Of.ID()], renamed[v.Over.ID()]
			v.Metric, v.Sentence, v.Warnings = text(), text(), []string{text()}
		}
	}
	return d
}

// written is the export of that name.
func written(t testing.TB, name string, d Data, list string) []byte {
	t.Helper()
	f, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := Choose(list)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out, d, metrics); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func annotated(t testing.TB, d Data) string {
	t.Helper()
	var out bytes.Buffer
	if err := writeGitHubAnnotations(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func annotatedChanges(t testing.TB, c verdict.Changes) string {
	t.Helper()
	var out bytes.Buffer
	if err := GitHubChanges(&out, c); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
