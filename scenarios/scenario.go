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

import (
	"slices"
	"time"
)

// Scenario is one scenario file with its defaults filled in. It is plain data;
// nothing in this package changes it after Parse.
type Scenario struct {
	Name         string // letters, digits and "._-": it names the run's folder
	About        string
	Applications []string      // default [hello]
	Targets      []TargetRef   // at least one, no name twice
	Protocols    []string      // at least one
	Networks     []string      // default [tcp]
	Connections  []string      // default [per-request]
	Fronts       []string      // default [none]
	Workers      int           // server processes, 1 to 1024; default 1
	Client       string        // default gwbench
	Load         []Load        // at least one, no name twice; a single one is by default called clients, rate or search
	Requests     []Request     // at least one, no name twice; default a single GET / without a name
	Warmup       time.Duration // before each trial, discarded; default 150ms
	Duration     time.Duration // of one trial; default 300ms
	Timeout      time.Duration // of one exchange; default 5s
	Blocks       Blocks
	Placement    *Placement // nil: automatic
	Claims       []Claim
	Gates        []Claim // claims that decide the exit code
	Trends       []Trend
}

// TargetRef names a target: the recipe of that name, where there is neither a
// URL nor a Recipe; an endpoint that the user runs (URL); or a recipe under
// another name (Recipe).
type TargetRef struct {
	Name   string
	URL    string    // such as uwsgi://127.0.0.1:3031/; "" for a recipe
	Recipe RecipeRef // zero unless the target names one of its own
}

// RecipeRef says where the recipe of a target is, and what of it to change.
// Exactly one of Name, File and YAML is not empty, unless all of it is zero.
type RecipeRef struct {
	Name string // of Vocabulary.Targets: the target is a variant of that one
	File string // path of the recipe; the scenario file's folder is in it already

	// YAML is a recipe that stands in the scenario file itself, in the same
	// columns as there, which begins on line Line of that file: a place in YAML is
	// found in the scenario by adding Line-1 to its line.
	YAML string
	Line int // 0 without YAML

	// What follows changes a recipe that is named, or in a file.
	Program string            // in place of the recipe's; "" keeps that
	Args    []string          // appended to each of its commands
	Env     map[string]string // added to its environment
}

// Load says how hard to drive. Exactly one of Clients, Rate and Search is given.
type Load struct {
	Name     string
	Clients  int     // closed load: so many clients, each waits for its answer
	Rate     float64 // open load: arrivals per second
	Search   *Search // open load at rates that a search tries
	Arrivals string  // of an open load and a search: Constant (default) or Poisson; "" for a closed one
}

// Search asks for the highest arrival rate at which all objectives hold.
type Search struct {
	SLO       []Objective // at least one, no metric twice; one of them is on errors
	From      float64     // arrivals per second: about the first rate to try; default 100
	Precision float64     // relative: how near the answer has to be, 0.01 or more; default 0.05
}

// Objective is a bound on a metric.
type Objective struct {
	Metric string  // latency.*, service.* or errors
	Below  float64 // in the metric's unit: ms, or a ratio
}

// Arrival processes of an open load.
const (
	Constant = "constant"
	Poisson  = "poisson"
)

// Request is sent to every target alike, and says what counts as its answer.
// Header and Content give what is to be sent.
type Request struct {
	Name        string            // "" only where it is the only one
	Method      string            // default GET
	Path        string            // default /; may hold a query
	Headers     map[string]string // as in the file; nil where there are none
	HeaderCount int               // further headers X-Gwbench-1 to X-Gwbench-N, up to 1000
	Body        string
	BodySize    int64 // bytes of Pattern to send, up to 64 MiB; 0 where Body is not empty
	Expect      Expect
}

// Expect is the response that counts as correct. Content gives its body.
type Expect struct {
	Status   int     // default 200
	Body     *string // nil: any body, or BodySize
	BodySize *int64  // exactly so many bytes of Pattern; nil: any body, or Body
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

	// Stored takes names of targets, fronts and applications as they come. It is
	// for the scenario of a stored run, which was checked by the gwbench that
	// measured it: that one may have known recipes which this one does not, such as
	// a user's.
	Stored bool
}

// With returns the vocabulary with further targets: those of recipes that the
// user gave apart from the scenario.
func (v Vocabulary) With(targets ...string) Vocabulary {
	v.Targets = slices.Concat(v.Targets, targets)
	return v
}
