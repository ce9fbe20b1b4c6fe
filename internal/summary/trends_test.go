package summary_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/scenarios"
)

func TestTrendRows(t *testing.T) {
	r2 := 0.9999
	of := scenarios.Trend{Name: "cost", Says: "One more layer costs", Metric: "server_cpu", Along: "application", Per: 1}
	told := verdict.TrendResult{
		Trend: of, Group: "http", Unit: "us/req", Blocks: 12, R2: &r2, Warnings: []string{"not linear"},
		Slope: stats.Location{Estimate: 0.42, Low: 0.4, High: 0.44, N: 12, Confidence: 0.95, Achieved: 0.96}, Intercept: stats.Location{Estimate: 50},
	}
	bare := verdict.TrendResult{Trend: scenarios.Trend{Name: "bytes", Metric: "throughput", Along: "request", Per: 1024, Unit: "B"}, Unit: "req/s", Blocks: 2, Slope: stats.Location{Estimate: -3}, Warnings: []string{"few blocks"}}
	unknown := verdict.TrendResult{Trend: of, Warnings: []string{"nothing was measured"}}
	trends := []verdict.TrendResult{told, bare, unknown}

	var rows []string
	for _, row := range summary.TrendRows(trends) {
		if len(row) != len(summary.TrendColumns) {
			t.Fatalf("%d cells for %d columns", len(row), len(summary.TrendColumns))
		}
		rows = append(rows, strings.Join(row, " | "))
	}
	if want := []string{
		"One more layer costs | http | server_cpu | 0.420 us/req | [0.400, 0.440] | 1 of application | 50.0 us/req | 0.999 | 12",
		"bytes | all cases | throughput | -3.00 req/s | no interval | 1024 B | 0 req/s | ? | 2",
	}; !slices.Equal(rows, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
	if got, want := summary.TrendCaveats(trends), []string{
		"One more layer costs (http): not linear",
		"bytes (all cases): few blocks",
		"One more layer costs (all cases): nothing was measured",
	}; !slices.Equal(got, want) {
		t.Errorf("caveats %q, want %q", got, want)
	}
}
