package verdict_test

import (
	"fmt"
	"log"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

func ExampleEvaluate() {
	uwsgi := results.Case{Target: "builtin", Protocol: "uwsgi", Network: "tcp", Connection: "per-request", Front: "none", Application: "hello", Load: "saturate"}
	fastcgi := uwsgi
	fastcgi.Protocol = "fastcgi"
	plan := results.Plan{
		Cases: []results.Case{uwsgi, fastcgi},
		Loads: map[string]results.Load{"saturate": {Name: "saturate", Clients: 16}},
		Looks: stats.Looks(10, 10), MinBlocks: 10, MaxBlocks: 10,
	}
	scenario := &scenarios.Scenario{
		Protocols: []string{"uwsgi", "fastcgi"},
		Claims: []scenarios.Claim{{
			Name: "uwsgi-10x-fastcgi", Says: "uwsgi is 10 times faster than FastCGI", Metrics: []string{"throughput"},
			Of: scenarios.Selector{"protocol": "uwsgi"}, Over: scenarios.Selector{"protocol": "fastcgi"},
			Factor: scenarios.Factor{Op: scenarios.AtLeast, Value: 10},
		}},
	}
	var trials []results.Trial
	for block := 1; block <= 10; block++ {
		host := 10000 + 500*float64(block)
		trials = append(trials,
			results.Trial{Case: uwsgi.ID(), Block: block, Attempt: 1, Valid: true, Metrics: results.Metrics{"throughput": 1.27*host + 40*float64(block%3)}},
			results.Trial{Case: fastcgi.ID(), Block: block, Attempt: 1, Valid: true, Metrics: results.Metrics{"throughput": host}})
	}

	claims, err := verdict.Evaluate(scenario, plan, trials)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(claims[0].Claim.Says+":", claims[0].Outcome)
	fmt.Println(claims[0].Verdicts[0].Sentence)
	// Output:
	// uwsgi is 10 times faster than FastCGI: refuted
	// uwsgi had 1.27 times the throughput of fastcgi [1.27, 1.28] with 95 % confidence over 10 blocks; the claim was at least 10 times: refuted.
}
