package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/google/renameio/v2"
)

// Names within a run folder.
const (
	RunFile       = "run.json"
	TrialsFile    = "trials.jsonl"
	LogsFolder    = "logs"
	ConfigsFolder = "configs" // only where a server or front has generated files
	RawFolder     = "raw"     // only where a run keeps every single result
)

// Store writes one run folder. It is safe for concurrent use. No two stores
// share a folder, in whatever processes they live: each holds a lock on
// trials.jsonl until it is closed.
type Store struct {
	Dir string

	mu     sync.Mutex
	run    Run
	ledger *ledger
	trials trialsFile // nil once closed
	size   int64      // of the whole lines in trials
	sum    uint32     // CRC-32C of them
	broken error      // set when trials may end in half a line
}

// trialsFile is what Append needs of an *os.File.
type trialsFile interface {
	Write([]byte) (int, error)
	Sync() error
	Truncate(size int64) error
	Close() error
}

// Create makes <root>/<UTC time>-<scenario>/ with run.json, an empty
// trials.jsonl and logs/, and root where it is missing. Where the folder exists
// its name gets a suffix -2, -3, ... The run's Schema and ID are set here; it
// must have a Start, a scenario and a plan.
func Create(root string, r Run) (*Store, error) {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, fmt.Errorf("cannot make the folder for runs: %w", err)
	}
	id := runID(r.Start, r.Scenario.Name)
	for n := 1; ; n++ {
		r.ID = id
		if n > 1 {
			r.ID = fmt.Sprintf("%s-%d", id, n)
		}
		dir := filepath.Join(root, r.ID)
		err := os.Mkdir(dir, 0o755)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("cannot make the run's folder: %w", err)
		}
		s, err := fill(dir, r)
		if err != nil {
			os.Remove(dir)
			return nil, err
		}
		if err := syncDir(root); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		return s, nil
	}
}

// CreateAt is Create for a folder that the user named; it must be empty or
// absent. The run's ID is made of time and scenario all the same.
func CreateAt(dir string, r Run) (*Store, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("cannot make the run's folder: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("cannot use the run's folder: %w", err)
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("folder %s is not empty (it holds %s): name one that is empty or does not exist", dir, entries[0].Name())
	}
	r.ID = runID(r.Start, r.Scenario.Name)
	return fill(dir, r)
}

// fill writes the files of a new run into its empty folder, or none.
func fill(dir string, r Run) (_ *Store, err error) {
	r.Schema = SchemaVersion
	if r.Start.IsZero() {
		return nil, errors.New("a run needs the time of its start")
	}
	l, err := newLedger(r.Plan)
	if err != nil {
		return nil, err
	}
	text, own, err := encodeRun(r)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, TrialsFile)
	// Exclusive creation decides between two stores that found the folder empty.
	trials, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("folder %s holds another run: %w", dir, err)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot write the run: %w", err)
	}
	defer func() {
		if err != nil {
			trials.Close()
			os.Remove(path)
			os.Remove(filepath.Join(dir, LogsFolder))
		}
	}()
	// A file system without locks, on which no run can be resumed, still keeps one.
	if err := lock(trials); errors.Is(err, errLocked) {
		return nil, fmt.Errorf("cannot write the run in %s: %w", dir, err)
	}
	if err := os.Mkdir(filepath.Join(dir, LogsFolder), 0o755); err != nil {
		return nil, fmt.Errorf("cannot write the run: %w", err)
	}
	if err := writeRun(dir, text); err != nil {
		return nil, err
	}
	return &Store{Dir: dir, run: own, ledger: l, trials: trials}, nil
}

// Append writes one line to trials.jsonl and returns once it is on disk. The
// trial must fit the run: its case in the plan, its numbers possible, the same
// attempt not recorded before. After an error the file holds whole lines only.
func (s *Store) Append(t Trial) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trials == nil {
		return fmt.Errorf("run %s is closed: no trial can be added", s.Dir)
	}
	if s.broken != nil {
		return s.broken
	}
	if err := s.ledger.check(t); err != nil {
		return fmt.Errorf("cannot record a trial: %w", err)
	}
	line, err := encodeLine(t, s.sum)
	if err != nil {
		return fmt.Errorf("cannot record a trial of case %s: %w", t.Case, err)
	}
	if err := s.write(line); err != nil {
		return fmt.Errorf("cannot record a trial of case %s: %w", t.Case, err)
	}
	s.ledger.record(t)
	return nil
}

// write appends a line in one write, or takes back what was written of it.
func (s *Store) write(line []byte) error {
	_, err := s.trials.Write(line)
	if err == nil {
		err = s.trials.Sync()
	}
	if err == nil {
		s.size += int64(len(line))
		s.sum = crc32.Update(s.sum, castagnoli, line)
		return nil
	}
	if cut := s.trials.Truncate(s.size); cut != nil {
		s.broken = fmt.Errorf("%s may end in half a line, and no more is added to it: %w", filepath.Join(s.Dir, TrialsFile), errors.Join(err, cut))
	}
	return err
}

// Finish rewrites run.json with the end of the run, why it ended early ("" for
// a whole run), and what edit changes, which may be nil. It may be called more
// than once, but not after Close, when the run may be another store's. Readers
// see the old file or the new one. Schema,
// ID and Plan stay as they were, and Trials is the number of trials by now.
func (s *Store) Finish(end time.Time, partial string, edit func(*Run)) error {
	return s.rewrite(func(r *Run) {
		r.End, r.Partial = end, partial
		if edit != nil {
			edit(r)
		}
		r.Trials = len(s.ledger.seen)
	})
}

// rewrite replaces run.json with what edit makes of it. Schema, ID and Plan stay
// as they were.
func (s *Store) rewrite(edit func(*Run)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trials == nil {
		return fmt.Errorf("run %s is closed: its %s cannot be changed", s.Dir, RunFile)
	}
	_, next, err := encodeRun(s.run) // a copy that shares nothing
	if err != nil {
		return err
	}
	edit(&next)
	next.Schema, next.ID, next.Plan = s.run.Schema, s.run.ID, s.run.Plan
	text, own, err := encodeRun(next)
	if err != nil {
		return err
	}
	if err := writeRun(s.Dir, text); err != nil {
		return err
	}
	s.run = own
	return nil
}

// Close closes trials.jsonl. Closing twice is fine.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trials == nil {
		return nil
	}
	err := s.trials.Close()
	s.trials = nil
	return err
}

// encodeRun returns the text of run.json, and the run as a reader will see it.
func encodeRun(r Run) (text []byte, own Run, err error) {
	if text, err = encode(r, "  "); err == nil {
		text = documentSum.seal(text, 0)
		err = json.Unmarshal(text, &own)
	}
	if err != nil {
		return nil, Run{}, fmt.Errorf("cannot write %s: %w", RunFile, err)
	}
	return text, own, nil
}

// encodeLine returns a line of trials.jsonl; before is the checksum of the lines
// before it.
func encodeLine(t Trial, before uint32) ([]byte, error) {
	line, err := encode(t, "")
	if err != nil {
		return nil, err
	}
	return append(lineSum.seal(bytes.TrimSuffix(line, []byte("\n")), before), '\n'), nil
}

// encode returns JSON that ends in a newline. Characters that matter in HTML
// only stay readable.
func encode(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	err := e.Encode(v)
	return b.Bytes(), err
}

// writeRun replaces run.json atomically and durably.
func writeRun(dir string, text []byte) error {
	// The temporary file lies in dir: another file system could not be renamed
	// from.
	if err := renameio.WriteFile(filepath.Join(dir, RunFile), text, 0o644, renameio.WithTempDir(dir)); err != nil {
		return fmt.Errorf("cannot write %s: %w", filepath.Join(dir, RunFile), err)
	}
	return syncDir(dir)
}

// syncDir makes new names in a folder durable (fsync(2)).
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("cannot sync folder: %w", err)
	}
	defer d.Close()
	// Some network and FUSE file systems cannot sync a folder, and say EINVAL.
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) {
		return fmt.Errorf("cannot sync folder: %w", err)
	}
	return nil
}
