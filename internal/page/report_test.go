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

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

func mustReport(t testing.TB, d summary.Data) []byte {
	t.Helper()
	page, err := reportOf(d)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// What other tests look at: style, script, charts, pictures, answers and downloads.
var elsewhere = []struct {
	found *regexp.Regexp
	as    string
}{
	{regexp.MustCompile(`(?s)<style>.*?</style>`), "<style></style>"},
	{regexp.MustCompile(`(?s)<script>.*?</script>`), "<script></script>"},
	{regexp.MustCompile(`(?s)(<script type="application/json" id="charts">).*?</script>`), "$1</script>"},
	{regexp.MustCompile(`(?s)<svg class="drawing".*?</svg>`), "<svg/>"},
	{regexp.MustCompile(`content="default-src[^"]*"`), `content=""`},
	{regexp.MustCompile(`(?s)<div class="answers">.*?</div>`), `<div class="answers"></div>`},
	{regexp.MustCompile(`base64,[^"]*`), "base64,"},
}

func TestReportGolden(t *testing.T) {
	t.Parallel()
	for name, page := range map[string][]byte{
		"report.html": Rendered(t, "hello"), "report-empty.html": mustReport(t, summary.Data{}),
	} {
		t.Run(name, func(t *testing.T) {
			checkPage(t, page)
			for _, e := range elsewhere {
				page = e.found.ReplaceAll(page, []byte(e.as))
			}
			summarytest.Golden(t, name, page)
		})
	}
}

// Every kind of run has a page that is whole.
func TestReportsAreWellFormed(t *testing.T) {
	t.Parallel()
	quick := summarytest.Hello(t)
	quick.Run.Plan.Quick, quick.Run.Unverified, quick.Run.Partial = true, true, "interrupted"
	recipes := summarytest.Hello(t)
	recipes.Run.Recipes = []results.Source{{Name: "mine", File: "mine.yaml", YAML: "name: mine\n"}}
	for name, d := range map[string]summary.Data{
		"one case": summarytest.OneCase(t), "sixty cases": summarytest.SixtyCases(t), "noisy": summarytest.Noisy(t), "extreme": summarytest.Extreme(t),
		"two trials": summarytest.TwoTrials(), "quick": quick, "recipes": recipes,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkPage(t, mustReport(t, d))
		})
	}
	for _, run := range Runs {
		t.Run(run.Name, func(t *testing.T) {
			t.Parallel()
			checkPage(t, Rendered(t, run.Name))
		})
	}
}

// A page tells first what makes its figures worth less.
func TestReportWarnsBeforeTheFigures(t *testing.T) {
	d := summarytest.Hello(t)
	d.Run.Plan.Quick, d.Run.Unverified, d.Run.Partial = true, true, "interrupted"
	head, _, _ := strings.Cut(string(mustReport(t, d)), "<main")
	for _, want := range []string{"Quick: fewer and shorter trials", "Not verified: --no-verify", "Partial: interrupted; 10 complete blocks of 10 to 30 planned"} {
		if !strings.Contains(head, want) {
			t.Errorf("%q does not stand before the sections", want)
		}
	}
}

// Runs of the first schema have no recipes, figures of noise or named requests.
func TestReportsOfRecordedRuns(t *testing.T) {
	t.Parallel()
	runs, err := filepath.Glob(filepath.Join("..", "..", "results", "showcase", "*", results.RunFile))
	if err != nil || len(runs) == 0 {
		t.Fatalf("no recorded runs: %v", err)
	}
	for _, file := range runs {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			run, trials, err := results.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			checkPage(t, mustReport(t, summary.Data{Run: run, Trials: trials}))
		})
	}
}

func TestHostileTextIsInert(t *testing.T) {
	t.Parallel()
	d := summarytest.Hostile(t)
	d.Run.Scenario.YAML = "</pre>" + summarytest.HostileText
	page := mustReport(t, d)
	checkPage(t, page)
	summarytest.OnlyText(t, "report.html", strings.ReplaceAll(string(page), "\t", " "))
	for _, e := range elsewhere { // the charts are JSON, and escaped as such
		page = e.found.ReplaceAll(page, []byte(e.as))
	}
	if bytes.Contains(page, []byte("<script>alert")) {
		t.Error("a script of the records is markup")
	}
	if !bytes.Contains(page, []byte("&lt;script&gt;alert(1)&lt;/script&gt;")) {
		t.Error("the text is not shown at all")
	}
}

func TestReportOfAnyRecords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := summarytest.AnyData.Draw(t, "data")
		page, err := reportOf(d)
		if err != nil {
			t.Fatal(err)
		}
		checkPage(t, page)
		if found := summarytest.NoNumber(page); found != "" {
			t.Fatalf("a coordinate that is none: %s", found)
		}
	})
}

func TestEqualRunsGiveEqualBytes(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(Rendered(t, "hello"), mustReport(t, summarytest.Hello(t))) {
		t.Error("two reports of one run differ")
	}
}

// download unpacks what the page has under that name.
func download(t *testing.T, page []byte, name string) []byte {
	t.Helper()
	found := regexp.MustCompile(`<a class="download" download="` + regexp.QuoteMeta(name) + `" href="data:application/gzip;base64,([^"]*)"`).FindSubmatch(page)
	if found == nil {
		t.Fatalf("no download %s", name)
	}
	packed, err := base64.StdEncoding.DecodeString(html.UnescapeString(string(found[1])))
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
	return content
}

func TestDownloadIsTheRun(t *testing.T) {
	d := summarytest.Hello(t)
	d.Run.Trials = len(d.Trials)
	for i := range d.Trials {
		d.Trials[i].Start = d.Run.Start
	}
	page := mustReport(t, d)
	file := filepath.Join(t.TempDir(), "bundle.json")
	if err := os.WriteFile(file, download(t, page, d.Run.ID+".json.gz"), 0o600); err != nil {
		t.Fatal(err)
	}
	run, trials, err := results.ReadBundle(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d.Run, run); diff != "" {
		t.Errorf("run (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(d.Trials, trials); diff != "" {
		t.Errorf("trials (-want +got):\n%s", diff)
	}
}

// Of records that no bundle can hold the page says so, and is whole but for that.
func TestReportOfRecordsThatNoBundleHolds(t *testing.T) {
	d := summarytest.Hello(t)
	d.Run.Plan.Cases[0].Target = "a/b"
	page := string(mustReport(t, d))
	if !strings.Contains(page, d.Run.ID+".json is missing: ") {
		t.Error("the page does not say that its JSON is missing")
	}
}

// Sorting goes by data-value wherever a cell of numbers shows more than a plain number.
func TestNumbersSortByWhatTheyShow(t *testing.T) {
	noted, said, labelled, text := numberCell("+1.4", 1.36, true), numberCell("0.523", 0.5234, true), countCell(7), numberCell("9", 9, true)
	noted.Note, said.Said, labelled.Note = "○", "best", "of 9"
	for _, c := range []struct {
		cell  Cell
		value string
	}{
		{numberCell("12,345", 12345.4, true), "12345.4"},
		{numberCell(">12,345", 12345, true), "12345"},
		{numberCell("0.523", 0.5234, true), ""},
		{numberCell("<0.01", 0.00001, true), "1e-05"},
		{numberCell("?", 7, false), ""},
		{noted, "+1.4"},
		{said, "0.523"},
		{labelled, "7"},
		{text, ""},
	} {
		table := Table{ID: "t", Sortable: true, Head: []Column{numberColumn("n", "")}, Rows: []Row{{Cells: []Cell{c.cell}}}}
		if _, err := table.HTML(); err != nil {
			t.Fatal(err)
		}
		if got := table.Rows[0].Cells[0].Value; got != c.value {
			t.Errorf("%q sorts by %q, want %q", c.cell.Text, got, c.value)
		}
	}
}

func TestSpanOfAScale(t *testing.T) {
	v := func(low, estimate, high float64) verdict.Verdict {
		var v verdict.Verdict
		v.Ratio.Low, v.Ratio.Estimate, v.Ratio.High = low, estimate, high
		v.Factor = scenarios.Factor{Value: 10}
		return v
	}
	s := newRatioScale([]float64{10}, v(0.1, 1, 10).Ratio)
	for ratio, want := range map[float64]string{0.1: "10.00%", 1: "50.00%", 10: "90.00%"} {
		if got := s.percent(ratio); got != want {
			t.Errorf("%vx stands at %s, want %s", ratio, got, want)
		}
	}
	if got := newRatioScale([]float64{1}).marks; len(got) != 1 {
		t.Errorf("a claim of 1x has marks at %v, want one", got)
	}
	if drawn := s.interval(v(0, 2, 0).Ratio, "", ""); strings.Contains(string(drawn), `class="span`) {
		t.Errorf("an interval that does not exist is drawn: %s", drawn)
	}
}

func TestFileNames(t *testing.T) {
	for id, want := range map[string]string{
		"20260102T030405Z-hello": "20260102T030405Z-hello", "": "run", "../x y/\"": "-.-x-y--", ".hidden": "-hidden", strings.Repeat("x", 500): strings.Repeat("x", 100),
	} {
		if got := fileName(id); got != want {
			t.Errorf("%q is stored as %q, want %q", id, got, want)
		}
	}
}

func BenchmarkReport(b *testing.B) {
	d := summarytest.Longest(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := reportOf(d); err != nil {
			b.Fatal(err)
		}
	}
}

// reportOf is the page of a run.
func reportOf(d summary.Data) ([]byte, error) {
	timed := summary.WithTimes(d)
	return Report(timed, plots.Pictures(timed))
}
