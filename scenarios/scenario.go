// Package scenarios defines what to measure: the schema of scenario files,
// and the scenarios that gwbench ships.
//
// A scenario file is YAML and is decoded strictly: the first mistake in it, in
// the order of the file, is returned as an *Error that shows the line, what is
// wrong with it and what to write instead. What the package does not know
// itself (which targets, protocols and metrics there are) comes from the
// caller as a Vocabulary.
//
// The keys of a scenario file are those of Scenario in lower case; README.md
// in this folder lists them with their limits.
package scenarios

import "time"

// Scenario is one scenario file with its defaults filled in. It is plain data;
// nothing in this package changes it after Parse.
type Scenario struct {
	Name        string // letters, digits and "._-": it names the run's folder
	About       string
	Application string        // default hello
	Targets     []TargetRef   // at least one, no name twice
	Protocols   []string      // at least one
	Networks    []string      // default [tcp]
	Connections []string      // default [per-request]
	Fronts      []string      // default [none]
	Workers     int           // server processes, 1 to 1024; default 1
	Client      string        // default gwbench
	Load        []Load        // at least one, no name twice
	Request     Request       // default GET /
	Expect      Expect        // default status 200, any body
	Warmup      time.Duration // before each trial, discarded; default 150ms
	Duration    time.Duration // of one trial; default 300ms
	Timeout     time.Duration // of one exchange; default 5s
	Blocks      Blocks
	Placement   *Placement // nil: automatic
	Claims      []Claim
	Gates       []Claim // claims that decide the exit code
}

// TargetRef names a target: a shipped recipe, or an endpoint that the user
// runs.
type TargetRef struct {
	Name string
	URL  string // external endpoint, such as uwsgi://127.0.0.1:3031/; "" for a recipe
}

// Load says how hard to drive. Exactly one of Clients and Rate is positive.
type Load struct {
	Name     string
	Clients  int     // closed load: so many clients, each waits for its answer
	Rate     float64 // open load: arrivals per second
	Arrivals string  // of an open load: Constant (default) or Poisson; "" for a closed one
}

// Arrival processes of an open load.
const (
	Constant = "constant"
	Poisson  = "poisson"
)

// Request is sent to every target alike.
type Request struct {
	Method  string            // default GET
	Path    string            // default /; may hold a query
	Headers map[string]string // nil where there are none
	Body    string
}

// Expect is the response that counts as correct.
type Expect struct {
	Status int     // default 200
	Body   *string // nil: any body
}

// Blocks bounds how often each case is measured.
type Blocks struct {
	Min, Max  int     // default 10 and 30
	Precision float64 // relative: 0.05 for 5 %, which is the default; 0: never stop for precision
}

// Placement says on which CPUs servers and load generator run. A nil
// *Placement leaves the choice to gwbench; both lists nil (placement: none)
// means that nothing is pinned; else both hold at least one CPU number.
type Placement struct{ Servers, Generator []int }

// Vocabulary is the set of names that a scenario may use; the caller knows
// them. The order of a list is the order in which a message shows it.
type Vocabulary struct {
	Targets, Protocols, Networks, Connections, Fronts, Applications, Clients, Metrics, Axes []string
}
