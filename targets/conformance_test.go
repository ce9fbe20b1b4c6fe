package targets

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gwbench/gwbench/internal/required"
	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
)

// Every target has to be the same to an application and to a client, over every
// protocol, network and connection mode, alone and behind every front. Here
// each is started with the probe, which wsgiref.validate watches over, and is
// asked the same questions as gwbench's own HTTP server.

// serversAtOnce bounds how many targets run at a time.
const serversAtOnce = 4

// unixFronts are the targets that fronts are also tried with over unix
// sockets: to a front, those of one protocol are much alike.
var unixFronts = []string{"builtin", "uwsgi", "pygateway"}

func TestConformance(t *testing.T) {
	c := &conformance{slots: make(chan struct{}, serversAtOnce), met: map[string]bool{}}
	c.reference = reference(t)
	t.Cleanup(func() { c.checkExceptions(t) })
	for _, name := range Names() {
		r, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			needs(t, r)
			for _, s := range combinations(r) {
				t.Run(s.protocol+"/"+s.network+"/"+s.connection, func(t *testing.T) {
					t.Parallel()
					c.check(t, r, s)
				})
			}
		})
	}
}

// needs ends a test without the server.
func needs(t *testing.T, r *Recipe) {
	t.Helper()
	if err := r.Available(); err != nil {
		required.Missing(t, err)
	}
}

// combination is one way of asking a target.
type combination struct{ protocol, network, connection string }

// combinations lists those in which a target serves the probe.
func combinations(r *Recipe) []combination {
	var all []combination
	for _, s := range r.Serves {
		for _, protocol := range s.Protocols {
			for _, network := range s.Networks {
				for _, connection := range s.Connections {
					c := combination{protocol, network, connection}
					if slices.Contains(s.Applications, "probe") && !slices.Contains(all, c) {
						all = append(all, c)
					}
				}
			}
		}
	}
	return all
}

// conformance is what the checks of all targets share.
type conformance struct {
	slots     chan struct{}
	reference []reply // to questions, in their order

	mu  sync.Mutex
	met map[string]bool // exceptions that occurred, by exceptionKey
}

// reference are the answers of gwbench's own HTTP server.
func reference(t *testing.T) []reply {
	r, err := Find("builtin")
	if err != nil {
		t.Fatal(err)
	}
	o := options(t)
	o.Application = "probe"
	i := start(t, r, o)
	e := i.Endpoint()
	transport := &protocols.Transport{Endpoint: &e, Timeout: patience}
	var replies []reply
	for _, q := range questions {
		got, err := q.ask(transport)
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		if got.status != q.status {
			t.Fatalf("%s: the reference answers %d, want %d", q, got.status, q.status)
		}
		replies = append(replies, got)
	}
	if err := i.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	return replies
}

// check starts a target and asks it all questions, then once more through each
// front.
func (c *conformance) check(t *testing.T, r *Recipe, s combination) {
	c.slots <- struct{}{}
	defer func() { <-c.slots }()
	o := openOptions(t)
	o.Protocol, o.Network, o.Connection, o.Application, o.Workers = s.protocol, s.network, s.connection, "probe", 2
	target := start(t, r, o)
	defer checkStop(t, target)
	log := logReader{path: o.LogFile}
	report(t, append(c.ask(target, s.protocol, s.connection == keepAlive, r), log.complaints()...))
	if s.network == unixSocket && !slices.Contains(unixFronts, r.Name) {
		return
	}
	for _, name := range FrontNames() {
		f, err := FindFront(name)
		if err != nil {
			t.Fatal(err)
		}
		if f.Supports(s.protocol, s.network, s.connection) != nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			needs(t, f.Recipe())
			o := openOptions(t)
			o.Connection = s.connection
			i, err := f.Start(t.Context(), o, target)
			if err != nil {
				t.Fatalf("%s: %v", t.Name(), err)
			}
			defer checkStop(t, i)
			report(t, append(c.ask(i, s.protocol, true, r, f.recipe), log.complaints()...))
		})
	}
}

// openOptions have a directory that is open to a front which runs as another
// user.
func openOptions(t *testing.T) Options {
	t.Helper()
	o := options(t)
	if err := os.Chmod(o.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return o
}

// report shows the first mistakes of a server; the others are mostly the same
// again.
func report(t *testing.T, mistakes []string) {
	t.Helper()
	const most = 5
	for n, mistake := range mistakes {
		if n == most {
			t.Errorf("%s: and %d more", t.Name(), len(mistakes)-most)
			return
		}
		t.Errorf("%s: %s", t.Name(), mistake)
	}
}

// ask asks a server, which may be a front, all questions and compares the
// answers with those of the reference. Differences that a recipe knows of are
// no mistakes.
func (c *conformance) ask(i *Instance, protocol string, keep bool, recipes ...*Recipe) (mistakes []string) {
	mistake := func(q question, format string, args ...any) {
		mistakes = append(mistakes, q.String()+": "+fmt.Sprintf(format, args...))
	}
	e := i.Endpoint()
	transport := &protocols.Transport{
		Endpoint: &e, KeepAlive: keep, Timeout: patience,
		Gateway: cgi.Gateway{ScriptFilename: i.Script()},
	}
	defer transport.CloseIdleConnections()
	for n, q := range questions {
		before := transport.Stats().Dials
		got, err := q.ask(transport)
		if err == nil && got.status == http.StatusBadGateway && n > 0 && questions[n-1].method == http.MethodHead {
			// waitress closes the connection after HEAD and does not say so. A
			// front that has not seen that yet cannot do better.
			got, err = q.ask(transport)
		}
		again := err != nil && len(q.body) > 0 && slices.ContainsFunc(i.Explain(), cutShort)
		if again {
			got, err = q.ask(transport)
		}
		if err != nil {
			mistake(q, "%v", err)
			continue
		}
		dialled := transport.Stats().Dials > before
		switch {
		case !keep && !dialled:
			mistake(q, "the connection of the question before was used again")
		case keep && dialled && n > 0 && !questions[n-1].bodyless() && !again:
			// After an answer without a body, a server may close.
			mistake(q, "a new connection was needed after %s", questions[n-1])
		}
		for _, d := range c.reference[n].differences(got) {
			if !c.excused(d.Field, protocol, recipes) {
				mistake(q, "%s: got %s, want %s", d.Field, cmp.Or(d.B, "nothing"), cmp.Or(d.A, "nothing"))
			}
		}
	}
	return mistakes
}

// cutShort tells whether the pitfall is Caddy's, which ends an answer early where
// chance has it, and which TestPitfallOfCaddy makes happen.
func cutShort(e Explanation) bool { return strings.Contains(e.Means, "was cut short") }

// excused tells whether one of the recipes knows of the difference.
func (c *conformance) excused(field, protocol string, recipes []*Recipe) bool {
	excused := false
	for _, r := range recipes {
		for _, e := range r.Exceptions {
			if e.Differs == field && e.Over(protocol) {
				c.mu.Lock()
				c.met[exceptionKey(e)] = true
				c.mu.Unlock()
				excused = true
			}
		}
	}
	return excused
}

// exceptionKey is the same for an exception that variants share.
func exceptionKey(e Exception) string { return fmt.Sprint(e.Differs, e.Protocols, e.Why) }

// checkExceptions finds those that never occur.
func (c *conformance) checkExceptions(t *testing.T) {
	if strings.Contains(flag.Lookup("test.run").Value.String(), "/") {
		return // only some were tested
	}
	var all []*Recipe
	for _, name := range Names() {
		r, _ := Find(name)
		all = append(all, r)
	}
	for _, name := range FrontNames() {
		f, _ := FindFront(name)
		all = append(all, f.recipe)
	}
	for _, r := range all {
		for _, e := range r.Exceptions {
			if r.Available() == nil && !e.Sometimes && !c.met[exceptionKey(e)] {
				t.Errorf("%s: a stale exception: %s never differs (%s)", r.title(), e.Differs, e.Why)
			}
		}
	}
}

// checkStop stops a server and looks for what it might have left behind.
func checkStop(t *testing.T, i *Instance) {
	t.Helper()
	if explained := slices.DeleteFunc(i.Explain(), cutShort); len(explained) > 0 {
		t.Errorf("%s: a pitfall: %q", i.target, explained)
	}
	if err := i.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if i.Killed() {
		t.Errorf("%s did not end when it was asked to", i.target)
	}
	if !gone(i.PID()) || groupAlive(i.PID()) {
		t.Errorf("%s: process group %d is still there", i.target, i.PID())
	}
	e := i.Endpoint()
	if conn, err := net.DialTimeout(e.Network, e.Address, time.Second); err == nil {
		conn.Close()
		t.Errorf("%s: something still listens on %s", i.target, e.Address)
	}
	if e.Network == unixSocket {
		if _, err := os.Lstat(e.Address); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the socket: %v", i.target, err)
		}
	}
}

// logReader reads a server's log bit by bit.
type logReader struct {
	path string
	seen int
}

// complaint is what Python says of an exception that nobody caught, such as the
// AssertionError of wsgiref.validate.
var complaint = regexp.MustCompile(`(?m)^.*(Traceback|AssertionError|Error:).*$`)

// complaints are those in the log since the last call.
func (l *logReader) complaints() []string {
	text, err := os.ReadFile(l.path)
	if err != nil {
		return []string{err.Error()}
	}
	text, l.seen = text[l.seen:], len(text)
	found := complaint.FindAllString(string(text), -1)
	if len(found) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("the target's log: %q", slices.Compact(found))}
}
