package report

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// twoTrials is one case with one valid and one invalid trial.
func twoTrials() Data {
	c := results.Case{Target: "builtin", Protocol: "uwsgi", Load: "saturate"}
	return Data{
		Run: results.Run{Plan: results.Plan{
			Cases: []results.Case{c}, Loads: map[string]results.Load{"saturate": {Name: "saturate", Clients: 2}},
		}},
		Trials: []results.Trial{
			{
				Case: c.ID(), Block: 1, Valid: true, Bottleneck: results.BottleneckServer,
				Metrics: results.Metrics{"throughput": 100, "capacity": math.NaN()},
				Counts:  results.Counts{Sent: 90, Correct: 90},
			},
			{
				Case: c.ID(), Block: 2, Invalid: []string{"wrong answers"}, Bottleneck: results.BottleneckGenerator,
				Metrics: results.Metrics{"throughput": 900}, Counts: results.Counts{Sent: 10},
				Errors: []results.ErrorCount{{Kind: "body", Count: 10, Sample: "unexpected body"}},
			},
		},
	}
}

func TestInvalidTrialsCountAsErrorsOnly(t *testing.T) {
	c := summarise(twoTrials())[0]
	if v, ok := c.median("throughput"); !ok || v != 100 {
		t.Errorf("throughput %v, %v; want 100 of the valid trial", v, ok)
	}
	if v, ok := c.errorShare(); !ok || v != 0.1 {
		t.Errorf("errors %v, %v; want 10 of 100 requests", v, ok)
	}
	if diff := cmp.Diff([]count{{results.BottleneckServer, 1}}, c.bottleneck); diff != "" {
		t.Errorf("bottleneck (-want +got)\n%s", diff)
	}
}

func TestUnknownIsNeverZero(t *testing.T) {
	d := twoTrials()
	table := newTable(d)
	for i, col := range table.columns {
		if col.head == "capacity" || col.head == "p50" || col.head == "server CPU" || col.head == "spread" {
			if got := table.groups[0].rows[0][i]; got != unknown {
				t.Errorf("%s reads %q, want %q", col.head, got, unknown)
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
	d := nothingValid(t)
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
		d := hello(t)
		for i := range d.Trials {
			d.Trials[i].Bottleneck = bottleneck
		}
		return newTable(d)
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
	text := string(terminal(t, hello(t), Style{}))
	if got := strings.Count(text, "carry-over between cases is not modelled"); got != 1 {
		t.Errorf("a warning of five comparisons is shown %d times, want once", got)
	}
}

func TestWarningsThatDifferInFiguresAreSaidOnce(t *testing.T) {
	c := verdict.ClaimResult{
		Warnings: []string{"not tested on load steady"},
		Verdicts: []verdict.Verdict{
			{Warnings: []string{"the interval is wide, 48 % to either side", "p99 rests on fewer than 10 requests"}},
			{Warnings: []string{"the interval is wide, 34.5 % to either side"}},
			{Warnings: []string{"the interval is wide, 34.5 % to either side", "not tested on load steady"}},
			{Warnings: []string{"the interval is wide, 9 % to either side"}},
		},
	}
	want := []string{
		"not tested on load steady",
		"the interval is wide, 48 % to either side (and 2 more times with other figures)",
		"p99 rests on fewer than 10 requests",
	}
	if diff := cmp.Diff(want, claimWarnings(c)); diff != "" {
		t.Error(diff)
	}
}

func TestFarForecastsAreNotCounted(t *testing.T) {
	v := verdict.Verdict{Outcome: verdict.Inconclusive, BlocksNeeded: 67088}
	if got := furtherBlocks(v); strings.Contains(got, "67,088") || !strings.Contains(got, "More than 1,000 blocks") {
		t.Errorf("got %q", got)
	}
	v.Outcome = verdict.Refuted
	if got := furtherBlocks(v); got != "" {
		t.Errorf("a decided comparison needs no blocks: %q", got)
	}
}

func TestColumnsGoInTheStatedOrder(t *testing.T) {
	for _, d := range []Data{hello(t), fronts(t)} {
		columnsGoInTheStatedOrder(t, d)
	}
}

func columnsGoInTheStatedOrder(t *testing.T, d Data) {
	t.Helper()
	all := newTable(d)
	order := slices.DeleteFunc(slices.Clone(narrowing), func(name string) bool { return !all.has(name) })
	var before []string
	for width := 140; width >= 24; width-- {
		table := newTable(d)
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
