// Package results holds what was seen: the records of a run, and the folder
// that keeps them on disk. README.md describes that folder for those who read
// it with other tools.
//
// Records are plain data. A figure that is not known is missing (a nil pointer,
// an absent key, "" or 0 where the field says so) and never a made-up zero.
package results

import "time"

// SchemaVersion is the version of the run folder's format that this package
// writes. A reader refuses a newer one. It changes only where an older reader
// would misunderstand what is written; fields that no released one had to know
// are added without a new version.
//
//	1  the first
//	2  loads may search (Load.Search): a reader of 1 would take such a load for a closed one;
//	   files and lines end in a checksum
const SchemaVersion = 2

// Run is what run.json holds: everything about a run but its trials.
type Run struct {
	Schema      int         `json:"schema"`
	ID          string      `json:"id"` // <UTC time>-<scenario>: the folder's name, unless the user named the folder
	Tool        string      `json:"tool"`
	Start       time.Time   `json:"start"`
	End         time.Time   `json:"end,omitzero"`      // zero while under way, and after a crash
	Partial     string      `json:"partial,omitempty"` // why the run ended early: "interrupted", an error; "" for a whole run
	Trials      int         `json:"trials,omitempty"`  // how many there were at the end; 0 while under way, and after a crash
	Resumed     []time.Time `json:"resumed,omitempty"` // when it was gone on with after it had ended early
	Folder      string      `json:"folder,omitempty"`  // absolute: gwbench ran in it, and the names of files in Scenario and Recipes start from it; "" where unknown, and in bundles
	Scenario    Source      `json:"scenario"`
	Recipes     []Source    `json:"recipes,omitempty"` // of servers of the user's that the scenario does not name: --recipe
	Seed        uint64      `json:"seed"`
	Plan        Plan        `json:"plan"`
	Environment Environment `json:"environment"`
	Targets     []Server    `json:"targets"`
	Fronts      []Server    `json:"fronts,omitempty"` // the reverse proxies, without "none"
	Skipped     []Skip      `json:"skipped,omitempty"`
	Placement   Placement   `json:"placement"`
	Warnings    []string    `json:"warnings,omitempty"` // caveats about the whole run
	Exceptions  []Exception `json:"exceptions,omitempty"`
	Unverified  bool        `json:"unverified,omitempty"` // --no-verify: nobody checked that the cases serve the same thing
	Raw         bool        `json:"raw,omitempty"`        // --raw: every single result was kept too, which costs the load generator time
	// CutOff tells that the last trial was left out on reading a run folder: its line is not
	// whole. Only a bundle of such a run stores it, whose trials no longer show it.
	CutOff bool `json:"cut_off,omitempty"`
}

// Source is a scenario, or a recipe, as it was read.
type Source struct {
	Name string `json:"name"`
	File string `json:"file"`
	YAML string `json:"yaml"` // the file's text, with command-line overrides (--quick) applied by Plan, not here
}

// Plan is what was decided before the first trial.
type Plan struct {
	Cases     []Case          `json:"cases"`
	Loads     map[string]Load `json:"loads"` // by Case.Load
	Warmup    time.Duration   `json:"warmup_ns"`
	Duration  time.Duration   `json:"duration_ns"`
	MinBlocks int             `json:"min_blocks"`
	MaxBlocks int             `json:"max_blocks"`
	Looks     []int           `json:"looks"`     // block counts at which the run may stop
	Precision float64         `json:"precision"` // relative half-width at which a ratio is precise enough; 0: never
	Family    int             `json:"family"`    // number of comparisons the error rate is split over
	Only      string          `json:"only,omitempty"`
	Quick     bool            `json:"quick,omitempty"`
}

// Load says how hard a case is driven. It is closed where Clients is positive,
// open at a fixed rate where Rate is, and open at rates that a search tries
// where Search is not nil; exactly one of the three is given.
type Load struct {
	Name     string  `json:"name"`
	Clients  int     `json:"clients,omitempty"`  // closed: so many clients, each waits for its answer
	Rate     float64 `json:"rate,omitempty"`     // open: requests per second
	Arrivals string  `json:"arrivals,omitempty"` // open or search: "constant" or "poisson"
	Search   *Search `json:"search,omitempty"`   // the highest rate that holds an objective
}

// Closed tells a closed load from an open one and from a search.
func (l Load) Closed() bool { return l.Clients != 0 }

// Search asks for the highest arrival rate at which all objectives hold.
type Search struct {
	SLO       []Objective `json:"slo"`       // at least one
	From      float64     `json:"from"`      // requests per second: the first rate that is tried
	Precision float64     `json:"precision"` // relative: how near the answer has to be, 0.05 for 5 %
}

// Objective is a bound on a metric of a probe, in the metric's unit: the metric
// has to be below it.
type Objective struct {
	Metric string  `json:"metric"` // "latency.p99", "errors"
	Below  float64 `json:"below"`
}

// What became of a probe.
const (
	ProbeHeld      = "held"             // the objectives held
	ProbeServer    = "server missed"    // an objective did not hold
	ProbeGenerator = "generator missed" // the generator did not keep its schedule, so that nothing is known of the server
	ProbeDisturbed = "disturbed"        // the host spoiled it
)

// Probe is one attempt of a search: an open load at one rate.
type Probe struct {
	Stage   string   `json:"stage"`             // "doubling", "bisection" or "confirmation"
	Rate    float64  `json:"rate"`              // requests per second that were asked for
	Seconds float64  `json:"seconds"`           // measured time
	Outcome string   `json:"outcome"`           // ProbeHeld and so on
	Reasons []string `json:"reasons,omitempty"` // why, where it is not ProbeHeld
	Counts  Counts   `json:"counts"`
	Metrics Metrics  `json:"metrics"`
}

// Skip names something that the scenario asked for and that was left out.
type Skip struct {
	What string `json:"what"` // "target uwsgi", "uwsgi keep-alive"
	Why  string `json:"why"`  // "not installed: apt-get install ...", "the protocol carries one request per connection"
}

// Server identifies the software behind a target or a front.
type Server struct {
	Name    string `json:"target"`           // of the target or front, as in Case; the key is that of the first runs, which had no fronts
	Version string `json:"version"`          // "" where unknown
	Recipe  string `json:"recipe,omitempty"` // the recipe's YAML, where gwbench does not ship it
}

// Exception is a known difference between the cases, met by the check that
// they serve the same thing and let pass.
type Exception struct {
	Case    string `json:"case"`    // Case.ID
	Differs string `json:"differs"` // what the application sees differently: "path_info", "HTTP_X_PROBE"
	Why     string `json:"why"`     // as the recipe has it
}

// Environment is the fingerprint of the machine; "" and 0 mean unknown.
type Environment struct {
	Hostname  string `json:"hostname_hash"` // a hash: enough to tell machines apart
	OS        string `json:"os"`
	Kernel    string `json:"kernel"`
	Arch      string `json:"arch"`
	CPU       string `json:"cpu"`
	CPUs      int    `json:"cpus"`
	MemoryMB  int64  `json:"memory_mib"`
	Governor  string `json:"governor"`
	Virtual   string `json:"virtualisation"`
	Go        string `json:"go"`
	Somaxconn int    `json:"somaxconn"`
	PortRange string `json:"port_range"`
	FileLimit int64  `json:"file_limit"`
}

// Placement says on which CPUs servers and generator ran; nil means all.
type Placement struct {
	Servers   []int  `json:"servers"`
	Generator []int  `json:"generator"`
	Note      string `json:"note,omitempty"` // why they are not disjoint, where they are not
}

// Bottleneck values of a trial.
const (
	BottleneckServer    = "server"    // the target's CPUs were at least 90 % busy; in runs of schema 1 those of target or front
	BottleneckFront     = "front"     // the front's were
	BottleneckGenerator = "generator" // the load generator's were
	BottleneckNetwork   = "network"   // the link was full, or connections were not to be had
	BottleneckRate      = "rate"      // an open load was kept up with
	BottleneckUnknown   = "unknown"
)

// Trial is one line of trials.jsonl: one measured run of one case.
type Trial struct {
	Case       string       `json:"case"`    // Case.ID
	Block      int          `json:"block"`   // from 1
	Order      int          `json:"order"`   // place within the block, from 1
	Attempt    int          `json:"attempt"` // 1, or more for a repetition of an invalid trial
	Start      time.Time    `json:"start"`
	Seconds    float64      `json:"seconds"` // measured time: first send to last answer
	Valid      bool         `json:"valid"`
	Invalid    []string     `json:"invalid,omitempty"` // reasons, where not Valid
	Metrics    Metrics      `json:"metrics"`
	Counts     Counts       `json:"counts"`
	Errors     []ErrorCount `json:"errors,omitempty"`
	Latency    string       `json:"latency_from"` // "intended" (open load) or "service" (closed load)
	Histograms Histograms   `json:"histograms"`
	Usage      Usage        `json:"usage"`
	Bottleneck string       `json:"bottleneck"`
	Notes      []Note       `json:"notes,omitempty"`
	// Probes are those of a search, in the order in which they were made. All
	// else in the trial of a search is that of its confirmation: the last probe. Where
	// nothing was confirmed that is the last attempt, and saturation is missing.
	Probes []Probe `json:"probes,omitempty"`
}

// Counts says what became of the requests of a trial.
type Counts struct {
	Planned int64 `json:"planned"` // open load: arrivals in the schedule; closed load: equal to Sent
	Sent    int64 `json:"sent"`
	Correct int64 `json:"correct"` // expected status and body
	Dropped int64 `json:"dropped"` // Planned - Sent
	Late    int64 `json:"late"`    // sent more than 1 ms (open load) after the intended time
}

// ErrorCount counts the failures of one kind.
type ErrorCount struct {
	Kind   string `json:"kind"` // "dial", "timeout", "reset", "eof", "protocol", "status", "body", "ports", "other"
	Count  int64  `json:"count"`
	Sample string `json:"sample"` // one message
}

// Histograms are HdrHistograms (V2, compressed, base64) of nanoseconds.
type Histograms struct {
	Latency string `json:"latency"`
	Service string `json:"service,omitempty"` // open load only: for closed load it is Latency
	Lag     string `json:"lag,omitempty"`     // open load only
}

// Usage is what the machine spent during the measured time; nil is unknown.
// The figures of the server are those of target and front together; what the
// front took of them is told apart where there is one.
type Usage struct {
	ServerUser      *float64 `json:"server_user_s"` // CPU seconds
	ServerSystem    *float64 `json:"server_system_s"`
	ClientUser      *float64 `json:"client_user_s"`
	ClientSystem    *float64 `json:"client_system_s"`
	ServerBusy      *float64 `json:"server_busy"` // share of the CPUs given to the servers, 0 to 1
	ClientBusy      *float64 `json:"client_busy"`
	Steal           *float64 `json:"steal"` // share of all CPU time taken by the hypervisor
	ListenOverflows *int64   `json:"listen_overflows"`
	Retransmits     *int64   `json:"retransmits"` // TCP segments sent again, system-wide
	ServerRSS       *int64   `json:"server_rss_bytes"`
	FrontUser       *float64 `json:"front_user_s,omitempty"` // nil without a front too, as the next two
	FrontSystem     *float64 `json:"front_system_s,omitempty"`
	FrontRSS        *int64   `json:"front_rss_bytes,omitempty"`
	Others          *float64 `json:"others,omitempty"`           // share of the time of the run's CPUs that went to programs that are neither servers nor generator
	Pressure        *float64 `json:"pressure,omitempty"`         // share of the trial in which something runnable waited for a CPU, system-wide
	Frequency       *float64 `json:"frequency_mhz,omitempty"`    // of the run's CPUs: mean of start and end
	FrequencyChange *float64 `json:"frequency_change,omitempty"` // relative, from start to end: -0.05 where it fell by 5 %
	Throttles       *int64   `json:"throttles,omitempty"`        // times that a CPU of the run was slowed down because it was hot
	LinkBusy        *float64 `json:"link_busy,omitempty"`        // share of the link's speed, in the busier direction; nil too where the load did not leave the machine
}
