package bench

import (
	"testing"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/results"
)

func TestBottleneck(t *testing.T) {
	tests := []struct {
		name   string
		load   results.Load
		counts results.Counts
		usage  results.Usage
		want   string
	}{
		{"a busy server", closedLoad, results.Counts{Planned: 9, Sent: 9, Correct: 9}, results.Usage{ServerBusy: ptr(0.97), ClientBusy: ptr(0.95)}, results.BottleneckServer},
		{"a busy generator", closedLoad, results.Counts{Planned: 9, Sent: 9, Correct: 9}, results.Usage{ServerBusy: ptr(0.6), ClientBusy: ptr(0.99)}, results.BottleneckGenerator},
		{
			"a busy front before an idle target", closedLoad,
			results.Counts{Planned: 9, Sent: 9, Correct: 9},
			results.Usage{ServerBusy: ptr(0.6), ServerUser: ptr(1.0), ServerSystem: ptr(0.2), FrontUser: ptr(0.8), FrontSystem: ptr(0.15)},
			results.BottleneckFront,
		},
		{
			"a busy target behind an idle front", closedLoad,
			results.Counts{Planned: 9, Sent: 9, Correct: 9},
			results.Usage{ServerBusy: ptr(0.6), ServerUser: ptr(1.0), ServerSystem: ptr(0.2), FrontUser: ptr(0.2), FrontSystem: ptr(0.05)},
			results.BottleneckServer,
		},
		{
			"front and target both half idle", closedLoad,
			results.Counts{Planned: 9, Sent: 9, Correct: 9},
			results.Usage{ServerBusy: ptr(0.6), ServerUser: ptr(1.0), ServerSystem: ptr(0.2), FrontUser: ptr(0.5), FrontSystem: ptr(0.1)},
			results.BottleneckUnknown,
		},
		{
			"front and target both at their limits, the front's higher", closedLoad,
			results.Counts{Planned: 9, Sent: 9, Correct: 9},
			results.Usage{ServerBusy: ptr(0.97), ServerUser: ptr(1.5), ServerSystem: ptr(0.44), FrontUser: ptr(0.7), FrontSystem: ptr(0.29)},
			results.BottleneckFront,
		},
		{
			"a shared CPU that is mostly the target's", closedLoad,
			results.Counts{Planned: 9, Sent: 9, Correct: 9},
			results.Usage{ServerBusy: ptr(0.98), ServerUser: ptr(0.7), ServerSystem: ptr(0.28), FrontUser: ptr(0.2), FrontSystem: ptr(0.15)},
			results.BottleneckServer,
		},
		{
			"a shared CPU that is mostly the front's", closedLoad,
			results.Counts{Planned: 9, Sent: 9, Correct: 9},
			results.Usage{ServerBusy: ptr(0.98), ServerUser: ptr(0.7), ServerSystem: ptr(0.28), FrontUser: ptr(0.4), FrontSystem: ptr(0.2)},
			results.BottleneckFront,
		},
		{"a full link", closedLoad, results.Counts{Planned: 9, Sent: 9, Correct: 9}, results.Usage{ServerBusy: ptr(0.6), ClientBusy: ptr(0.6), LinkBusy: ptr(0.93)}, results.BottleneckNetwork},
		{"a full link to a server that is not metered", closedLoad, results.Counts{Planned: 9, Sent: 9, Correct: 9}, results.Usage{ClientBusy: ptr(0.6), LinkBusy: ptr(0.93)}, results.BottleneckNetwork},
		{"a link with room", closedLoad, results.Counts{Planned: 9, Sent: 9, Correct: 9}, results.Usage{ServerBusy: ptr(0.6), ClientBusy: ptr(0.6), LinkBusy: ptr(0.8)}, results.BottleneckUnknown},
		{"a full link and a busy generator", closedLoad, results.Counts{Planned: 9, Sent: 9, Correct: 9}, results.Usage{ClientBusy: ptr(0.95), LinkBusy: ptr(0.93)}, results.BottleneckGenerator},
		{"a full listen queue of a server that rests", closedLoad, results.Counts{Planned: 9, Sent: 9, Correct: 9}, results.Usage{ServerBusy: ptr(0.2), ClientBusy: ptr(0.1), ListenOverflows: ptr(int64(3))}, results.BottleneckNetwork},
		{"a full listen queue of a busy server", closedLoad, results.Counts{Planned: 9, Sent: 9, Correct: 9}, results.Usage{ServerBusy: ptr(0.95), ClientBusy: ptr(0.1), ListenOverflows: ptr(int64(3))}, results.BottleneckServer},
		{"a full listen queue of a server that is not metered", closedLoad, results.Counts{Planned: 9, Sent: 9, Correct: 9}, results.Usage{ClientBusy: ptr(0.1), ListenOverflows: ptr(int64(3))}, results.BottleneckUnknown},
		{"nobody is busy", closedLoad, results.Counts{Planned: 9, Sent: 9, Correct: 9}, results.Usage{ServerBusy: ptr(0.6), ClientBusy: ptr(0.6)}, results.BottleneckUnknown},
		{"nothing is known", closedLoad, results.Counts{Planned: 9, Sent: 9, Correct: 9}, results.Usage{}, results.BottleneckUnknown},
		{"an open load that was kept up with", openLoad, results.Counts{Planned: 600, Sent: 600, Correct: 600}, results.Usage{ServerBusy: ptr(0.95)}, results.BottleneckRate},
		{"an open load that was too much", openLoad, results.Counts{Planned: 600, Sent: 600, Correct: 600, Late: 300}, results.Usage{ServerBusy: ptr(0.95)}, results.BottleneckServer},
		{"an open load with errors", openLoad, results.Counts{Planned: 600, Sent: 600, Correct: 500}, results.Usage{ServerBusy: ptr(0.1)}, results.BottleneckUnknown},
	}
	ports := results.Trial{Errors: []results.ErrorCount{{Kind: load.KindPorts, Count: 2}}, Usage: results.Usage{ClientBusy: ptr(0.3)}, Seconds: 1}
	if got := bottleneck(closedLoad, ports, 1); got != results.BottleneckNetwork {
		t.Errorf("without ports: bottleneck %q, want %q", got, results.BottleneckNetwork)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := bottleneck(test.load, results.Trial{Counts: test.counts, Usage: test.usage, Seconds: 1}, 1)
			if got != test.want {
				t.Errorf("bottleneck %q, want %q", got, test.want)
			}
		})
	}
}
