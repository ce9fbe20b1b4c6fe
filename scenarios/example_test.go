package scenarios_test

import (
	"fmt"

	"github.com/gwbench/gwbench/scenarios"
)

// A vocabulary names what a scenario may use; gwbench fills it from the
// registries of targets, protocols and metrics.
var vocabulary = scenarios.Vocabulary{
	Targets:      []string{"builtin", "uwsgi"},
	Protocols:    []string{"http", "uwsgi", "fastcgi", "scgi"},
	Networks:     []string{"tcp", "unix"},
	Connections:  []string{"per-request", "keep-alive"},
	Fronts:       []string{"none"},
	Applications: []string{"hello"},
	Clients:      []string{"gwbench", "net/http"},
	Metrics:      []string{"throughput", "capacity", "latency.p50"},
	Axes:         []string{"target", "protocol", "network", "connection", "front", "application", "load", "request"},
}

func ExampleOpen() {
	s, _, err := scenarios.Open("hello", vocabulary)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.About)
	for _, c := range s.Claims {
		fmt.Printf("%s: %v of %v %v over %v\n", c.Name, c.Metrics, c.Of, c.Factor, c.Over)
	}
	// Output:
	// The same hello application over HTTP, uwsgi, FastCGI and SCGI.
	// uwsgi-10x-fastcgi: [throughput capacity latency.p50] of {connection: per-request, protocol: uwsgi} >= 10 over {connection: per-request, protocol: fastcgi}
}

func ExampleParse() {
	_, err := scenarios.Parse("mine.yaml", []byte("name: mine\nprotocols: [http, fastcg]\n"), vocabulary)
	fmt.Println(err)
	// Output:
	// mine.yaml:2:19: unknown protocol "fastcg"
	//   2 | protocols: [http, fastcg]
	//     |                   ^
	//   did you mean "fastcgi"?
}
