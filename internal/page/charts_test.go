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

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
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
	type shape map[string][]int
	for _, test := range []struct {
		name string
		data summary.Data
		want shape
	}{
		{"nothing", summary.Data{}, shape{}},
		{"nothing valid", summarytest.NothingValid(t), shape{}},
		{"hello", summarytest.Hello(t), shape{"latency": {6, 6}, "ecdf": {6, 6}, "drift": {7, 13, 13}}},
		{"thirty", summarytest.ThirtyCases(t), shape{"latency": {6, 6, 6, 6, 6}, "ecdf": {6, 6, 6, 6, 6}, "drift": {31, 31, 31}}},
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
						if x[i].rounded() < x[i-1].rounded() || !s.Points && x[i].rounded() == x[i-1].rounded() {
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

// TestKindsOfPoints: charts of trials and of probes say what became of each.
func TestKindsOfPoints(t *testing.T) {
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
