package export

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/results"
)

// onlyText fails on what a terminal would obey rather than show.
func onlyText(t testing.TB, what string, text []byte) {
	t.Helper()
	if !utf8.Valid(text) {
		t.Errorf("%s: not valid UTF-8", what)
	}
	for i, r := range string(text) {
		if r != '\n' && r != '\r' && unicode.In(r, unicode.Cc, unicode.Cf) {
			t.Errorf("%s: control character %U at byte %d", what, r, i)
			return
		}
	}
}

// checkHostile reads every export with a parser of its format, and finds what
// was put in, and nothing more.
func checkHostile(t testing.TB, d Data) {
	t.Helper()
	for _, f := range Formats {
		if f.Name != "json" { // which carries texts as they were
			onlyText(t, f.Name, written(t, f.Name, d, ""))
		}
	}
	checkHostileCSV(t, d)
	checkHostileBenchmarks(t, d)
	checkHostileSeries(t, d)
	checkHostileTests(t, d)
	inertMarkdown(t, string(written(t, "github", d, "")))
	checkHostileAnnotations(t, d)
}

func checkHostileCSV(t testing.TB, d Data) {
	t.Helper()
	rows := readCSV(t, written(t, "csv", d, ""))
	if len(rows) != len(d.Trials) {
		t.Fatalf("csv: %d rows of %d trials", len(rows), len(d.Trials))
	}
	for i, row := range rows {
		c, _ := results.ParseCaseID(d.Trials[i].Case)
		if row["target"] != noFormula(c.Target) || row["bottleneck"] != noFormula(d.Trials[i].Bottleneck) || row["run"] != noFormula(d.Run.ID) {
			t.Errorf("csv: row %d is %v", i, row)
		}
		for name, cell := range row {
			_, isMetric := results.LookupMetric(name)
			if cell != "" && !isMetric && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("csv: a formula in %s: %q", name, cell)
			}
		}
	}
}

func checkHostileBenchmarks(t testing.TB, d Data) {
	t.Helper()
	valid := 0
	for _, f := range figures(d) {
		valid += len(f.Valid)
	}
	got, _ := readBenchmarks(t, written(t, "gobench", d, "capacity"))
	if len(got) != valid {
		t.Fatalf("gobench: %d benchmarks of %d valid trials", len(got), valid)
	}
	names := map[string]bool{}
	for _, b := range got {
		if len(b.values) != 1 {
			t.Errorf("gobench: %v", b.values)
		}
		var name strings.Builder
		for _, axis := range results.Axes {
			name.WriteString(b.keys[axis] + "/")
		}
		names[name.String()] = true
		if b.keys["gomaxprocs"] != "1" {
			t.Errorf("gobench: %v", b.keys)
		}
	}
	if len(names) != len(d.Run.Plan.Cases) {
		t.Errorf("gobench: %d names of %d cases", len(names), len(d.Run.Plan.Cases))
	}
}

func checkHostileSeries(t testing.TB, d Data) {
	t.Helper()
	if got := readBMF(t, written(t, "bmf", d, "")); len(got) != len(d.Run.Plan.Cases) {
		t.Errorf("bmf: %d benchmarks of %d cases", len(got), len(d.Run.Plan.Cases))
	}
	if got := readEntries(t, written(t, "github-action-benchmark-smaller", d, "latency.p50")); len(got) != len(d.Run.Plan.Cases) {
		t.Errorf("github-action-benchmark: %d entries of %d cases", len(got), len(d.Run.Plan.Cases))
	}
}

func checkHostileTests(t testing.TB, d Data) {
	t.Helper()
	root := checkJUnit(t, written(t, "junit", d, ""))
	if got := len(root.children[2].children) - 1; got != len(d.Run.Plan.Cases) { // one of them are the properties
		t.Errorf("junit: %d tests of %d cases", got, len(d.Run.Plan.Cases))
	}
	// XML 1.0 cannot carry two characters that are neither control nor format.
	want := strings.NewReplacer("\ufffe", "\ufffd", "\uffff", "\ufffd").Replace(inert.Line(d.Claims[1].Claim.Says))
	if got, _, _ := strings.Cut(root.children[0].child("testcase").child("system-out").text, "\n"); got != want {
		t.Errorf("junit: %q, want %q", got, want)
	}
}

func checkHostileAnnotations(t testing.TB, d Data) {
	t.Helper()
	found, others := readLog(annotated(t, d))
	if len(others) > 0 || len(found) != 4 {
		t.Fatalf("github: %+v\nand %q", found, others)
	}
	for i, level := range []string{"notice", "error", "warning", "warning"} {
		if found[i].level != level {
			t.Errorf("github: annotation %d is %+v, want one of level %s", i, found[i], level)
		}
	}
	if want := shorten(inert.Line("Gate refuted: "+d.Claims[2].Claim.Name), mostValue); found[1].title != want {
		t.Errorf("github: title %q, want %q", found[1].title, want)
	}
}

func TestHostileTextIsInert(t *testing.T) { checkHostile(t, hostile(t)) }

func TestAnyTextIsInert(t *testing.T) {
	word := rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[=+@:;,%#\[\]"'&<>|\x60*_\\\n\r\t -]{0,12}`),
		rapid.SampledFrom([]string{hostileText, "::error::x", "%0A::warning::y", "##[add-mask]z", "]]>", "<!--", "Unit x better=higher", "x: y", "www.example.org", "-8"}),
	)
	rapid.Check(t, func(rt *rapid.T) {
		texts := rapid.SliceOfN(word, 1, 7).Draw(rt, "texts")
		for i := range texts {
			texts[i] += "x" // what is empty is left out, and no case is without its names
		}
		checkHostile(failer{t, rt}, hostile(t, texts...))
	})
}

// failer lets helpers that take a testing.TB fail a property, so that rapid
// finds the shortest texts that do it.
type failer struct {
	testing.TB
	rt *rapid.T
}

func (f failer) Errorf(format string, args ...any) { f.rt.Errorf(format, args...) }
func (f failer) Fatalf(format string, args ...any) { f.rt.Fatalf(format, args...) }
func (f failer) Fatal(args ...any)                 { f.rt.Fatal(args...) }
func (f failer) Error(args ...any)                 { f.rt.Error(args...) }

func TestHostileChangesAreInert(t *testing.T) {
	c := changes()
	c.Reason, c.Reference, c.Warnings, c.OnlyBase = hostileText, hostileText, []string{hostileText}, []string{hostileText}
	for i := range c.Changes {
		c.Changes[i].New.Target = hostileText + strings.Repeat("x", i)
		c.Changes[i].Base = c.Changes[i].New
		c.Changes[i].Sentence, c.Changes[i].Warnings = hostileText, []string{hostileText}
	}
	var junit bytes.Buffer
	if err := JUnitChanges(&junit, c); err != nil {
		t.Fatal(err)
	}
	annotations := annotatedChanges(t, c)
	onlyText(t, "junit", junit.Bytes())
	onlyText(t, "annotations", []byte(annotations))
	checkJUnit(t, junit.Bytes())
	if found, others := readLog(annotations); len(found) != 4 || len(others) > 0 {
		t.Errorf("%+v\nand %q", found, others)
	}
}
