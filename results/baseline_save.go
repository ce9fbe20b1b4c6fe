package results

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2"
)

// Save keeps a run under a name, and returns where. What comparisons do not
// need is left out, see Lean. It replaces a baseline of that name only where
// overwrite says so. The file appears whole or not at all.
func (b Baselines) Save(name string, r Run, trials []Trial, overwrite bool) (file string, err error) {
	if err := CheckBaselineName(name); err != nil {
		return "", err
	}
	file = b.File(name)
	if _, err := os.Lstat(file); err == nil && !overwrite {
		return "", fmt.Errorf("there is a baseline %s already, in %s: pass --replace to overwrite it, or choose another name", name, file)
	}
	var text bytes.Buffer
	if err := WriteBundle(&text, r, Lean(trials)); err != nil {
		return "", err
	}
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("cannot keep the baseline: %w", err)
	}
	if err := renameio.WriteFile(file, text.Bytes(), 0o644, renameio.WithTempDir(dir)); err != nil {
		return "", fmt.Errorf("cannot keep the baseline: %w", err)
	}
	return file, syncDir(dir)
}

// Drop removes a baseline.
func (b Baselines) Drop(name string) error {
	if err := b.mustExist(name); err != nil {
		return err
	}
	if err := os.Remove(b.File(name)); err != nil {
		return fmt.Errorf("cannot drop the baseline: %w", err)
	}
	return nil
}

// Lean returns the trials as a baseline keeps them: without their histograms,
// which are more than half of their text, and without the messages of servers.
// All figures stay, also those of trials that are not valid, with the reasons.
func Lean(trials []Trial) []Trial {
	lean := slices.Clone(trials)
	for i := range lean {
		t := &lean[i]
		t.Histograms = Histograms{}
		t.Errors = slices.Clone(t.Errors)
		for k := range t.Errors {
			t.Errors[k].Sample = ""
		}
	}
	return lean
}

// Unfit says why a run should not be what others are compared with: nil where
// nothing speaks against it.
func Unfit(r Run, trials []Trial) error {
	switch {
	case r.Partial != "":
		return fmt.Errorf("run %s ended early: %s", r.ID, r.Partial)
	case r.End.IsZero():
		return fmt.Errorf("run %s has no end: it is under way, or crashed", r.ID)
	case r.Plan.Quick:
		return errors.New("it is a quick run: its trials are too few and too short to compare with")
	case r.Unverified:
		return errors.New("nobody checked that its cases serve the same thing (--no-verify)")
	case !slices.ContainsFunc(trials, func(t Trial) bool { return t.Valid }):
		return errors.New("not one of its trials is valid")
	}
	return nil
}
