// Package targets defines who answers: the recipes by which servers are
// started, made ready and stopped, one folder for each target.
//
// A recipe is data, targets/<name>/recipe.yaml: what a server is called, what
// it can serve, and the command lines that make it do so. A new target is a new
// folder with a recipe and no Go code.
//
// A server that was started is never left behind: not by an error, not by the
// end of a context, not by the death of this process.
package targets

import (
	"time"

	"github.com/gwbench/gwbench/protocols"
)

// Recipe describes a target. The strings of Version, Check, Env, Files and
// Serve.Command may hold placeholders:
//
//	{self}         gwbench's own program
//	{protocol} {network} {connection} {application}   the case, by the names of Serve
//	{listen}       where to listen: 127.0.0.1:8000, or unix: and the socket's path
//	{address}      the same without unix:
//	{host} {port}  the two parts of a TCP address
//	{socket}       the path of a unix socket
//	{workers}      number of server processes, or CPUs for a threaded server
//	{dir}          an empty directory for this start, removed after it
//	{apps}         a directory with the Python applications (apps.Files)
//
// Version and Check, which serve no case, may hold {self} only; and an unknown
// name in braces is a mistake everywhere but in Files, where it stays as it is.
//
// The command must stay in the foreground and in its process group, which is
// what is stopped. When gwbench itself is killed, the kernel kills the process
// it started, and no other: a server with workers must be told to let them end
// with their master (uWSGI: --no-orphans).
type Recipe struct {
	Name    string            `yaml:"name"`    // that of its folder
	About   string            `yaml:"about"`   // one line
	Program string            `yaml:"program"` // what must be installed, looked up in PATH; "{self}" always is
	Install string            `yaml:"install"` // the command that installs it
	Version []string          `yaml:"version"` // command that prints the version
	Check   []string          `yaml:"check"`   // command that succeeds if all the program needs is installed too; empty: none
	Env     map[string]string `yaml:"env"`     // added to the environment of the server
	Files   map[string]string `yaml:"files"`   // written to {dir} before the server starts, by name
	Serves  []Serve           `yaml:"serves"`
	Ready   Ready             `yaml:"ready"`
	Stop    Stop              `yaml:"stop"`

	external *protocols.Endpoint // of a target that the user runs; nil otherwise
}

// Serve is one line of what a target can do: every combination of the lists,
// by one command.
type Serve struct {
	Protocols    []string `yaml:"protocols"`    // protocols.Names
	Networks     []string `yaml:"networks"`     // tcp, unix
	Connections  []string `yaml:"connections"`  // per-request, keep-alive
	Applications []string `yaml:"applications"` // hello, ...; empty for an external target: any
	Command      []string `yaml:"command"`      // program and arguments; no shell
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
