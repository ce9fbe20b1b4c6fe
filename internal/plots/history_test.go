package plots

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

// pastPoints are points at these medians, with a band of a tenth; NaN is unknown.
func pastPoints(medians ...float64) []summary.PastPoint {
	points := make([]summary.PastPoint, len(medians))
	for i, v := range medians {
		if !math.IsNaN(v) {
			points[i] = summary.PastPoint{N: 3, Low: 0.9 * v, Mid: v, Up: 1.1 * v}
		}
	}
	return points
}

func aHistory(runs int, lines ...summary.PastCase) summary.History {
	metric, _ := results.LookupMetric("throughput")
	h := summary.History{Scenario: "hello", Metric: metric, Loads: []summary.PastLoad{{Load: results.Load{Name: "saturate", Clients: 16}, Lines: lines}}}
	for i := range runs {
		h.Runs = append(h.Runs, summary.PastRun{Name: "run", Start: time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)})
	}
	return h
}

func TestLinesOfAHistoryBreakWhereFiguresDoNotCompare(t *testing.T) {
	line := summary.PastCase{Points: pastPoints(1, 2, math.NaN(), 3, 4, 5, math.NaN())}
	h := aHistory(7, line)
	h.Runs[5].Changed = []string{"kernel 6.1 -> 6.2"}
	got := pastLines{h, h.Loads[0]}.unbroken(line)
	if want := [][]int{{0, 1}, {3, 4}, {5}}; !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestTheAxisOfAHistoryHoldsAllBands(t *testing.T) {
	for name, c := range map[string]struct {
		medians     []float64
		logarithmic bool
	}{
		"alike": {[]float64{100, 101}, false}, "far apart": {[]float64{100, 10_000}, true}, "one": {[]float64{5}, false},
		"zero": {[]float64{0, 0}, false}, "from zero": {[]float64{0, 10}, false}, "a factor of 9": {[]float64{1000, 9000}, false},
	} {
		low, high, logarithmic := pastRange(summary.PastLoad{Lines: []summary.PastCase{{Points: pastPoints(c.medians...)}}})
		if logarithmic != c.logarithmic || low < 0 || logarithmic && low <= 0 || high <= low {
			t.Errorf("%s: %g to %g, logarithmic %t", name, low, high, logarithmic)
		}
		for _, v := range c.medians {
			if 0.9*v < low || 1.1*v > high {
				t.Errorf("%s: %g is not within %g to %g", name, v, low, high)
			}
		}
	}
	if low, high, _ := pastRange(summary.PastLoad{Lines: []summary.PastCase{{Points: pastPoints(math.NaN())}}}); low != 0 || high != 0 {
		t.Errorf("nothing is between %g and %g", low, high)
	}
}

func TestHistoriesOfAnySizeAreDrawn(t *testing.T) {
	for name, h := range map[string]summary.History{
		"none":    {Metric: results.Metric{Name: "throughput", Unit: "req/s"}},
		"no load": aHistory(3),
		"one run": aHistory(1, summary.PastCase{Case: results.Case{Protocol: "http"}, Label: "http", Points: pastPoints(10)}),
		"unknown": aHistory(1, summary.PastCase{Points: pastPoints(math.NaN())}),
		"many runs": aHistory(60, summary.PastCase{
			Case: results.Case{Protocol: "uwsgi"}, Label: "uwsgi",
			Points: pastPoints(slices.Repeat([]float64{10, 11, 900}, 20)...),
		}),
		"hostile": aHistory(2, summary.PastCase{Case: results.Case{Protocol: summarytest.HostileText}, Label: summarytest.HostileText, Points: pastPoints(1, 2)}),
	} {
		svg, err := History(h).SVG()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if text := string(svg); strings.Contains(text, "NaN") || strings.Contains(text, "<script") || strings.Contains(text, "\x1b") {
			t.Errorf("%s: %.300s", name, text)
		}
	}
}

func TestBandsOfAHistoryFollowTheColoursOfThePage(t *testing.T) {
	for _, protocol := range []string{"http", "uwsgi", "fastcgi", "scgi"} {
		drawn, err := History(aHistory(3, summary.PastCase{Case: results.Case{Protocol: protocol}, Label: protocol, Points: pastPoints(10, 12, 11)})).Inline(Wide)
		if err != nil {
			t.Fatal(err)
		}
		bands := 0
		for _, element := range bandOf.FindAllString(string(drawn), -1) {
			bands++
			if !strings.Contains(element, "var(--"+protocol+",") {
				t.Errorf("%s: a band of a fixed colour: %.200s", protocol, element)
			}
		}
		if bands != 1 {
			t.Errorf("%s: %d bands, want 1", protocol, bands)
		}
	}
}

// bandOf finds what is filled and shines through.
var bandOf = regexp.MustCompile(`<[^>]*fill-opacity="[^>]*>`)
