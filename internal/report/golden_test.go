package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the goldens in testdata instead of comparing with them")

// golden compares with testdata/<name>. A picture that changed has to be
// looked at before -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got); go test -update writes it anew\n%s", name, diff)
	}
}

func terminal(t testing.TB, d Data, s Style) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Terminal(&out, d, s); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTerminalGoldens(t *testing.T) {
	d := hello(t)
	interrupted := hello(t)
	interrupted.Run.Partial = "interrupted"
	interrupted.Trials = interrupted.Trials[:40]
	interrupted.Claims = nil
	for _, tt := range []struct {
		name  string
		data  Data
		style Style
	}{
		{"terminal.txt", d, Style{}},
		{"terminal-80.txt", d, Style{Width: 80}},
		{"terminal-colour.txt", d, Style{Width: 120, Color: true}},
		{"terminal-interrupted.txt", interrupted, Style{Width: 80}},
		{"terminal-nothing-valid.txt", nothingValid(t), Style{Width: 80}},
		{"terminal-fronts.txt", fronts(t), Style{Width: 120}},
		{"terminal-fronts-80.txt", fronts(t), Style{Width: 80}},
	} {
		t.Run(tt.name, func(t *testing.T) { golden(t, tt.name, terminal(t, tt.data, tt.style)) })
	}
}

func TestFilesGoldens(t *testing.T) {
	d := hello(t)
	dir := t.TempDir()
	names, err := Files(dir, d)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"throughput.svg", "throughput.png", "latency.svg", "latency.png", "ratio.svg", "ratio.png", "report.md"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names (-want +got)\n%s", diff)
	}
	for _, name := range names {
		// The bytes of a PNG depend on the Go release's compressor.
		if filepath.Ext(name) != ".png" {
			golden(t, name, readFile(t, dir, name))
		}
	}
	// One picture is enough to see that equal data give equal bytes, and the
	// smallest the quickest.
	ratio, _ := ratioPage(hello(t))
	again, err := ratio.png()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again, readFile(t, dir, "ratio.png")) {
		t.Error("ratio.png: equal data gave different bytes")
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != len(names) {
		t.Errorf("%d files in the folder, %d were named", len(left), len(names))
	}
}

// TestFrontsGoldens holds what hello does not have: many cases, parts, trends,
// known differences.
func TestFrontsGoldens(t *testing.T) {
	d := fronts(t)
	pages := plots(d)
	for _, p := range pages {
		if p.name == "latency" {
			svg, err := p.svg()
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "latency-rows.svg", svg)
		}
	}
	markdown, err := markdownReport(d, pages)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report-fronts.md", markdown)
}

func TestFilesWithoutClosedLoadAndClaims(t *testing.T) {
	d := hello(t)
	d.Run.Plan.Cases = d.Run.Plan.Cases[6:7]
	d.Claims = nil
	names, err := Files(t.TempDir(), d)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"latency.png", "latency.svg", "report.md"}, names); diff != "" {
		t.Errorf("names (-want +got)\n%s", diff)
	}
}

func TestFilesReportsWhereItCannotWrite(t *testing.T) {
	names, err := Files(filepath.Join(t.TempDir(), "absent"), oneCase(t))
	if err == nil || len(names) != 0 {
		t.Fatalf("Files into a folder that does not exist: %v, %v; want no names and an error", names, err)
	}
}

func TestJSONGolden(t *testing.T) {
	var out bytes.Buffer
	if err := JSON(&out, hello(t)); err != nil {
		t.Fatal(err)
	}
	golden(t, "summary.json", out.Bytes())
}

func readFile(t *testing.T, dir, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
