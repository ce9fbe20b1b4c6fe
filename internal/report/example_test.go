package report_test

import (
	"fmt"
	"os"
	"time"

	"github.com/gwbench/gwbench/internal/report"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// A run of one case, as the terminal shows it.
func ExampleTerminal() {
	c := results.Case{
		Target: "builtin", Protocol: "uwsgi", Network: "tcp", Connection: results.PerRequest,
		Front: "none", Application: "hello", Load: "saturate",
	}
	d := summary.Data{
		Run: results.Run{
			End:      time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
			Scenario: results.Source{Name: "hello"},
			Seed:     7,
			Plan: results.Plan{
				Cases:     []results.Case{c},
				Loads:     map[string]results.Load{"saturate": {Name: "saturate", Clients: 16}},
				Warmup:    150 * time.Millisecond,
				Duration:  300 * time.Millisecond,
				MinBlocks: 1, MaxBlocks: 1,
			},
		},
		Trials: []results.Trial{{
			Case: c.ID(), Block: 1, Valid: true, Bottleneck: results.BottleneckServer,
			Counts:  results.Counts{Sent: 3600, Correct: 3600},
			Metrics: results.Metrics{"throughput": 12000, "capacity": 13100, "latency.p50": 1.2, "latency.p99": 4.5},
		}},
	}
	if err := report.Terminal(os.Stdout, d, report.Style{Width: 72}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// hello: 1 case, 1 complete block of 1 planned, 1 trial (1 valid) of 300
	//   ms after 150 ms of warm-up, seed 7
	// unknown CPU; servers on all CPUs, load generator on all CPUs
	//
	// target   protocol  throughput   capacity   p50   p99  errors  bottleneck
	//                         req/s  req/cpu-s    ms    ms       %
	// ------------------------------------------------------------------------
	// saturate: closed load, 16 clients
	// builtin  uwsgi         12,000     13,100  1.20  4.50       0      server
	// Not shown in 72 columns: server CPU, spread; --wide shows these and
	//   more.
	//
	//   Figures are medians over the valid trials. Compare cases within one
	//     load only.
	//   Closed load: each client waits for its answer; latency is the service
	//     time, from the actual send.
	//   capacity: correct responses per second of server CPU time; it holds
	//     even where the load generator is the bottleneck.
	//   errors: share of all requests sent, those of invalid trials included.
	//   bottleneck: what limited the trials; of several the most frequent.
}
