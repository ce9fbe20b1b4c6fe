package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/results"
)

// stored is a run of made-up figures: gwbench's own server beside two builds of
// another one, of which the new one costs so many times as much.
func stored(seed uint64, blocks int, cost float64) (results.Run, []results.Trial) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).AddDate(0, 0, int(seed))
	run := results.Run{
		Schema: results.SchemaVersion, ID: start.Format("20060102T150405Z") + "-gate", Tool: "gwbench test", Seed: seed, Start: start, End: start.Add(time.Minute),
		Scenario: results.Source{Name: "gate", File: "gate.yaml", YAML: `name: gate
targets: [builtin, {name: old, url: "http://127.0.0.1:1/"}, {name: new, url: "http://127.0.0.1:2/"}]
protocols: [http]
connections: [keep-alive]
load: [{name: saturate, clients: 8}]
blocks: {min: 20, max: 20}
`},
		Plan: results.Plan{
			Loads:  map[string]results.Load{"saturate": {Name: "saturate", Clients: 8}},
			Warmup: 50 * time.Millisecond, Duration: 150 * time.Millisecond, MinBlocks: blocks, MaxBlocks: blocks, Looks: []int{blocks},
		},
		Environment: results.Environment{Hostname: "d34db33f", OS: "linux", Kernel: "6.1.0", Arch: "amd64", CPU: "Example CPU", CPUs: 2},
	}
	random := rand.New(rand.NewPCG(seed, 3))
	var trials []results.Trial
	for _, target := range []string{"builtin", "old", "new"} {
		run.Plan.Cases = append(run.Plan.Cases, results.Case{Target: target, Protocol: "http", Network: "tcp", Connection: "keep-alive", Front: "none", Application: "hello", Load: "saturate"})
	}
	for block := range blocks {
		host := math.Exp(0.2 * random.NormFloat64())
		for i, c := range run.Plan.Cases {
			pace := 50 * host * math.Exp(0.01*random.NormFloat64())
			if c.Target == "new" {
				pace *= cost
			}
			trials = append(trials, results.Trial{
				Case: c.ID(), Block: block + 1, Order: i + 1, Attempt: 1, Start: start.Add(time.Duration(len(trials)) * time.Second), Seconds: 0.15, Valid: true,
				Counts:  results.Counts{Planned: 5000, Sent: 5000, Correct: 5000},
				Metrics: results.Metrics{"throughput": 1e6 / pace, "capacity": 1e6 / pace, "server_cpu": pace, "latency.p50": pace / 10, "latency.p99": pace / 5},
			})
		}
	}
	return run, trials
}

// storedFolder writes a run folder, and storedBundle a single file.
func storedFolder(t *testing.T, dir string, run results.Run, trials []results.Trial) string {
	t.Helper()
	store, err := results.CreateAt(dir, run)
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range trials {
		if err := store.Append(trial); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Finish(run.End, run.Partial, nil); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func storedBundle(t *testing.T, file string, run results.Run, trials []results.Trial) string {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := results.WriteBundle(f, run, trials); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

// comparedRuns are the runs that the tests below compare, by name.
func comparedRuns(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	paths := map[string]string{}
	add := func(name string, seed uint64, blocks int, cost float64, change func(run *results.Run)) {
		run, trials := stored(seed, blocks, cost)
		if change != nil {
			change(&run)
		}
		paths[name] = storedFolder(t, filepath.Join(dir, name), run, trials)
	}
	add("BASE", 1, 20, 1, nil)
	add("EQUAL", 2, 20, 1, nil)
	add("SLOW", 3, 20, 1.3, nil)
	add("SHORT", 4, 3, 1, nil)
	add("MOVED", 5, 20, 1, func(run *results.Run) { run.Environment.Kernel = "6.2.0" })
	add("UNREADABLE", 7, 20, 1, func(run *results.Run) { run.Scenario.YAML = "name: [" })
	run, trials := stored(6, 20, 1)
	run.Schema = 1
	paths["OLDER"] = storedBundle(t, filepath.Join(dir, "older.json"), run, trials)
	run, trials = stored(8, 20, 1)
	run.Plan.Cases[0].Target, run.Plan.Cases = "mine", run.Plan.Cases[:1]
	for i := range trials {
		trials[i].Case = run.Plan.Cases[0].ID()
	}
	paths["OTHER"] = storedFolder(t, filepath.Join(dir, "OTHER"), run, trials[:1])
	run, trials = stored(9, 20, 1)
	run.Plan.Cases = run.Plan.Cases[:2]
	trials = slices.DeleteFunc(trials, func(t results.Trial) bool { return strings.HasPrefix(t.Case, "new/") })
	paths["FEWER"] = storedFolder(t, filepath.Join(dir, "FEWER"), run, trials)
	run, trials = stored(1, 20, 1)
	paths["BUNDLE"] = storedBundle(t, filepath.Join(dir, "bundle.json"), run, trials)
	paths["RUNFILE"] = filepath.Join(paths["BASE"], results.RunFile)
	if err := os.MkdirAll(filepath.Join(dir, "results", results.BaselinesFolder), 0o755); err != nil {
		t.Fatal(err)
	}
	storedBundle(t, filepath.Join(dir, "results", results.BaselinesFolder, "gate.json"), run, trials)
	paths["BASELINE"], paths["DIR"] = "gate", dir
	return paths
}

func TestCompareExitCodes(t *testing.T) {
	runs := comparedRuns(t)
	t.Chdir(runs["DIR"])
	const strict = "--fail-on-inconclusive"
	tests := []struct {
		args           string
		code           int
		stdout, stderr string
	}{
		{"BASE EQUAL", exitOK, "SAME: 8 same\n", ""},
		{"BASE SLOW", exitGate, "WORSE: 4 worse, 4 same\n", "gwbench: 4 of 8 changes are for the worse"},
		{"BASE SLOW --only old", exitOK, "SAME: 4 same\n", ""},
		{"BASE SLOW --threshold 60%", exitOK, "SAME: 8 same\n", ""},
		{"BASE SLOW --threshold server_cpu=5% --metrics server_cpu", exitGate, "WORSE: 1 worse, 1 same\n", "1 of 2 changes are"},
		{"BASE EQUAL " + strict, exitOK, "SAME", ""},
		{"BASE SHORT", exitOK, "INCONCLUSIVE: 8 inconclusive\n", ""},
		{"BASE SHORT " + strict, exitInconclusive, "INCONCLUSIVE", "8 of 8 changes are inconclusive"},
		{"BASE SLOW " + strict, exitGate, "WORSE", ""},
		{"BASE BASE", exitOK, "SAME", ""},
		{"BASE RUNFILE", exitOK, "BASE and NEW are the same run", ""},
		{"BUNDLE BASE " + strict, exitOK, "BASE and NEW are the same run", ""},
		{"BASELINE SLOW", exitGate, "normalised comparison: each case was divided, block by block, by builtin http keep-alive", ""},
		{"BASE MOVED", exitOK, "different machines or systems (kernel 6.1.0 -> 6.2.0)", ""},
		{"BASE MOVED --method absolute", exitOK, "12 changes: absolute figures do not travel, and the machines differ: kernel 6.1.0 -> 6.2.0", ""},
		{"BASE MOVED --method absolute " + strict, exitInconclusive, "INCONCLUSIVE: 12 inconclusive", "12 of 12 changes are inconclusive"},
		{"BASE UNREADABLE", exitOK, "the scenario stored in NEW cannot be read", ""},
		{"SLOW --base target=old --new target=new", exitGate, "paired comparison", "4 of 4 changes are for the worse"},
		{"BASE --base target=old --new target=new", exitOK, "SAME: 4 same\nrun 20260103T030405Z-gate, new against old\n", ""},
		{"BASE EQUAL --reference target=old", exitOK, "by old http keep-alive of the same run", ""},
		{"BASE EQUAL --metrics errors " + strict, exitOK, "SAME: 3 same\n", ""},
		{"BASE BASE --metrics errors", exitOK, "SAME: 3 same\n", ""},
		{"BASE FEWER", exitOK, "INCONCLUSIVE: 4 same, 1 case of BASE missing in NEW\n", ""},
		{"BASE FEWER " + strict, exitInconclusive, "NEW lacks 1 case that BASE has", "gwbench: NEW lacks cases of BASE: new/http/tcp/keep-alive/none/hello/saturate"},
		{"BASE FEWER --only old " + strict, exitOK, "SAME", ""},

		{"BASE OTHER", exitFailed, "", "have no case in common: BASE has builtin/http/"},
		{"OLDER BASE", exitFailed, "", "BASE has schema version 1 and NEW has 2"},
		{"BASE nowhere", exitFailed, "", "nowhere is not a run folder"},
		{"BASE", exitFailed, "", "gwbench compare takes two runs, BASE and NEW, not 1"},
		{"BASE EQUAL --base target=old --new target=new", exitFailed, "", "takes one RUN with --base and --new, not 2"},
		{"BASE --base target=old", exitFailed, "", "new"},
		{"BASE --base target --new target=new", exitFailed, "", `--base "target": write it as axis=value`},
		{"BASE --base target=odl --new target=new", exitFailed, "", `the run has no target "odl": did you mean old?`},
		{"BASE EQUAL --threshold 0.05", exitFailed, "", `"0.05" is no percentage: write it as 5%`},
		{"BASE EQUAL --threshold troughput=5%", exitFailed, "", `there is no metric "troughput": did you mean throughput?`},
		{"BASE EQUAL --threshold 5%,8%", exitFailed, "", "sets one of them twice"},
		{"BASE EQUAL --threshold errors=5%", exitFailed, "", "errors have none"},
		{"BASE EQUAL --metrics p99", exitFailed, "", `there is no metric "p99"`},
		{"BASE EQUAL --method fair", exitFailed, "", `--method "fair": use one of auto, paired, normalised, absolute`},
		{"BASE EQUAL --method paired", exitFailed, "", "two runs have no blocks in common"},
		{"BASE EQUAL --format markdwon", exitFailed, "", "did you mean markdown?"},
		{"BASE EQUAL --reference target=nginx", exitFailed, "", `BASE has no target "nginx": it has builtin, old, new`},
		{"BASE EQUAL --reference target=old --method absolute", exitFailed, "", "has no place in an absolute comparison"},
		{"BASE --base target=old --new target=new --reference target=builtin", exitFailed, "", "needs none: leave it out"},
		{"BASE EQUAL --only builtin --method normalised", exitFailed, "", "nothing can be normalised"},
		{"BASE EQUAL --metrics saturation", exitFailed, "", "nothing was compared: of saturation nothing can be said under the load saturate"},
		{"BASE BASE --metrics saturation", exitFailed, "", "nothing was compared"},
		{"BASE EQUAL --only [", exitFailed, "", "is not a valid pattern"},
		{"BASE EQUAL --only gunicorn", exitFailed, "", "have no case in common: BASE has none that was asked for"},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			args := []string{"compare"}
			for _, word := range strings.Fields(test.args) {
				if path, ok := runs[word]; ok {
					word = path
				}
				args = append(args, word)
			}
			stdout, stderr, code := runGwbench(t, args...)
			if code != test.code || !strings.Contains(stdout, test.stdout) || !strings.Contains(stderr, test.stderr) {
				t.Errorf("exit code %d, want %d\nstdout, want %q:\n%s\nstderr, want %q:\n%s", code, test.code, test.stdout, stdout, test.stderr, stderr)
			}
			if test.code == exitFailed && stdout != "" {
				t.Errorf("a failure prints to stdout:\n%s", stdout)
			}
		})
	}
}

// TestCompareFormats: each is on stdout alone, and what machines read has the
// table on stderr.
func TestCompareFormats(t *testing.T) {
	runs := comparedRuns(t)
	for format, begins := range map[string]string{
		"json": "{\n  \"base\":", "markdown": "## gwbench compare: worse\n", "table": "WORSE: ", "junit": "<?xml", "github": "::error ",
	} {
		stdout, stderr, code := runGwbench(t, "compare", runs["BASE"], runs["SLOW"], "--format", format)
		if code != exitGate || !strings.HasPrefix(stdout, begins) {
			t.Errorf("%s: exit code %d\n%s", format, code, stdout)
		}
		machine := format == "json" || format == "junit" || format == "github"
		if strings.Contains(stderr, "WORSE: ") != machine {
			t.Errorf("%s: stderr\n%s", format, stderr)
		}
	}
	stdout, _, _ := runGwbench(t, "compare", runs["BASE"], runs["SLOW"], "--json")
	var changes struct {
		Outcome string
		Counts  map[string]int
		Changes []struct{ Metric, Outcome string }
	}
	if err := json.Unmarshal([]byte(stdout), &changes); err != nil {
		t.Fatal(err)
	}
	if want := map[string]int{"worse": 4, "same": 4, "better": 0, "inconclusive": 0}; changes.Outcome != "worse" || !cmp.Equal(want, changes.Counts) || len(changes.Changes) != 8 {
		t.Errorf("%s %v, %d changes", changes.Outcome, changes.Counts, len(changes.Changes))
	}
}

// TestCompareShowcase compares a run of an earlier format with itself.
func TestCompareShowcase(t *testing.T) {
	run := filepath.Join("..", "..", "results", "showcase", "hello")
	stdout, stderr, code := runGwbench(t, "compare", run, run)
	if code != exitOK || !strings.HasPrefix(stdout, "SAME: ") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}

func TestParseThresholds(t *testing.T) {
	five := 0.05
	for text, want := range map[string]struct {
		byMetric map[string]float64
		others   *float64
	}{
		"":                              {},
		"5%":                            {map[string]float64{}, &five},
		" 5 % , latency.p99 = 12.5%":    {map[string]float64{"latency.p99": 0.125}, &five},
		"throughput=0%,latency.p50=10%": {map[string]float64{"throughput": 0, "latency.p50": 0.1}, nil},
	} {
		byMetric, others, err := parseThresholds(text)
		if err != nil || !cmp.Equal(byMetric, want.byMetric) || !cmp.Equal(others, want.others) {
			t.Errorf("%q: %v, %v, %v", text, byMetric, others, err)
		}
	}
	for _, text := range []string{"%", "-5%", "nan%", "inf%", "5", "a=b%", "5%,", "capacity=5%,capacity=6%"} {
		if byMetric, others, err := parseThresholds(text); err == nil {
			t.Errorf("%q is taken for %v, %v", text, byMetric, fmt.Sprint(others))
		}
	}
}
