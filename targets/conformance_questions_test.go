package targets

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/targets/apps"
)

// question is a request to the probe, and the status of its answer.
type question struct {
	method, path string
	header       http.Header
	body         []byte
	status       int
}

// questions are about what servers and fronts are known to differ in. After
// each, the next one has to be answered on the same connection.
var questions = []question{
	{"GET", "/environ", nil, nil, 200},
	{"GET", "/environ?a=1&b=two%20words&b=3&c=%2F%C3%A9+", nil, nil, 200},
	{"GET", "/environ/caf%C3%A9/a%20b", nil, nil, 200},
	{"GET", "/environ", http.Header{"X-Probe": {"one", "two"}, "Accept": {"text/html"}, "Cookie": {"a=b; c=d"}}, nil, 200},
	{"GET", "/environ", http.Header{"X-Probe": {"caf\xe9, \"quoted\""}}, nil, 200},
	{"POST", "/environ", http.Header{"Content-Type": {"application/octet-stream"}}, bytes.Repeat([]byte("gwbench\n"), 512), 200},
	{"POST", "/environ?empty", http.Header{"Content-Type": {"text/plain"}}, []byte{}, 200},
	{"HEAD", "/bytes/1000", nil, nil, 200},
	{"GET", "/bytes/1000", nil, nil, 200},
	{"POST", "/echo", http.Header{"Content-Type": {"text/plain"}}, bytes.Repeat([]byte("0123456789abcdef"), 1<<16), 200},
	{"GET", "/bytes/1048576", nil, nil, 200},
	{"GET", "/headers/100", nil, nil, 200},
	{"POST", "/length", nil, bytes.Repeat([]byte("x"), 100_000), 200},
	{"GET", "/status/204", nil, nil, 204},
	{"GET", "/status/304", nil, nil, 304},
	{"GET", "/nothing/here", nil, nil, 404},
	{"HEAD", "/environ", nil, nil, 200},
	{"GET", "/", nil, nil, 200},
}

func (q question) String() string {
	s := q.method + " " + q.path
	for name, values := range q.header {
		s += fmt.Sprintf(", %s: %q", name, values)
	}
	if q.body != nil {
		s += fmt.Sprintf(", body of %d bytes", len(q.body))
	}
	return s
}

// bodyless tells whether the answer ends with its head.
func (q question) bodyless() bool { return q.method == "HEAD" || q.status == 204 || q.status == 304 }

// reply is what a client sees of one.
type reply struct {
	status int
	header map[string]string // Content-Type, Content-Length, X-Probe-N
	body   []byte
}

// ask sends the question and reads the answer to its end.
func (q question) ask(t *protocols.Transport) (reply, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	e := *t.Endpoint
	e.Path = q.path
	var body io.Reader
	if q.body != nil {
		body = bytes.NewReader(q.body)
	}
	r, err := http.NewRequestWithContext(ctx, q.method, e.URL(), body)
	if err != nil {
		return reply{}, err
	}
	r.Host = "gwbench.test" // not the port, which differs
	for name, values := range q.header {
		r.Header[name] = values
	}
	response, err := t.RoundTrip(r)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	a := reply{status: response.StatusCode, header: map[string]string{}}
	for name := range response.Header {
		if name == "Content-Type" || name == "Content-Length" || strings.HasPrefix(name, "X-Probe-") {
			a.header[name] = strings.Join(response.Header[name], ", ")
		}
	}
	a.body, err = io.ReadAll(response.Body)
	return a, err
}

// differences compares an answer with the reference's. An answer of /environ
// is compared by its fields.
func (a reply) differences(other reply) []apps.Difference {
	var all []apps.Difference
	add := func(what, a, b string) {
		if a != b {
			all = append(all, apps.Difference{Field: what, A: a, B: b})
		}
	}
	if a.status != other.status {
		add("the answer", fmt.Sprint(a.status, " ", excerpt(a.body)), fmt.Sprint(other.status, " ", excerpt(other.body)))
		return all
	}
	isEnviron := a.header["Content-Type"] == "application/json"
	for name := range merged(a.header, other.header) {
		// A server need not announce a length, least of all that of an answer
		// that is empty, or would be without HEAD (RFC 9110, 8.6).
		if name == "Content-Length" && (isEnviron || a.header[name] == "" || other.header[name] == "") {
			continue
		}
		// Nor is there a type where there is nothing that could have one.
		if name == "Content-Type" && (a.status == 204 || a.status == 304) {
			continue
		}
		add("the header "+name, a.header[name], other.header[name])
	}
	var left, right apps.Environ
	if isEnviron && json.Unmarshal(a.body, &left) == nil && json.Unmarshal(other.body, &right) == nil {
		return append(all, left.Diff(right)...)
	}
	if !bytes.Equal(a.body, other.body) {
		add("the body", excerpt(a.body), excerpt(other.body))
	}
	return all
}

// excerpt is the length and beginning of a body.
func excerpt(body []byte) string {
	return fmt.Sprintf("%d bytes %.60q", len(body), body)
}
