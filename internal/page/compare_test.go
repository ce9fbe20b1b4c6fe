package page

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"html"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

// compared is the page of a comparison, which is well-formed.
func compared(t testing.TB, c summary.Comparison) string {
	t.Helper()
	content, err := Comparison(c, plots.Compared(c))
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, content)
	return string(content)
}

// textOf is what a section says, in one line.
func textOf(t *testing.T, page, id string) string {
	t.Helper()
	start := strings.Index(page, `<section id="`+id+`"`)
	if start < 0 {
		t.Fatalf("no section %s", id)
	}
	section, _, _ := strings.Cut(page[start:], "</section>")
	text := html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(section, " "))
	return strings.Join(strings.Fields(text), " ")
}

func TestAComparisonSaysWhatChanged(t *testing.T) {
	t.Parallel()
	page := string(Rendered(t, "comparison"))
	for _, tt := range []struct{ section, want string }{
		{"runs", "A before, 20260102T030405Z-hello"},
		{"runs", "C 20260304T050607Z-hello hello"},
		{"changes", "A → B: before → after BASE is A: before, 10 complete blocks; NEW is B: after, 10 complete blocks. 5 worse, 5 better, 3 same, 22 inconclusive"},
		{"changes", "3 changes that came to the same"},
		{"changes", "Normalised comparison: each case was divided"},
		{"changes", "Only in one of the two BASE: builtin/uwsgi/tcp/per-request/none/hello/saturate"},
		{"answer", "What became worse most: capacity of builtin uwsgi per-request steady, -26.5 %"},
		{"cases", "builtin uwsgi per-request saturate throughput req/s 12,963 8,861 -25.2 ▼ worse -"},
		{"environment", "A to B: kernel 6.1.0 -> 6.2.0"},
		{"environment", "system differs linux 6.1.0 amd64 linux 6.2.0 amd64"},
		{"verdicts", "uwsgi is 10 times faster than FastCGI (uwsgi-10x-fastcgi, at least 10x) ■ refuted"},
		{"caveats", "each of the 2 comparisons keeps to an error rate of 5 % by itself"},
		{"data", "A-20260102T030405Z-hello.json"},
	} {
		if got := textOf(t, page, tt.section); !strings.Contains(got, tt.want) {
			t.Errorf("section %s does not say %q:\n%s", tt.section, tt.want, got)
		}
	}
	for _, picture := range []string{"changes", "compare-throughput", "compare-capacity", "compare-latency", "compare-curves"} {
		if strings.Count(page, `id="fig-`+picture+`"`) != 1 {
			t.Errorf("picture %s is not on the page once", picture)
		}
	}
	if strings.Contains(page, "/tmp/") || strings.Contains(page, "<a href=\"http") {
		t.Error("the page names a folder of this machine, or leaves it")
	}
}

func TestAComparisonMarksWhatTheGeneratorLimited(t *testing.T) {
	t.Parallel()
	got := textOf(t, compared(t, summarytest.ComparedSearched(t)), "cases")
	if !regexp.MustCompile(`saturation req/s >\d`).MatchString(got) {
		t.Errorf("no lower bound: %s", got)
	}
}

func TestTheRunsOfAComparisonCanBeTakenAlong(t *testing.T) {
	t.Parallel()
	c := summarytest.Compared(t)
	links := regexp.MustCompile(`download="([^"]*)\.json\.gz" href="data:application/gzip;base64,([^"]*)"`).FindAllStringSubmatch(string(Rendered(t, "comparison")), -1)
	if len(links) != len(c.Runs) {
		t.Fatalf("%d runs to download, want %d", len(links), len(c.Runs))
	}
	for i, link := range links {
		packed, err := base64.StdEncoding.DecodeString(html.UnescapeString(link[2]))
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "run.json")
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
		run, trials, err := results.Open(file)
		if err != nil || run.ID != c.Runs[i].Run.ID || len(trials) != len(c.Runs[i].Trials) {
			t.Errorf("%s: run %s of %d trials, %v", link[1], run.ID, len(trials), err)
		}
	}
}

func TestHostileTextIsInertInAComparison(t *testing.T) {
	t.Parallel()
	page := string(Rendered(t, "hostile comparison"))
	summarytest.OnlyText(t, "comparison", strings.ReplaceAll(page, "\t", " "))
}

func TestARunBesideItselfSaysSo(t *testing.T) {
	t.Parallel()
	d := summarytest.Hello(t)
	c, err := summary.Compare([]summary.NamedData{{Name: "run", Data: d}, {Name: "run", Data: d}})
	if err != nil {
		t.Fatal(err)
	}
	page := compared(t, c)
	if got := textOf(t, page, "answer"); !strings.Contains(got, "Both are the same records, so that nothing can have changed") {
		t.Errorf("answer: %s", got)
	}
	if got := textOf(t, page, "changes"); !strings.Contains(got, "are the same run") {
		t.Errorf("changes: %s", got)
	}
}

func TestEqualRunsGiveEqualComparisons(t *testing.T) {
	t.Parallel()
	first, second := string(Rendered(t, "comparison")), compared(t, summarytest.Compared(t))
	if first != second {
		t.Error("two pages of the same runs differ")
	}
}

func TestAComparisonIsSmall(t *testing.T) {
	t.Parallel()
	const most = 2 << 20
	if got := len(Rendered(t, "comparison")); got > most {
		t.Errorf("three runs of 12 cases take %d bytes, want at most %d", got, most)
	}
}

// Whatever the records are, a comparison is refused or is a page.
func TestAnyTwoRunsMakeAPageOrAnError(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, err := summary.Compare(summarytest.AnyTwoRuns.Draw(t, "runs"))
		if err != nil {
			return
		}
		page, err := Comparison(c, plots.Compared(c))
		if err != nil {
			t.Fatal(err)
		}
		checkPage(t, page)
		if at := summarytest.NoNumber(page); at != "" {
			t.Errorf("a place that is no number: %s", at)
		}
	})
}
