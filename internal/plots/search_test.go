package plots

import (
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// TestSearchedPicturesAreDrawn: the trials of a search have histograms as all
// others have, but for those that hold nothing.
func TestSearchedPicturesAreDrawn(t *testing.T) {
	d := summarytest.Searched(t)
	for i := range d.Trials {
		if len(d.Trials[i].Probes) == 1 {
			d.Trials[i].Histograms = results.Histograms{}
		}
	}
	d.Scenario = &scenarios.Scenario{Name: "hello"}
	for _, p := range picturesOf(d) {
		if _, err := p.SVG(); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
	// The curve of a case is of several rates.
	for _, l := range newTimed(summary.WithTimes(d)).loads {
		if says := strings.Contains(l.heading(), "each trial at the rate that it found"); says != (l.Load.Search != nil) {
			t.Errorf("%s: %q", l.Load.Name, l.heading())
		}
	}
}
