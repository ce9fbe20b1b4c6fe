package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// genTrials draws trials of a run that fit into one ledger.
func genTrials(t *rapid.T, r Run) []Trial {
	one := rapid.Custom(func(t *rapid.T) Trial { return genTrial(t, r) })
	key := func(t Trial) attempt { return attempt{t.Case, t.Block, t.Attempt} }
	return rapid.SliceOfNDistinct(one, 0, 4, key).Draw(t, "trials")
}

// exampleBundle is the text of a bundle with so many trials.
func exampleBundle(t testing.TB, trials int) string {
	t.Helper()
	r := example()
	r.Schema, r.ID = SchemaVersion, "20260102T150405Z-hello"
	var all []Trial
	for block := 1; block <= trials; block++ {
		all = append(all, exampleTrial(block))
	}
	var b strings.Builder
	if err := WriteBundle(&b, r, all); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// reseal gives a bundle that a test edited the checksum that it would have.
func reseal(text string) string {
	at := strings.LastIndex(text, documentSum.lead)
	return string(documentSum.seal([]byte(text[:at]+documentSum.closing), 0))
}

func TestBundleRoundTrip(t *testing.T) {
	file := filepath.Join(t.TempDir(), "any name")
	rapid.Check(t, func(t *rapid.T) {
		run := genRun(t)
		run.Schema, run.ID = rapid.IntRange(1, SchemaVersion).Draw(t, "schema"), anyText.Draw(t, "id")
		trials := genTrials(t, run)
		var b bytes.Buffer
		if err := WriteBundle(&b, run, trials); err != nil {
			t.Fatal(err)
		}
		checkReadBack(t, file, b.Bytes(), run, trials)
	})
}

// checkReadBack reads a bundle in every way that there is.
func checkReadBack(t *rapid.T, file string, text []byte, run Run, trials []Trial) {
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	run.Folder = "" // which a bundle does not tell
	for name, read := range map[string]func(string) (Run, []Trial, error){"ReadBundle": ReadBundle, "Open": Open} {
		got, gotTrials, err := read(file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(run, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: run (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(trials, gotTrials, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: trials (-want +got):\n%s", name, diff)
		}
	}
}

// TestBundleText checks what people and other tools see of a bundle.
func TestBundleText(t *testing.T) {
	text := exampleBundle(t, 2)
	var v struct {
		Format string
		Schema int
		Run    Run
		Trials []Trial
		Sum    string
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	if v.Format != "gwbench bundle" || v.Schema != SchemaVersion || v.Run.Scenario.Name != "hello" || len(v.Trials) != 2 || len(v.Sum) != 8 {
		t.Errorf("%+v", v)
	}
	// One more trial: two lines differ, that of the trial before it for its
	// comma, and the checksum.
	had := make(map[string]bool)
	for line := range strings.Lines(text) {
		had[line] = true
	}
	var fresh []string
	for line := range strings.Lines(exampleBundle(t, 3)) {
		if !had[line] {
			fresh = append(fresh, strings.TrimSpace(line))
		}
	}
	if len(fresh) != 3 || !strings.Contains(fresh[0], `"block":2,`) || !strings.Contains(fresh[1], `"block":3,`) || !strings.HasPrefix(fresh[2], `"sum"`) {
		t.Errorf("one more trial changes these lines:\n%s", strings.Join(fresh, "\n"))
	}
}

func TestWriteBundleRefuses(t *testing.T) {
	for want, breakIt := range map[string]func(*Run, *Trial){
		"no schema version":     func(r *Run, _ *Trial) { r.Schema = 0 },
		"update gwbench":        func(r *Run, _ *Trial) { r.Schema = SchemaVersion + 1 },
		"no cases":              func(r *Run, _ *Trial) { r.Plan.Cases = nil },
		"not in the run's plan": func(_ *Run, t *Trial) { t.Case = "x" },
		"recorded twice":        func(_ *Run, t *Trial) { t.Block = 1 },
		"latency.p50":           func(_ *Run, t *Trial) { t.Metrics = Metrics{"latency.p50": math.NaN()} },
	} {
		r, trial := example(), exampleTrial(2)
		r.Schema = SchemaVersion
		breakIt(&r, &trial)
		var b strings.Builder
		if err := WriteBundle(&b, r, []Trial{exampleTrial(1), trial}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want an error with %q", err, want)
		}
		if b.Len() > 0 {
			t.Errorf("%s: half a bundle was written", want)
		}
	}
}

func TestBrokenBundle(t *testing.T) {
	text := exampleBundle(t, 3)
	schema := func(version int) string {
		return strings.ReplaceAll(text, fmt.Sprintf(`"schema": %d`, SchemaVersion), fmt.Sprintf(`"schema": %d`, version))
	}
	firstTrial := 1 + strings.Count(text[:strings.Index(text, `{"case"`)], "\n")
	second := fmt.Sprintf("b.json:%d: ", firstTrial+1)
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "b.json is neither a run folder nor a bundle"},
		{"other JSON", `{"name": "x"}`, "b.json is neither a run folder nor a bundle"},
		{"other format", strings.Replace(text, "gwbench bundle", "gwbench bungle", 1), "neither"},
		{"a run's own file", `{"schema": 2}`, "neither"},
		{"newer schema", schema(SchemaVersion + 1), "update gwbench"},
		{"newer schema of another shape", `{"format": "gwbench bundle", "schema": 9, "run": []}`, "b.json has schema version 9"},
		{"no schema", `{"format": "gwbench bundle"}`, "no schema version"},
		{"trailing data", text + "{}", fmt.Sprintf("b.json:%d: ", 1+strings.Count(text, "\n"))},
		{"trailing space", text + "\n", "checksum"},
		{"a digit changed", strings.Replace(text, "20000", "20001", 1), "b.json was changed after gwbench wrote it (the checksum is "},
		{"no checksum", text[:strings.LastIndex(text, documentSum.lead)] + "\n}\n", "no checksum at the end"},
		{"run and bundle disagree", reseal(strings.Replace(text, fmt.Sprintf(`"schema": %d`, SchemaVersion), `"schema": 1`, 1)), "b.json has schema version 1, and its run has 2"},
		{"no run", string(documentSum.seal([]byte("{\n  \"format\": \"gwbench bundle\",\n  \"schema\": 2\n}\n"), 0)), "b.json has no run"},
		{"a trial twice", reseal(strings.Replace(text, `"block":2`, `"block":1`, 1)), second + "attempt 1 of case"},
		{"wrong type", reseal(strings.Replace(text, `"block":2`, `"block":"2"`, 1)), second},
		{"run of wrong type", reseal(strings.Replace(text, `"seed": 0`, `"seed": "x"`, 1)), "b.json:"},
		{"trials of wrong type", reseal(strings.Replace(text, `"trials": [`, `"trials": {}, "others": [`, 1)), "b.json:"},
		{"trials first", reseal(strings.Replace(text, `"run"`, `"trials": [], "run"`, 1)), "trials come before their run"},
		{"two runs", reseal(strings.Replace(text, `"trials"`, `"run": {}, "trials"`, 1)), "second run"},
	} {
		run, trials, err := parseBundle("b.json", []byte(test.text))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want an error with %q", test.name, err, test.want)
		}
		if trials != nil || run.Schema != 0 {
			t.Errorf("%s: half a run was returned", test.name)
		}
	}
	later := reseal(strings.Replace(text, `"run"`, `"colour": {"red": [1]}, "run"`, 1))
	if _, trials, err := parseBundle("b.json", []byte(later)); err != nil || len(trials) != 3 {
		t.Errorf("a key that is not known: %d trials, %v", len(trials), err)
	}
}

// TestDamagedBundle cuts a bundle at every byte and changes every byte: a
// bundle is written as a whole, so that each is an error.
func TestDamagedBundle(t *testing.T) {
	text := []byte(exampleBundle(t, 2))
	for at := range text {
		if _, _, err := parseBundle("b.json", text[:at]); err == nil || !strings.Contains(err.Error(), "b.json") {
			t.Errorf("cut after %d bytes: %v", at, err)
		}
		damaged := bytes.Clone(text)
		for _, flip := range []byte{1, 0x20, 0x80} {
			damaged[at] = text[at] ^ flip
			if _, _, err := parseBundle("b.json", damaged); err == nil || !strings.Contains(err.Error(), "b.json") {
				t.Errorf("byte %d changed from %q to %q: %v", at, text[at], damaged[at], err)
			}
		}
	}
}

func TestOpen(t *testing.T) {
	dir, _, _ := recorded(t, 2)
	write(t, dir, "kept", exampleBundle(t, 2))
	for _, path := range []string{dir, filepath.Join(dir, RunFile), filepath.Join(dir, "kept")} {
		r, trials, err := Open(path)
		if err != nil || len(trials) != 2 || r.Schema != SchemaVersion {
			t.Errorf("%s: %d trials of schema %d, %v", path, len(trials), r.Schema, err)
		}
	}
	elsewhere := t.TempDir()
	write(t, elsewhere, RunFile, exampleBundle(t, 1)) // what a file holds counts, not its name
	if _, trials, err := Open(filepath.Join(elsewhere, RunFile)); err != nil || len(trials) != 1 {
		t.Errorf("a bundle called %s: %d trials, %v", RunFile, len(trials), err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, TrialsFile): "neither",
		filepath.Join(dir, "absent"):   "no such file",
		filepath.Join(dir, LogsFolder): "not a run folder",
	} {
		_, _, err := Open(path)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want an error with %q", path, err, want)
		}
		if missing := errors.Is(err, fs.ErrNotExist); missing != (want != "neither") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// FuzzBundle checks that no bytes make the reader panic, and that what it reads
// can be written and reads the same then. Inputs are sealed, as hardly one would
// get past its checksum otherwise.
func FuzzBundle(f *testing.F) {
	text := exampleBundle(f, 2)
	f.Add([]byte(text[:strings.LastIndex(text, documentSum.lead)] + documentSum.closing))
	packed := examplePacked(f)
	f.Add([]byte(packed[:strings.LastIndex(packed, documentSum.lead)] + documentSum.closing))
	f.Add([]byte("{\"format\": \"gwbench bundle\", \"schema\": 1, \"trials\": []\n}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _, _ = parseBundle("b.json", text)
		run, trials, err := parseBundle("b.json", documentSum.seal(text, 0))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteBundle(&b, run, trials); err != nil {
			t.Fatalf("it was read but cannot be written: %v", err)
		}
		again, againTrials, err := parseBundle("b.json", b.Bytes())
		if err != nil || !cmp.Equal(run, again, cmpopts.EquateEmpty()) || !cmp.Equal(trials, againTrials, cmpopts.EquateEmpty()) {
			t.Fatalf("it does not survive: %v\n%s\n%s", err, cmp.Diff(run, again), cmp.Diff(trials, againTrials))
		}
	})
}

// A bundle has no half a line to tell that a trial is missing, so it says so.
func TestABundleOfARunThatWasCutOffSaysSo(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/first-runs")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, TrialsFile))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, TrialsFile, string(text[:len(text)-100]))
	want, trials, err := Read(dir)
	if err != nil || !want.CutOff {
		t.Fatalf("cut off %v, %v", want.CutOff, err)
	}
	want.Folder = ""
	for name, pack := range map[string]func(io.Writer, Run, []Trial) error{"bundle": WriteBundle, "packed bundle": WritePacked} {
		var first, second bytes.Buffer
		if err := pack(&first, want, trials); err != nil {
			t.Fatal(err)
		}
		got, gotTrials, err := parseBundle(name, first.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if err := pack(&second, got, gotTrials); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s: another one came of what was read, %v", name, err)
		}
	}
}
