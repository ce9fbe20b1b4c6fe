package page

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

// Charts along axes of numbers have what the drawings have: their headings, the lines
// that were fitted, in the same words, the numbers that were measured, and values from 0.
func TestTrendChartsSayWhatTheDrawingsSay(t *testing.T) {
	d := summarytest.Fronts(t)
	cases := summary.Cases(d)
	chart := trendsChart(d, cases)
	fits, at := 0, 0
	for _, group := range summary.AxisGroups(summary.AxisCharts(d, cases)) {
		for _, part := range summary.AxisParts(group) {
			panel := chart.Panels[at]
			at++
			if !strings.HasPrefix(panel.Title, part.Heading()) || len(panel.Series) != len(part.Lines) {
				t.Fatalf("%q with %d lines, want %q with %d", panel.Title, len(panel.Series), part.Heading(), len(part.Lines))
			}
			if panel.X.Min == nil || *panel.X.Min != 0 || panel.Y.Min == nil || *panel.Y.Min != 0 || *panel.Y.Max != *chart.Panels[slices.IndexFunc(chart.Panels, func(p Panel) bool { return p.Y.Label == panel.Y.Label })].Y.Max {
				t.Errorf("%s: axes %+v, %+v", panel.Title, panel.X, panel.Y)
			}
			var ticks []string
			for _, tick := range panel.X.Ticks {
				ticks = append(ticks, tick.Text)
			}
			if got := strings.Join(ticks, " "); got != "0 1 4 16 64" {
				t.Errorf("%s: numbers %s", panel.Title, got)
			}
			for i, line := range part.Lines {
				s := panel.Series[i]
				if (s.Fit != nil) != (line.Trend != nil) {
					t.Errorf("%s, %s: fit %v, trend %v", panel.Title, s.Label, s.Fit, line.Trend)
					continue
				}
				if s.Fit == nil {
					continue
				}
				fits++
				if s.Says != summary.TrendText(*line.Trend) || !strings.Contains(s.Says, "us/req [") {
					t.Errorf("%s says %q", s.Label, s.Says)
				}
				slope := float64(s.Fit.Y[1]-s.Fit.Y[0]) / float64(s.Fit.X[1]-s.Fit.X[0])
				if want := line.Trend.Slope.Estimate / line.Trend.Trend.Per; math.Abs(slope/want-1) > 1e-9 {
					t.Errorf("%s rises by %g, want %g", s.Label, slope, want)
				}
			}
		}
	}
	if fits == 0 || at != len(chart.Panels) {
		t.Errorf("%d fits, %d of %d panels", fits, at, len(chart.Panels))
	}
}

// Sizes have names: nobody reads 1,049,000 B.
func TestSizesHaveNames(t *testing.T) {
	c := summary.AxisChart{Unit: "B", XLabel: "down (B)", Lines: []summary.AxisLine{{Points: []summary.AxisPoint{{X: 1}, {X: 1 << 10}, {X: 1 << 20}}}}}
	axis := numberAxis(c)
	if axis.Unit != "" || axis.Scale != "log" || len(axis.Ticks) != 3 || axis.Ticks[2].Text != "1 MiB" {
		t.Errorf("%+v", axis)
	}
}
