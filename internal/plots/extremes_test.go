package plots

import (
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

// One bad trial makes a case the slowest of all requests together, and leaves the
// medians over trials, of which tables and answers speak, as they are.
func TestCaptionsOfLatencyTellWhatTablesTell(t *testing.T) {
	before := facts(t, summarytest.Hello(t))
	d := summarytest.Hello(t)
	for i := range d.Trials {
		if c, err := results.ParseCaseID(d.Trials[i].Case); err == nil && c.Load == "steady" && c.Protocol == "http" && c.Connection == results.KeepAlive && d.Trials[i].Block == 3 {
			d.Trials[i].Metrics["latency.p50"], d.Trials[i].Metrics["latency.p99"] = 5000, 9000
			d.Trials[i].Histograms.Latency = slow(d)
		}
	}
	if after := facts(t, d); before != after {
		t.Errorf("%s\nafter a single bad trial: %s", before, after)
	}
	for _, c := range summary.Cases(d) {
		if c.Load.Name == "steady" && c.Case.Protocol == "http" && c.Case.Connection == results.PerRequest {
			v, _ := c.Median("latency.p99")
			if want := "http per-request, " + summary.Significant(v) + " ms"; !strings.Contains(before, want) {
				t.Errorf("%q is not in %q", want, before)
			}
		}
	}
}

func facts(t *testing.T, d summary.Data) string {
	t.Helper()
	of := newTimed(summary.WithTimes(d))
	share, ok := ecdfPicture(of)
	if !ok {
		t.Fatal("no picture")
	}
	return latencyPicture(of).Facts + share.Facts
}

// slow is the histogram of a closed load, whose requests wait longer.
func slow(d summary.Data) string {
	for _, trial := range d.Trials {
		if c, err := results.ParseCaseID(trial.Case); err == nil && c.Load == "saturate" && c.Connection == results.PerRequest {
			return trial.Histograms.Latency
		}
	}
	return ""
}
