package report

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

func TestUnknownIsNeverZero(t *testing.T) {
	d := summarytest.TwoTrials()
	table := newTable(d, false)
	for i, col := range table.columns {
		if col.head == "capacity" || col.head == "p50" || col.head == "server CPU" || col.head == "spread" {
			if got := table.groups[0].rows[0][i]; got != summary.Unknown {
				t.Errorf("%s reads %q, want %q", col.head, got, summary.Unknown)
			}
		}
	}
	var out bytes.Buffer
	if err := JSON(&out, d); err != nil {
		t.Fatal(err)
	}
	var back struct {
		Cases []struct {
			Metrics map[string]map[string]any
		}
	}
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	metrics := back.Cases[0].Metrics
	if len(metrics) != len(results.MetricList) {
		t.Errorf("%d metrics, want all %d", len(metrics), len(results.MetricList))
	}
	want := map[string]any{
		"n": 0., "median": nil, "q1": nil, "q3": nil, "min": nil, "max": nil, "spread": nil, "unit": "req/cpu-s", "better": "higher",
	}
	if diff := cmp.Diff(want, metrics["capacity"]); diff != "" {
		t.Errorf("capacity (-want +got)\n%s", diff)
	}
	if got := metrics["throughput"]["spread"]; got != nil {
		t.Errorf("the spread of a single trial is %v, want null", got)
	}
}

func TestAnIntervalThatDoesNotExistIsNull(t *testing.T) {
	d := summarytest.NothingValid(t)
	var out bytes.Buffer
	if err := JSON(&out, d); err != nil {
		t.Fatal(err)
	}
	var back struct {
		Verdicts []struct {
			Comparisons []map[string]any
		}
	}
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"ratio", "low", "high", "achieved", "p", "of_median", "over_median", "min_detectable", "blocks_needed"} {
		if got, ok := back.Verdicts[0].Comparisons[0][key]; !ok || got != nil {
			t.Errorf("%s is %v, want null", key, got)
		}
	}
}

// TestBestIsBoldWithinALoadOnly also knows that of throughputs of which some are
// lower bounds none is best.
func TestBestIsBoldWithinALoadOnly(t *testing.T) {
	of := func(bottleneck string) table {
		d := summarytest.Hello(t)
		for i := range d.Trials {
			d.Trials[i].Bottleneck = bottleneck
		}
		return newTable(d, false)
	}
	testBold(t, of(results.BottleneckServer), 1)
	testBold(t, of(results.BottleneckGenerator), 0)
}

func testBold(t *testing.T, table table, throughputs int) {
	t.Helper()
	for _, g := range table.groups {
		for i, col := range table.columns {
			bold := 0
			for r := range g.rows {
				if g.bold[r][i] {
					bold++
				}
			}
			want := 0
			switch {
			case col.metric == "throughput" && g.load.Closed():
				want = throughputs
			case col.metric != "" && col.metric != "throughput":
				want = 1
			}
			if bold != want {
				t.Errorf("load %s, column %s: %d bold cells, want %d", g.load.Name, col.head, bold, want)
			}
		}
	}
}

func TestWarningsAreSaidOnce(t *testing.T) {
	text := string(terminal(t, summarytest.Hello(t), Style{}))
	if got := strings.Count(text, "carry-over between cases is not modelled"); got != 1 {
		t.Errorf("a warning of five comparisons is shown %d times, want once", got)
	}
}

func TestColumnsGoInTheStatedOrder(t *testing.T) {
	for _, d := range []summary.Data{summarytest.Hello(t), summarytest.Fronts(t)} {
		columnsGoInTheStatedOrder(t, d)
	}
}

func columnsGoInTheStatedOrder(t *testing.T, d summary.Data) {
	t.Helper()
	all := newTable(d, false)
	order := slices.DeleteFunc(slices.Clone(narrowing), func(name string) bool { return !all.has(name) })
	var before []string
	for width := 140; width >= 24; width-- {
		table := newTable(d, false)
		_, dropped := table.fit(width)
		if len(dropped) < len(before) {
			t.Fatalf("width %d drops %v, a wider terminal drops %v", width, dropped, before)
		}
		if diff := cmp.Diff(order[:len(dropped)], dropped[:]); len(dropped) > 0 && diff != "" {
			t.Fatalf("width %d (-want +got)\n%s", width, diff)
		}
		before = dropped
	}
	if len(before) == 0 {
		t.Error("no column was ever dropped")
	}
}

func TestMarkdownWarnsOfARehearsalFirst(t *testing.T) {
	d := summarytest.Hello(t)
	for _, quick := range []bool{true, false} {
		d.Run.Plan.Quick = quick
		got, err := markdownReport(d, nil, "")
		if err != nil {
			t.Fatal(err)
		}
		top, _, _ := strings.Cut(string(got), "\n## ")
		if strings.Contains(top, "**Quick: ") != quick {
			t.Errorf("quick %t: before the first heading: %s", quick, top)
		}
	}
}
