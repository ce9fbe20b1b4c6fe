package summarytest

import (
	"math"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// TwoTrials is one case with one valid and one invalid trial.
func TwoTrials() summary.Data {
	c := results.Case{Target: "builtin", Protocol: "uwsgi", Load: "saturate"}
	return summary.Data{
		Run: results.Run{Plan: results.Plan{
			Cases: []results.Case{c}, Loads: map[string]results.Load{"saturate": {Name: "saturate", Clients: 2}},
		}},
		Trials: []results.Trial{
			{
				Case: c.ID(), Block: 1, Valid: true, Bottleneck: results.BottleneckServer,
				Metrics: results.Metrics{"throughput": 100, "capacity": math.NaN()},
				Counts:  results.Counts{Sent: 90, Correct: 90},
			},
			{
				Case: c.ID(), Block: 2, Invalid: []string{"wrong answers"}, Bottleneck: results.BottleneckGenerator,
				Metrics: results.Metrics{"throughput": 900}, Counts: results.Counts{Sent: 10},
				Errors: []results.ErrorCount{{Kind: "body", Count: 10, Sample: "unexpected body"}},
			},
		},
	}
}
