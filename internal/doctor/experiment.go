package doctor

import (
	"fmt"
	"time"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// How both experiments drive the server: with clients enough to keep it busy,
// because one that falls asleep between requests pays for its waking up, which
// scatters.
const (
	clients = 16
	warmup  = 30 * time.Millisecond
)

// The A/A run: 10 cases, each on a and b, so many blocks of them. Forty
// comparisons at 5 % take at least 11 blocks to decide anything.
const (
	equalBlocks   = 20
	equalDuration = 120 * time.Millisecond
)

// The run with the known slowdown. What matters is the scatter of the paired
// ratios of capacity, and how many pairs fit into a minute: the scatter comes
// mostly from what the machine does from one moment to the next and from one
// start of a server to the next, so that many short trials find more than few
// long ones. When this was chosen, on two noisy virtual CPUs, the ratios of 40,
// 100 and 250 ms scattered alike, by about a tenth, and the smallest change to be
// found in a minute was 2.9, 4.2 and 3.7 %; with a connection per request 7, 5
// and 5 %. What 50 ms show since is in docs/doctor.md. CPU time is counted in
// nanoseconds, so that they are not too short to count it.
const (
	slowProtocol   = "http"
	slowNetwork    = "tcp"
	slowConnection = results.KeepAlive
	slowDuration   = 50 * time.Millisecond
)

// Which cases of the A/A scenario run: all but keep-alive on unix sockets; of a
// quick look, one protocol.
const (
	equalCases = "tcp,per-request"
	quickCases = slowProtocol + "/" + slowNetwork
)

// base is the target that is compared with one of a known difference.
const base = "base"

// metricsShown are compared in the A/A run, and have their smallest detectable
// change told.
var metricsShown = []string{"capacity", "throughput", "latency.p50", "latency.p99"}

// experiment is a scenario of which the answer is known.
type experiment struct {
	name string
	yaml string
	only string
}

const common = `application: hello
workers: 1
load: [{name: saturate, clients: %d}]
request: {method: GET, path: /}
expect: {status: 200, body: "<h1>Hello, web!</h1>"}
warmup: %s
duration: %s
blocks: {min: %d, max: %d, precision: 0%%}
`

// equalTargets compares the built-in server with itself.
func equalTargets(quick bool) experiment {
	e := experiment{name: "doctor-aa", only: equalCases}
	if quick {
		e.only = quickCases
	}
	e.yaml = `name: doctor-aa
about: The built-in server under two names, between which there is no difference.
targets:
  - {name: a, recipe: builtin}
  - {name: b, recipe: builtin}
protocols: [http, uwsgi, fastcgi, scgi]
networks: [tcp, unix]
connections: [per-request, keep-alive]
` + fmt.Sprintf(common, clients, warmup, equalDuration, equalBlocks, equalBlocks) + `claims:
  - name: a-is-b
    says: a is as good as b
    metrics: [capacity, throughput, latency.p50, latency.p99]
    of: {target: a}
    over: {target: b}
    factor: ">= 1"
`
	return e
}

// knownSlowdown compares the built-in server with one that burns more CPU time
// for each request, and looks after least to most blocks.
func knownSlowdown(burn time.Duration, least, most int) experiment {
	return experiment{name: "doctor-slowdown", yaml: fmt.Sprintf(`name: doctor-slowdown
about: The built-in server against itself with a known slowdown.
targets:
  - {name: %s, recipe: builtin}
  - {name: slowed, recipe: builtin, args: ["--burn=%dns"]}
protocols: [%s]
networks: [%s]
connections: [%s]
`, base, burn.Nanoseconds(), slowProtocol, slowNetwork, slowConnection) +
		fmt.Sprintf(common, clients, warmup, slowDuration, least, most) + `claims:
  - name: slowed-is-base
    says: the slowed server is as good as the other
    metrics: [capacity]
    of: {target: slowed}
    over: {target: base}
    factor: ">= 1"
`}
}

// plan makes the experiment a plan. Nobody checks whether the targets serve the
// same thing: they are the same program.
func (e experiment) plan(quick bool) (*bench.Plan, results.Source, error) {
	source := results.Source{Name: e.name, File: e.name + ".yaml", YAML: e.yaml}
	scenario, err := scenarios.Parse(source.File, []byte(e.yaml), bench.Vocabulary())
	if err != nil {
		return nil, source, err
	}
	plan, err := bench.NewPlan(scenario, bench.Choices{File: source.File, Only: e.only, Quick: quick, NoVerify: true})
	return plan, source, err
}
