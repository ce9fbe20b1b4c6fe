package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func TestComparisonGoldens(t *testing.T) {
	c := summarytest.Compared(t)
	md, err := comparisonMarkdown(c, plots.Compared(c), SVG)
	if err != nil {
		t.Fatal(err)
	}
	summarytest.Golden(t, "comparison.md", md)
	var out bytes.Buffer
	if err := ComparisonTerminal(&out, c, Style{Width: 80}); err != nil {
		t.Fatal(err)
	}
	summarytest.Golden(t, "comparison-80.txt", out.Bytes())
	for _, line := range strings.Split(out.String(), "\n") {
		if width := twwidth.Width(line); width > 80 {
			t.Errorf("a line of %d columns: %s", width, line)
		}
	}
}

func TestFilesOfAComparison(t *testing.T) {
	c := summarytest.Compared(t)
	names, err := ComparisonFiles(t.TempDir(), c, []Format{HTML, Markdown, SVG})
	if err != nil {
		t.Fatal(err)
	}
	want := "report.html report.md changes.svg compare-throughput.svg compare-capacity.svg compare-latency.svg compare-curves.svg"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("files %s, want %s", got, want)
	}
}

func TestHostileTextIsInertInComparisons(t *testing.T) {
	c := summarytest.ComparedHostile(t)
	md, err := comparisonMarkdown(c, plots.Compared(c), SVG)
	if err != nil {
		t.Fatal(err)
	}
	summarytest.OnlyText(t, "report.md", string(md))
	for _, line := range strings.Split(string(md), "\n") {
		if strings.HasPrefix(line, "<details>") || strings.HasPrefix(line, "</details>") {
			continue
		}
		line = strings.NewReplacer("**", "").Replace(strings.TrimPrefix(line, "!["))
		if at := unescaped.FindString(line); at != "" {
			t.Errorf("%q is not escaped in: %.300s", at, line)
		}
	}
	var out bytes.Buffer
	if err := ComparisonTerminal(&out, c, Style{Width: 80}); err != nil {
		t.Fatal(err)
	}
	summarytest.OnlyText(t, "terminal", out.String())
}
