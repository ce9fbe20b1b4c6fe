package load

import (
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gwbench/gwbench/results"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const hello = "<h1>Hello, web!</h1>"

var sayHello = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.Write([]byte(hello))
})

// serve answers on a loopback port and returns the endpoint's URL.
func serve(t testing.TB, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// serveUnix answers on a socket and returns the endpoint's URL.
func serveUnix(t testing.TB, h http.Handler) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: h}}
	server.Start()
	t.Cleanup(server.Close)
	return "http+unix://" + path + ":/"
}

// serveConn handles every connection by itself.
func serveConn(t testing.TB, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go handle(conn)
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return "http://" + l.Addr().String() + "/"
}

// closedPlan has 4 clients expect hello for a short while.
func closedPlan(endpoint, client string) Plan {
	body := []byte(hello)
	return Plan{
		Endpoint:   endpoint,
		KeepAlive:  true,
		Client:     client,
		Load:       results.Load{Name: "saturate", Clients: 4},
		ExpectBody: &body,
		Duration:   100 * time.Millisecond,
	}
}

// openPlan sends 500/s for a short while.
func openPlan(endpoint, client string) Plan {
	p := closedPlan(endpoint, client)
	p.Load = results.Load{Name: "steady", Rate: 500}
	p.Duration = 200 * time.Millisecond
	return p
}

func newGenerator(t testing.TB, p Plan) *Generator {
	t.Helper()
	g, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

func measure(t testing.TB, p Plan) *Result {
	t.Helper()
	result, err := newGenerator(t, p).Measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// eachClient runs a test over both clients.
func eachClient(t *testing.T, test func(t *testing.T, client string)) {
	for _, client := range []string{ClientGwbench, ClientNetHTTP} {
		t.Run(client, func(t *testing.T) { test(t, client) })
	}
}
