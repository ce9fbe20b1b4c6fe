package plots

import (
	"bytes"
	"image/png"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

func TestJitterFillsTheRowEvenly(t *testing.T) {
	sum := 0.0
	for i := 1; i <= 1023; i++ {
		v := vanDerCorput(i)
		if v <= 0 || v >= 1 {
			t.Fatalf("element %d is %v", i, v)
		}
		sum += v
	}
	if mean := sum / 1023; math.Abs(mean-0.5) > 1e-9 {
		t.Errorf("mean %v, want 0.5", mean)
	}
}

func TestABrokenHistogramCostsOneCurve(t *testing.T) {
	d := summarytest.Hello(t)
	for i := range d.Trials {
		if d.Trials[i].Case == d.Run.Plan.Cases[0].ID() {
			d.Trials[i].Histograms.Latency = "broken"
		}
	}
	svg, err := latencyPicture(newTimed(summary.WithTimes(d))).SVG()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(svg), "(no curve: ") {
		t.Error("the legend does not say which curve is missing")
	}
	curves := newTimed(summary.WithTimes(d)).loads[0].curves(summary.CaseAxes(d.Run.Plan))
	if curves[0].Unknown == "" || len(curves[1].MS) == 0 {
		t.Errorf("curve 0: %q, curve 1: %d points; want only the first missing", curves[0].Unknown, len(curves[1].MS))
	}
}

// A throughput at the end of what a float64 holds once made an axis without
// end.
func TestAbsurdThroughputsAreDrawn(t *testing.T) {
	for _, v := range []float64{math.MaxFloat64, math.SmallestNonzeroFloat64, -math.MaxFloat64, -1} {
		d := summarytest.TwoTrials()
		d.Trials[0].Metrics["throughput"] = v
		p, ok := throughputPage(d)
		if !ok {
			t.Fatal("no plot of a closed load")
		}
		svg, err := p.SVG()
		if err != nil {
			t.Fatal(err)
		}
		if at := summarytest.NoNumber(svg); at != "" {
			t.Errorf("throughput %v: a place that is no number: %s", v, at)
		}
	}
}

func TestWhatIsExtremeOrMissingIsDrawn(t *testing.T) {
	for _, d := range []summary.Data{summarytest.Extreme(t), summarytest.NothingValid(t)} {
		for _, p := range picturesOf(d) {
			svg, err := p.SVG()
			if err != nil {
				t.Fatal(err)
			}
			if at := summarytest.NoNumber(svg); at != "" {
				t.Errorf("%s.svg has a place that is no number: %s", p.Name, at)
			}
		}
	}
}

func TestManyCasesGetRowsInTheLatencyPlot(t *testing.T) {
	d := summarytest.ThirtyCases(t)
	for i := range d.Trials {
		if d.Trials[i].Case == d.Run.Plan.Cases[0].ID() {
			d.Trials[i].Valid = false
		}
		if d.Trials[i].Case == d.Run.Plan.Cases[1].ID() {
			d.Trials[i].Counts.Sent = 3 // too few for any percentile but the median
		}
	}
	p := latencyPicture(newTimed(summary.WithTimes(d)))
	svg, err := p.SVG()
	if err != nil {
		t.Fatal(err)
	}
	if got, least := p.height(Wide), 30*rowHeight; got < least {
		t.Errorf("30 cases are drawn on %v points, want %v at least", got, least)
	}
	for _, want := range []string{"unknown: no valid trial", ">twisted scgi per-request<"} {
		if !strings.Contains(string(svg), want) {
			t.Errorf("the picture does not say %q", want)
		}
	}
	if at := summarytest.NoNumber(svg); at != "" {
		t.Errorf("a place that is no number: %s", at)
	}
	if few := latencyPicture(newTimed(summary.WithTimes(summarytest.Hello(t)))); len(few.panels) != 2 || !strings.Contains(few.subtitle, "axis stretches") {
		t.Errorf("12 cases do not get curves: %q", few.subtitle)
	}
}

func TestLongCaseLabelsKeepEveryName(t *testing.T) {
	c := results.Case{Target: "uwsgi-http-router", Protocol: "fastcgi", Network: "unix", Connection: "per-request", Front: "lighttpd", Application: "middleware-64", Load: "saturate", Request: "down-1048576"}
	got := caseLabel(c, results.Axes)
	if rowStyle.Width(got) > mostLabel || !strings.HasSuffix(got, "76") || !strings.Contains(got, "64 ") {
		t.Errorf("%q takes %v of %v points", got, rowStyle.Width(got), mostLabel)
	}
}

func TestPicturesGrowWithTheirRows(t *testing.T) {
	few, _ := throughputPage(summarytest.OneCase(t))
	many, _ := throughputPage(summarytest.ThirtyCases(t))
	few.notes, many.notes = nil, nil
	if got, want := many.height(Wide)-few.height(Wide), 29*rowHeight; math.Abs(float64(got-want)) > 1e-6 {
		t.Errorf("29 further cases take %v points, want %v", got, want)
	}
}

func TestPicturesAreAsWideAsAReadme(t *testing.T) {
	for _, p := range picturesOf(summarytest.OneCase(t)) {
		content, err := p.PNG()
		if err != nil {
			t.Fatal(err)
		}
		config, err := png.DecodeConfig(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if config.Width != 1800 {
			t.Errorf("%s.png is %d pixels wide, want 1800 (900 at two pixels a point of the screen)", p.Name, config.Width)
		}
	}
}

func TestLongTextIsCutToItsRoom(t *testing.T) {
	for _, text := range []string{"short", strings.Repeat("long ", 5000), strings.Repeat("大", 400)} {
		got := shortenTo(text, rowStyle, 100)
		if width := rowStyle.Width(got); width > 100 {
			t.Errorf("%d bytes take %v points, want at most 100", len(text), width)
		}
		if rowStyle.Width("short") < vg.Length(100) && text == "short" && got != text {
			t.Errorf("text with room is cut: %q", got)
		}
	}
}

// picturesOf are all pictures of a run.
func picturesOf(d summary.Data) []Picture { return Pictures(summary.WithTimes(d)) }
