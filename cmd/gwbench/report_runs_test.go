package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReportLaysRunsOverEachOther(t *testing.T) {
	t.Chdir(t.TempDir())
	for i, name := range []string{"first", "second", "third"} {
		run, trials := stored(uint64(i+1), 20, 1+0.3*float64(i))
		storedFolder(t, name, run, trials)
	}
	stdout, stderr, code := runGwbench(t, "report", "--format", "html,md,svg", "--out", filepath.Join("deep", "report"), "first", "second", "third")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	for _, want := range []string{"WORSE: 3 runs, 3 of 3 cases in all of them", "A -> B: second", "A -> C: third", "report: deep/report/report.html, and beside it "} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	for _, name := range []string{"report.html", "report.md", "changes.svg", "compare-capacity.svg"} {
		if info, err := os.Stat(filepath.Join("deep", "report", name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(filepath.Join("deep", "report", "changes.png")); err == nil {
		t.Error("there is a PNG that nobody asked for")
	}
}

func TestReportSaysWhatItCannotDo(t *testing.T) {
	t.Chdir(t.TempDir())
	run, trials := stored(1, 20, 1)
	storedFolder(t, "run", run, trials)
	for _, tt := range []struct {
		args string
		want string
	}{
		{"report run run", "a report of several runs has no folder of its own: name one with --out"},
		{"report run run --out x --json", "--json is the summary of one run: gwbench compare --json has the changes between two"},
		{"report run nowhere --out x", "nowhere is not a run folder"},
		{"report run --format html,pgn", "did you mean png?"},
	} {
		stdout, stderr, code := runGwbench(t, strings.Fields(tt.args)...)
		if code != exitFailed || stdout != "" || !strings.Contains(stderr, tt.want) {
			t.Errorf("gwbench %s: exit code %d, %q on stdout, %q on stderr; want %q", tt.args, code, stdout, stderr, tt.want)
		}
	}
	if _, err := os.Stat("x"); err == nil {
		t.Error("a report that could not be made left a folder")
	}
}
