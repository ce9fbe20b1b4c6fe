package summary_test

import (
	"testing"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// What the load generator was the limit of is a lower bound, and only rates are.
func TestFigureCell(t *testing.T) {
	generator := []summary.Count{{Name: results.BottleneckGenerator, N: 2}, {Name: results.BottleneckServer, N: 1}}
	search := results.Load{Name: "find", Search: &results.Search{}}
	for _, tt := range []struct {
		metric string
		c      summary.Case
		want   string
	}{
		{"throughput", summary.Case{}, "12,345"},
		{"throughput", summary.Case{Bottleneck: generator}, ">12,345"},
		{"throughput", summary.Case{Bottleneck: generator, Load: search}, "12,345"},
		{"saturation", summary.Case{Load: search}, "12,345"},
		{"saturation", summary.Case{Bottleneck: generator, Load: search}, ">12,345"},
		{"saturation", summary.Case{Bottleneck: generator}, "-"},
		{"capacity", summary.Case{Bottleneck: generator, Load: search}, "12,345"},
		{"server_cpu.front", summary.Case{}, "-"},
		{"server_cpu.front", summary.Case{Case: results.Case{Front: results.NoFront}}, "-"},
		{"server_cpu.front", summary.Case{Case: results.Case{Front: "nginx"}}, "12,345"},
		{"unheard of", summary.Case{}, summary.Unknown},
	} {
		tt.c.Valid = make([]results.Trial, 3)
		if tt.metric != "unheard of" {
			tt.c.Metrics = map[string]stats.Summary{tt.metric: {N: 3, Median: 12345}}
		}
		if got := summary.FigureCell(tt.metric)(tt.c); got != tt.want {
			t.Errorf("%s of %+v: %q, want %q", tt.metric, tt.c.Load, got, tt.want)
		}
	}
}
