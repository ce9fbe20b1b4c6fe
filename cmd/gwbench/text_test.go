package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// hostile is what a server, a file or an argument may hold: it would erase the
// line and write another one.
const hostile = "a\x1b[2K\rgwbench: all is well\x07\u202e"

// expectHarmless fails on what a terminal obeys rather than shows.
func expectHarmless(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) {
			t.Errorf("%U in %q", r, text)
			return
		}
	}
}

func TestTablesAreHarmless(t *testing.T) {
	var text bytes.Buffer
	if err := printTable(&text, [][]string{{"name", "about"}, {hostile, hostile + "\n" + hostile}}); err != nil {
		t.Fatal(err)
	}
	printWrapped(&text, "note: "+hostile+": ", "one\ntwo "+hostile)
	expectHarmless(t, text.String())
	want := `name                        about
----------------------------------------------------------------------------
a [2K gwbench: all is well  a [2K gwbench: all is well a [2K gwbench: all is
                            well
note: a [2K gwbench: all is well : one two a [2K gwbench: all is well
`
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Error(diff)
	}
}

func TestProgressIsHarmless(t *testing.T) {
	var text bytes.Buffer
	c := results.Case{Target: hostile, Protocol: "http"}
	p := newProgress(&text, &bench.Plan{Scenario: &scenarios.Scenario{Name: hostile}})
	for _, e := range []bench.Event{
		{Phase: bench.PhaseFolder, Dir: hostile},
		{Phase: bench.PhaseCheck, Case: c},
		{Phase: bench.PhaseStarted, Case: c, Block: 1},
		{Phase: bench.PhaseEnded, Case: c, Block: 1, Trial: results.Trial{Attempt: 1, Invalid: []string{"200 wrong responses: " + hostile, "late"}}},
		{Phase: bench.PhaseBlock, Block: 1, Until: 1},
	} {
		p.observe(e)
		expectHarmless(t, p.status())
	}
	p.close()
	expectHarmless(t, text.String())
	if got := text.String(); strings.Count(got, "\n") != 4 || !strings.Contains(got, "trial 1 is invalid: 200 wrong responses: a [2K gwbench: all is well ; late\n") {
		t.Error(got)
	}
}

// TestErrorsAreHarmless: they quote arguments and files, and keep their lines
// and the place of the caret.
func TestErrorsAreHarmless(t *testing.T) {
	_, stderr, code := runGwbench(t, "report", hostile)
	if code != exitFailed || !strings.HasPrefix(stderr, "gwbench: a [2K gwbench: all is well") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("exit code %d, %q", code, stderr)
	}
	expectHarmless(t, stderr)

	file := filepath.Join(t.TempDir(), "hostile.yaml")
	if err := os.WriteFile(file, []byte("name: x\nabuot: a\u202eb\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, stderr, code = runGwbench(t, "run", file)
	if want := "\n  2 | abuot: a b\n    | ^\n  did you mean \"about\"?\n"; code != exitFailed || !strings.HasSuffix(stderr, want) {
		t.Errorf("exit code %d, %q, want %q", code, stderr, want)
	}
	expectHarmless(t, stderr)
}
