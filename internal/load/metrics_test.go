package load

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
)

func TestQuantilesNeedASampleBeyondThem(t *testing.T) {
	tests := []struct {
		samples int
		want    []string
	}{
		{0, nil},
		{1, []string{"latency.max", "latency.mean", "latency.p50"}},
		{9, []string{"latency.max", "latency.mean", "latency.p50"}},
		{10, []string{"latency.max", "latency.mean", "latency.p50", "latency.p90"}},
		{100, []string{"latency.max", "latency.mean", "latency.p50", "latency.p90", "latency.p99"}},
		{999, []string{"latency.max", "latency.mean", "latency.p50", "latency.p90", "latency.p99"}},
		{1000, []string{"latency.max", "latency.mean", "latency.p50", "latency.p90", "latency.p99", "latency.p99_9"}},
	}
	for _, test := range tests {
		tally := newTally()
		for range test.samples {
			tally.add(time.Millisecond)
		}
		m := results.Metrics{}
		putTally(m, "latency", tally)
		var got []string
		for name := range m {
			got = append(got, name)
		}
		if diff := cmp.Diff(test.want, got, cmpopts.SortSlices(func(a, b string) bool { return a < b })); diff != "" {
			t.Errorf("%d samples (-want +got):\n%s", test.samples, diff)
		}
	}
}

func TestMetrics(t *testing.T) {
	start := time.Now()
	r := newRecorder(true)
	r.due = func(uint64) time.Time { return start }
	r.first, r.last = start, start.Add(2*time.Second)
	r.counts = results.Counts{Planned: 6, Sent: 4, Correct: 3, Dropped: 2}
	for _, ms := range []time.Duration{1, 2, 6} {
		r.service.add(ms * time.Millisecond)
		r.latency.add((ms + 1) * time.Millisecond)
		r.lag.add(time.Millisecond)
	}
	want := results.Metrics{
		"throughput": 1.5, "errors": 0.25, "bytes_sent": 100, "bytes_received": 200, "dials": 0.5,
		"latency.mean": 4, "latency.p50": 3, "latency.max": 7, "service.p50": 2, "lag.p50": 1, "lag.max": 1,
	}
	got := r.metrics(protocols.Stats{Dials: 2, BytesSent: 400, BytesReceived: 800})
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0.001, 0)); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}

func TestNothingSentIsNothingKnown(t *testing.T) {
	for _, open := range []bool{false, true} {
		r := newRecorder(open)
		if open {
			r.due = func(uint64) time.Time { return time.Time{} }
		}
		if got := r.metrics(protocols.Stats{Dials: 1}); len(got) != 0 {
			t.Errorf("open %v: metrics %v of nothing", open, got)
		}
	}
}
