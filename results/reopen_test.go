package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// interrupted makes the folder of a run that was interrupted after so many
// trials.
func interrupted(t *testing.T, trials int) (dir string) {
	t.Helper()
	s := create(t, t.TempDir(), example())
	for block := range trials {
		if err := s.Append(exampleTrial(block + 1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(s.Finish(s.run.Start.Add(time.Minute), "interrupted", nil), s.Close()); err != nil {
		t.Fatal(err)
	}
	return s.Dir
}

func TestReopen(t *testing.T) {
	dir := interrupted(t, 2)
	before, _, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	s, run, trials, err := Reopen(filepath.Join(dir, RunFile))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if diff := cmp.Diff(before, run); diff != "" || len(trials) != 2 {
		t.Errorf("%d trials, run (-want +got):\n%s", len(trials), diff)
	}
	if again, _, err := Read(dir); err != nil || !cmp.Equal(before, again) {
		t.Errorf("reopening alone changed the run: %v\n%s", err, cmp.Diff(before, again))
	}
	at := run.Start.Add(time.Hour)
	if err := s.Resume(at, func(r *Run) { r.Warnings = append(r.Warnings, "resumed") }); err != nil {
		t.Fatal(err)
	}
	underWay, _, err := Read(dir)
	if err != nil || !underWay.End.IsZero() || underWay.Partial != "" || underWay.Trials != 0 {
		t.Errorf("while it goes on it has end %v, partial %q, %d trials (%v)", underWay.End, underWay.Partial, underWay.Trials, err)
	}
	if err := s.Append(exampleTrial(2)); err == nil || !strings.Contains(err.Error(), "recorded twice") {
		t.Errorf("a trial that the run has already: %v", err)
	}
	if err := s.Append(exampleTrial(3)); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(at.Add(time.Minute), "", nil); err != nil {
		t.Fatal(err)
	}
	end, trials, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Trial{exampleTrial(1), exampleTrial(2), exampleTrial(3)}, trials); diff != "" {
		t.Errorf("trials (-want +got):\n%s", diff)
	}
	if end.Partial != "" || end.Trials != 3 || !cmp.Equal(end.Resumed, []time.Time{at}) || !cmp.Equal(end.Warnings, []string{"resumed"}) || !end.Start.Equal(run.Start) {
		t.Errorf("%+v", end)
	}
}

// TestReopenAfterACrash cuts trials.jsonl at every byte of its last line: what
// was whole stays, and what follows reads well.
func TestReopenAfterACrash(t *testing.T) {
	dir, _, lines := recorded(t, 2)
	copied := t.TempDir()
	run, err := os.ReadFile(filepath.Join(dir, RunFile))
	if err != nil {
		t.Fatal(err)
	}
	write(t, copied, RunFile, string(run))
	last := strings.IndexByte(lines, '\n') + 1
	for cut := last; cut <= len(lines); cut++ {
		write(t, copied, TrialsFile, lines[:cut])
		s, _, trials, err := Reopen(copied)
		if err != nil {
			t.Fatalf("cut at %d: %v", cut-last, err)
		}
		want := 1
		if cut >= len(lines)-1 {
			want = 2
		}
		if len(trials) != want {
			t.Errorf("cut at %d: %d trials, want %d", cut-last, len(trials), want)
		}
		if err := errors.Join(s.Append(exampleTrial(3)), s.Close()); err != nil {
			t.Fatal(err)
		}
		r, trials, err := Read(copied)
		if err != nil || len(trials) != want+1 || len(r.Warnings) > 0 {
			t.Errorf("cut at %d, and one more: %d trials, %v, warnings %q", cut-last, len(trials), err, r.Warnings)
		}
	}
}

func TestOnlyOneStoreWrites(t *testing.T) {
	refused := func(dir string) {
		t.Helper()
		if s, _, _, err := Reopen(dir); err == nil || !strings.Contains(err.Error(), "another gwbench is writing this run") {
			t.Errorf("%v, want an error: there is another store", err)
			if s != nil {
				s.Close()
			}
		}
	}
	first := create(t, t.TempDir(), example())
	refused(first.Dir)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, _, _, err := Reopen(first.Dir)
	if err != nil {
		t.Fatal(err)
	}
	refused(first.Dir)
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	third, _, _, err := Reopen(first.Dir)
	if err != nil {
		t.Fatal(err)
	}
	third.Close()
}

func TestReopenRefuses(t *testing.T) {
	whole := create(t, t.TempDir(), example())
	if err := errors.Join(whole.Append(exampleTrial(1)), whole.Finish(time.Now(), "", nil), whole.Close()); err != nil {
		t.Fatal(err)
	}
	damaged := interrupted(t, 2)
	write(t, damaged, TrialsFile, "{}\n")
	lost := interrupted(t, 2)
	write(t, lost, TrialsFile, "")
	bundle := filepath.Join(t.TempDir(), "bundle")
	if err := os.WriteFile(bundle, []byte(exampleBundle(t, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	older := t.TempDir()
	if err := os.CopyFS(older, os.DirFS("testdata/first-runs")); err != nil {
		t.Fatal(err)
	}
	empty, none := t.TempDir(), filepath.Join(t.TempDir(), "none")
	for dir, want := range map[string]string{
		whole.Dir: "the run in " + whole.Dir + " ended whole: there is nothing to resume",
		damaged:   filepath.Join(damaged, TrialsFile) + ":1: the line was changed",
		lost:      filepath.Join(lost, TrialsFile) + ": the run ended with 2 trials, and the last 2 of them are missing: take the file from a copy",
		bundle:    bundle + " is a file, not the folder of a run: no trials can be added to it",
		older:     fmt.Sprintf("the run in %s has schema version 1, and this gwbench writes %d: it can be reported on, but not gone on with", older, SchemaVersion),
		empty:     "cannot go on with the run: open " + filepath.Join(empty, TrialsFile) + ": no such file or directory",
		none:      "cannot go on with the run: stat " + none + ": no such file or directory",
	} {
		var kept map[string]string
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			kept = texts(t, dir)
		}
		s, _, trials, err := Reopen(dir)
		if err == nil || !strings.HasPrefix(err.Error(), want) || s != nil || trials != nil {
			t.Errorf("%v, want %q", err, want)
		}
		if nothing := dir == empty || dir == none; errors.Is(err, fs.ErrNotExist) != nothing {
			t.Errorf("%v: is there nothing? %t", err, nothing)
		}
		if kept != nil && !cmp.Equal(kept, texts(t, dir)) {
			t.Errorf("%s: what cannot be gone on with was changed", want)
		}
	}
}

// texts returns all files below a folder.
func texts(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := make(map[string]string)
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			var text []byte
			text, err = os.ReadFile(filepath.Join(dir, path))
			found[path] = string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
