package bench

import (
	"context"
	"fmt"
	"strings"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/targets"
)

// noteLog is the kind of a note that repeats what a server's log says.
const noteLog = "log"

// What follows recognises the traps that benchmarks of these servers fall
// into, by what a trial shows of them. Those that only a server's log tells of
// are in the recipes (targets.Pitfall); those that a recipe knows beforehand
// are left out of the plan (Plan.starves).

// pitfalls explains what a trial fell into. silent is load.Result.Silent;
// explain asks the servers' logs, and is called only where something failed.
func pitfalls(one results.Case, t results.Trial, silent int64, explain func() []targets.Explanation) []results.Note {
	var list []results.Note
	add := func(kind, text string) { list = append(list, results.Note{Kind: kind, Text: text}) }
	failed := map[string]int64{}
	for _, e := range t.Errors {
		failed[e.Kind] = e.Count
	}
	if starved(one, t.Counts, failed[load.KindTimeout], silent) {
		add("keep-alive-starvation", "some connections never got an answer while others did: each of the server's workers serves one connection until it is closed, "+
			"and a kept one holds its worker. Take per-request, or at least as many workers as clients")
	}
	if failed[load.KindPorts] > 0 {
		add("ports", "the local ports ran out: a closed connection holds its own for 60 s (TIME_WAIT). "+
			"Take keep-alive, a unix socket, a lower rate or a shorter run, or widen net.ipv4.ip_local_port_range")
	}
	if failed[load.KindDial] > 0 && one.Network == "unix" && one.Front == results.NoFront {
		add("backlog", "connections to the unix socket were refused: where its listen queue is full the kernel does not let clients wait. "+
			"Raise the server's backlog (uWSGI: --listen, gunicorn: --backlog) and net.core.somaxconn")
	}
	if acknowledgedLate(one, t) {
		add("delayed-ack", "answers took 40 ms while the server was idle. Unless the application waits for so long, its answers are written in two pieces: Nagle's algorithm "+
			"holds back the second until the first is acknowledged, which the client's kernel delays by 40 ms. The server should set TCP_NODELAY, or write head and body at once")
	}
	if len(t.Errors) > 0 {
		for _, e := range explain() {
			add(noteLog, e.String())
		}
	}
	return list
}

// The kernel delays an acknowledgement by 40 ms at least where it hopes to send
// it along with data (TCP_DELACK_MIN in Linux's include/net/tcp.h).
const (
	leastDelay = 39.0 // ms
	mostDelay  = 48.0
	idle       = 0.5 // share of its CPUs below which a server is not what takes the time
)

// acknowledgedLate tells the meeting of Nagle's algorithm with delayed
// acknowledgements, which takes a connection that is kept: on a fresh one the
// kernel acknowledges at once.
func acknowledgedLate(one results.Case, t results.Trial) bool {
	p50, ok := t.Metrics["service.p50"]
	tcp := one.Network == "tcp" || one.Front != results.NoFront
	return ok && tcp && keepsAlive(one) && p50 >= leastDelay && p50 <= mostDelay && t.Usage.ServerBusy != nil && *t.Usage.ServerBusy < idle
}

// warnOf says once for each server of the run what its trials fell into.
func (c *conductor) warnOf(one results.Case, notes []results.Note) {
	server := []string{"target", one.Target, one.Protocol, one.Network, one.Connection}
	if one.Front != results.NoFront {
		server = append([]string{"front", one.Front, "before"}, server...)
	}
	for _, n := range notes {
		if n.Kind != noteLog { // conductor.stop sees to the log
			c.warn(strings.Join(server, " ") + ": " + n.Text)
		}
	}
}

// starved tells keep-alive starvation from a server that is merely slow: what
// timed out were all connections on which never anything had come, and others
// were served all the while.
func starved(one results.Case, c results.Counts, timeouts, silent int64) bool {
	return keepsAlive(one) && timeouts > 0 && silent >= timeouts && c.Correct > 0
}

// uwsgiBuffer is uWSGI's --buffer-size where nothing else is said.
const uwsgiBuffer = 4096 // bytes

// explained adds to the error of a request what is known of its cause.
func explained(err error, one results.Case, request probeRequest, s *server) error {
	if known := s.explain(); len(known) > 0 {
		return because(err, known)
	}
	target := s.target.Endpoint()
	if size := variablesSize(request, target); one.Front == results.NoFront && target.Protocol != "http" && size > uwsgiBuffer {
		return fmt.Errorf("%w\n  explanation: the request's variables take %d bytes: uWSGI resets a request that does not fit its --buffer-size, %d unless set", err, size, uwsgiBuffer)
	}
	return err
}

// because adds what the logs explain to an error.
func because(err error, known []targets.Explanation) error {
	for _, e := range known {
		err = fmt.Errorf("%w\n  explanation: %s", err, e)
	}
	return err
}

// variablesSize is the length of the CGI variables that the request becomes, in
// bytes, with two lengths of two bytes for each as uwsgi has them; 0 where it
// cannot be told.
func variablesSize(request probeRequest, endpoint protocols.Endpoint) int {
	r, err := request.to(context.Background(), endpoint)
	if err != nil {
		return 0
	}
	var vars cgi.Vars
	if err := new(cgi.Gateway).AppendVars(&vars, r, int64(len(request.body))); err != nil {
		return 0
	}
	return vars.Size() + 4*vars.Len()
}
