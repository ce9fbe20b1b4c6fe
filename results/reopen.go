package results

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Reopen opens the folder of a run that ended early, by an interrupt, an error
// or a crash, so that more trials can be added, and returns what it holds. path
// is the folder or its run.json; where there is nothing the error wraps
// fs.ErrNotExist. Reopen refuses a run that ended whole, one of another schema,
// and one that another process writes. Half a line at the end of trials.jsonl is
// cut off; otherwise the folder is as it was until Resume or Append.
func Reopen(path string) (_ *Store, _ Run, _ []Trial, err error) {
	if _, err := os.Stat(path); err != nil {
		return nil, Run{}, nil, fmt.Errorf("cannot go on with the run: %w", err)
	}
	dir, ok := Folder(path)
	if !ok {
		return nil, Run{}, nil, fmt.Errorf("%s is a file, not the folder of a run: no trials can be added to it", path)
	}
	file := filepath.Join(dir, TrialsFile)
	trials, err := os.OpenFile(file, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return nil, Run{}, nil, fmt.Errorf("cannot go on with the run: %w", err)
	}
	defer func() {
		if err != nil {
			trials.Close()
		}
	}()
	if err := lock(trials); err != nil {
		return nil, Run{}, nil, fmt.Errorf("cannot go on with the run in %s: %w", dir, err)
	}
	// Only now nothing can change it any more.
	r, l, err := readRun(filepath.Join(dir, RunFile))
	if err != nil {
		return nil, Run{}, nil, err
	}
	if err := r.resumable(dir); err != nil {
		return nil, Run{}, nil, err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, Run{}, nil, fmt.Errorf("cannot read the run's trials: %w", err)
	}
	found, err := parseTrials(file, text, l, r.Schema)
	if err != nil {
		return nil, Run{}, nil, err
	}
	if err := r.complete(found.trials); err != nil {
		return nil, Run{}, nil, fmt.Errorf("%s: %w", file, err)
	}
	s := &Store{Dir: dir, run: r, ledger: l, trials: trials, size: found.size, sum: found.sum}
	if err := s.mend(int64(len(text))); err != nil {
		return nil, Run{}, nil, fmt.Errorf("cannot go on with the run in %s: %w", dir, err)
	}
	return s, r, found.trials, nil
}

// resumable refuses what no trial can be added to.
func (r Run) resumable(dir string) error {
	switch {
	case r.Schema != SchemaVersion:
		return fmt.Errorf("the run in %s has schema version %d, and this gwbench writes %d: it can be reported on, but not gone on with", dir, r.Schema, SchemaVersion)
	case !r.End.IsZero() && r.Partial == "":
		return fmt.Errorf("the run in %s ended whole: there is nothing to resume", dir)
	}
	return nil
}

// mend makes trials.jsonl, which has that length, end in a whole line: half a line
// is cut off, and a newline that is missing from a whole one is added.
func (s *Store) mend(length int64) error {
	var err error
	switch {
	case length > s.size:
		err = s.trials.Truncate(s.size)
	case length < s.size:
		_, err = s.trials.Write([]byte("\n"))
	}
	if err != nil {
		return err
	}
	return s.trials.Sync()
}

// Resume notes in run.json that the run goes on, at that time: until Finish it
// has no end again. edit changes whatever else has to change, and may be nil.
func (s *Store) Resume(at time.Time, edit func(*Run)) error {
	return s.rewrite(func(r *Run) {
		r.End, r.Partial, r.Trials = time.Time{}, "", 0
		r.Resumed = append(r.Resumed, at)
		if edit != nil {
			edit(r)
		}
	})
}
