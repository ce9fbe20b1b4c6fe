package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/targets"
	"github.com/gwbench/gwbench/targets/apps"
)

// A comparison of transports means something only where each of them serves
// the same thing. Before the first block every server is started once with the
// probe application, which answers with the environment it was called with;
// these answers have to be the same for all cases, field by field.

// probeRequest is one question to an application.
type probeRequest struct {
	method, path string
	host         string // "" means the endpoint's
	header       http.Header
	body         string
}

// probeRequests cover what gateways are known to differ in: query strings,
// escaped and non-ASCII paths, repeated headers, bodies.
var probeRequests = []probeRequest{
	{method: "GET", path: "/environ"},
	{method: "GET", path: "/environ?a=1&b=two%20words&b=3"},
	{method: "GET", path: "/environ/caf%C3%A9/a%20b", header: http.Header{"X-Probe": {"one", "two"}, "Accept": {"text/html"}}},
	{method: "POST", path: "/environ", header: http.Header{"Content-Type": {"application/octet-stream"}}, body: strings.Repeat("gwbench\n", 512)},
	{method: "POST", path: "/environ", header: http.Header{"Content-Type": {"text/plain"}}},
}

// probeHost is the Host of every probe request, so that the answers of
// servers on different ports can be equal.
const probeHost = "gwbench.test"

// checkTimeout bounds one request of a check.
const checkTimeout = 10 * time.Second

// checkEquivalence starts every server once with the probe application and
// compares what it saw with what the first one saw that is known for no
// exceptions. What the recipes name as exceptions is recorded and let pass; any
// other difference ends the run.
func (c *conductor) checkEquivalence(ctx context.Context) error {
	var all []*probed
	var unprobed []string
	seen := map[results.Case]bool{}
	for _, group := range c.plan.servers() {
		one := group[0]
		c.emit(Event{Phase: PhaseCheck, Case: one})
		if !c.canProbe(one) {
			if !slices.Contains(unprobed, one.Target) {
				unprobed = append(unprobed, one.Target)
			}
			continue
		}
		server := one
		server.Application, server.Load, server.Request = "", "", ""
		if seen[server] {
			continue // another application on the same server
		}
		seen[server] = true
		answers, err := c.probe(ctx, one)
		if err != nil {
			return err
		}
		all = append(all, &probed{one, answers, c.exceptionsOf(one)})
	}
	// One with exceptions would excuse the others in what it is known for.
	reference := slices.IndexFunc(all, func(p *probed) bool { return len(p.exceptions) == 0 })
	for i, p := range all {
		if i == max(0, reference) {
			continue
		}
		if err := c.compare(all[max(0, reference)], p); err != nil {
			return err
		}
	}
	for _, target := range unprobed {
		c.warn(fmt.Sprintf("target %s does not offer the probe application: its status and body are checked, the environment it hands to the application is not", target))
	}
	return nil
}

// probed is what the probe application saw behind the server of a case.
type probed struct {
	one        results.Case
	answers    []apps.Environ
	exceptions []targets.Exception
}

// exception returns the known difference in that field, if it is one.
func (p *probed) exception(field string) (targets.Exception, bool) {
	i := slices.IndexFunc(p.exceptions, func(e targets.Exception) bool { return e.Differs == field })
	if i < 0 {
		return targets.Exception{}, false
	}
	return p.exceptions[i], true
}

// exceptionsOf lists what the recipes of a case's target and front name.
func (c *conductor) exceptionsOf(one results.Case) (list []targets.Exception) {
	known := c.plan.recipes[one.Target].Exceptions
	if front, ok := c.plan.fronts[one.Front]; ok {
		known = slices.Concat(known, front.Recipe().Exceptions)
	}
	for _, e := range known {
		if e.Over(one.Protocol) {
			list = append(list, e)
		}
	}
	return list
}

// compare holds b to a, the reference. What differs is shown once, with the
// first request that shows it.
func (c *conductor) compare(a, b *probed) error {
	var lines []string
	seen := map[string]bool{}
	for i := range a.answers {
		for _, d := range a.answers[i].Diff(b.answers[i]) {
			if c.known(d.Field, a, b) || seen[d.Field] {
				continue
			}
			seen[d.Field] = true
			lines = append(lines, fmt.Sprintf("  %s %s: %s", probeRequests[i].method, probeRequests[i].path, d))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return fmt.Errorf("the cases do not serve the same thing: the application is given different environments\n  a: %s\n  b: %s\n%s\n"+
		"a difference that is known and harmless can be named in the recipe, under exceptions; --no-verify skips this check",
		a.one.ID(), b.one.ID(), strings.Join(lines, "\n"))
}

// known tells whether a recipe of either side names the difference, and records
// it.
func (c *conductor) known(field string, sides ...*probed) bool {
	known := false
	for _, side := range sides {
		if e, ok := side.exception(field); ok {
			known = true
			c.except(results.Exception{Case: side.one.ID(), Differs: field, Why: e.Why})
		}
	}
	return known
}

// except records a known difference, once.
func (c *conductor) except(e results.Exception) {
	if !slices.Contains(c.run.Exceptions, e) {
		c.run.Exceptions = append(c.run.Exceptions, e)
	}
}

// canProbe tells whether the target can be started with the probe application.
func (c *conductor) canProbe(one results.Case) bool {
	serving, err := c.plan.recipes[one.Target].Serving(one.Protocol, one.Network, one.Connection, "probe")
	return err == nil && !serving.HasOwnApplication()
}

// probe starts the server of the case with the probe application and returns
// its answers to the probe requests.
func (c *conductor) probe(ctx context.Context, one results.Case) (answers []apps.Environ, err error) {
	s, err := c.start(ctx, one, "probe")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.stop(s)) }()
	for _, request := range probeRequests {
		request.host = probeHost
		place := fmt.Sprintf("%s: %s %s to the probe application", one.ID(), request.method, request.path)
		status, body, err := exchange(ctx, s, one, request)
		if err != nil {
			return nil, explained(fmt.Errorf("%s: %w", place, err), one, request, s)
		}
		if status != http.StatusOK {
			return nil, explained(fmt.Errorf("%s was answered %d: %s", place, status, excerpt(body)), one, request, s)
		}
		var environ apps.Environ
		if err := json.Unmarshal(body, &environ); err != nil {
			return nil, fmt.Errorf("%s was answered with what is no environ (%w): %s", place, err, excerpt(body))
		}
		answers = append(answers, environ)
	}
	return answers, nil
}

// checkAnswer holds one answer of the application under test to what the
// scenario expects, before load makes any error hard to read.
func (c *conductor) checkAnswer(ctx context.Context, s *server, one results.Case) error {
	r, _ := c.plan.Scenario.Request(one.Request)
	request := probeRequest{method: r.Method, path: r.Path, header: r.Header(), body: string(r.Content())}
	request.host = request.header.Get("Host")
	request.header.Del("Host")
	status, body, err := exchange(ctx, s, one, request)
	if err != nil {
		return explained(fmt.Errorf("%s: the first request failed: %w", one.ID(), err), one, request, s)
	}
	if status != r.Expect.Status {
		return explained(fmt.Errorf("%s answers %d where the scenario expects %d: %s", one.ID(), status, r.Expect.Status, excerpt(body)), one, request, s)
	}
	if want := r.Expect.Content(); want != nil && !bytes.Equal(*want, body) {
		return fmt.Errorf("%s answers with another body than the scenario expects\n  expected: %s\n  answered: %s", one.ID(), excerpt(*want), excerpt(body))
	}
	return nil
}

// exchange sends one request to where the load of the case goes, in the way
// in which the load does.
func exchange(ctx context.Context, s *server, one results.Case, request probeRequest) (status int, body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	transport := s.transport(keepsAlive(one))
	defer transport.CloseIdleConnections()
	return request.send(ctx, transport)
}

// send sends the request to the transport's endpoint, and reads the whole
// answer.
func (p probeRequest) send(ctx context.Context, transport *protocols.Transport) (status int, body []byte, err error) {
	r, err := p.to(ctx, *transport.Endpoint)
	if err != nil {
		return 0, nil, err
	}
	response, err := transport.RoundTrip(r)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// to makes the request for an endpoint.
func (p probeRequest) to(ctx context.Context, endpoint protocols.Endpoint) (*http.Request, error) {
	endpoint.Path = p.path
	r, err := http.NewRequestWithContext(ctx, p.method, endpoint.URL(), strings.NewReader(p.body))
	if err != nil {
		return nil, err
	}
	if p.host != "" {
		r.Host = p.host
	}
	for name, values := range p.header {
		r.Header[name] = values
	}
	return r, nil
}

// excerpt quotes the beginning of a body for an error message.
func excerpt(body []byte) string {
	const most = 200
	if len(body) > most {
		return fmt.Sprintf("%q and %d bytes more", body[:most], len(body)-most)
	}
	return fmt.Sprintf("%q", body)
}
