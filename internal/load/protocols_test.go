package load

import (
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
)

// serveProtocol answers in one of gwbench's protocols.
func serveProtocol(t *testing.T, spec protocols.Spec, h http.Handler) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := spec.NewServer(h)
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() { server.Close(); <-done })
	return spec.Name + "://" + l.Addr().String() + "/"
}

func TestEveryProtocol(t *testing.T) {
	for _, spec := range protocols.All() {
		for _, keepAlive := range []bool{false, true} {
			name := spec.Name + " per-request"
			if keepAlive {
				name = spec.Name + " keep-alive"
			}
			t.Run(name, func(t *testing.T) {
				var leaks atomic.Int64
				h, seen := counted(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					for variable := range cgi.Environ(r) {
						if strings.HasPrefix(variable, "HTTP_X_VEGETA") {
							leaks.Add(1)
						}
					}
					sayHello(w, r)
				}))
				p := closedPlan(serveProtocol(t, spec, h), ClientGwbench)
				p.KeepAlive = keepAlive
				result := measure(t, p)
				c := result.Counts
				if c.Correct == 0 || c.Correct != c.Sent || c.Sent != seen.Load() || len(result.Errors) > 0 {
					t.Errorf("counts %+v, errors %+v; the server saw %d", c, result.Errors, seen.Load())
				}
				if leaks.Load() != 0 {
					t.Errorf("%d variables of vegeta reached the application", leaks.Load())
				}
				reused := result.Metrics["dials"] < 1
				if want := keepAlive && spec.KeepAlive; reused != want {
					t.Errorf("%v dials a request: reused %v, want %v", result.Metrics["dials"], reused, want)
				}
			})
		}
	}
}
