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
)

// Read reads a run folder, named by itself or by its run.json. Fields that this
// version does not know are passed over.
//
// A last line of trials.jsonl that was cut off by a crash is left out, with a
// warning in Run.Warnings. Anything else that is broken or was changed later is
// an error with file and line, and so is a schema version newer than
// SchemaVersion. A folder that is no run folder is an error that wraps
// fs.ErrNotExist.
func Read(dir string) (Run, []Trial, error) {
	if filepath.Base(dir) == RunFile {
		dir = filepath.Dir(dir)
	}
	r, l, err := readRun(filepath.Join(dir, RunFile))
	if err != nil {
		return Run{}, nil, err
	}
	file := filepath.Join(dir, TrialsFile)
	text, err := os.ReadFile(file)
	if err != nil {
		return Run{}, nil, unreadTrials(file, fmt.Errorf("cannot read the run's trials: %w", err))
	}
	return withTrials(r, l, file, text)
}

// unreadTrials is the error about trials.jsonl that could not be read: err, unless the
// file is missing. That is not wrapped: it is a run folder, a damaged one.
func unreadTrials(file string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s, which has the trials of the run, is missing: take it from a copy", file)
	}
	return err
}

// withTrials decodes the trials of a run; file is their name in errors.
func withTrials(r Run, l *ledger, file string, text []byte) (Run, []Trial, error) {
	found, err := parseTrials(file, text, l, r.Schema)
	if err != nil {
		return Run{}, nil, err
	}
	if err := r.complete(found.trials); err != nil {
		return Run{}, nil, fmt.Errorf("%s: %w", file, err)
	}
	if found.warning != "" {
		r.Warnings, r.CutOff = append(r.Warnings, found.warning), true
	}
	return r, found.trials, nil
}

// readRun reads run.json.
func readRun(file string) (Run, *ledger, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Run{}, nil, fmt.Errorf("%s is not a run folder: %w", filepath.Dir(file), err)
	}
	if err != nil {
		return Run{}, nil, fmt.Errorf("cannot read the run: %w", err)
	}
	return parseRun(file, text)
}

// parseRun decodes run.json; file is its name in errors.
func parseRun(file string, text []byte) (Run, *ledger, error) {
	v, err := versionOf(file, text)
	if err != nil {
		return Run{}, nil, err
	}
	// Where there is a checksum it counts whatever the version, which it covers too.
	if *v.Schema >= firstSummed || v.Sum != nil {
		if err := documentSum.verify(text, 0); err != nil {
			return Run{}, nil, changed(file, err)
		}
	}
	var r Run
	if err := json.Unmarshal(text, &r); err != nil {
		return Run{}, nil, jsonError(file, text, err)
	}
	l, err := newLedger(r.Plan)
	if err != nil {
		return Run{}, nil, fmt.Errorf("%s: %w", file, err)
	}
	return r, l, nil
}

// version is what tells how to read run.json or a bundle. It is read before all
// else, as a newer format may differ in everything else.
type version struct {
	Schema *int `json:"schema"`
	Sum    any  `json:"sum"`
}

// versionOf returns a version that this package can read.
func versionOf(file string, text []byte) (v version, err error) {
	if err := json.Unmarshal(text, &v); err != nil {
		return v, jsonError(file, text, err)
	}
	if err := checkSchema(v.Schema); err != nil {
		return v, fmt.Errorf("%s has %w", file, err)
	}
	return v, nil
}

// checkSchema refuses a version that this package cannot read; nil is none.
func checkSchema(version *int) error {
	switch {
	case version == nil || *version < 1:
		return errors.New("no schema version: was it written by gwbench?")
	case *version > SchemaVersion:
		return fmt.Errorf("schema version %d, and this gwbench reads up to %d: update gwbench", *version, SchemaVersion)
	}
	return nil
}

// changed is the error about a checksum of a whole file.
func changed(file string, sum error) error {
	return fmt.Errorf("%s was changed after gwbench wrote it (%w): take it from a copy", file, sum)
}

// complete refuses trials that are fewer than there were when the run ended.
func (r Run) complete(trials []Trial) error {
	if len(trials) < r.Trials {
		return fmt.Errorf("the run ended with %d trials, and the last %d of them are missing: take the file from a copy", r.Trials, r.Trials-len(trials))
	}
	return nil
}

// foundTrials is what trials.jsonl holds.
type foundTrials struct {
	trials  []Trial
	size    int64  // of their lines, with the newline of each
	sum     uint32 // CRC-32C of these lines
	warning string // about a last line that was left out
}

// parseTrials decodes trials.jsonl, of which each line ends in a newline; file
// is its name in errors. The trials are recorded in the ledger.
func parseTrials(file string, text []byte, l *ledger, schema int) (foundTrials, error) {
	var found foundTrials
	for number := 1; len(text) > 0; number++ {
		line, rest, whole := bytes.Cut(text, []byte("\n"))
		var t Trial
		err := json.Unmarshal(line, &t)
		if err != nil && !whole {
			found.warning = fmt.Sprintf("%s:%d: the last line is cut off, as by a crash, and was left out", file, number)
			return found, nil
		}
		if err == nil && schema >= firstSummed {
			err = verifyLine(line, found.sum)
		}
		if err == nil {
			err = l.admit(t)
		}
		if err != nil {
			return foundTrials{}, fmt.Errorf("%s:%d: %w", file, number, err)
		}
		found.trials = append(found.trials, t)
		found.size += int64(len(line)) + 1
		found.sum = crc32.Update(crc32.Update(found.sum, castagnoli, line), castagnoli, []byte("\n"))
		text = rest
	}
	return found, nil
}

// verifyLine checks the checksum of a line. before is that of the lines before
// it.
func verifyLine(line []byte, before uint32) error {
	if err := lineSum.verify(line, before); err != nil {
		return fmt.Errorf("the line was changed after gwbench wrote it, or one before it is missing or new (%w): take the file from a copy", err)
	}
	return nil
}

// jsonError adds the line to an error of the decoder.
func jsonError(file string, text []byte, err error) error {
	var offset int64
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = e.Offset
	} else if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		offset = e.Offset
	}
	return fmt.Errorf("%s:%d: %w", file, lineAt(text, offset), err)
}

// lineAt is the number of the line, from 1, that holds the byte at offset.
func lineAt(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:max(0, min(offset, int64(len(text))))], []byte("\n"))
}
