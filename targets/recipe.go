// Package targets defines who answers: the recipes by which servers are
// started, made ready and stopped, one folder for each target, and those of the
// fronts, reverse proxies between the load and a target.
//
// A recipe is data, targets/<name>/recipe.yaml: what a server is called, what
// it can serve, and the command lines that make it do so. A new target is a new
// folder with a recipe and no Go code.
//
// A server that was started is never left behind: not by an error, not by the
// end of a context, not by the death of this process.
package targets

import (
	"io/fs"
	"regexp"
	"slices"
	"time"

	"github.com/gwbench/gwbench/protocols"
)

// Recipe describes a target. The strings of Version, Check, Env, Files and
// Serve.Command may hold placeholders:
//
//	{self}         gwbench's own program
//	{program}      the alternative of Program that is used
//	{recipe}       the recipe's folder; a copy of it for a shipped recipe
//	{protocol} {network} {connection} {application}   the case, by the names of Serve
//	{module}       the application's file in {apps}, without .py or .php
//	{listen}       where to listen: 127.0.0.1:8000, or unix: and the socket's path
//	{address}      the same without unix:
//	{host} {port}  the two parts of a TCP address
//	{socket}       the path of a unix socket
//	{workers}      number of server processes, or CPUs for a threaded server
//	{backlog}      length of the listen queue to ask for: 1024, or less where the kernel has a lower limit
//	{dir}          an empty directory for this start, removed after it
//	{apps}         a directory with the Python and PHP applications (apps.Files)
//
// Those of a front have, for the target behind it, also
//
//	{target}       host:port, or the path of a socket
//	{target_host} {target_port}   the two parts of a TCP address
//	{target_socket}               the path of a unix socket
//	{target_script}               Serve.Script of the target, "" where it has none
//
// Program may hold {self} and {recipe} only; where it is a relative path it starts
// from the recipe's folder. Version and Check, which serve no case, may hold these
// and {program}. An unknown name in braces is a mistake everywhere but in Files,
// where it stays as it is.
//
// The command must stay in the foreground and in its process group, which is
// what is stopped. When gwbench itself is killed, the kernel sends Stop.WhenKilled
// to the process it started, and nothing to any other: a server with workers has
// to end them then. Every process finds the application's name in the
// environment variable GWBENCH_APPLICATION.
type Recipe struct {
	Name       string             `yaml:"name"`     // that of its folder
	About      string             `yaml:"about"`    // one line
	Programs   alternatives       `yaml:"program"`  // one or more: the first that is installed, and passes Check, is used; "{self}" always is installed
	Packages   []string           `yaml:"packages"` // of Debian, which install it
	Install    string             `yaml:"install"`  // the command that installs it, where Packages do not
	Version    []string           `yaml:"version"`  // command that prints the version
	Check      []string           `yaml:"check"`    // command that succeeds if all the program needs is installed too; empty: none
	Env        map[string]string  `yaml:"env"`      // added to the environment of the server
	Files      map[string]string  `yaml:"files"`    // written to {dir} before the server starts, by name
	Caveat     string             `yaml:"caveat"`   // a sentence that belongs to every figure of this target
	Serves     []Serve            `yaml:"serves"`
	Ready      Ready              `yaml:"ready"`
	Stop       Stop               `yaml:"stop"`
	Exceptions []Exception        `yaml:"exceptions"`
	Pitfalls   []Pitfall          `yaml:"pitfalls"`
	Variants   map[string]Variant `yaml:"variants"` // further targets, called <recipe>-<variant>

	front    bool                // of a front
	folder   string              // on disk; "" for a shipped recipe
	shipped  fs.FS               // the folder of a shipped recipe; nil for one of the user's
	source   string              // its text, where it is one of the user's
	external *protocols.Endpoint // of a target that the user runs; nil otherwise
	args     []string            // added to each command by a variant

	ownProgram bool       // of a recipe whose program the user changed
	found      *discovery // what is installed; made by Parse
}

// alternatives is one string or a list of them.
type alternatives []string

// UnmarshalYAML takes a scalar for a list of one.
func (a *alternatives) UnmarshalYAML(unmarshal func(any) error) error {
	var one string
	if unmarshal(&one) == nil {
		*a = alternatives{one}
		return nil
	}
	var many []string
	err := unmarshal(&many)
	*a = many
	return err
}

// Serve is one line of what a target can do: every combination of the lists,
// by one command. For a front, protocols, networks and connections are those
// of its hop to the target, and there are no applications.
type Serve struct {
	Protocols    []string          `yaml:"protocols"`    // protocols.Names
	Networks     []string          `yaml:"networks"`     // tcp, unix
	Connections  []string          `yaml:"connections"`  // per-request, keep-alive
	Applications []string          `yaml:"applications"` // hello, ...; wsgi for every WSGI application; empty: the server has one of its own
	Command      []string          `yaml:"command"`      // program and arguments; no shell
	Files        map[string]string `yaml:"files"`        // added to the recipe's

	// OneConnectionPerWorker says of keep-alive that a worker serves one
	// connection until it is closed: with more connections than workers the
	// others get no answer.
	OneConnectionPerWorker bool `yaml:"one_connection_per_worker"`

	// Script is the SCRIPT_FILENAME that each request has to carry, such as
	// "{apps}/{module}.php"; "": none.
	Script string `yaml:"script"`
}

// Ready says when a server is ready: once it answers a GET of Path with a status below
// 500. Options override both.
type Ready struct {
	Path    string        `yaml:"path"`    // "" means /
	Timeout time.Duration `yaml:"timeout"` // 0 means 10 s
}

// Stop says how a server is asked to end, and how long it may take before it is killed.
type Stop struct {
	Signal string        `yaml:"signal"` // TERM (also for ""), INT, QUIT, HUP
	Grace  time.Duration `yaml:"grace"`  // 0 means 5 s

	// WhenKilled is the signal that the kernel sends to the process that was
	// started, and to no other, when gwbench itself is killed: one of those above
	// or KILL; "" means Signal.
	WhenKilled string `yaml:"when_killed"`
}

// Exception is a known difference between what this server tells the
// application of a request and what all others do.
type Exception struct {
	Differs   string   `yaml:"differs"`   // a field of the probe's /environ, such as path_info, or a variable HTTP_...
	Protocols []string `yaml:"protocols"` // over which it occurs; empty: all
	Why       string   `yaml:"why"`
	Sometimes bool     `yaml:"sometimes"` // it depends on the server's version: the tests do not demand that it occurs
}

// Over tells whether the exception is for that protocol.
func (e Exception) Over(protocol string) bool {
	return len(e.Protocols) == 0 || slices.Contains(e.Protocols, protocol)
}

// Pitfall explains a line of the server's log.
type Pitfall struct {
	Log   string `yaml:"log"`   // regular expression that finds the line
	Means string `yaml:"means"` // what happened, and what to do about it

	line *regexp.Regexp
}

// Variant is a recipe that differs from another in what it names. Program,
// Packages, Version, Check, Serves, Stop, Exceptions and Pitfalls take the place
// of the recipe's, Env and Files are added to them.
type Variant struct {
	About      string            `yaml:"about"`
	Programs   alternatives      `yaml:"program"`
	Packages   []string          `yaml:"packages"`
	Version    []string          `yaml:"version"`
	Check      []string          `yaml:"check"`
	Args       []string          `yaml:"args"` // added to the end of each command
	Env        map[string]string `yaml:"env"`
	Files      map[string]string `yaml:"files"`
	Caveat     string            `yaml:"caveat"`
	Serves     []Serve           `yaml:"serves"`
	Stop       *Stop             `yaml:"stop"`
	Exceptions []Exception       `yaml:"exceptions"`
	Pitfalls   []Pitfall         `yaml:"pitfalls"`
}

// External is a target that the user runs: Start checks that it answers, Stop
// does nothing. It offers the endpoint's protocol and network, the connection
// modes of the protocol, and whatever application it runs.
func External(name string, e protocols.Endpoint) *Recipe {
	connections := []string{perRequest}
	if spec, ok := protocols.Lookup(e.Protocol); ok && spec.KeepAlive {
		connections = append(connections, keepAlive)
	}
	return &Recipe{
		Name:     name,
		About:    "an endpoint that is not gwbench's: " + e.String(),
		Serves:   []Serve{{Protocols: []string{e.Protocol}, Networks: []string{e.Network}, Connections: connections}},
		external: &e,
	}
}

// IsExternal tells whether the user runs the target, so that nobody here
// chooses its application.
func (r *Recipe) IsExternal() bool { return r.external != nil }

// IsShipped tells whether gwbench knows which program runs the target: neither
// the recipe nor the program is the user's.
func (r *Recipe) IsShipped() bool { return r.shipped != nil && !r.ownProgram }

// knownPitfalls are the recipe's own; a server of the user's may be any, so that
// what gwbench knows of all others may be of use too.
func (r *Recipe) knownPitfalls() []Pitfall {
	if r.source == "" {
		return r.Pitfalls
	}
	known := slices.Clone(r.Pitfalls)
	all, _ := shippedTargets() // an error is Find's to report
	for _, other := range all {
		for _, p := range other.Pitfalls {
			if !slices.ContainsFunc(known, func(k Pitfall) bool { return k.Log == p.Log }) {
				known = append(known, p)
			}
		}
	}
	return known
}

// Source is the text of a recipe of the user's, for the record; "" for one that
// is shipped.
func (r *Recipe) Source() string { return r.source }
