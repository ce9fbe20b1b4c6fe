package apps_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/targets/apps"
)

// goAnswer answers with the Go probe, which gets the variables as over a
// gateway protocol.
func goAnswer(t fataler, r wsgiRequest) wsgiAnswer {
	t.Helper()
	var vars cgi.Vars
	for _, v := range append([]cgi.Var{{Name: "SCRIPT_NAME"}, {Name: "QUERY_STRING"}}, r.vars...) {
		vars.Add(v.Name, v.Value)
	}
	request, err := cgi.NewRequest(&vars)
	if err != nil {
		t.Fatalf("%v: %v", r.vars, err)
	}
	if r.terminated {
		request.ContentLength = -1 // as a server reads it that knows chunked bodies
	}
	request.Body = io.NopCloser(&body{strings.NewReader(r.body), request.ContentLength})
	probe, _ := apps.Lookup("probe")
	w := httptest.NewRecorder()
	probe.ServeHTTP(w, request)
	return wsgiAnswer{w.Code, w.Header(), w.Body.String()}
}

// body ends with an error where it is shorter than it should be, as a
// server's does.
type body struct {
	text *strings.Reader
	left int64 // negative where the length is unknown
}

func (b *body) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	if b.left > 0 && int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.text.Read(p)
	if b.left -= int64(n); err == io.EOF && b.left >= 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// ask makes the variables of a request; further ones come in pairs.
func ask(method, path string, more ...string) wsgiRequest {
	r := wsgiRequest{vars: []cgi.Var{{Name: "REQUEST_METHOD", Value: method}, {Name: "PATH_INFO", Value: path}}}
	for i := 0; i < len(more); i += 2 {
		r.vars = append(r.vars, cgi.Var{Name: more[i], Value: more[i+1]})
	}
	return r
}

func (r wsgiRequest) with(body string) wsgiRequest {
	r.vars = append(slices.Clip(r.vars), cgi.Var{Name: "CONTENT_LENGTH", Value: fmt.Sprint(len(body))})
	r.body = body
	return r
}

var probeRequests = map[string]wsgiRequest{
	"index":                    ask("GET", "/"),
	"index without a path":     ask("GET", ""),
	"index of many slashes":    ask("GET", "///"),
	"not found":                ask("GET", "/environment"),
	"environ":                  ask("GET", "/environ"),
	"query":                    ask("GET", "/environ", "QUERY_STRING", "a=1&b=%20<>+\xff"),
	"script name":              ask("GET", "/environ", "SCRIPT_NAME", "/app"),
	"path below":               ask("GET", "/environ/caf\xc3\xa9/a b/%"),
	"bytes that are no UTF-8":  ask("GET", "/environ/\xe9\x80\xff"),
	"repeated header":          ask("GET", "/environ", "HTTP_X_PROBE", "one, two", "HTTP_ACCEPT", "text/html"),
	"special in HTML":          ask("GET", "/environ", "HTTP_X_PROBE", `<script>alert("1" & '2')</script>\`, "HTTP_X_LATIN", "\xe9\xa0\x7f\x1b\t"),
	"hop by hop":               ask("GET", "/environ", "HTTP_CONNECTION", "close", "HTTP_TE", "trailers", "HTTP_PROXY", "evil", "HTTP_UPGRADE", "x"),
	"names in order":           ask("GET", "/environ", "HTTP_B", "2", "HTTP_A_B", "1", "HTTP_A", "3", "HTTP_A1", "4"),
	"body":                     ask("POST", "/environ", "CONTENT_TYPE", "application/octet-stream").with(strings.Repeat("gwbench\n", 512)),
	"large body":               ask("PUT", "/environ").with(strings.Repeat("0123456789", 100_000)),
	"body of nothing":          ask("POST", "/environ", "CONTENT_TYPE", "text/plain").with(""),
	"no length":                ask("POST", "/environ", "CONTENT_TYPE", "text/plain"),
	"empty length":             ask("POST", "/environ", "CONTENT_LENGTH", ""),
	"body that breaks off":     {vars: ask("POST", "/environ", "CONTENT_LENGTH", "9").vars, body: "hello"},
	"more than was announced":  {vars: ask("POST", "/environ", "CONTENT_LENGTH", "2").vars, body: "hello"},
	"chunked":                  {vars: ask("POST", "/environ").vars, body: strings.Repeat("c", 300_000), terminated: true},
	"nothing, chunked":         {vars: ask("POST", "/environ").vars, terminated: true},
	"echo":                     ask("POST", "/echo", "CONTENT_TYPE", "application/x-test").with("a\x00b\xff"),
	"echo without a type":      ask("POST", "/echo").with("a"),
	"echo of nothing":          ask("GET", "/echo"),
	"echo of much":             ask("POST", "/echo").with(strings.Repeat("\x00\xff<", 200_000)),
	"echo, chunked":            {vars: ask("POST", "/echo").vars, body: "hello", terminated: true},
	"echo that breaks off":     {vars: ask("POST", "/echo", "CONTENT_LENGTH", "9").vars, body: "hello"},
	"length":                   ask("POST", "/length").with(strings.Repeat("x", 1<<20)),
	"length of nothing":        ask("GET", "/length"),
	"length, chunked":          {vars: ask("POST", "/length").vars, body: "hello", terminated: true},
	"length that breaks off":   {vars: ask("POST", "/length", "CONTENT_LENGTH", "9").vars, body: "hello"},
	"no bytes":                 ask("GET", "/bytes/0"),
	"bytes":                    ask("GET", "/bytes/1"),
	"bytes of one pattern":     ask("GET", "/bytes/262044"),
	"bytes beyond one pattern": ask("GET", "/bytes/262045"),
	"a MiB":                    ask("GET", "/bytes/1048576"),
	"bytes with a sign":        ask("GET", "/bytes/+0012"),
	"headers":                  ask("GET", "/headers/20"),
	"no headers":               ask("GET", "/headers/0"),
	"all headers":              ask("GET", "/headers/1000"),
	"sleep":                    ask("GET", "/sleep/1"),
}

// badNumbers are what /bytes/N refuses.
var badNumbers = []string{
	"", "-1", "67108865", "x", "1x", " 1", "1 ", "1_0", "0x1", "1.0", "1e3", "+", "--1", "1/", "1/2", "99999999999999999999",
	"-99999999999999999999", "\xd9\xa3", "caf\xc3\xa9", "\xff", `"<&>\`, "\n",
}

func init() {
	for i, number := range badNumbers {
		probeRequests[fmt.Sprintf("bad number %d: %q", i, number)] = ask("GET", "/bytes/"+number)
	}
	for _, path := range []string{"/headers/1001", "/headers/-1", "/sleep/10001", "/status/199", "/status/600", "/status", "/sleep"} {
		probeRequests["out of range: "+path] = ask("GET", path)
	}
	for status := 200; status < 600; status++ {
		probeRequests[fmt.Sprintf("status %d", status)] = ask("GET", fmt.Sprintf("/status/%d", status))
	}
}

func TestProbeAnswersLikePython(t *testing.T) {
	python := startPython(t, "probe")
	for name, r := range probeRequests {
		t.Run(name, func(t *testing.T) {
			want, got := goAnswer(t, r), python.answer(t, r)
			if want.status != got.status {
				t.Errorf("status: %d in Go, %d in Python", want.status, got.status)
			}
			if want.body != got.body {
				t.Errorf("body: Go and Python\n%s", cmp.Diff(want.body, got.body))
			}
			compareHeaders(t, want, got)
		})
	}
}

// compareHeaders compares what the probe says of itself: Content-Length may be
// there although a server would have added it, and a Content-Type where Go's
// servers leave it out.
func compareHeaders(t *testing.T, want, got wsgiAnswer) {
	t.Helper()
	w, g := want.header.Clone(), got.header.Clone()
	for _, name := range []string{"Content-Length", "Content-Type"} {
		if w.Get(name) == "" {
			delete(g, name)
		}
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Errorf("header: Go and Python\n%s", diff)
	}
	if length := got.header.Get("Content-Length"); length != fmt.Sprint(len(got.body)) {
		t.Errorf("Content-Length %q of %d bytes", length, len(got.body))
	}
	if got.status == http.StatusNoContent && got.header.Get("Content-Type") != "" {
		t.Error("a Content-Type of nothing")
	}
}

// TestProbeInspectLikePython: wsgi.* and what a server adds are no variables.
func TestProbeInspectLikePython(t *testing.T) {
	python := startPython(t, "probe")
	r := ask("GET", "/inspect", "SCRIPT_NAME", "", "QUERY_STRING", "a=<1>&b", "SERVER_NAME", "localhost", "SERVER_PORT", "80",
		"SERVER_PROTOCOL", "HTTP/1.1", "HTTP_X_LATIN", "\xe9", "SERVER_SOFTWARE", "x", "GATEWAY_INTERFACE", "CGI/1.1")
	if diff := cmp.Diff(goAnswer(t, r).body, python.answer(t, r).body); diff != "" {
		t.Errorf("Go and Python\n%s", diff)
	}
}

// TestProbeHasNoBodyForHead: some servers send what the application returns.
func TestProbeHasNoBodyForHead(t *testing.T) {
	python := startPython(t, "probe")
	for _, path := range []string{"/", "/bytes/1000", "/environ", "/status/200", "/none", "/bytes/x"} {
		head, get := python.answer(t, ask("HEAD", path)), python.answer(t, ask("GET", path))
		if head.body != "" || head.status != get.status {
			t.Errorf("HEAD %s: status %d, %q", path, head.status, head.body)
		}
		if path == "/environ" { // which names the method
			continue
		}
		if diff := cmp.Diff(get.header, head.header); diff != "" {
			t.Errorf("HEAD %s has another header than GET\n%s", path, diff)
		}
	}
}

// TestProbeJSONIsTheSameInPython draws any bytes for what the client chooses.
func TestProbeJSONIsTheSameInPython(t *testing.T) {
	python := startPython(t, "probe")
	anything := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "bytes")) })
	// A newline or NUL in a header ends at the server.
	value := rapid.Map(anything, func(s string) string { return strings.NewReplacer("\x00", "", "\r", "", "\n", "").Replace(s) })
	rapid.Check(t, func(t *rapid.T) {
		r := ask(rapid.SampledFrom([]string{"GET", "POST", "DELETE"}).Draw(t, "method"), "/environ/"+anything.Draw(t, "path"),
			"QUERY_STRING", anything.Draw(t, "query"), "CONTENT_TYPE", value.Draw(t, "type"))
		for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching("HTTP_[A-Z0-9_]{1,8}"), 0, 5, rapid.ID).Draw(t, "names") {
			r.vars = append(r.vars, cgi.Var{Name: name, Value: value.Draw(t, name)})
		}
		r = r.with(anything.Draw(t, "body"))
		if diff := cmp.Diff(goAnswer(t, r).body, python.answer(t, r).body); diff != "" {
			t.Fatalf("Go and Python\n%s", diff)
		}
	})
}
