package viewer

import (
	"bytes"
	"html"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

// claimsOf judges a run as the fixtures do, whatever is in it.
func claimsOf(t *testing.T) Judge {
	claims := summarytest.Hello(t).Claims
	return func(_ string, run results.Run, trials []results.Trial) (summary.Data, error) {
		return summary.Data{Run: run, Trials: trials, Claims: claims}, nil
	}
}

// aRun is a small run: the valid trials of three blocks of the fixture, 36 of them.
func aRun(t *testing.T) summary.Data {
	d := summarytest.Hello(t)
	const blocks = 3
	var trials []results.Trial
	for _, one := range d.Trials {
		if one.Block <= blocks && one.Valid {
			trials = append(trials, one)
		}
	}
	d.Trials = trials
	d.Run.Plan.MinBlocks, d.Run.Plan.MaxBlocks, d.Run.Plan.Looks = blocks, blocks, []int{blocks}
	return d
}

// keep writes a run folder.
func keep(t *testing.T, dir string, d summary.Data, edit func(*results.Run)) {
	t.Helper()
	if edit != nil {
		edit(&d.Run)
	}
	end, partial := d.Run.End, d.Run.Partial
	d.Run.End, d.Run.Partial = time.Time{}, ""
	store, err := results.CreateAt(dir, d.Run)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for _, one := range d.Trials {
		if err := store.Append(one); err != nil {
			t.Fatal(err)
		}
	}
	if end.IsZero() {
		return
	}
	if err := store.Finish(end, partial, nil); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// started moves a run in time.
func started(days int) func(*results.Run) {
	return func(r *results.Run) {
		r.Start, r.End = r.Start.AddDate(0, 0, days), r.End.AddDate(0, 0, days)
	}
}

// manyRuns is a folder with everything that can be in one.
func manyRuns(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	d := aRun(t)
	keep(t, in("whole"), d, nil)
	keep(t, in("later"), d, started(3))
	keep(t, in("moved"), d, func(r *results.Run) { started(5)(r); r.Environment.Kernel = "6.9.0" })
	keep(t, in("interrupted"), d, func(r *results.Run) { started(1)(r); r.Partial = "interrupted" })
	keep(t, in("going"), d, func(r *results.Run) { started(2)(r); r.End = time.Time{} })
	keep(t, in("cut"), d, nil)
	damage(t, in("cut/"+results.TrialsFile), func(text []byte) []byte {
		return bytes.Replace(text, []byte(`"valid":true`), []byte(`"valid":false`), 1)
	})
	write(t, in("broken/"+results.RunFile), "{not json")
	write(t, in("headless/"+results.TrialsFile), "")
	write(t, in("other/notes.txt"), "no run")
	write(t, in("other.json"), "{}")
	if err := os.Symlink(in("whole"), in("linked")); err != nil {
		t.Fatal(err)
	}
	var bundle bytes.Buffer
	started(4)(&d.Run)
	if err := results.WriteBundle(&bundle, d.Run, d.Trials); err != nil {
		t.Fatal(err)
	}
	write(t, in("bundle.json"), bundle.String())
	write(t, in("half.json"), bundle.String()[:200])
	write(t, in("baselines/main.json"), bundle.String())
	return dir
}

func damage(t *testing.T, file string, how func([]byte) []byte) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, how(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// watch opens a folder and reads all its runs.
func watch(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := OpenFolder(dir, claimsOf(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	for f.digestNext() {
	}
	return f
}

func TestEveryRunIsListedInItsState(t *testing.T) {
	f := watch(t, manyRuns(t))
	var fleet machines
	got := map[string]listRow{}
	for _, e := range f.entries {
		got[e.name] = newListRow(e, &fleet)
	}
	for name, want := range map[string]struct{ word, kind, problem string }{
		"whole":               {"complete", kindRun, ""},
		"later":               {"complete", kindRun, ""},
		"moved":               {"complete", kindRun, ""},
		"interrupted":         {"partial", kindRun, ""},
		"going":               {"not ended", kindRun, ""},
		"cut":                 {"damaged", kindRun, "cut/trials.jsonl:1: the line was changed"},
		"broken":              {"damaged", kindRun, "broken/run.json:1:"},
		"headless":            {"damaged", kindRun, "headless is not a run folder"},
		"bundle.json":         {"complete", kindBundle, ""},
		"half.json":           {"damaged", kindBundle, "half.json"},
		"baselines/main.json": {"complete", kindBaseline, ""},
	} {
		row, ok := got[name]
		if !ok {
			t.Errorf("%s is not listed", name)
			continue
		}
		delete(got, name)
		if row.StateWord != want.word || row.Kind != want.kind || !strings.Contains(row.Problem, want.problem) || (want.problem == "") != (row.Problem == "") {
			t.Errorf("%s: %s %s, %q", name, row.Kind, row.StateWord, row.Problem)
		}
		if row.Problem == "" && (!row.Known || row.Blocks != 3 || row.Valid != 36 || len(row.Badges) == 0) {
			t.Errorf("%s: %+v", name, row)
		}
	}
	for name := range got {
		t.Errorf("%s is listed", name)
	}
	if first := f.entries[0].name; first != "moved" {
		t.Errorf("%s comes first, not the newest", first)
	}
	if len(fleet) != 2 {
		t.Errorf("%d machines, want that of all and that of another kernel", len(fleet))
	}
}

// Runs of the first version do not record how many trials they ended with, so that what
// was lost afterwards shows in the trials alone.
func TestARunWithoutItsTrialsIsNotComplete(t *testing.T) {
	dir := t.TempDir()
	for name, how := range map[string]func([]byte) []byte{
		"complete":                func(text []byte) []byte { return text },
		"nothing was measured":    func([]byte) []byte { return nil },
		"the last line":           func(text []byte) []byte { return text[:len(text)-100] },
		"trials are missing: all": func(text []byte) []byte { return text[:bytes.LastIndexByte(text[:len(text)-1], '\n')+1] },
	} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS("../../results/testdata/first-runs")); err != nil {
			t.Fatal(err)
		}
		damage(t, filepath.Join(dir, name, results.RunFile), func(text []byte) []byte {
			return bytes.Replace(text, []byte(`"min_blocks": 10`), []byte(`"min_blocks": 1`), 1)
		})
		damage(t, filepath.Join(dir, name, results.TrialsFile), how)
	}
	f, err := OpenFolder(dir, claimsOf(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if len(f.entries) != 4 {
		t.Fatalf("%d runs", len(f.entries))
	}
	for _, e := range f.entries {
		if text, word := stateOf(e); !strings.HasPrefix(text, "being read") || word != "being read" {
			t.Errorf("%s, whose trials were not read: %s (%s)", e.name, text, word)
		}
	}
	for f.digestNext() {
	}
	for _, e := range f.entries {
		want := "partial"
		if e.name == "complete" {
			want = "complete"
		}
		if text, word := stateOf(e); !strings.Contains(text, e.name) || word != want {
			t.Errorf("%s (%s), want %s (%s)", text, word, e.name, want)
		}
	}
}

func TestARunThatGoesOnIsReadAnew(t *testing.T) {
	dir := t.TempDir()
	d := aRun(t)
	all := d.Trials
	d.Run.End, d.Trials = time.Time{}, all[:12]
	keep(t, filepath.Join(dir, "going"), d, nil)
	f := watch(t, dir)
	if got := f.entries[0].digest; got.trials != 12 {
		t.Fatalf("%d trials", got.trials)
	}
	before := f.entries[0].digest
	if err := f.scan(); err != nil {
		t.Fatal(err)
	}
	if f.digestNext() || f.entries[0].digest != before {
		t.Error("a run that did not change was read again")
	}
	store, _, _, err := results.Reopen(filepath.Join(dir, "going"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Append(all[12]); err != nil {
		t.Fatal(err)
	}
	if err := f.scan(); err != nil {
		t.Fatal(err)
	}
	for f.digestNext() {
	}
	if got := f.entries[0].digest.trials; got != 13 {
		t.Errorf("%d trials after another one", got)
	}
	if err := os.RemoveAll(filepath.Join(dir, "going")); err != nil {
		t.Fatal(err)
	}
	if err := f.scan(); err != nil || f.Len() != 0 {
		t.Errorf("%d runs after the only one is gone: %v", f.Len(), err)
	}
}

func TestAFolderMayBeARunItself(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	keep(t, dir, aRun(t), nil)
	if f := watch(t, dir); f.Len() != 1 || f.entries[0].digest.err != nil {
		t.Errorf("%+v", f.entries)
	}
}

func TestNoFolderIsAnError(t *testing.T) {
	if _, err := OpenFolder(filepath.Join(t.TempDir(), "nowhere"), claimsOf(t)); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("%v", err)
	}
}

// keyOfName is the key of a run of the list.
func keyOfName(t *testing.T, f *Folder, name string) string {
	t.Helper()
	for _, e := range f.entries {
		if e.name == name {
			return e.key
		}
	}
	t.Fatalf("%s is not listed", name)
	return ""
}

// metaPolicy is the policy within a page.
var metaPolicy = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`)

func TestPagesOfAFolder(t *testing.T) {
	dir := manyRuns(t)
	f := watch(t, dir)
	url := serve(t, f.Handler())
	key := func(name string) string { return keyOfName(t, f, name) }
	for name, c := range map[string]struct {
		path string
		code int
		want string
	}{
		"list":                    {"", 200, `value="` + key("whole") + `"`},
		"damaged in the list":     {"", 200, "cut/trials.jsonl:1: the line was changed"},
		"run":                     {"run?id=" + key("whole"), 200, "What this means for you"},
		"bundle":                  {"run?id=" + key("bundle.json"), 200, "What this means for you"},
		"damaged run":             {"run?id=" + key("cut"), 422, "the line was changed"},
		"no run":                  {"run", 404, "no such run"},
		"path in place of a run":  {"run?id=" + filepath.Join(dir, "whole"), 404, "no such run"},
		"name in place of a run":  {"run?id=whole", 404, "no such run"},
		"up":                      {"run?id=../whole", 404, "no such run"},
		"link":                    {"run?id=" + keyOf("linked"), 404, "no such run"},
		"history":                 {"history?scenario=hello", 200, "kernel 6.1.0"},
		"history of a metric":     {"history?scenario=hello&metric=latency.p99", 200, "Latency.p99"},
		"history of nothing":      {"history?scenario=nothing", 404, "no run of a scenario"},
		"history of no metric":    {"history?scenario=hello&metric=speed", 404, "no metric"},
		"comparison":              {"compare?run=" + key("whole") + "&run=" + key("later"), 200, "whole"},
		"comparison of one":       {"compare?run=" + key("whole"), 400, "2 to 8 runs, and 1"},
		"comparison with itself":  {"compare?run=" + key("whole") + "&run=" + key("whole"), 400, "2 to 8 runs, and 1"},
		"comparison of none":      {"compare", 400, "2 to 8 runs, and 0"},
		"comparison with damage":  {"compare?run=" + key("whole") + "&run=" + key("cut"), 422, "the line was changed"},
		"comparison with no run":  {"compare?run=" + key("whole") + "&run=0", 404, "no such run"},
		"comparison of too many":  {"compare?run=1&run=2&run=3&run=4&run=5&run=6&run=7&run=8&run=9", 400, "and 9"},
		"hostile name of history": {"history?scenario=%3Cscript%3E", 404, "&lt;script&gt;"},
		"another page":            {"whole/run.json", 404, "Not Found"},
	} {
		t.Run(name, func(t *testing.T) {
			answer, body := get(t, url+c.path, nil)
			if answer.StatusCode != c.code || !strings.Contains(html.UnescapeString(body), html.UnescapeString(c.want)) {
				t.Errorf("%s: %d, want %d with %q\n%.3000s", c.path, answer.StatusCode, c.code, c.want, body[strings.Index(body, "<body")+1:])
			}
			if strings.Contains(body, dir) && c.path != "" {
				t.Error("the page names the folder on this machine")
			}
			expectSecure(t, answer.Header)
			if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
				return
			}
			found := metaPolicy.FindStringSubmatch(body)
			if found == nil {
				t.Fatal("the page has no policy of its own")
			}
			if want := html.UnescapeString(found[1]) + "; frame-ancestors 'none'"; answer.Header.Get("Content-Security-Policy") != want {
				t.Errorf("the header says %s\nthe page says %s", answer.Header.Get("Content-Security-Policy"), want)
			}
		})
	}
}

func TestHeadHasNoBody(t *testing.T) {
	url := serve(t, watch(t, manyRuns(t)).Handler())
	answer, body := get(t, url, func(r *http.Request) { r.Method = http.MethodHead })
	if answer.StatusCode != 200 || body != "" || answer.ContentLength <= 0 {
		t.Errorf("%d, %d bytes of %d", answer.StatusCode, len(body), answer.ContentLength)
	}
}

func TestHostileRunsAreInert(t *testing.T) {
	dir := t.TempDir()
	d := aRun(t)
	for _, text := range []*string{
		&d.Run.Scenario.Name, &d.Run.Tool, &d.Run.Partial, &d.Run.Environment.CPU, &d.Run.Environment.Kernel, &d.Run.Targets[0].Version,
	} {
		*text = summarytest.HostileText
	}
	d.Claims = summarytest.Hostile(t).Claims
	keep(t, filepath.Join(dir, "<script>alert(1)<"), d, nil)
	f, err := OpenFolder(dir, func(_ string, run results.Run, trials []results.Trial) (summary.Data, error) {
		return summary.Data{Run: run, Trials: trials, Claims: d.Claims}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for f.digestNext() {
	}
	url := serve(t, f.Handler())
	if f.Len() != 1 || f.entries[0].digest.err != nil {
		t.Fatalf("%+v", f.entries)
	}
	for _, path := range []string{"", "run?id=" + f.entries[0].key, "history"} {
		answer, body := get(t, url+path, nil)
		if answer.StatusCode != 200 {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
		if strings.Contains(body, "<script>alert") || strings.Contains(body, "\x1b") || strings.Contains(body, "\u202e") {
			t.Errorf("%s: hostile text is markup, or is obeyed", path)
		}
	}
}

func TestThePagesAskedForLastAreKept(t *testing.T) {
	var c cache
	made := 0
	ask := func(key string) {
		t.Helper()
		got, err := c.get(key, func() (answer, error) { made++; return answer{body: []byte(key)}, nil })
		if err != nil || string(got.body) != key {
			t.Fatalf("%s: %s, %v", key, got.body, err)
		}
	}
	for _, key := range []string{"a", "b", "c", "d", "a", "d", "a"} {
		ask(key)
	}
	if made != 4 {
		t.Errorf("%d pages were made, want 4", made)
	}
	ask("e") // b, which was not asked for longest, goes
	ask("a")
	if made != 5 {
		t.Errorf("%d pages were made, want 5", made)
	}
	ask("b")
	if made != 6 || len(c.pages) != mostPages {
		t.Errorf("%d pages were made, %d are kept", made, len(c.pages))
	}
}

// brokenFS cannot read one of its folders.
type brokenFS struct {
	fs.FS
	folder string
}

func (b brokenFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == b.folder {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return fs.ReadDir(b.FS, name)
}

func TestBaselinesThatCannotBeReadHideNoRun(t *testing.T) {
	f := watch(t, manyRuns(t))
	before := f.Len()
	f.files = brokenFS{f.files, results.BaselinesFolder}
	for range 2 {
		if err := f.scan(); err != nil {
			t.Fatal(err)
		}
		for f.digestNext() {
		}
	}
	if f.Len() != before { // one baseline went, and their folder came
		t.Errorf("%d of %d runs", f.Len(), before)
	}
	_, body := get(t, serve(t, f.Handler()), nil)
	if !strings.Contains(body, "open baselines: permission denied") {
		t.Error("the list does not say what is wrong with the baselines")
	}
	f.files = f.root.FS()
	if err := f.scan(); err != nil {
		t.Fatal(err)
	}
	if f.Len() != before || slices.ContainsFunc(f.entries, func(e entry) bool { return e.name == results.BaselinesFolder }) {
		t.Error("the folder is listed when it can be read again")
	}
}

// A bundle may be large: no page waits until it is read.
func TestBundlesAreReadInTheBackground(t *testing.T) {
	f, err := OpenFolder(manyRuns(t), claimsOf(t))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	bundle := func() entry {
		e, ok := f.lookup(keyOfName(t, f, "bundle.json"))
		if !ok {
			t.Fatal("no bundle")
		}
		return e
	}
	if e := bundle(); e.hasHead || e.digest != nil || e.err != nil {
		t.Errorf("the list read it: %+v", e)
	}
	if row := newListRow(bundle(), new(machines)); row.Scenario != "" || row.Unread() != "being read" {
		t.Errorf("%+v", row)
	}
	for f.digestNext() {
	}
	if e := bundle(); e.head.scenario != "hello" || e.digest.err != nil {
		t.Errorf("%+v", e)
	}
	if !slices.IsSortedFunc(f.entries, func(a, b entry) int { return b.head.start.Compare(a.head.start) }) {
		t.Error("the list is not in order once bundles have a date")
	}
}

// What makes gwbench panic spoils one run, not the viewer.
func TestAPanicIsOfOneRun(t *testing.T) {
	dir := t.TempDir()
	keep(t, filepath.Join(dir, "good"), aRun(t), nil)
	keep(t, filepath.Join(dir, "bad"), aRun(t), nil)
	judge := claimsOf(t)
	f, err := OpenFolder(dir, func(name string, run results.Run, trials []results.Trial) (summary.Data, error) {
		if name == "bad" {
			panic("<b>a bug</b>")
		}
		return judge(name, run, trials)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for f.digestNext() {
	}
	url := serve(t, f.Handler())
	for path, code := range map[string]int{"": 200, "run?id=" + keyOfName(t, f, "bad"): 500} {
		answer, body := get(t, url+path, nil)
		if answer.StatusCode != code || !strings.Contains(body, "a fault of gwbench, please report it: &lt;b&gt;a bug&lt;/b&gt;") {
			t.Errorf("%q: %d, %s", path, answer.StatusCode, body[strings.Index(body, "<body"):])
		}
	}
	if answer, _ := get(t, url+"run?id="+keyOfName(t, f, "good"), nil); answer.StatusCode != 200 {
		t.Errorf("%d for the other run", answer.StatusCode)
	}
}

// On a small screen a row is a card, of which browsers forget that it is one: what its
// elements are is said, in every table.
func TestTablesOfCardsSayWhatTheyAre(t *testing.T) {
	f := watch(t, manyRuns(t))
	url := serve(t, f.Handler())
	for path, tables := range map[string]int{"": 1, "history": 2} {
		_, body := get(t, url+path, nil)
		cards := regexp.MustCompile(`<table id="[^"]*" class="[^"]*\bcards\b[^"]*" role="table">\n<caption>[^<]+</caption>`).FindAllString(body, -1)
		if len(cards) != tables || strings.Count(body, "<table") != tables {
			t.Errorf("%q: %d of %d tables say what they are: %q", path, len(cards), strings.Count(body, "<table"), cards)
		}
		_, table, _ := strings.Cut(body, "<tbody>")
		table, _, _ = strings.Cut(table, "</tbody>")
		if cells := regexp.MustCompile(`<t[dh]\b[^>]*>`).FindAllString(table, -1); len(cells) == 0 || slices.ContainsFunc(cells, func(c string) bool { return !strings.Contains(c, ` role="`) || !strings.Contains(c, ` data-label="`) }) {
			t.Errorf("%q: cells %q", path, cells)
		}
	}
}
