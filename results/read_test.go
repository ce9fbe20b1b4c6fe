package results

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// write replaces a file of a run folder.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// resealed gives a file of a run folder that a test edited the checksums that it
// would have.
func resealed(name, text string) string {
	if name == RunFile {
		return reseal(text)
	}
	var b []byte
	for line := range strings.Lines(text) {
		body, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), lineSum.lead)
		b = append(b, lineSum.seal([]byte(strings.TrimSuffix(body, "}")+"}"), crc32.Checksum(b, castagnoli))...)
		b = append(b, '\n')
	}
	return string(b)
}

// recorded makes a run folder with so many trials and returns the text of its
// files.
func recorded(t *testing.T, trials int) (dir, run, lines string) {
	t.Helper()
	s := create(t, t.TempDir(), example())
	for block := 1; block <= trials; block++ {
		if err := s.Append(exampleTrial(block)); err != nil {
			t.Fatal(err)
		}
	}
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(s.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return s.Dir, read(RunFile), read(TrialsFile)
}

// TestCrash cuts trials.jsonl at every byte of its last line, which is what a
// crash while writing leaves.
func TestCrash(t *testing.T) {
	dir, _, lines := recorded(t, 3)
	last := strings.LastIndexByte(lines[:len(lines)-1], '\n') + 1
	for cut := last; cut <= len(lines); cut++ {
		write(t, dir, TrialsFile, lines[:cut])
		r, trials, err := Read(dir)
		if err != nil {
			t.Fatalf("cut at %d: %v", cut-last, err)
		}
		want, warnings := 2, 1
		switch {
		case cut == last: // nothing of the line
			warnings = 0
		case cut >= len(lines)-1: // the whole record, with or without its newline
			want, warnings = 3, 0
		}
		if len(trials) != want || len(r.Warnings) != warnings {
			t.Errorf("cut at %d: %d trials, warnings %q; want %d and %d", cut-last, len(trials), r.Warnings, want, warnings)
		}
		if warnings > 0 && !strings.Contains(r.Warnings[0], TrialsFile+":3: ") {
			t.Errorf("warning %q does not name the line", r.Warnings[0])
		}
	}
}

func TestBroken(t *testing.T) {
	dir, run, lines := recorded(t, 3)
	line := strings.SplitAfter(lines, "\n")
	schema := func(version int) string {
		return strings.Replace(run, fmt.Sprintf(`"schema": %d`, SchemaVersion), fmt.Sprintf(`"schema": %d`, version), 1)
	}
	edited := func(name, text, old, new string) string {
		return resealed(name, strings.Replace(text, old, new, 1))
	}
	newer := fmt.Sprintf("schema version %d, and this gwbench reads up to %d: update gwbench", SchemaVersion+1, SchemaVersion)
	for _, test := range []struct{ name, file, text, want string }{
		{"middle line cut", TrialsFile, line[0] + line[1][:40] + "\n" + line[2], "trials.jsonl:2: unexpected end of JSON"},
		{"last line broken but whole", TrialsFile, line[0] + "{\n", "trials.jsonl:2: "},
		{"empty line", TrialsFile, line[0] + "\n" + line[1], "trials.jsonl:2: "},
		{"two records on a line", TrialsFile, strings.TrimSuffix(line[0], "\n") + line[1], "trials.jsonl:1: "},
		{"null", TrialsFile, "null\n", "trials.jsonl:1: the line was changed after gwbench wrote it, or one before it is missing or new (no checksum at the end)"},
		{"a digit changed", TrialsFile, strings.Replace(lines, "20000", "20001", 1), "trials.jsonl:1: the line was changed"},
		{"a digit of the last line changed, and no newline", TrialsFile, line[0] + strings.Replace(line[1][:len(line[1])-1], "20000", "20001", 1), "trials.jsonl:2: the line was changed"},
		{"the first line lost", TrialsFile, line[1] + line[2], "trials.jsonl:1: the line was changed"},
		{"a line lost", TrialsFile, line[0] + line[2], "trials.jsonl:2: the line was changed"},
		{"lines swapped", TrialsFile, line[0] + line[2] + line[1], "trials.jsonl:2: the line was changed"},
		{"a line twice", TrialsFile, line[0] + line[0] + line[1], "trials.jsonl:2: the line was changed"},
		{"twice", TrialsFile, resealed(TrialsFile, line[0]+line[1]+line[0]), "trials.jsonl:3: attempt 1 of case"},
		{"other case", TrialsFile, edited(TrialsFile, line[0], "uwsgi", "gopher"), "not in the run's plan"},
		{"block 0", TrialsFile, edited(TrialsFile, line[0], `"block":1`, `"block":0`), "count from 1"},
		{"negative seconds", TrialsFile, edited(TrialsFile, line[0], `"seconds":`, `"seconds":-`), "trials.jsonl:1: block 1 of case"},
		{"wrong type", TrialsFile, edited(TrialsFile, line[0], `"block":1`, `"block":"1"`), "trials.jsonl:1: "},
		{"number too large", TrialsFile, edited(TrialsFile, line[0], "20000", "1e999"), "trials.jsonl:1: "},

		{"newer schema", RunFile, schema(SchemaVersion + 1), newer},
		{"schema 0", RunFile, schema(0), "no schema version"},
		{"negative schema", RunFile, schema(-1), "no schema version"},
		{"older schema", RunFile, schema(1), "run.json was changed after gwbench wrote it"},
		{"no schema", RunFile, "{}", "no schema version"},
		{"newer schema of another shape", RunFile, `{"schema": 9, "plan": []}`, "schema version 9"},
		{"run cut", RunFile, run[:len(run)/2], "run.json:"},
		{"a letter changed", RunFile, strings.Replace(run, "saturate", "saturated", 1), "run.json was changed after gwbench wrote it"},
		{"no checksum", RunFile, run[:strings.LastIndex(run, documentSum.lead)] + "\n}\n", "run.json was changed after gwbench wrote it (no checksum at the end)"},
		{"run of wrong type", RunFile, edited(RunFile, run, `"seed": 0`, `"seed": "x"`), "run.json:11: "},
		{"run with more behind", RunFile, run + "{}", "run.json:"},
		{"run empty", RunFile, "", "run.json:1: unexpected end"},
		{"run without cases", RunFile, `{"schema": 1}`, "run.json: the plan has no cases"},
	} {
		write(t, dir, RunFile, run)
		write(t, dir, TrialsFile, lines)
		write(t, dir, test.file, test.text)
		if r, trials, err := Read(dir); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want an error with %q", test.name, err, test.want)
		} else if trials != nil || r.Schema != 0 {
			t.Errorf("%s: half a run was returned", test.name)
		}
	}
}

// TestLostEnd takes lines from the end of a run that ended: the crash of which
// the reader knows cannot have been the reason.
func TestLostEnd(t *testing.T) {
	s := create(t, t.TempDir(), example())
	for block := range 3 {
		if err := s.Append(exampleTrial(block + 1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Finish(time.Now(), "", nil); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(s.Dir, TrialsFile))
	if err != nil {
		t.Fatal(err)
	}
	lines := string(text)
	whole := len(strings.SplitAfter(lines, "\n")[0])
	for cut, missing := range map[int]int{0: 3, whole: 2, whole + 10: 2, 2 * whole: 1, len(lines) - 2: 1} {
		write(t, s.Dir, TrialsFile, lines[:cut])
		want := fmt.Sprintf("%s: the run ended with 3 trials, and the last %d of them are missing", TrialsFile, missing)
		if _, trials, err := Read(s.Dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("cut after %d bytes: %d trials, %v; want an error with %q", cut, len(trials), err, want)
		}
	}
}

func TestUnknownFieldsArePassedOver(t *testing.T) {
	dir, run, lines := recorded(t, 1)
	write(t, dir, RunFile, resealed(RunFile, strings.Replace(run, "{", `{"colour": {"red": [1]},`, 1)))
	write(t, dir, TrialsFile, resealed(TrialsFile, strings.Replace(lines, "{", `{"colour": "red",`, 1)))
	if _, trials, err := Read(dir); err != nil || len(trials) != 1 {
		t.Errorf("%d trials, %v", len(trials), err)
	}
}

func TestNullMetricIsMissing(t *testing.T) {
	dir, _, lines := recorded(t, 1)
	write(t, dir, TrialsFile, resealed(TrialsFile, strings.Replace(lines, "20000", "null", 1)))
	_, trials, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Metrics{"latency.p50": 0.75}, trials[0].Metrics); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadByRunFile(t *testing.T) {
	dir, _, _ := recorded(t, 2)
	if _, trials, err := Read(filepath.Join(dir, RunFile)); err != nil || len(trials) != 2 {
		t.Errorf("%d trials, %v", len(trials), err)
	}
}

func TestNoRunFolder(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "absent")} {
		if _, _, err := Read(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path+" is not a run folder") {
			t.Errorf("%v, want an error that says what the folder is not", err)
		}
	}
	whole, _, _ := recorded(t, 1)
	if err := os.Remove(filepath.Join(whole, TrialsFile)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read(whole); err == nil || !strings.Contains(err.Error(), TrialsFile) {
		t.Errorf("%v, want an error that names the file", err)
	}
}

func TestLatest(t *testing.T) {
	root := t.TempDir()
	if _, err := Latest(root); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("empty root: %v, want fs.ErrNotExist", err)
	}
	if err := os.Mkdir(filepath.Join(root, "zz-not-a-run"), 0o755); err != nil {
		t.Fatal(err)
	}
	expect := func(want string) {
		t.Helper()
		if got, err := Latest(root); err != nil || got != want {
			t.Errorf("latest is %s (%v), want %s", got, err, want)
		}
	}
	measure := func(s *Store) (dir string) {
		t.Helper()
		if err := s.Append(exampleTrial(1)); err != nil {
			t.Fatal(err)
		}
		return s.Dir
	}
	r := example()
	expect(measure(create(t, root, r)))
	older := r
	older.Start = r.Start.Add(-time.Hour)
	newest := measure(create(t, root, r)) // the same second, suffix -2
	measure(create(t, root, older))
	expect(newest)

	r.Start = r.Start.Add(time.Hour)
	named, err := CreateAt(filepath.Join(root, "before-the-change"), r)
	if err != nil {
		t.Fatal(err)
	}
	defer named.Close()
	expect(measure(named))

	r.Start = r.Start.Add(time.Hour)
	create(t, root, r) // ended before its first trial: there is nothing to report
	expect(named.Dir)

	r.Start = r.Start.Add(time.Hour)
	damaged := measure(create(t, root, r))
	write(t, damaged, RunFile, "{")
	expect(damaged) // Read says what is wrong with it
}

// TestOldRun reads a run that was stored before there were fronts and requests
// with names.
func TestOldRun(t *testing.T) {
	r, trials, err := Read("testdata/first-runs")
	if err != nil {
		t.Fatal(err)
	}
	if len(trials) == 0 || len(r.Targets) != 1 || r.Targets[0].Name != "builtin" || r.Targets[0].Version == "" {
		t.Errorf("%d trials of %+v", len(trials), r.Targets)
	}
	if trials[0].Usage.FrontUser != nil || r.Plan.Cases[0].Request != "" || r.Fronts != nil {
		t.Errorf("an old run has news: %+v", trials[0].Usage)
	}
}

// FuzzRead checks that no bytes make the reader panic, and that whatever can be
// read can be written, and reads the same then. Each input is tried as it is and
// with the right checksums, as hardly one would get past them otherwise.
func FuzzRead(f *testing.F) {
	example := example()
	example.Schema = SchemaVersion
	run, err := encode(example, "  ")
	if err != nil {
		f.Fatal(err)
	}
	line, err := encode(exampleTrial(1), "")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(run, line)
	f.Add(run, fmt.Appendf(nil, "%s%s", line, line[:9]))
	f.Add([]byte(`{"schema": 1}`), []byte{})
	f.Fuzz(func(t *testing.T, run, lines []byte) {
		survives(t, run, lines)
		survives(t, documentSum.seal(run, 0), []byte(resealed(TrialsFile, string(lines))))
	})
}

func survives(t *testing.T, run, lines []byte) {
	t.Helper()
	r, l, err := parseRun(RunFile, run)
	if err != nil {
		return
	}
	found, err := parseTrials(TrialsFile, lines, l, r.Schema)
	if err != nil {
		return
	}
	text, own, err := encodeRun(r)
	if err != nil {
		t.Fatalf("the run was read but cannot be written: %v", err)
	}
	if again, _, err := parseRun(RunFile, text); err != nil || !cmp.Equal(own, again) {
		t.Fatalf("run.json does not survive: %v\n%s", err, cmp.Diff(own, again))
	}
	l, err = newLedger(own.Plan)
	if err != nil {
		t.Fatal(err)
	}
	var written []byte
	for _, trial := range found.trials {
		line, err := encodeLine(trial, crc32.Checksum(written, castagnoli))
		if err := errors.Join(err, trial.possible()); err != nil {
			t.Fatalf("a trial was read but cannot be written: %v", err)
		}
		written = append(written, line...)
	}
	again, err := parseTrials(TrialsFile, written, l, SchemaVersion)
	if err != nil || again.warning != "" || again.size != int64(len(written)) || !cmp.Equal(found.trials, again.trials, cmpopts.EquateEmpty()) {
		t.Fatalf("trials.jsonl does not survive: %v, %s\n%s", err, again.warning, cmp.Diff(found.trials, again.trials))
	}
}
