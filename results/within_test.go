package results_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/results"
)

// showcase is a run that is kept in the repository.
const showcase = "showcase/origin"

func openRoot(t *testing.T, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func TestOpenInReadsWhatOpenReads(t *testing.T) {
	run, trials, err := results.Open(showcase)
	if err != nil {
		t.Fatal(err)
	}
	root := openRoot(t, ".")
	gotRun, gotTrials, err := results.OpenIn(root, showcase)
	if err != nil {
		t.Fatal(err)
	}
	head, err := results.HeadIn(root, showcase)
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []results.Run{gotRun, head} {
		if diff := cmp.Diff(run, got); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff(trials, gotTrials); diff != "" {
		t.Error(diff)
	}

	dir := t.TempDir()
	var bundle bytes.Buffer
	if err := results.WriteBundle(&bundle, run, trials); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "b.json"), bundle.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	_, gotTrials, err = results.OpenIn(openRoot(t, dir), "b.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(trials, gotTrials); diff != "" {
		t.Error(diff)
	}
}

func TestOpenInStaysWithin(t *testing.T) {
	outside, err := filepath.Abs(showcase)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	link := func(to, from string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, from)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, filepath.Join(dir, from)); err != nil {
			t.Fatal(err)
		}
	}
	link(outside, "linked")
	link(filepath.Join(outside, results.RunFile), "files/"+results.RunFile)
	link(filepath.Join(outside, results.TrialsFile), "files/"+results.TrialsFile)
	if err := os.Mkdir(filepath.Join(dir, "pipe"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe", results.RunFile), 0o600); err != nil {
		t.Fatal(err)
	}
	root := openRoot(t, dir)
	for _, name := range []string{"linked", "files", "pipe", "../" + filepath.Base(dir), outside, "nowhere", "linked/../files", ""} {
		run, _, err := results.OpenIn(root, name)
		if err == nil || run.ID != "" {
			t.Errorf("%q was read: %s", name, run.ID)
		} else if strings.Contains(err.Error(), dir) {
			t.Errorf("%q: the error names the folder: %v", name, err)
		}
		if _, err := results.HeadIn(root, name); err == nil {
			t.Errorf("the head of %q was read", name)
		}
	}
}

// However a run folder is opened, its missing trials are told of in the same words.
func TestMissingTrialsAreToldAlike(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join(showcase, results.RunFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "lost"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "lost", results.RunFile), text, 0o600); err != nil {
		t.Fatal(err)
	}
	const want = "lost/trials.jsonl, which has the trials of the run, is missing: take it from a copy"
	_, _, err = results.OpenIn(openRoot(t, dir), "lost")
	_, _, whole := results.Open(filepath.Join(dir, "lost"))
	for _, err := range []error{err, whole} {
		if err == nil || strings.TrimPrefix(err.Error(), dir+"/") != want || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
