package plots

import (
	"strings"
	"testing"

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
	for _, p := range Pictures(d) {
		svg, err := p.SVG()
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		// The curves of one case are of several rates.
		if p.Name == "ecdf" && !strings.Contains(string(svg), "each trial at the rate that it found") {
			t.Error("the ECDF does not say at which rates")
		}
	}
}
