// Package pygateway_test tests the gateway in files/ from outside: its own
// tests in Python, and gwbench's clients against the running program.
package pygateway_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/gwbench/gwbench/protocols"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestPython runs tests/, which hold each protocol to its specification byte by byte.
func TestPython(t *testing.T) {
	cmd := exec.Command(python, "-B", "-W", "error::ResourceWarning", "-m", "unittest", "discover", "-s", "tests")
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %v\n%s", cmd, err, output)
	}
}

// everyWay runs a test over each protocol, network and connection mode.
func everyWay(t *testing.T, test func(t *testing.T, g *gateway, transport *protocols.Transport)) {
	for _, spec := range protocols.All() {
		for _, network := range []string{"tcp", "unix"} {
			g := start(t, spec.Name, network, 2, "application")
			t.Run(spec.Name+"/"+network+"/per-request", func(t *testing.T) { test(t, g, g.transport(t, false)) })
			if spec.KeepAlive {
				t.Run(spec.Name+"/"+network+"/keep-alive", func(t *testing.T) { test(t, g, g.transport(t, true)) })
			}
			if said := readyLine.ReplaceAllString(g.stderr.String(), ""); said != "" {
				t.Errorf("%s/%s: the gateway said:\n%s", spec.Name, network, said)
			}
		}
	}
}

func TestConformance(t *testing.T) {
	everyWay(t, func(t *testing.T, g *gateway, transport *protocols.Transport) {
		const requests = 12
		large := bytes.Repeat([]byte("0123456789abcdef"), 1<<16) // 1 MiB

		if got := get(t, transport, "/bytes/32"); got != "0123456789abcdef0123456789abcdef" {
			t.Errorf("GET: body %q", got)
		}
		for _, body := range [][]byte{nil, []byte("a"), bytes.Repeat([]byte("x"), 70000), large} {
			got, err := ask(transport, http.MethodPost, "/", nil, body)
			if err != nil || got.StatusCode != http.StatusOK || got.body != string(body) {
				t.Errorf("POST of %d bytes: %d bytes came back, error %v", len(body), len(got.body), err)
			}
		}
		for target, want := range map[string]int{"/status/204": 204, "/status/304": 304, "/status/404": 404} {
			got, err := ask(transport, http.MethodGet, target, nil, nil)
			if err != nil || got.StatusCode != want || got.body != "" {
				t.Errorf("GET %s: %v %q, error %v", target, got.Response, got.body, err)
			}
		}
		got, err := ask(transport, http.MethodHead, "/bytes/32", nil, nil)
		if err != nil || got.StatusCode != http.StatusOK || got.body != "" {
			t.Errorf("HEAD: %v %q, error %v", got.Response, got.body, err)
		}
		if got := get(t, transport, "/bytes/1048576"); got != string(large) {
			t.Errorf("1 MiB: %d bytes came", len(got))
		}
		if got, err := ask(transport, http.MethodPost, "/deaf", nil, []byte("not read")); err != nil || got.body != "deaf" {
			t.Errorf("a body that is not read: %q, error %v", got.body, err)
		}
		checkEnviron(t, transport, g.endpoint.Protocol)

		if dials := transport.Stats().Dials; transport.KeepAlive && dials != 1 || !transport.KeepAlive && dials != requests {
			t.Errorf("%d connections for %d requests", dials, requests)
		}
	})
}

// checkEnviron asks what an application sees of a request with everything in it.
func checkEnviron(t *testing.T, transport http.RoundTripper, protocol string) {
	t.Helper()
	header := http.Header{"X-Probe": {"one", "two"}, "Cookie": {"a=1", "b=2"}, "Content-Type": {"text/plain"}, "Proxy": {"evil"}}
	got, err := ask(transport, http.MethodPut, "/environ/caf%C3%A9/a%20b?q=%20&r", header, []byte("body"))
	if err != nil {
		t.Fatal(err)
	}
	var seen map[string]any
	if err := json.Unmarshal([]byte(got.body), &seen); err != nil {
		t.Fatalf("%v: %s", err, got.body)
	}
	want := map[string]any{
		"REQUEST_METHOD": "PUT", "SCRIPT_NAME": "", "QUERY_STRING": "q=%20&r", "SERVER_PROTOCOL": "HTTP/1.1",
		"REQUEST_URI": "/environ/caf%C3%A9/a%20b?q=%20&r", "PATH_INFO": "/environ/caf\u00c3\u00a9/a b",
		"CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "4", "body": "body",
		"HTTP_X_PROBE": "one, two", "HTTP_COOKIE": "a=1; b=2", "HTTP_HOST": "example.test", "HTTP_PROXY": nil,
	}
	for name, value := range want {
		if seen[name] != value {
			t.Errorf("%s is %q, want %q", name, seen[name], value)
		}
	}
	if multi, ok := seen["multi"].([]any); !ok || multi[0] != false || multi[1] != true {
		t.Errorf("wsgi.multithread and wsgi.multiprocess are %v with 2 processes", seen["multi"])
	}
	if seen["SERVER_NAME"] == "" || seen["SERVER_PORT"] == "" {
		t.Errorf("%s: SERVER_NAME is %q, SERVER_PORT %q", protocol, seen["SERVER_NAME"], seen["SERVER_PORT"])
	}
}

// TestUnknownLength sends a body that does not say how long it is: chunked in
// HTTP; for the others the Transport finds out.
func TestUnknownLength(t *testing.T) {
	everyWay(t, func(t *testing.T, _ *gateway, transport *protocols.Transport) {
		for range 2 {
			r, err := http.NewRequest(http.MethodPost, "http://example.test/environ", struct{ io.Reader }{strings.NewReader("of unknown length")})
			if err != nil {
				t.Fatal(err)
			}
			response, err := transport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			var seen map[string]any
			err = json.NewDecoder(response.Body).Decode(&seen)
			response.Body.Close()
			if err != nil || seen["body"] != "of unknown length" || seen["CONTENT_LENGTH"] != "17" {
				t.Errorf("the application saw %v, error %v", seen, err)
			}
		}
	})
}

// TestEarlyAnswer has a large body answered before it was sent: neither may the
// answer be lost, nor the next request.
func TestEarlyAnswer(t *testing.T) {
	everyWay(t, func(t *testing.T, _ *gateway, transport *protocols.Transport) {
		for range 3 {
			got, err := ask(transport, http.MethodPost, "/deaf", nil, make([]byte, 4<<20))
			if err != nil || got.body != "deaf" {
				t.Errorf("%q, error %v", got.body, err)
			}
			if got := get(t, transport, "/bytes/16"); got != "0123456789abcdef" {
				t.Errorf("the request after it: %q", got)
			}
		}
	})
}

// TestApplicationRaises wants a 500 where nothing has gone out, and no answer
// that looks whole otherwise.
func TestApplicationRaises(t *testing.T) {
	for _, spec := range protocols.All() {
		for _, network := range []string{"tcp", "unix"} {
			t.Run(spec.Name+"/"+network, func(t *testing.T) {
				g := start(t, spec.Name, network, 1, "application")
				transport := g.transport(t, spec.KeepAlive)
				got, err := ask(transport, http.MethodGet, "/raise", nil, nil)
				if err != nil || got.StatusCode != http.StatusInternalServerError {
					t.Errorf("before output: %v, error %v", got.Response, err)
				}
				await(t, "a traceback", func() bool { return strings.Contains(g.stderr.String(), "RuntimeError: as asked") })
				got, err = ask(transport, http.MethodGet, "/half", nil, nil)
				// Nothing but the end ends an answer without Content-Length here, and
				// a unix socket has but one way to end (Connection.reset).
				cannotTell := network == "unix" && !spec.KeepAlive
				if err == nil && !cannotTell {
					t.Errorf("after output: an answer that looks whole: %q", got.body)
				}
				get(t, transport, "/pid") // and it goes on
			})
		}
	}
}
