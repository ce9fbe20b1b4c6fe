package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// bundleFormat is the first value of a bundle, by which it is recognised.
const bundleFormat = "gwbench bundle"

// WriteBundle writes a run and its trials as one file: an indented JSON object
// with a line for each trial, so that a diff shows trial by trial. Run.Folder is
// left out: a bundle is for others to see. The run's schema is that of the bundle,
// and must be one that this package reads. What Store.Append would refuse is an
// error; what was written before it is no bundle.
func WriteBundle(w io.Writer, r Run, trials []Trial) error {
	text, err := encodeBundle(bundleFormat, r, trials)
	if err != nil {
		return fmt.Errorf("cannot write the bundle of run %s: %w", r.ID, err)
	}
	_, err = w.Write(documentSum.seal(append(text, "\n  ]\n}\n"...), 0))
	return err
}

// encodeBundle writes a bundle up to its last trial.
func encodeBundle(format string, r Run, trials []Trial) ([]byte, error) {
	if err := checkSchema(&r.Schema); err != nil {
		return nil, err
	}
	if err := r.complete(trials); err != nil {
		return nil, err
	}
	l, err := newLedger(r.Plan)
	if err != nil {
		return nil, err
	}
	r.Folder = ""
	run, err := encode(r, "  ")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	// A newline within a JSON text never belongs to a string: all can be indented.
	run = bytes.ReplaceAll(bytes.TrimSpace(run), []byte("\n"), []byte("\n  "))
	fmt.Fprintf(&b, "{\n  \"format\": %q,\n  \"schema\": %d,\n  \"run\": %s,\n  \"trials\": [", format, r.Schema, run)
	for i, t := range trials {
		if err := l.admit(t); err != nil {
			return nil, err
		}
		line, err := encode(t, "")
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n    %s", bytes.TrimSpace(line))
	}
	return b.Bytes(), nil
}

// ReadBundle reads a file that WriteBundle or WritePacked wrote, compressed with gzip or not. A newer schema, a checksum
// that does not match and whatever else is broken are errors that name file
// and, where it is known, line.
func ReadBundle(file string) (Run, []Trial, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Run{}, nil, fmt.Errorf("cannot read the bundle: %w", err)
	}
	return parseBundle(file, text)
}

// isBundle tells a bundle, packed or not, from any other file by its first key.
func isBundle(text []byte) bool { return formatOf(text) != "" }

// formatOf is the format of a bundle; "" of any other file.
func formatOf(text []byte) string {
	d := json.NewDecoder(bytes.NewReader(text))
	for _, want := range []json.Token{json.Delim('{'), "format"} {
		if got, err := d.Token(); err != nil || got != want {
			return ""
		}
	}
	if got, err := d.Token(); err == nil && (got == bundleFormat || got == packedFormat) {
		return got.(string)
	}
	return ""
}

// parseBundle decodes a bundle; file is its name in errors.
func parseBundle(file string, text []byte) (Run, []Trial, error) {
	text, err := expanded(file, text)
	if err != nil {
		return Run{}, nil, err
	}
	if !isBundle(text) {
		return Run{}, nil, fmt.Errorf("%s is neither a run folder nor a bundle that gwbench wrote", file)
	}
	v, err := versionOf(file, text)
	if err != nil {
		return Run{}, nil, err
	}
	if err := documentSum.verify(text, 0); err != nil {
		return Run{}, nil, changed(file, err)
	}
	b := bundleReader{file: file, text: text, json: json.NewDecoder(bytes.NewReader(text))}
	if err := b.read(); err != nil {
		return Run{}, nil, err
	}
	if formatOf(text) == packedFormat {
		if err := unpack(b.trials, b.packed); err != nil {
			return Run{}, nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	if b.run.Schema != *v.Schema {
		return Run{}, nil, fmt.Errorf("%s has schema version %d, and its run has %d", file, *v.Schema, b.run.Schema)
	}
	if err := b.run.complete(b.trials); err != nil {
		return Run{}, nil, fmt.Errorf("%s: %w", file, err)
	}
	return b.run, b.trials, nil
}

// bundleReader goes through a bundle value by value, so that it knows the line
// of each trial.
type bundleReader struct {
	file   string
	text   []byte
	json   *json.Decoder
	run    Run
	ledger *ledger // nil until the run was read
	trials []Trial
	packed []byte // histograms, of a packed bundle
}

// read reads the whole object, which is known to be valid JSON.
func (b *bundleReader) read() error {
	if err := b.open('{'); err != nil {
		return err
	}
	for b.json.More() {
		key, err := b.json.Token()
		if err != nil {
			return b.at(err)
		}
		switch key {
		case "run":
			err = b.readRun()
		case "trials":
			err = b.readTrials()
		case "histograms":
			err = b.json.Decode(&b.packed)
		default: // format and schema, which were read, and what a later gwbench may add
			err = b.json.Decode(new(json.RawMessage))
		}
		if err != nil {
			return b.at(err)
		}
	}
	if b.ledger == nil {
		return fmt.Errorf("%s has no run", b.file)
	}
	return nil
}

// open reads the token that begins an object or a list.
func (b *bundleReader) open(want json.Delim) error {
	got, err := b.json.Token()
	if err == nil && got != want {
		err = fmt.Errorf("%v where a %v should be", got, want)
	}
	return err
}

func (b *bundleReader) readRun() (err error) {
	if b.ledger != nil {
		return errors.New("there is a second run")
	}
	if err := b.json.Decode(&b.run); err != nil {
		return err
	}
	b.ledger, err = newLedger(b.run.Plan)
	return err
}

func (b *bundleReader) readTrials() error {
	if b.ledger == nil {
		return errors.New("trials come before their run")
	}
	if err := b.open('['); err != nil {
		return err
	}
	for b.json.More() {
		var t Trial
		err := b.json.Decode(&t)
		if err == nil {
			err = b.ledger.admit(t)
		}
		if err != nil {
			return err
		}
		b.trials = append(b.trials, t)
	}
	_, err := b.json.Token() // the closing bracket
	return err
}

// at adds file and line to an error of the value that was read last.
func (b *bundleReader) at(err error) error {
	return fmt.Errorf("%s:%d: %w", b.file, lineAt(b.text, b.json.InputOffset()), err)
}
