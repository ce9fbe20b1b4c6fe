package results

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Latest returns the folder in root of the run that started last. Folders
// without a run.json are passed over, and so are runs that ended before their
// first trial had. Where there is no run the error wraps
// fs.ErrNotExist.
func Latest(root string) (string, error) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return "", fmt.Errorf("cannot look for runs: %w", err)
	}
	latest, latestStart := "", time.Time{}
	for _, e := range entries {
		dir := filepath.Join(root, e.Name())
		start, ok := startOf(dir)
		// Entries are sorted: on a tie the later name wins.
		if ok && !start.Before(latestStart) {
			latest, latestStart = dir, start
		}
	}
	if latest == "" {
		return "", fmt.Errorf("no run in %s: %w", root, fs.ErrNotExist)
	}
	return latest, nil
}

// startOf returns when the run in a folder started. That of a run whose
// run.json is damaged is read from the folder's name, so that Read gets to say
// what is wrong with it.
func startOf(dir string) (time.Time, bool) {
	text, err := os.ReadFile(filepath.Join(dir, RunFile))
	trials, statErr := os.Stat(filepath.Join(dir, TrialsFile))
	if err != nil || statErr == nil && trials.Size() == 0 {
		return time.Time{}, false
	}
	var r struct {
		Start time.Time `json:"start"`
	}
	if err := json.Unmarshal(text, &r); err == nil && !r.Start.IsZero() {
		return r.Start, true
	}
	name := filepath.Base(dir)
	start, err := time.Parse(idTime, name[:min(len(name), len(idTime))])
	return start, err == nil
}
