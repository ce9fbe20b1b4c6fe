package report

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func terminal(t testing.TB, d summary.Data, s Style) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Terminal(&out, d, s); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTerminalGoldens(t *testing.T) {
	d := summarytest.Hello(t)
	interrupted := summarytest.Hello(t)
	interrupted.Run.Partial = "interrupted"
	interrupted.Trials = interrupted.Trials[:40]
	interrupted.Claims = nil
	for _, tt := range []struct {
		name  string
		data  summary.Data
		style Style
	}{
		{"terminal.txt", d, Style{}},
		{"terminal-80.txt", d, Style{Width: 80}},
		{"terminal-wide.txt", d, Style{Wide: true}},
		{"terminal-colour.txt", d, Style{Width: 120, Color: true}},
		{"terminal-interrupted.txt", interrupted, Style{Width: 80}},
		{"terminal-nothing-valid.txt", summarytest.NothingValid(t), Style{Width: 80}},
		{"terminal-fronts.txt", summarytest.Fronts(t), Style{Width: 120}},
		{"terminal-fronts-80.txt", summarytest.Fronts(t), Style{Width: 80}},
	} {
		t.Run(tt.name, func(t *testing.T) { summarytest.Golden(t, tt.name, terminal(t, tt.data, tt.style)) })
	}
}

func TestFilesGoldens(t *testing.T) {
	d := summarytest.Hello(t)
	dir := t.TempDir()
	names, err := Files(dir, d, DefaultFormats)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"report.html", "report.md"}
	for _, p := range picturesOf(d) {
		want = append(want, p.Name+".svg", p.Name+".png")
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names (-want +got)\n%s", diff)
	}
	summarytest.Golden(t, "report.md", summarytest.ReadFile(t, dir, "report.md"))
	// One picture is enough to see that equal data give equal bytes, and the
	// smallest the quickest.
	ratio := picturesOf(summarytest.Hello(t))[0]
	again, err := ratio.PNG()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again, summarytest.ReadFile(t, dir, "ratio.png")) {
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
	d := summarytest.Fronts(t)
	pages := picturesOf(d)
	markdown, err := markdownReport(d, pages, SVG)
	if err != nil {
		t.Fatal(err)
	}
	summarytest.Golden(t, "report-fronts.md", markdown)
}

func TestFilesWithoutClosedLoadAndClaims(t *testing.T) {
	d := summarytest.Hello(t)
	d.Run.Plan.Cases = d.Run.Plan.Cases[6:7]
	d.Claims = nil
	names, err := Files(t.TempDir(), d, DefaultFormats)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasPrefix(name, "throughput") || strings.HasPrefix(name, "ratio") {
			t.Errorf("%s has nothing to show", name)
		}
	}
	if !slices.Contains(names, "latency.svg") {
		t.Errorf("there is no latency.svg: %q", names)
	}
}

func TestFilesReportsWhereItCannotWrite(t *testing.T) {
	names, err := Files(filepath.Join(t.TempDir(), "absent"), summarytest.OneCase(t), DefaultFormats)
	if err == nil || len(names) != 0 {
		t.Fatalf("Files into a folder that does not exist: %v, %v; want no names and an error", names, err)
	}
}

func TestJSONGolden(t *testing.T) {
	var out bytes.Buffer
	if err := JSON(&out, summarytest.Hello(t)); err != nil {
		t.Fatal(err)
	}
	summarytest.Golden(t, "summary.json", out.Bytes())
}

// picturesOf are all pictures of a run.
func picturesOf(d summary.Data) []plots.Picture { return plots.Pictures(summary.WithTimes(d)) }
