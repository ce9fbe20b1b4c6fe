package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/export"
	"github.com/gwbench/gwbench/results"
)

// smallRun is the recorded run that docs/exports.md shows.
func smallRun(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../internal/export/testdata/small")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestExportWritesEveryFormat(t *testing.T) {
	run := smallRun(t)
	t.Chdir(t.TempDir())
	t.Setenv("GITHUB_STEP_SUMMARY", "")
	for _, name := range export.Names() {
		printed, stderr, code := runGwbench(t, "export", "--format", name, run)
		if code != exitOK || stderr != "" || printed == "" {
			t.Fatalf("%s: exit %d, %d bytes, stderr %s", name, code, len(printed), stderr)
		}
		file := name + ".out"
		annotations, _, code := runGwbench(t, "export", "-f", name, "-o", file, run)
		if code != exitOK {
			t.Fatalf("%s: exit %d", name, code)
		}
		written, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		// What is read from the log stays in the log.
		if printed != annotations+string(written) || (annotations != "") != (name == "github") {
			t.Errorf("%s: the file has %d bytes, stdout %d and with the file %d", name, len(written), len(printed), len(annotations))
		}
	}
	// The export as JSON is a run that can be read and exported.
	original, _, _ := runGwbench(t, "export", "-f", "csv", run)
	again, stderr, code := runGwbench(t, "export", "-f", "csv", "json.out")
	if code != exitOK || again != original {
		t.Errorf("the bundle is exported differently: exit %d, %s", code, stderr)
	}
	if _, trials, err := results.Open("json.out"); err != nil || len(trials) != 55 {
		t.Errorf("%d trials, %v", len(trials), err)
	}
}

func TestExportUnderGitHubActions(t *testing.T) {
	run := smallRun(t)
	summary := filepath.Join(t.TempDir(), "summary.md")
	write(t, summary, "# What the step said before\n")
	t.Setenv("GITHUB_STEP_SUMMARY", summary)
	stdout, stderr, code := runGwbench(t, "export", "--format", "github", run)
	if code != exitOK || stderr != "" {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	for line := range strings.Lines(stdout) {
		if !strings.HasPrefix(line, "::") {
			t.Errorf("stdout has %q", line)
		}
	}
	text, err := os.ReadFile(summary)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), "# What the step said before\n## gwbench: hello\n") || !strings.Contains(stdout, "::error title=Gate refuted%3A uwsgi-half-the-cpu::") {
		t.Errorf("%s\n%s", text, stdout)
	}
	// Other formats have nothing to do with it.
	if stdout, _, _ := runGwbench(t, "export", "--format", "junit", run); !strings.HasPrefix(stdout, "<?xml") {
		t.Error(stdout)
	}
}

func TestExportRefuses(t *testing.T) {
	run := smallRun(t)
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		want string
		args []string
	}{
		{"export needs a format: pass --format with one of json, csv, ", []string{run}},
		{`there is no format "gobnech": did you mean gobench?`, []string{"-f", "gobnech", run}},
		{`there is no metric "latency.p98": did you mean latency.p90?`, []string{"-f", "bmf", "--metrics", "latency.p98", run}},
		{"there would be nothing in it", []string{"-f", "gobench", "--metrics", "errors", "-o", "kept", run}},
		{"--metrics does not go with the format csv", []string{"-f", "csv", "--metrics", "capacity", run}},
		{"take the format github-action-benchmark-bigger", []string{"-f", "github-action-benchmark-smaller", "--metrics", "capacity", "-o", "kept", run}},
		{"no such file", []string{"-f", "csv", "-o", "absent/file.csv", run}},
		{"absent", []string{"-f", "csv", "absent"}},
	} {
		write(t, "kept", "as it was")
		stdout, stderr, code := runGwbench(t, append([]string{"export"}, c.args...)...)
		if code != exitFailed || stdout != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%q exits with %d and %q, want %q; stdout %q", c.args, code, stderr, c.want, stdout)
		}
		if text, _ := os.ReadFile("kept"); string(text) != "as it was" {
			t.Errorf("%q left %q", c.args, text)
		}
	}
}

// What is no ordinary file is written to, and stays what it is.
func TestExportToADevice(t *testing.T) {
	device := filepath.Join(t.TempDir(), "stdout")
	if err := os.Symlink("/dev/stdout", device); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := runGwbench(t, "export", "-f", "bmf", "-o", device, smallRun(t))
	if code != exitOK || !strings.HasPrefix(stdout, "{") {
		t.Errorf("exit %d, %q, %s", code, stdout, stderr)
	}
	if info, err := os.Lstat(device); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestExportNamesCasesWithoutFigures(t *testing.T) {
	dir := t.TempDir()
	run, err := os.ReadFile(filepath.Join(smallRun(t), results.RunFile))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, results.RunFile), string(run))
	write(t, filepath.Join(dir, results.TrialsFile), "")
	stdout, stderr, code := runGwbench(t, "export", "-f", "junit", dir)
	if code != exitOK || !strings.Contains(stdout, "the case was not measured") || !strings.Contains(stderr, "5 of 5 cases have no valid trial") {
		t.Errorf("exit %d, %q, %s", code, stdout, stderr)
	}
	if stdout, stderr, code := runGwbench(t, "export", "-f", "bmf", dir); code != exitFailed || stdout != "" || !strings.Contains(stderr, "no case has a figure of throughput, ") {
		t.Errorf("exit %d, %q, %s", code, stdout, stderr)
	}
}

// Which run is the newest is for gwbench to find, and to say.
func TestExportNamesTheRunThatItFound(t *testing.T) {
	run := smallRun(t)
	t.Chdir(t.TempDir())
	folder := filepath.Join(resultsRoot, "20261122T122435Z-hello")
	if err := os.CopyFS(folder, os.DirFS(run)); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := runGwbench(t, "export", "-f", "bmf")
	if code != exitOK || !strings.HasPrefix(stdout, "{") || stderr != "gwbench: exporting run 20261122T122435Z-hello from "+folder+"\n" {
		t.Errorf("exit %d, %q, %s", code, stdout, stderr)
	}
	if _, stderr, _ := runGwbench(t, "export", "-f", "bmf", folder); stderr != "" {
		t.Errorf("a run that was named is named again: %s", stderr)
	}
}
