package apps_test

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/protocols"
)

// startTornado runs a native application on Tornado's own server until the
// test ends, and returns a transport to it.
func startTornado(t *testing.T, module string) *protocols.Transport {
	t.Helper()
	needApplication(t, "tornado")
	const serve = `
import importlib, sys
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
sockets = bind_sockets(0, '127.0.0.1')
server = HTTPServer(importlib.import_module(sys.argv[1]).application)
server.add_sockets(sockets)
print('%s:%d' % sockets[0].getsockname(), flush=True)
IOLoop.current().start()
`
	var stderr bytes.Buffer
	cmd := pythonCommand(t, "-c", serve, module)
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if stderr.Len() > 0 {
			t.Errorf("Tornado logs: %s", &stderr)
		}
	})
	address, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		_ = cmd.Wait()
		t.Fatalf("Tornado does not start: %v\n%s", err, &stderr)
	}
	transport := &protocols.Transport{
		Endpoint:  &protocols.Endpoint{Protocol: "http", Network: "tcp", Address: strings.TrimSpace(address)},
		KeepAlive: true,
	}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

func TestHelloAnswersLikeTornado(t *testing.T) {
	got := roundTrip(t, startTornado(t, "tornado_hello"), httpRequest(t, ask("GET", "/")))
	if got.status != 200 || got.body != "<h1>Hello, web!</h1>" || got.header.Get("Content-Type") != "text/html; charset=UTF-8" {
		t.Errorf("got %+v", got)
	}
}

// TestProbeAnswersLikeTornado holds Tornado's own server to the answers of
// ours: tornado_probe shows what it made of a request.
func TestProbeAnswersLikeTornado(t *testing.T) {
	tornado := startTornado(t, "tornado_probe")
	golang := &protocols.Transport{Endpoint: &protocols.Endpoint{Protocol: "http", Network: "unix", Address: startGo(t, "http")}}
	defer golang.CloseIdleConnections()
	for _, name := range []string{"index", "environ", "path below", "repeated header", "body", "echo", "length", "a MiB", "status 304"} {
		t.Run(name, func(t *testing.T) {
			want := roundTrip(t, golang, httpRequest(t, probeRequests[name]))
			got := roundTrip(t, tornado, httpRequest(t, probeRequests[name]))
			if diff := cmp.Diff(want.body, got.body); diff != "" || got.status != want.status {
				t.Errorf("status %d in Go, %d in Tornado; body:\n%s", want.status, got.status, diff)
			}
		})
	}
}
