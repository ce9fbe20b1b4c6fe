package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// kept is a run folder before a test damages it.
type kept struct {
	dir    string
	files  map[string][]byte // run.json and trials.jsonl
	run    Run
	trials []Trial
}

// keep reads a run folder that is whole.
func keep(t *testing.T, dir string) *kept {
	t.Helper()
	k := &kept{dir: dir, files: make(map[string][]byte)}
	for _, name := range []string{RunFile, TrialsFile} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		k.files[name] = text
	}
	var err error
	if k.run, k.trials, err = Read(dir); err != nil || len(k.trials) < 10 {
		t.Fatalf("%d trials, %v", len(k.trials), err)
	}
	return k
}

// keepOld is a folder of schema 1, which has no checksums.
func keepOld(t *testing.T) *kept {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/first-runs")); err != nil {
		t.Fatal(err)
	}
	return keep(t, dir)
}

// keepNew has the same trials in a folder as it is written now: of a run that
// ended, or of one that crashed.
func keepNew(t *testing.T, ended bool) *kept {
	t.Helper()
	run, trials, err := Read("testdata/first-runs")
	if err != nil {
		t.Fatal(err)
	}
	end := run.End
	run.End = time.Time{}
	s := create(t, t.TempDir(), run)
	for _, trial := range trials {
		if err := s.Append(trial); err != nil {
			t.Fatal(err)
		}
	}
	if ended {
		err = s.Finish(end, "", nil)
	}
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return keep(t, s.Dir)
}

// try reads the folder with one file damaged. What comes out has to be an error
// that names the file, or what was there; of a run that is not over, the last
// trials may be missing, and half a line with a warning only.
func (k *kept) try(t *testing.T, what, name string, damaged []byte) {
	t.Helper()
	write(t, k.dir, name, string(damaged))
	defer write(t, k.dir, name, string(k.files[name]))
	run, trials, err := Open(k.dir)
	if err != nil {
		k.expectPlace(t, what, name, err)
		return
	}
	warnings := run.Warnings[len(k.run.Warnings):]
	if cutOff := len(warnings) > 0; run.CutOff != cutOff {
		t.Errorf("%s: cut off %v, warnings %q", what, run.CutOff, warnings)
	}
	run.Warnings, run.CutOff = k.run.Warnings, k.run.CutOff
	if !reflect.DeepEqual(k.run, run) { // which is faster than cmp
		t.Errorf("%s: another run was read (-want +got):\n%s", what, cmp.Diff(k.run, run))
	}
	if len(trials) > len(k.trials) || len(trials) > 0 && !reflect.DeepEqual(k.trials[:len(trials)], trials) {
		t.Errorf("%s: other trials were read (-want +got):\n%s", what, cmp.Diff(k.trials, trials))
		return
	}
	// Whole lines that are missing at the end are what a crash may leave.
	whole := len(damaged) == 0 || bytes.HasPrefix(k.files[name], slices.Concat(bytes.TrimSuffix(damaged, []byte("\n")), []byte("\n")))
	if missing := len(k.trials) - len(trials); missing > 0 && (!whole && len(warnings) == 0 || k.run.Trials > 0) {
		t.Errorf("%s: %d trials are missing without a word", what, missing)
	}
}

// expectPlace checks that an error names the file, and in trials.jsonl the line,
// unless lines are missing at its end.
func (k *kept) expectPlace(t *testing.T, what, name string, err error) {
	t.Helper()
	want := filepath.Join(k.dir, name)
	if name == TrialsFile && !strings.Contains(err.Error(), "are missing") {
		want += ":"
	}
	if !strings.Contains(err.Error(), want) {
		t.Errorf("%s: the error does not name %s: %v", what, want, err)
	}
}

// TestTruncated cuts both files at many places.
func TestTruncated(t *testing.T) {
	for schema, k := range map[string]*kept{"old": keepOld(t), "ended": keepNew(t, true), "crashed": keepNew(t, false)} {
		for name, text := range k.files {
			const step = 211 // bytes: a prime, so that cuts fall everywhere within lines
			for at := 0; at < len(text); at += step {
				k.try(t, fmt.Sprintf("%s: %s cut after %d of %d bytes", schema, name, at, len(text)), name, text[:at])
			}
			for _, line := range lineEnds(text) {
				for _, at := range []int{line - 1, line, line + 1} {
					k.try(t, fmt.Sprintf("%s: %s cut after %d of %d bytes", schema, name, at, len(text)), name, text[:min(at, len(text))])
				}
			}
		}
	}
}

// lineEnds returns where each line has ended.
func lineEnds(text []byte) (ends []int) {
	for i, c := range text {
		if c == '\n' {
			ends = append(ends, i+1)
		}
	}
	return ends
}

// TestFlipped changes bytes, among them every digit of some metrics: numbers that
// look like any other.
func TestFlipped(t *testing.T) {
	for schema, k := range map[string]*kept{"ended": keepNew(t, true), "crashed": keepNew(t, false)} {
		for name, text := range k.files {
			places := slices.Collect(func(yield func(int) bool) {
				for at := 0; at < len(text) && yield(at); at += 211 {
				}
			})
			metrics := max(0, bytes.LastIndex(text, []byte(`"metrics"`)))
			for at := metrics; at < min(metrics+120, len(text)); at++ {
				places = append(places, at)
			}
			for _, at := range places {
				damaged := bytes.Clone(text)
				for _, flip := range []byte{1, 3, 0x80} {
					damaged[at] = text[at] ^ flip
					k.try(t, fmt.Sprintf("%s: byte %d of %s from %q to %q", schema, at, name, text[at], damaged[at]), name, damaged)
				}
			}
		}
	}
}

// TestRearranged takes, repeats, swaps and adds lines.
func TestRearranged(t *testing.T) {
	for schema, k := range map[string]*kept{"ended": keepNew(t, true), "crashed": keepNew(t, false)} {
		lines := slices.Collect(strings.Lines(string(k.files[TrialsFile])))
		last := len(lines) - 1
		for what, rearranged := range map[string][]string{
			"first line gone":       lines[1:],
			"last line gone":        lines[:last],
			"a line gone":           slices.Delete(slices.Clone(lines), 4, 5),
			"a line twice":          slices.Insert(slices.Clone(lines), 4, lines[3]),
			"last line twice":       append(slices.Clone(lines), lines[last]),
			"two lines swapped":     swapped(lines, 3, 7),
			"last two swapped":      swapped(lines, last-1, last),
			"an empty line":         slices.Insert(slices.Clone(lines), 4, "\n"),
			"an empty line at last": append(slices.Clone(lines), "\n"),
			"a line of blanks":      append(slices.Clone(lines), "  \n"),
			"null at last":          append(slices.Clone(lines), "null\n"),
			"an object at last":     append(slices.Clone(lines), "{}\n"),
			"all twice":             append(slices.Clone(lines), lines...),
			"none":                  nil,
			"other line ends":       {strings.ReplaceAll(strings.Join(lines, ""), "\n", "\r\n")},
		} {
			k.try(t, schema+": "+what, TrialsFile, []byte(strings.Join(rearranged, "")))
		}
	}
}

func swapped(lines []string, i, j int) []string {
	lines = slices.Clone(lines)
	lines[i], lines[j] = lines[j], lines[i]
	return lines
}

// TestOtherFields removes each field of a record, and gives it values of every
// kind. Without the checksum of what was changed it is an error; where there is
// none, in schema 1, what no measurement can give has to be one.
func TestOtherFields(t *testing.T) {
	fresh, old := keepNew(t, true), keepOld(t)
	lines := slices.Collect(strings.Lines(string(fresh.files[TrialsFile])))
	texts := map[string]string{RunFile: string(fresh.files[RunFile]), TrialsFile: lines[4]}
	for name, text := range texts {
		for _, value := range []string{"", "null", `"text"`, "-1", "0", "1", "1e300", "1e999", "NaN", "[]", "{}", "true"} {
			for path, changed := range withEach(t, text, value) {
				if equalJSON(text, changed) {
					continue
				}
				damaged := changed
				if name == TrialsFile {
					damaged = strings.Join(slices.Replace(slices.Clone(lines), 4, 5, changed+"\n"), "")
				}
				fresh.try(t, fmt.Sprintf("%s of %s is %q", path, name, value), name, []byte(damaged))
			}
		}
	}

	lines = slices.Collect(strings.Lines(string(old.files[TrialsFile])))
	for _, value := range []string{"-1", "1e999", "NaN", `"text"`, "[]", "true"} {
		for path, changed := range withEach(t, lines[4], value) {
			if !impossible(path, value) {
				continue
			}
			damaged := strings.Join(slices.Replace(slices.Clone(lines), 4, 5, changed+"\n"), "")
			write(t, old.dir, TrialsFile, damaged)
			if _, _, err := Read(old.dir); err == nil || !strings.Contains(err.Error(), TrialsFile+":5: ") {
				t.Errorf("schema 1: %s is %s: %v, want an error", path, value, err)
			}
		}
	}
}

// impossible tells which values the reader has to refuse for what they are.
func impossible(path, value string) bool {
	switch top, _, _ := strings.Cut(path, "."); {
	case top == "metrics", top == "counts", top == "usage", top == "seconds", top == "block", top == "order", top == "attempt":
		return true
	case top == "case":
		return true
	default:
		return value == "1e999" || value == "NaN" // of which JSON has none
	}
}

// withEach returns a JSON object with each of its values, at any depth, replaced
// by the text value, or removed where that is "", by their paths.
func withEach(t *testing.T, object, value string) map[string]string {
	t.Helper()
	found := make(map[string]string)
	var whole map[string]any
	d := json.NewDecoder(strings.NewReader(object))
	d.UseNumber() // a float64 does not hold every seed
	if err := d.Decode(&whole); err != nil {
		t.Fatal(err)
	}
	const mark = "REPLACE-ME"
	var walk func(prefix string, at map[string]any)
	walk = func(prefix string, at map[string]any) {
		for key, old := range at {
			if inner, ok := old.(map[string]any); ok {
				walk(prefix+key+".", inner)
			}
			if value == "" {
				delete(at, key)
			} else {
				at[key] = mark
			}
			text, err := json.Marshal(whole)
			if err != nil {
				t.Fatal(err)
			}
			found[prefix+key] = strings.Replace(string(text), `"`+mark+`"`, value, 1)
			at[key] = old
		}
	}
	walk("", whole)
	return found
}

func equalJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && cmp.Equal(x, y)
}

// TestContradictions checks values of schema 1 that are possible on their own.
func TestContradictions(t *testing.T) {
	old := keepOld(t)
	lines := slices.Collect(strings.Lines(string(old.files[TrialsFile])))
	for _, test := range []struct{ field, value, want string }{
		{"counts", `{"planned": 10, "sent": 10, "correct": 11, "dropped": 0, "late": 0}`, "contradict each other"},
		{"counts", `{"planned": 10, "sent": 10, "correct": 1, "dropped": 0, "late": 11}`, "contradict each other"},
		{"counts", `{"planned": 10, "sent": 11, "correct": 1, "dropped": 0, "late": 0}`, "contradict each other"},
		{"counts", `{"planned": 10, "sent": 1, "correct": 1, "dropped": 11, "late": 0}`, "contradict each other"},
		{"counts", `{"planned": 1.5, "sent": 1, "correct": 1}`, "cannot unmarshal"},
		{"counts", `{"planned": 99999999999999999999, "sent": 1, "correct": 1}`, "cannot unmarshal"},
		{"seconds", "0", "took no time"},
		{"invalid", `["late"]`, "reason not to be"},
		{"errors", `[{"kind": "reset", "count": -1}]`, "-1 errors"},
		{"case", `"builtin/gopher/tcp/per-request/none/hello/saturate"`, "not in the run's plan"},
	} {
		changed, ok := withEach(t, lines[4], test.value)[test.field]
		if !ok {
			changed = strings.Replace(strings.TrimSpace(lines[4]), "{", fmt.Sprintf("{%q: %s, ", test.field, test.value), 1)
		}
		write(t, old.dir, TrialsFile, strings.Join(slices.Replace(slices.Clone(lines), 4, 5, changed+"\n"), ""))
		if _, _, err := Read(old.dir); err == nil || !strings.Contains(err.Error(), TrialsFile+":5: ") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s is %s: %v, want an error with %q", test.field, test.value, err, test.want)
		}
	}
}

// TestOtherFiles puts other things in the place of the files.
func TestOtherFiles(t *testing.T) {
	for _, name := range []string{RunFile, TrialsFile} {
		for what, damage := range map[string]func(path string) error{
			"missing":         os.Remove,
			"empty":           func(path string) error { return os.Truncate(path, 0) },
			"a folder":        func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o755)) },
			"a dangling link": func(path string) error { return errors.Join(os.Remove(path), os.Symlink("nowhere", path)) },
			"zeros":           func(path string) error { return os.WriteFile(path, make([]byte, 4096), 0o644) },
			"the other file": func(path string) error {
				text, err := os.ReadFile(filepath.Join(filepath.Dir(path), map[string]string{RunFile: TrialsFile, TrialsFile: RunFile}[name]))
				return errors.Join(err, os.WriteFile(path, text, 0o644))
			},
		} {
			k := keepNew(t, true)
			if err := damage(filepath.Join(k.dir, name)); err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{k.dir, filepath.Join(k.dir, RunFile)} {
				run, trials, err := Open(path)
				if err == nil || !strings.Contains(err.Error(), filepath.Join(k.dir, name)) || trials != nil || run.Schema != 0 {
					t.Errorf("%s is %s: %d trials, %v; want an error that names it", name, what, len(trials), err)
				}
			}
		}
	}
}

// TestOtherSchemas gives a run.json the version of another schema, with the
// checksum that it would have: a newer one may mean something else by every
// field.
func TestOtherSchemas(t *testing.T) {
	k := keepNew(t, true)
	for version, want := range map[int]string{
		SchemaVersion + 1: "update gwbench", 99: "update gwbench", 0: "no schema version", -1: "no schema version",
	} {
		text := strings.Replace(string(k.files[RunFile]), fmt.Sprintf(`"schema": %d`, SchemaVersion), fmt.Sprintf(`"schema": %d`, version), 1)
		for _, text := range []string{text, reseal(text)} {
			write(t, k.dir, RunFile, text)
			if _, _, err := Read(k.dir); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), RunFile) {
				t.Errorf("schema %d: %v, want an error with %q", version, err, want)
			}
		}
	}
	old := keepOld(t)
	if old.run.Schema != 1 {
		t.Errorf("the old run reads as schema %d", old.run.Schema)
	}
	// An older run with a newer one's lines, and the other way round.
	write(t, old.dir, TrialsFile, string(k.files[TrialsFile]))
	if _, trials, err := Read(old.dir); err != nil || !cmp.Equal(old.trials, trials) {
		t.Errorf("the same trials with checksums: %v", err)
	}
	write(t, k.dir, RunFile, string(k.files[RunFile]))
	write(t, k.dir, TrialsFile, string(old.files[TrialsFile]))
	if _, _, err := Read(k.dir); err == nil || !strings.Contains(err.Error(), TrialsFile+":1: ") {
		t.Errorf("a new run with lines without checksums: %v", err)
	}
}
