package results_test

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gwbench/gwbench/results"
)

func Example() {
	root, err := os.MkdirTemp("", "results")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(root)

	c := results.Case{
		Target: "builtin", Protocol: "uwsgi", Network: "tcp", Connection: results.PerRequest,
		Front: "none", Application: "hello", Load: "saturate",
	}
	store, err := results.Create(root, results.Run{
		Start:    time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC),
		Scenario: results.Source{Name: "hello"},
		Plan: results.Plan{
			Cases: []results.Case{c},
			Loads: map[string]results.Load{"saturate": {Name: "saturate", Clients: 16}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	err = store.Append(results.Trial{
		Case: c.ID(), Block: 1, Order: 1, Attempt: 1, Valid: true, Seconds: 0.3,
		Metrics: results.Metrics{"throughput": 21000},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	run, trials, err := results.Read(store.Dir)
	fmt.Println(run.ID, err)
	for _, t := range trials {
		m, _ := results.LookupMetric("throughput")
		fmt.Println(t.Case, t.Metrics[m.Name], m.Unit)
	}
	fmt.Println(filepath.Base(store.Dir) == run.ID)
	// Output:
	// 20260102T150405Z-hello <nil>
	// builtin/uwsgi/tcp/per-request/none/hello/saturate 21000 req/s
	// true
}
