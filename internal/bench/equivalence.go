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
)

// A comparison of transports means something only where each of them serves
// the same thing. Before the first block every server is started once with the
// probe application, which answers with the environment it was called with;
// these answers have to be the same, byte for byte, for all cases.

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
// compares what it saw with what the first one saw.
func (c *conductor) checkEquivalence(ctx context.Context) error {
	var reference []string
	var referenceCase results.Case
	var unprobed []string
	for _, group := range c.plan.servers() {
		one := group[0]
		c.emit(Event{Phase: PhaseCheck, Case: one})
		if !canProbe(c.plan.recipes[one.Target], one) {
			if !slices.Contains(unprobed, one.Target) {
				unprobed = append(unprobed, one.Target)
			}
			continue
		}
		answers, err := c.probe(ctx, one)
		if err != nil {
			return err
		}
		if reference == nil {
			reference, referenceCase = answers, one
			continue
		}
		for i := range answers {
			if diff := difference(reference[i], answers[i]); diff != "" {
				return fmt.Errorf("the cases do not serve the same thing: %s %s gives the application a different environment\n  a: %s\n  b: %s\n%s",
					probeRequests[i].method, probeRequests[i].path, referenceCase.ID(), one.ID(), diff)
			}
		}
	}
	for _, target := range unprobed {
		c.run.Warnings = append(c.run.Warnings, fmt.Sprintf(
			"target %s does not offer the probe application: its status and body are checked, the environment it hands to the application is not", target))
	}
	return nil
}

// canProbe tells whether the target can be started with the probe application.
func canProbe(recipe *targets.Recipe, one results.Case) bool {
	return !recipe.IsExternal() && recipe.Supports(one.Protocol, one.Network, one.Connection, "probe") == nil
}

// probe starts the server of the case with the probe application and returns
// its answers to the probe requests.
func (c *conductor) probe(ctx context.Context, one results.Case) (answers []string, err error) {
	instance, err := c.start(ctx, one, "probe")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop(instance)) }()
	for _, request := range probeRequests {
		request.host = probeHost
		status, body, err := exchange(ctx, instance, one, request)
		if err != nil {
			return nil, fmt.Errorf("%s: %s %s to the probe application: %w", one.ID(), request.method, request.path, err)
		}
		if status != http.StatusOK {
			return nil, fmt.Errorf("%s: %s %s to the probe application was answered %d: %s", one.ID(), request.method, request.path, status, excerpt(body))
		}
		answers = append(answers, string(body))
	}
	return answers, nil
}

// checkAnswer holds one answer of the application under test to what the
// scenario expects, before load makes any error hard to read.
func (c *conductor) checkAnswer(ctx context.Context, instance *targets.Instance, one results.Case) error {
	r, _ := c.plan.Scenario.Request(one.Request)
	request := probeRequest{method: r.Method, path: r.Path, header: r.Header(), body: string(r.Content())}
	request.host = request.header.Get("Host")
	request.header.Del("Host")
	status, body, err := exchange(ctx, instance, one, request)
	if err != nil {
		return fmt.Errorf("%s: the first request failed: %w", one.ID(), err)
	}
	if status != r.Expect.Status {
		return fmt.Errorf("%s answers %d where the scenario expects %d: %s", one.ID(), status, r.Expect.Status, excerpt(body))
	}
	if want := r.Expect.Content(); want != nil && !bytes.Equal(*want, body) {
		return fmt.Errorf("%s answers with another body than the scenario expects\n  expected: %s\n  answered: %s", one.ID(), excerpt(*want), excerpt(body))
	}
	return nil
}

// exchange sends one request over the case's own protocol and connection mode.
func exchange(ctx context.Context, instance *targets.Instance, one results.Case, request probeRequest) (status int, body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	endpoint := instance.Endpoint()
	endpoint.Path = request.path
	transport := &protocols.Transport{Endpoint: &endpoint, KeepAlive: one.Connection == results.KeepAlive}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequestWithContext(ctx, request.method, endpoint.URL(), strings.NewReader(request.body))
	if err != nil {
		return 0, nil, err
	}
	if request.host != "" {
		r.Host = request.host
	}
	for name, values := range request.header {
		r.Header[name] = values
	}
	response, err := transport.RoundTrip(r)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// difference describes how two JSON objects differ, a line for each member;
// "" where they are the same bytes.
func difference(a, b string) string {
	if a == b {
		return ""
	}
	var left, right map[string]json.RawMessage
	if json.Unmarshal([]byte(a), &left) != nil || json.Unmarshal([]byte(b), &right) != nil {
		return fmt.Sprintf("  a answers %s\n  b answers %s", excerpt([]byte(a)), excerpt([]byte(b)))
	}
	names := map[string]bool{}
	for name := range left {
		names[name] = true
	}
	for name := range right {
		names[name] = true
	}
	var lines []string
	for name := range names {
		if !bytes.Equal(left[name], right[name]) {
			lines = append(lines, fmt.Sprintf("  %s: a has %s, b has %s", name, orNothing(left[name]), orNothing(right[name])))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func orNothing(value json.RawMessage) string {
	if value == nil {
		return "nothing"
	}
	return string(value)
}

// excerpt quotes the beginning of a body for an error message.
func excerpt(body []byte) string {
	const most = 200
	if len(body) > most {
		return fmt.Sprintf("%q and %d bytes more", body[:most], len(body)-most)
	}
	return fmt.Sprintf("%q", body)
}
