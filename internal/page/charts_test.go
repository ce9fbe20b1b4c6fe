package page

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/plots"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

func TestCompact(t *testing.T) {
	for _, test := range []struct {
		v    float64
		want string
	}{
		{0, "0"},
		{1, "1"},
		{0.5, "0.5"},
		{1234.6, "1235"},
		{12345.6, "12350"},
		{0.000123456, "0.0001235"},
		{1e9, "1e+09"},
		{-2.00001, "-2"},
		{math.NaN(), "null"},
		{math.Inf(1), "null"},
		{math.Inf(-1), "null"},
		{math.MaxFloat64, "null"},
	} {
		got, err := json.Marshal(Compact(test.v))
		if err != nil || string(got) != test.want {
			t.Errorf("%g: %s, %v, want %s", test.v, got, err, test.want)
		}
	}
}

func TestCompactKeepsFourDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(1e-300, 1e300).Draw(t, "v")
		text, err := json.Marshal(Compact(v))
		if err != nil {
			t.Fatal(err)
		}
		var back float64
		if err := json.Unmarshal(text, &back); err != nil || math.Abs(back/v-1) > 5.1e-4 {
			t.Errorf("%g became %s (%v)", v, text, err)
		}
	})
}

// TestChartsOf says which charts runs have, and how many panels and lines.
func TestChartsOf(t *testing.T) {
	t.Parallel()
	type shape map[string][]int
	for _, test := range []struct {
		name string
		data summary.Data
		want shape
	}{
		{"nothing", summary.Data{}, shape{}},
		{"nothing valid", summarytest.NothingValid(t), shape{}},
		{"hello", summarytest.Hello(t), shape{"latency": {6, 6}, "ecdf": {6, 6}, "drift": {8, 14, 14}}},
		{"thirty", summarytest.ThirtyCases(t), shape{"latency": {6, 6, 6, 6, 6}, "ecdf": {6, 6, 6, 6, 6}, "drift": {32, 32, 32}}},
	} {
		got := shape{}
		for name, chart := range Charts(summary.WithTimes(test.data)).Charts {
			for _, panel := range chart.Panels {
				got[name] = append(got[name], len(panel.Series))
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// However many cases there are, lines that share a pair of axes can be told apart, and
// filters know them.
func TestComparedCurvesAreFew(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]summary.Comparison{"twelve": summarytest.Compared(t), "thirty": summarytest.ComparedThirty(t)} {
		lines, want := 0, 0
		for _, one := range c.Cases {
			for _, curve := range one.Latency {
				if curve.Unknown == "" {
					want++
				}
			}
		}
		for _, panel := range comparedLatencyChart(c).Panels {
			lines += len(panel.Series)
			if len(panel.Series) > summary.MostCurves {
				t.Errorf("%s: %d lines in %s", name, len(panel.Series), panel.Title)
			}
			looks := map[string]string{} // by run
			for _, s := range panel.Series {
				looks[fmt.Sprint(s.Dashed, s.Dashes)] += s.Axes["run"]
				if len(s.Axes) != len(c.Axes())+1 {
					t.Errorf("%s: filters know %s by %v", name, s.Label, s.Axes)
				}
			}
			for look, of := range looks {
				if strings.Trim(of, of[:1]) != "" {
					t.Errorf("%s: runs %s look alike: %s", name, of, look)
				}
			}
		}
		if lines != want || want == 0 {
			t.Errorf("%s: %d lines, want %d", name, lines, want)
		}
	}
}

// TestChartsAreWhatTheScriptTakes: columns are as long as each other, x ascends, without
// a repeat where a line joins points, intervals are whole, and points are of a kind
// that the panel knows.
func TestChartsAreWhatTheScriptTakes(t *testing.T) {
	t.Parallel()
	check := func(t interface{ Errorf(string, ...any) }, data ChartData) {
		for name, chart := range data.Charts {
			for _, panel := range chart.Panels {
				for _, s := range panel.Series {
					x := s.X
					if x == nil && len(s.Y) <= len(panel.X.Values) {
						x = panel.X.Values[:len(s.Y)]
					}
					if len(x) == 0 || len(x) != len(s.Y) || len(s.Low) != len(s.High) || len(s.Low) != 0 && len(s.Low) != len(s.Y) {
						t.Errorf("%s, %s: %d x, %d y, %d low, %d high", name, s.Label, len(x), len(s.Y), len(s.Low), len(s.High))
					}
					if len(s.Kinds) > 0 && (len(s.Kinds) != len(s.Y) || slices.Min(s.Kinds) < 0 || slices.Max(s.Kinds) >= len(panel.Kinds)) {
						t.Errorf("%s, %s: %d points of the kinds %d", name, s.Label, len(s.Y), s.Kinds)
					}
					for i := range s.Notes {
						if i < 0 || i >= len(s.Y) {
							t.Errorf("%s, %s: a note on point %d of %d", name, s.Label, i, len(s.Y))
						}
					}
					for i := 1; i < len(x); i++ {
						if x[i].rounded() < x[i-1].rounded() || len(panel.Kinds) == 0 && x[i].rounded() == x[i-1].rounded() {
							t.Errorf("%s, %s: x goes from %g to %g", name, s.Label, x[i-1], x[i])
						}
					}
				}
			}
		}
	}
	for _, d := range []summary.Data{summarytest.Hello(t), summarytest.Searched(t), summarytest.Fronts(t), summarytest.Hostile(t), summarytest.Extreme(t)} {
		check(t, Charts(summary.WithTimes(d)))
	}
	rapid.Check(t, func(t *rapid.T) { check(t, Charts(summary.WithTimes(summarytest.AnyData.Draw(t, "run")))) })
}

// TestMarksTellCasesApart: what shares colour and dashes has a mark of its own, as long
// as there are marks.
func TestMarksTellCasesApart(t *testing.T) {
	t.Parallel()
	type looks struct {
		colour, mark, dashes string
		dashed               bool
	}
	thirty, hello := Charts(summary.WithTimes(summarytest.ThirtyCases(t))), Charts(summary.WithTimes(summarytest.Hello(t)))
	for _, test := range []struct {
		name   string
		chart  Chart
		shared bool // whether some share their colour and dashes
	}{
		{"latency", thirty.Charts["latency"], false},
		{"ecdf", thirty.Charts["ecdf"], false},
		{"drift", hello.Charts["drift"], true},
		{"drift of thirty", thirty.Charts["drift"], true},
		{"drift of cases alike", collect(map[string]Chart{"drift": driftChart(alike(t))}).Charts["drift"], true},
		{"latency of three runs", comparedLatencyChart(summarytest.Compared(t)), true},
	} {
		marked := 0
		for _, panel := range test.chart.Panels {
			seen := map[looks]string{}
			for _, s := range panel.Series {
				like := looks{s.Colour, s.Mark, fmt.Sprint(s.Dashes), s.Dashed}
				if other, ok := seen[like]; ok {
					t.Errorf("%s, %s: %s looks like %s", test.name, panel.Title, s.Label, other)
				}
				seen[like] = s.Label
				if s.Mark != "" && s.Mark != lineMarks[0] {
					marked++
				}
			}
		}
		if got := marked > 0; got != test.shared {
			t.Errorf("%s: %d series have another mark than the first", test.name, marked)
		}
	}
}

// alike is a run of many cases of one protocol and connection mode.
func alike(t *testing.T) summary.Data {
	t.Helper()
	d := summarytest.ThirtyCases(t)
	ids := map[string]string{}
	for i, c := range d.Run.Plan.Cases {
		same := results.Case{Target: fmt.Sprintf("%s-%d", c.Target, i), Protocol: "http", Network: c.Network, Connection: results.KeepAlive, Front: c.Front, Application: c.Application, Load: c.Load}
		ids[c.ID()], d.Run.Plan.Cases[i] = same.ID(), same
	}
	for i := range d.Trials {
		d.Trials[i].Case = ids[d.Trials[i].Case]
	}
	d.Run.Plan.Cases = d.Run.Plan.Cases[:18]
	return d
}

// The charts of drift have what the drawings have: the drift in words, percent of the
// median, what all cases have in common, and its trend.
func TestDriftChartsSayWhatTheDrawingsSay(t *testing.T) {
	d := summarytest.Noisy(t)
	d.Trials[0].Metrics["throughput"] *= 1e6 // lies at the edge
	courses := summary.Courses(d)
	chart := driftChart(d)
	if len(chart.Panels) != len(courses) {
		t.Fatalf("%d panels of %d courses", len(chart.Panels), len(courses))
	}
	beyond := 0
	for i, panel := range chart.Panels {
		course := courses[i]
		if diff := cmp.Diff([]string{course.Heading()}, panel.Notes); diff != "" {
			t.Errorf("notes (-want +got):\n%s", diff)
		}
		low, high := course.Span()
		if panel.Y.Label != "% of the median" || panel.Y.Unit != "%" || *panel.Y.Min != 100*low || *panel.Y.Max != 100*high {
			t.Errorf("axis %+v", panel.Y)
		}
		byLabel := map[string]Series{}
		for _, s := range panel.Series {
			byLabel[s.Label] = s
			if s.Thin != (s.Axes != nil) || s.Points {
				t.Errorf("%s: thin %t, points alone %t", s.Label, s.Thin, s.Points)
			}
			for at, y := range s.Y {
				if float64(y) < 100*low-1e-9 || float64(y) > 100*high+1e-9 {
					t.Errorf("%s: %g leaves the axis", s.Label, y)
				}
				if strings.Contains(s.Notes[at], "beyond the axis: ") {
					beyond++
				}
			}
		}
		if len(panel.Series) != len(course.Cases)+2 {
			t.Errorf("%d series of %d cases", len(panel.Series), len(course.Cases))
		}
		level, trend := byLabel["all cases together"], byLabel["trend (Theil-Sen)"]
		if level.Colour != "ink" || level.Dashed || trend.Colour != "ink" || !trend.Dashed || len(trend.Y) != 2 || len(level.Y) != len(course.Drift.Levels) {
			t.Fatalf("level %+v, trend %+v", level, trend)
		}
		for at, l := range course.Drift.Levels {
			if want := math.Min(100*l.Value, 100*high); float64(level.Y[at]) != want {
				t.Errorf("block %d: %g, want %g", l.Block, level.Y[at], want)
			}
		}
	}
	if beyond != 1 {
		t.Errorf("%d trials lie beyond the axis", beyond)
	}
}

// Curves that are unknown are named with the reason, and corrected ones as in the
// drawings, with the band between them.
func TestLatencyChartsSayWhatTheDrawingsSay(t *testing.T) {
	data := Charts(summary.WithTimes(without(summarytest.Hello(t))))
	for _, name := range []string{"latency", "ecdf"} {
		panel := data.Charts[name].Panels[0]
		if len(panel.Notes) != 1 || !strings.Contains(panel.Notes[0], "no valid trial") || panel.Key != plots.LegendKey {
			t.Errorf("%s: notes %q, key %q", name, panel.Notes, panel.Key)
		}
	}
	bands := 0
	late := summarytest.Hello(t)
	for i := range late.Trials {
		late.Trials[i].Histograms.Service = late.Trials[0].Histograms.Latency
	}
	for _, panel := range correctedChart(summary.WithTimes(late).Loads, []string{"protocol", "connection"}).Panels {
		for i := 0; i < len(panel.Series); i += 2 {
			corrected, raw := panel.Series[i], panel.Series[i+1]
			if !strings.HasSuffix(corrected.Label, summary.CorrectedLabel) || !strings.HasSuffix(raw.Label, summary.RawLabel) || raw.Dashes == nil {
				t.Errorf("%q, %q", corrected.Label, raw.Label)
			}
			if slices.Equal(corrected.Low, raw.Y) && slices.Equal(corrected.High, corrected.Y) {
				bands++
			}
		}
	}
	if bands == 0 {
		t.Error("nothing lies between corrected and raw latency")
	}
}

// without is a run whose first case has no valid trial.
func without(d summary.Data) summary.Data {
	for i := range d.Trials {
		if d.Trials[i].Case == d.Run.Plan.Cases[0].ID() {
			d.Trials[i].Valid = false
		}
	}
	return d
}

// TestKindsOfPoints: charts of trials and of probes say what became of each.
func TestKindsOfPoints(t *testing.T) {
	t.Parallel()
	noisy := summarytest.Noisy(t)
	kinds, notes := kindsOf(Charts(summary.WithTimes(noisy)).Charts["drift"])
	for _, want := range []string{"undisturbed", "disturbed by the machine", "invalid trial"} {
		if kinds[want] == 0 {
			t.Errorf("no trial is %s: %v", want, kinds)
		}
	}
	if notes == 0 {
		t.Error("nothing says what disturbed a trial")
	}
	kinds, _ = kindsOf(Charts(summary.WithTimes(summarytest.Searched(t))).Charts["saturation"])
	probes := map[string]int{}
	for _, s := range summary.SearchesOf(summary.Cases(summarytest.Searched(t))) {
		for _, p := range s.Probes {
			if p.Known {
				probes[probeKinds[slices.Index(probeOutcomes, p.Outcome)].Label]++
			}
		}
	}
	if diff := cmp.Diff(probes, kinds); diff != "" || len(kinds) < 2 {
		t.Errorf("probes (-run +chart):\n%s", diff)
	}
}

// The charts of searches have what the drawings have: the rate found, its interval, and
// the objective by its name.
func TestSearchChartsHaveTheRatesFound(t *testing.T) {
	cases := summary.Cases(summarytest.Searched(t))
	chart := saturationChart(cases, []string{"protocol", "connection"})
	want, got := map[string]Rule{}, map[string]Rule{}
	for _, s := range summary.SearchesOf(cases) {
		if s.Saturation.N > 0 {
			want[s.Case.Case.Protocol+" "+s.Case.Case.Connection] = Rule{Compact(s.Saturation.Median), Compact(s.Saturation.Q1), Compact(s.Saturation.Q3), s.Found()}
		}
	}
	for _, panel := range chart.Panels {
		if panel.X.Label != "arrival rate (req/s)" || panel.Y.Label != "p99 (ms)" {
			t.Errorf("%s over %s", panel.Y.Label, panel.X.Label)
		}
		for _, s := range panel.Series {
			switch {
			case s.Axes == nil:
				if s.Label != "objective: p99 < 10 ms" || s.Colour != "ink" {
					t.Errorf("the objective is %q in %s", s.Label, s.Colour)
				}
			case s.Rule != nil:
				got[s.Axes["protocol"]+" "+s.Axes["connection"]] = *s.Rule
				if !strings.HasPrefix(s.Says, s.Rule.Label) || !strings.Contains(s.Says, "middle half of the trials") {
					t.Errorf("%s says %q", s.Label, s.Says)
				}
			case s.Says != "no rate held":
				t.Errorf("%s says %q", s.Label, s.Says)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) < 2 {
		t.Errorf("rates found (-run +chart):\n%s", diff)
	}
	if label := got["http keep-alive"].Label; !strings.HasPrefix(label, "at least ") {
		t.Errorf("the generator was the limit, and the chart says %q", label)
	}
}

// kindsOf counts points by their kind, and notes on them.
func kindsOf(c Chart) (kinds map[string]int, notes int) {
	kinds = map[string]int{}
	for _, panel := range c.Panels {
		for _, s := range panel.Series {
			notes += len(s.Notes)
			for i := range s.Y {
				if len(s.Kinds) > 0 {
					kinds[panel.Kinds[s.Kinds[i]].Label]++
				} else if s.Points {
					kinds[panel.Kinds[0].Label]++
				}
			}
		}
	}
	return kinds, notes
}

// A line that ends before the others shares their x; one that goes elsewhere keeps its
// own.
func TestShare(t *testing.T) {
	var p Panel
	p.add(Series{Label: "short"}, []float64{1, 2}, []float64{1, 1})
	p.add(Series{Label: "long"}, []float64{1, 2, 3}, []float64{1, 1, 1})
	p.add(Series{Label: "own"}, []float64{1, 2.5}, []float64{1, 1})
	p.add(Series{Label: "none"}, nil, nil)
	p.share()
	var own []string
	for _, s := range p.Series {
		if s.X != nil {
			own = append(own, s.Label)
		}
	}
	if len(p.Series) != 3 || len(p.X.Values) != 3 || !cmp.Equal(own, []string{"own"}) {
		t.Errorf("%d lines, %d values, own x: %q", len(p.Series), len(p.X.Values), own)
	}
}

// Runs are counted: a chart of three has no tick at 1.2.
func TestRunsOfAHistoryAreWholeNumbers(t *testing.T) {
	c := HistoryChart(summary.History{Runs: make([]summary.PastRun, 3), Loads: []summary.PastLoad{{}}})
	if x := c.Panels[0].X; !x.Whole {
		t.Errorf("the axis of runs is %+v, not one of whole numbers", x)
	}
}
