package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// TestBaselineCommands keeps a recorded run, looks at it from every side, and
// drops it again.
func TestBaselineCommands(t *testing.T) {
	recorded, err := filepath.Abs("../../results/testdata/first-runs")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	expect := func(wantCode int, want string, args ...string) string {
		t.Helper()
		stdout, stderr, code := runGwbench(t, args...)
		if code != wantCode || !strings.Contains(stdout+stderr, want) {
			t.Errorf("gwbench %q exits with %d, want %d and %q\n%s%s", args, code, wantCode, want, stdout, stderr)
		}
		return stdout
	}
	expect(exitOK, "no baselines yet", "baseline", "list")
	expect(exitOK, "results/baselines/main.json, 20 kB, 12 trials of run 20261122T102107Z-hello", "baseline", "save", "main", recorded)
	expect(exitFailed, "pass --replace to overwrite it", "baseline", "save", "main", recorded)
	expect(exitFailed, "pass --replace to overwrite it", "baseline", "save", "--force", "main", recorded)
	expect(exitOK, "12 trials", "baseline", "save", "--replace", "main", recorded)
	expect(exitFailed, "cannot be the name of a baseline", "baseline", "save", "a/b", recorded)

	writeBaseline(t, "newer", func(text string) string { return strings.Replace(text, `"schema": 1`, `"schema": 9`, 1) })
	writeBaseline(t, "damaged", func(text string) string { return text[:len(text)/2] })
	list := expect(exitOK, "note: newer: ", "baseline", "list")
	for _, want := range []string{"main     hello     2026-11-22  12     1       2 x AMD EPYC  gwbench 0.1.0", "newer    ?", "note: damaged: ", "note: main: schema version 1"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list has no %q:\n%s", want, list)
		}
	}
	var rows []baselineRow
	if err := json.Unmarshal([]byte(expect(exitOK, "", "baseline", "list", "--json")), &rows); err != nil || len(rows) != 3 || rows[1].Name != "main" || rows[1].Cases != 12 {
		t.Errorf("%+v, %v", rows, err)
	}

	for _, want := range []string{"run 20261122T102107Z-hello of 2026-11-22", "note: schema version 1", "AMD EPYC", "12 cases, 1 complete block of 10 to 30 planned", "17,863"} {
		expect(exitOK, want, "baseline", "show", "main")
	}
	expect(exitOK, `"cases": [`, "baseline", "show", "--json", "main")
	expect(exitFailed, "schema version 9, and this gwbench reads up to", "baseline", "show", "newer")
	expect(exitFailed, "damaged.json", "baseline", "show", "damaged")

	// What takes a run takes a baseline, by name and by file.
	expect(exitFailed, "name one with --out", "report", "main")
	expect(exitOK, "17,863", "report", "main", "--out", "by-name")
	expect(exitOK, "17,863", "report", "results/baselines/main.json", "--out", "by-file")
	if _, err := os.Stat("by-file/report.md"); err != nil {
		t.Error(err)
	}
	expect(exitFailed, "nowhere is not a run folder, nor a bundle, and there is no baseline nowhere", "report", "nowhere", "--out", "x")

	// A folder that is no run hides no baseline of its name.
	for _, dir := range []string{"main", "mian"} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	expect(exitOK, "17,863", "report", "main", "--out", "by-name")
	expect(exitFailed, "mian is not a run folder: open mian/run.json: no such file or directory, and there is no baseline mian in results/baselines: did you mean main?", "report", "mian", "--out", "x")
	// A run that lost its trials is damaged, whatever baselines there are.
	if err := os.CopyFS("norun", os.DirFS(recorded)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove("norun/trials.jsonl"); err != nil {
		t.Fatal(err)
	}
	expect(exitFailed, "gwbench: norun/trials.jsonl, which has the trials of the run, is missing: take it from a copy\n", "report", "norun", "--out", "x")
	// A file does: it may be a run, and damaged.
	if err := os.WriteFile("newer", []byte("not JSON"), 0o644); err != nil {
		t.Fatal(err)
	}
	expect(exitFailed, "; the baseline of that name is results/baselines/newer.json", "report", "newer", "--out", "x")

	expect(exitFailed, "did you mean main?", "baseline", "drop", "mian")
	expect(exitOK, "removed results/baselines/main.json", "baseline", "drop", "main")
	expect(exitFailed, "there is no baseline main", "baseline", "show", "main")
	expect(exitFailed, `unknown command "sav": did you mean save?`, "baseline", "sav")
}

// writeBaseline damages a copy of the baseline main.
func writeBaseline(t *testing.T, name string, damage func(string) string) {
	t.Helper()
	text, err := os.ReadFile("results/baselines/main.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("results/baselines/"+name+".json", []byte(damage(string(text))), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestBaselinesAreHarmless: a baseline may come with somebody else's repository.
func TestBaselinesAreHarmless(t *testing.T) {
	run, trials, err := results.Open("../../results/testdata/first-runs")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	run.ID, run.Tool, run.Environment.CPU = hostile, hostile, hostile
	if _, err := baselines().Save("main", run, trials, false); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"list"}, {"show", "main"}} {
		stdout, stderr, code := runGwbench(t, append([]string{"baseline"}, args...)...)
		if code != exitOK || !strings.Contains(stdout, "[2K gwbench: all is well") {
			t.Errorf("%q: exit code %d, %s%s", args, code, stdout, stderr)
		}
		expectHarmless(t, stdout)
	}
}

// TestUnfitBaseline checks that a run that proves little becomes a baseline by
// force only.
func TestUnfitBaseline(t *testing.T) {
	run, trials, err := results.Open("../../results/testdata/first-runs")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	run.Partial = "interrupted"
	var bundle strings.Builder
	if err := results.WriteBundle(&bundle, run, trials); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("bundle", []byte(bundle.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	want := "bundle is no good baseline: run 20261122T102107Z-hello ended early: interrupted; pass --force"
	if _, stderr, code := runGwbench(t, "baseline", "save", "main", "bundle"); code != exitFailed || !strings.Contains(stderr, want) {
		t.Errorf("exit code %d, %s; want %q", code, stderr, want)
	}
	if _, stderr, code := runGwbench(t, "baseline", "save", "main", "bundle", "--replace"); code != exitFailed || !strings.Contains(stderr, want) {
		t.Errorf("with --replace: exit code %d, %s", code, stderr)
	}
	if _, stderr, code := runGwbench(t, "baseline", "save", "main", "bundle", "--force"); code != exitOK {
		t.Errorf("with --force: exit code %d, %s", code, stderr)
	}
}

// TestTheCommittedBaselineFits: make gate compares scenarios/ci.yaml with it,
// after a minute of measuring.
func TestTheCommittedBaselineFits(t *testing.T) {
	run, _, err := results.Open("../../results/baselines/ci.json")
	if err != nil {
		t.Fatal(err)
	}
	if run.Schema != results.SchemaVersion {
		t.Errorf("it has schema version %d, and runs have %d: make baseline", run.Schema, results.SchemaVersion)
	}
	scenario, err := scenarios.OpenShipped("ci", bench.Vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	plan, err := bench.NewPlan(scenario, bench.Choices{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(plan.Cases, run.Plan.Cases) || plan.Duration != run.Plan.Duration || plan.MaxBlocks != run.Plan.MaxBlocks {
		t.Errorf("scenarios/ci.yaml has another plan than the baseline: make baseline")
	}
}
