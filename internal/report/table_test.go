package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

// names are the cells that name the cases, as drawn at a width.
func drawnNames(d summary.Data, width int) []string {
	table := newTable(d, false)
	table.fit(width)
	var names []string
	for _, g := range table.groups {
		for _, row := range g.rows {
			var cells []string
			for i, col := range table.columns {
				if col.axis {
					cells = append(cells, row[i])
				}
			}
			names = append(names, g.load.Name+" "+strings.Join(cells, " "))
		}
	}
	return names
}

func TestNoTwoCasesHaveOneName(t *testing.T) {
	for _, d := range []summary.Data{summarytest.Hello(t), summarytest.Fronts(t), summarytest.ThirtyCases(t), summarytest.SixtyCases(t)} {
		for width := 160; width >= 60; width-- {
			names := drawnNames(d, width)
			slices.Sort(names)
			if distinct := len(slices.Compact(slices.Clone(names))); distinct != len(d.Run.Plan.Cases) {
				t.Fatalf("%d columns: %d names for %d cases: %q", width, distinct, len(d.Run.Plan.Cases), names)
			}
		}
	}
}

func TestLongTablesKeepTheirHeaderInSight(t *testing.T) {
	table := newTable(summarytest.SixtyCases(t), false)
	lines, err := table.render(Style{Width: 120})
	if err != nil {
		t.Fatal(err)
	}
	rows, headers := 0, 0
	for _, line := range lines {
		switch {
		case strings.HasPrefix(line, "target"):
			headers++
			rows = 0
		case strings.HasPrefix(line, "uwsgi-"):
			rows++
		}
		if rows > 2*screen {
			t.Fatalf("%d rows without a header", rows)
		}
		if twwidth.Width(line) > 120 {
			t.Errorf("a line of %d columns: %s", twwidth.Width(line), line)
		}
	}
	if headers != 2 {
		t.Errorf("%d headers over two loads of 30 cases, want one each", headers)
	}
}

func TestTablesFitWithoutATerminal(t *testing.T) {
	for name, d := range map[string]summary.Data{"hello": summarytest.Hello(t), "fronts": summarytest.Fronts(t), "sixty": summarytest.SixtyCases(t), "search": summarytest.Searched(t)} {
		table := newTable(d, false)
		lines, err := table.render(Style{})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines[:len(lines)-1] { // the last says what is not shown
			if twwidth.Width(line) > 80 {
				t.Errorf("%s: a line of %d columns: %s", name, twwidth.Width(line), line)
			}
		}
		if last := lines[len(lines)-1]; !strings.Contains(last, "Not shown in 80 columns: server CPU") || !strings.HasSuffix(last, "--wide shows these and more.") {
			t.Errorf("%s: %s", name, last)
		}
	}
}

func TestWideTablesHaveAllColumns(t *testing.T) {
	for _, width := range []int{0, 40, 80, 300} {
		text := string(terminal(t, summarytest.Fronts(t), Style{Width: width, Wide: true}))
		header, _, _ := strings.Cut(text[strings.Index(text, "target "):], "\n")
		for _, head := range []string{
			"throughput", "capacity", "p50", "p90", "p99", "p99.9", "max", "server CPU", "user CPU", "system CPU", "target CPU", "front CPU",
			"errors", "client CPU", "sent", "received", "dials", "memory", "bottleneck", "spread", "valid",
		} {
			if !strings.Contains(header+" ", " "+head+" ") {
				t.Errorf("%d columns: %q is not in %s", width, head, header)
			}
		}
		if strings.Contains(text, "Not shown") {
			t.Errorf("%d columns: something is not shown", width)
		}
	}
}

func TestFrontColumnsAreShownWhereThereIsAFront(t *testing.T) {
	for _, name := range []string{"target CPU", "front CPU"} {
		with, without := newTable(summarytest.Fronts(t), false), newTable(summarytest.Hello(t), false)
		if !with.has(name) || without.has(name) {
			t.Errorf("%s: with a front %v, without %v", name, with.has(name), without.has(name))
		}
	}
	table := newTable(summarytest.Fronts(t), false)
	at := slices.IndexFunc(table.columns, func(c column) bool { return c.head == "front CPU" })
	if none, nginx := table.groups[0].rows[0][at], table.groups[0].rows[4][at]; none != "-" || nginx == "-" || nginx == summary.Unknown {
		t.Errorf("front CPU without a front %q, with one %q", none, nginx)
	}
}

func TestBottlenecksBesideTheVerdicts(t *testing.T) {
	d := summarytest.Hello(t)
	claim := d.Claims[0]
	if got, want := summary.BottleneckText(d, claim), "Bottleneck: the server in 20 of 20 trials of these cases under closed load; the rate of the load (kept up with) in 20 of 20 trials under open load."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for i := range d.Trials {
		if d.Trials[i].Block < 3 {
			d.Trials[i].Bottleneck = results.BottleneckGenerator
		}
	}
	claim.Verdicts = claim.Verdicts[:1]
	if got, want := summary.BottleneckText(d, claim), "Bottleneck: the server in 16 of 20 trials of these cases, the load generator in 4."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := summary.BottleneckText(summarytest.NothingValid(t), claim); got != "" {
		t.Errorf("without a valid trial: %s", got)
	}
}

func TestKnownDifferencesAreListedOnce(t *testing.T) {
	d := summarytest.Hello(t)
	for i, c := range d.Run.Plan.Cases {
		d.Run.Exceptions = append(d.Run.Exceptions, results.Exception{Case: c.ID(), Differs: "path_info", Why: "as PEP 3333 has it"})
		if i == 0 {
			d.Run.Exceptions = append(d.Run.Exceptions, results.Exception{Case: "of another kind", Differs: "HTTP_X_PROBE", Why: "folded"})
		}
	}
	want := []string{
		"path_info (http per-request, http keep-alive, uwsgi per-request, fastcgi per-request and 2 more cases): as PEP 3333 has it",
		"HTTP_X_PROBE (of another kind): folded",
	}
	if got := summary.ExceptionLines(d); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestAnUnverifiedRunSaysSo(t *testing.T) {
	d := summarytest.Hello(t)
	d.Run.Unverified = true
	m, err := markdownReport(d, nil, SVG)
	if err != nil {
		t.Fatal(err)
	}
	for format, text := range map[string]string{"terminal": string(terminal(t, d, Style{})), "report.md": string(m)} {
		if !strings.Contains(strings.ToLower(text), "not verified: --no-verify") {
			t.Errorf("%s does not say so", format)
		}
	}
}

func TestTrendsWithoutRecordsSayWhy(t *testing.T) {
	d := summarytest.Fronts(t)
	trend := d.Trends[0]
	trend.Sentence, trend.Blocks, trend.Y, trend.R2 = "", 0, nil, nil
	trend.Warnings = []string{"not measured: no block has a valid trial of all the cases"}
	d.Trends = d.Trends[:1]
	d.Trends[0] = trend
	got := fmt.Sprint(trendLines(d, Style{}))
	if want := "One more WSGI middleware costs: ?     Warning: not measured"; !strings.Contains(got, want) {
		t.Errorf("got %s, want %q in it", got, want)
	}
}
