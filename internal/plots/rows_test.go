package plots

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func TestNarrowRowsPutTextAboveTheData(t *testing.T) {
	p, ok := throughputPage(summarytest.Hello(t))
	if !ok {
		t.Fatal("no picture of a closed load")
	}
	// A text of each column, and the first place that is above it or beside it.
	at := func(width vg.Length, text string) (x, y float64) {
		svg, err := p.Inline(width)
		if err != nil {
			t.Fatal(err)
		}
		for _, drawn := range textsOf(t, svg) {
			if drawn.text == text {
				return float64(drawn.box.Min.X), float64(drawn.box.Min.Y)
			}
		}
		t.Fatalf("no %q at width %v", text, width)
		return 0, 0
	}
	for _, width := range []vg.Length{Wide, Narrow} {
		labelX, labelY := at(width, "http per-request")
		figureX, figureY := at(width, "11,705")
		if math.Abs(labelY-figureY) > 0.5 || labelX > figureX {
			t.Errorf("at width %v the label is at %v, %v and its figure at %v, %v: want one line", width, labelX, labelY, figureX, figureY)
		}
		if left := labelX < float64(margin)+1; left != narrow(width) {
			t.Errorf("at width %v the label begins at %v", width, labelX)
		}
	}
	if wide, small := p.height(Wide), p.height(Narrow); small-wide < 6*rowLine {
		t.Errorf("six rows with text above are %v points high, and %v without", small, wide)
	}
}

func TestLabelsOfAnAxisKeepApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlot()
		p.X.Min = math.Pow(10, rapid.Float64Range(-6, 3).Draw(t, "exponent"))
		p.X.Max = p.X.Min * math.Pow(10, rapid.Float64Range(0.5, 9).Draw(t, "decades"))
		p.X.Scale = plot.LogScale{}
		ticks := logTicks(p.X.Min, p.X.Max)
		p.X.Tick.Marker = ticks
		width := vg.Length(rapid.Float64Range(150, 600).Draw(t, "width"))
		spaceLabels(&p.X, width, p.X.Tick.Label.Width)
		spaced := p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max)
		if len(spaced) != len(ticks) {
			t.Fatalf("%d ticks of %d are left", len(spaced), len(ticks))
		}
		end, labels := vg.Length(math.Inf(-1)), 0
		for _, tick := range spaced {
			if tick.Label == "" {
				continue
			}
			labels++
			half := p.X.Tick.Label.Width(tick.Label) / 2
			middle := vg.Length(p.X.Norm(tick.Value)) * width
			if middle-half < end {
				t.Fatalf("%s begins at %v, before %v", tick.Label, middle-half, end)
			}
			end = middle + half
		}
		if labels == 0 {
			t.Fatal("no label is left")
		}
	})
}

func TestComparisonsComeInTheOrderOfTheVerdicts(t *testing.T) {
	p, ok := ratioPage(summarytest.Noisy(t))
	if !ok {
		t.Fatal("no picture of claims")
	}
	svg, err := p.SVG()
	if err != nil {
		t.Fatal(err)
	}
	capacity, limited := strings.Index(string(svg), ">capacity, uwsgi"), strings.Index(string(svg), ">throughput*, uwsgi")
	if capacity < 0 || limited < capacity {
		t.Errorf("capacity is drawn at %d, throughput at the generator's limit at %d: want both, in that order", capacity, limited)
	}
	if !strings.Contains(string(svg), ">* "+strings.ReplaceAll(summary.LimitText, "'", "&#39;")) {
		t.Error("the mark is not explained")
	}
	if p, _ := ratioPage(summarytest.Hello(t)); slices.ContainsFunc(p.notes, func(note string) bool { return strings.HasPrefix(note, limitMark) }) {
		t.Errorf("notes of a run whose server was the limit: %q", p.notes)
	}
}

func TestCapacityIsShownWhereItIsKnown(t *testing.T) {
	d := summarytest.Hello(t)
	p, ok := capacityPage(d)
	if !ok || len(p.panels) != 2 {
		t.Fatalf("%d panels of two loads", len(p.panels))
	}
	svg, err := p.SVG()
	if err != nil {
		t.Fatal(err)
	}
	if dots, want := len(regexp.MustCompile(`<circle`).FindAll(svg, -1)), 12*10; dots < want-12 || dots > want {
		t.Errorf("%d dots, want one for each of %d trials but the few invalid ones", dots, want)
	}
	for i := range d.Trials {
		delete(d.Trials[i].Metrics, "capacity")
	}
	if _, ok := capacityPage(d); ok {
		t.Error("there is a picture of a capacity that nobody measured")
	}
}
