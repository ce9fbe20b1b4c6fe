package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// drawings are the SVG of a picture at both widths.
func drawings(t *testing.T, p Picture) map[string]string {
	t.Helper()
	found := map[string]string{}
	for name, width := range map[string]vg.Length{"wide": Wide, "narrow": Narrow} {
		svg, err := p.Inline(width)
		if err != nil {
			t.Fatal(err)
		}
		if at := summarytest.NoNumber(svg); at != "" {
			t.Errorf("%s, %s: a place that is no number: %s", p.Name, name, at)
		}
		found[name] = string(svg)
	}
	return found
}

// open is hello whose open load knows service times too: those of a faster case.
func open(t *testing.T) summary.Data {
	t.Helper()
	d := summarytest.Hello(t)
	fast := map[int]results.Trial{} // by block
	for _, trial := range d.Trials {
		if c, err := results.ParseCaseID(trial.Case); err == nil && c.Load == "steady" && c.Protocol == "http" && c.Connection == results.KeepAlive {
			fast[trial.Block] = trial
		}
	}
	for i := range d.Trials {
		if c, err := results.ParseCaseID(d.Trials[i].Case); err == nil && c.Load == "steady" && c.Protocol != "scgi" {
			d.Trials[i].Histograms.Service = fast[d.Trials[i].Block].Histograms.Latency
			d.Trials[i].Metrics["service.p99"] = fast[d.Trials[i].Block].Metrics["latency.p99"]
		}
	}
	return d
}

func TestLatencyIsCorrectedWhereBothAreKnown(t *testing.T) {
	d := open(t)
	p, ok := correctedPicture(newTimed(summary.WithTimes(d)))
	if !ok {
		t.Fatal("no picture")
	}
	steady := slices.DeleteFunc(summary.Cases(d), func(c summary.Case) bool { return c.Load.Closed() })
	worst, w, _ := summary.WorstWaiting(steady)
	if want := fmt.Sprintf("steady: 99th percentile in the median trial, greatest difference: %s per-request, %s ms from the intended send time, %s ms from the actual send.",
		worst.Case.Protocol, summary.Significant(w.Corrected), summary.Significant(w.Raw)); p.Facts != want {
		t.Errorf("%q does not say %q", p.Facts, want)
	}
	for name, svg := range drawings(t, p) {
		for _, want := range []string{"corrected for", "service time unknown", ">http per-request<", ">from the actual send (raw)<"} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s: does not say %q", name, want)
			}
		}
		if strings.Contains(svg, "saturate") {
			t.Errorf("%s: the closed load is shown", name)
		}
	}
	goldens(t, "", []Picture{p})
	if _, ok := correctedPicture(newTimed(summary.WithTimes(summarytest.Hello(t)))); ok {
		t.Error("a picture of latency without service times")
	}
}

// TestManyCasesShareAnECDFByTarget: thirty curves in one chart are not told apart.
func TestManyCasesShareAnECDFByTarget(t *testing.T) {
	d := summarytest.ThirtyCases(t)
	p, ok := ecdfPicture(newTimed(summary.WithTimes(d)))
	if !ok {
		t.Fatal("no picture")
	}
	for name, svg := range drawings(t, p) {
		for _, target := range []string{">builtin<", ">target uwsgi<", ">gunicorn<", ">net-http-fcgi<", ">twisted<"} {
			if strings.Count(svg, target) != 1 {
				t.Errorf("%s: %d charts of %s", name, strings.Count(svg, target), target)
			}
		}
		// One legend for all.
		if n := strings.Count(svg, ">scgi per-request<"); n != 1 {
			t.Errorf("%s: a case is in %d legends", name, n)
		}
	}
	if wide, narrow := p.height(Wide), p.height(Narrow); narrow < wide*3/2 {
		t.Errorf("narrow charts do not stand below each other: %v, wide %v", narrow, wide)
	}
}

func TestDriftMarksTrials(t *testing.T) {
	d := summarytest.Noisy(t)
	d.Trials[0].Metrics["throughput"] = 1e300 // lies at the edge
	p, ok := driftPicture(d)
	if !ok {
		t.Fatal("no picture")
	}
	for name, svg := range drawings(t, p) {
		for _, want := range []string{"throughput fell by", "trend (Theil-Sen)", "disturbed by the machine", "invalid trial"} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s: does not say %q", name, want)
			}
		}
	}
	course := summary.Courses(d)[0]
	ch := driftChart(course)
	if ch.y.high > 3.6 || ch.y.low <= 0 {
		t.Errorf("the axis ends at %v and %v", ch.y.low, ch.y.high)
	}
	// Cases, the marks of each, the level and the trend.
	if want := 3*len(course.Cases) + 2; len(ch.traces) != want {
		t.Errorf("%d traces, want %d", len(ch.traces), want)
	}
	one := summarytest.TwoTrials()
	if _, ok := driftPicture(one); ok {
		t.Error("a drift in one block")
	}
}

// However many cases there are, each has its name beside its own line.
func TestDriftNamesEachCase(t *testing.T) {
	for name, d := range map[string]summary.Data{"thirty": summarytest.ThirtyCases(t), "two loads": summarytest.Noisy(t)} {
		p, ok := driftPicture(d)
		if !ok {
			t.Fatal("no picture")
		}
		for width, svg := range drawings(t, p) {
			for _, c := range d.Run.Plan.Cases {
				if label := ">" + caseLabel(c, summary.CourseAxes(d.Run.Plan)) + "<"; strings.Count(svg, label) != 1 {
					t.Errorf("%s, %s: %d times %s", name, width, strings.Count(svg, label), label)
				}
			}
		}
	}
}

// Nothing in one chart looks like anything else there, even where all cases have one
// protocol and one connection mode.
func TestStylesTellCasesApart(t *testing.T) {
	cases := make([]results.Case, summary.MostCurves)
	for i := range cases {
		cases[i] = results.Case{Target: fmt.Sprint(i), Protocol: "http", Connection: results.KeepAlive}
	}
	seen := map[draw.GlyphDrawer]bool{}
	for i, style := range caseStyles(cases) {
		if seen[style.glyph.Shape] {
			t.Errorf("case %d looks like another", i)
		}
		seen[style.glyph.Shape] = true
	}
}

func TestSaturationSaysWhatWasFound(t *testing.T) {
	d := summarytest.Searched(t)
	for i := range d.Trials {
		for j := range d.Trials[i].Probes {
			if d.Trials[i].Block == 1 && j == 0 {
				d.Trials[i].Probes[j].Metrics = nil
			}
		}
	}
	p, ok := saturationPicture(d, summary.Cases(d))
	if !ok {
		t.Fatal("no picture")
	}
	for name, svg := range drawings(t, p) {
		for _, want := range []string{">http per-request: 12,983 req/s<", ">scgi per-request: no rate held<", ">objective: p99 &lt; 10 ms<", "6 probes left out: their latency is unknown."} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s: does not say %q", name, want)
			}
		}
	}
	if _, ok := saturationPicture(summarytest.Hello(t), summary.Cases(summarytest.Hello(t))); ok {
		t.Error("a search in a run without one")
	}
}

// bodies is four sizes of body over two protocols, whose cost is a straight line.
func bodies(t *testing.T) summary.Data {
	t.Helper()
	d := summarytest.OneCase(t)
	base := d.Run.Plan.Cases[0]
	d.Run.Plan.Cases, d.Trials = nil, nil
	for i, protocol := range []string{"http", "uwsgi"} {
		perKiB := []float64{0.2, 0.3}[i]
		for _, size := range []int{1, 1 << 10, 1 << 16, 1 << 20} {
			kib := float64(size) / 1024
			c := base.With(map[string]string{"protocol": protocol, "request": fmt.Sprint("down-", size)})
			d.Run.Plan.Cases = append(d.Run.Plan.Cases, c)
			for block := 1; block <= 6; block++ {
				d.Trials = append(d.Trials, results.Trial{Case: c.ID(), Block: block, Valid: true, Metrics: results.Metrics{
					"server_cpu": 40 + perKiB*kib + 0.1*float64(block), "latency.p99": 1 + kib/50, "throughput": 20000 / (1 + kib/100),
				}})
			}
		}
	}
	d.Scenario = &scenarios.Scenario{Trends: []scenarios.Trend{{Name: "cost", Says: "what each KiB costs", Metric: "server_cpu", Along: "request", Per: 1024, Unit: "B"}}}
	var err error
	if d.Trends, err = verdict.Trends(d.Scenario, d.Run.Plan, d.Trials); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTrendsAreDrawnWithTheirLines(t *testing.T) {
	d := bodies(t)
	cases := summary.Cases(d)
	p, ok := trendsPicture(d, cases)
	if !ok {
		t.Fatal("no picture")
	}
	for name, svg := range drawings(t, p) {
		for _, want := range []string{"what each KiB costs", ">1 B<", ">64 KiB<", ">1 MiB<", ">down (B)<", ">throughput (req/s) along request<", "Thin dotted"} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s: does not say %q", name, want)
			}
		}
	}
	if want := "0.300 us/req"; !strings.Contains(p.Facts, want) {
		t.Errorf("%q does not say %q", p.Facts, want)
	}
	c := summary.AxisCharts(d, cases)[0]
	for _, l := range c.Lines {
		fit, ok := fitted(l, scale{log: c.LogX()})
		if !ok {
			t.Fatal("a line without a fit")
		}
		for i, end := range []int{0, len(fit.x) - 1} {
			point := l.Points[i*(len(l.Points)-1)]
			if math.Abs(fit.x[end]/point.X-1) > 1e-9 || math.Abs(fit.y[end]/point.Median-1) > 0.01 {
				t.Errorf("the line of %s is at %v, %v where the case is at %v, %v", l.Case.Protocol, fit.x[end], fit.y[end], point.X, point.Median)
			}
		}
	}
}

func TestALineWithoutIntervalHasNoBand(t *testing.T) {
	line := summary.AxisLine{Points: []summary.AxisPoint{
		{X: 1, Median: 10, Range: stats.Locate([]float64{9, 10, 10, 10, 10, 11}, 0.05)},
		{X: 2, Median: 20, Range: stats.Locate([]float64{20}, 0.05)},
	}}
	for _, tr := range trendChart(summary.AxisPart{AxisChart: summary.AxisChart{Lines: []summary.AxisLine{line}}, Axes: []string{"protocol"}}).traces {
		if tr.low != nil || len(tr.x) != 2 {
			t.Errorf("%+v: want two points and no band", tr)
		}
	}
}

func TestLegendsFitTheirWidth(t *testing.T) {
	var l legend
	for _, text := range []string{"http", "uwsgi", strings.Repeat("long ", 100)} {
		l.entries = append(l.entries, legendEntry{text: text, line: &levelLine})
	}
	if n := l.columns(Wide); n != 2 {
		t.Errorf("%d columns on %v points", n, Wide)
	}
	if n := l.columns(Narrow - 2*margin); n != 1 {
		t.Errorf("%d columns on a small screen", n)
	}
	if l.entryWidth() > mostLegend {
		t.Errorf("an entry takes %v points", l.entryWidth())
	}
	if h := l.height(Narrow - 2*margin); h != 3*legendRow {
		t.Errorf("three entries take %v points", h)
	}
}
