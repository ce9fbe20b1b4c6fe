package plots

import (
	"slices"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

// TestFactsOfLatencyAreThoseOfTheCurves and not medians over trials.
func TestFactsOfLatencyAreThoseOfTheCurves(t *testing.T) {
	d := summarytest.Hello(t)
	for i := range d.Trials {
		d.Trials[i].Metrics["latency.p99"], d.Trials[i].Metrics["latency.p50"] = 77777, 77777
	}
	timed := newTimed(summary.WithTimes(d))
	ecdf, _ := ecdfPicture(timed)
	for _, p := range []Picture{latencyPicture(timed), latencyRowsPicture(timed), ecdf} {
		if strings.Contains(p.Facts, "77,777") || !strings.Contains(p.Facts, "highest") {
			t.Errorf("%s: %s", p.Name, p.Facts)
		}
	}
}

func TestExtremesAreOfEqualWork(t *testing.T) {
	c := func(protocol, request string, capacity float64) summary.Case {
		return summary.Case{
			Case:    results.Case{Protocol: protocol, Request: request, Load: "saturate"},
			Metrics: map[string]stats.Summary{"capacity": {N: 1, Median: capacity}},
		}
	}
	g := summary.Group{Load: results.Load{Name: "saturate"}, Cases: []summary.Case{
		c("http", "down-1", 10), c("uwsgi", "down-1", 20), c("http", "down-9", 1), c("uwsgi", "down-9", 2), c("http", "down-99", 1),
	}}
	r := ranking{axes: []string{"protocol", "request"}, unit: "req/cpu-s", of: func(c summary.Case) (float64, bool) { return c.Median("capacity") }}
	want := "saturate, down-1: highest uwsgi down-1, 20.0 req/cpu-s; lowest http down-1, 10.0 req/cpu-s. " +
		"saturate, down-9: highest uwsgi down-9, 2.00 req/cpu-s; lowest http down-9, 1.00 req/cpu-s. saturate, other requests: in the tables."
	if got := r.text([]summary.Group{g}); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	r.bound = func(c summary.Case) bool { return c.Case.Protocol == "uwsgi" }
	if got := r.text([]summary.Group{g}); !strings.Contains(got, "uwsgi down-1, >20.0") || strings.Contains(got, "http down-1, >") {
		t.Errorf("lower bounds: %s", got)
	}
	if got, want := g.Best("capacity"), []bool{false, true, false, true, false}; !slices.Equal(got, want) {
		t.Errorf("best %v, want %v", got, want)
	}
}

// TestLoadsHaveAxesOfTheirOwn where one costs much more than the other.
func TestLoadsHaveAxesOfTheirOwn(t *testing.T) {
	const note = "Each load has an axis of its own."
	for factor, want := range map[float64]bool{1: false, 10: true} {
		d := summarytest.Hello(t)
		for i, trial := range d.Trials {
			trial.Metrics["server_cpu"], trial.Metrics["client_cpu"] = 10, 10
			if strings.Contains(trial.Case, "steady") {
				trial.Metrics["server_cpu"] *= factor
			}
			d.Trials[i] = trial
		}
		if p, _ := cpuPage(d); slices.Contains(p.notes, note) != want {
			t.Errorf("%g times as much: notes %q", factor, p.notes)
		}
	}
}

func TestOutcomesHaveNoProtocolsColour(t *testing.T) {
	for _, outcome := range []colour{supportedHue, refutedHue, undecidedHue} {
		for _, protocol := range []colour{httpBlue, uwsgiRed, fastcgiGreen, scgiPurple, otherOrange, otherSky} {
			if outcome.red == protocol.red && outcome.green == protocol.green && outcome.blue == protocol.blue {
				t.Errorf("%s looks like %s", outcome.name, protocol.name)
			}
		}
	}
}
