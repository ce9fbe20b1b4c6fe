package protocols_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/gwbench/gwbench/protocols"
)

// closeWatcher tells whether the peer had closed when Close was called.
type closeWatcher struct {
	net.Conn
	ended       bool
	serverFirst *atomic.Int64
}

func (c *closeWatcher) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.ended = err == io.EOF
	return n, err
}

func (c *closeWatcher) Close() error {
	if c.ended {
		c.serverFirst.Add(1)
	}
	return c.Conn.Close()
}

// TestServerClosesFirst sees to it that ports in TIME_WAIT are the server's,
// whatever the protocol. The server has 20 ms for it, which a busy machine may
// not keep every time.
func TestServerClosesFirst(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		if l.reuses() {
			t.Skip("connections are kept")
		}
		e := serve(t, l, application())
		tr := transport(t, l, e)
		var first atomic.Int64
		tr.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			var d net.Dialer
			c, err := d.DialContext(ctx, network, address)
			return &closeWatcher{Conn: c, serverFirst: &first}, err
		}
		for range 10 {
			fetch(t, tr, newRequest(t, "GET", e.URL()+"hello", nil))
		}
		if first.Load() == 0 {
			t.Error("the server was never the first to close")
		}
	})
}

// TestServerDoesNotClose has a server keep connections open that it was asked
// to close: we close them.
func TestServerDoesNotClose(t *testing.T) {
	listener := listen(t, "tcp")
	closed := make(chan error, 20)
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			br := bufio.NewReader(c)
			http.ReadRequest(br)
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
			_, err = br.ReadByte()
			closed <- err
			c.Close()
		}
	}()
	e := endpointOf("http", listener)
	tr := &protocols.Transport{Endpoint: &e}
	for range 12 {
		if _, body := fetch(t, tr, newRequest(t, "GET", e.URL(), nil)); string(body) != "ok" {
			t.Errorf("body %q", body)
		}
		if err := <-closed; err != io.EOF {
			t.Errorf("the server saw %v, want EOF", err)
		}
	}
}

func TestMaxIdle(t *testing.T) {
	spec, _ := protocols.Lookup("http")
	e := serve(t, link{spec, "tcp", true}, application())
	for maxIdle, want := range map[int]int64{0: 3, 1: 4, -1: 5} {
		tr := &protocols.Transport{Endpoint: &e, KeepAlive: true, MaxIdle: maxIdle}
		var open []*http.Response
		for range 3 {
			resp, err := tr.RoundTrip(newRequest(t, "GET", e.URL()+"hello", nil))
			if err != nil {
				t.Fatal(err)
			}
			open = append(open, resp)
		}
		for _, resp := range open {
			resp.Body.Close()
		}
		var again []*http.Response
		for range 2 {
			resp, err := tr.RoundTrip(newRequest(t, "GET", e.URL()+"hello", nil))
			if err != nil {
				t.Fatal(err)
			}
			again = append(again, resp)
		}
		if got := tr.Stats().Dials; got != want {
			t.Errorf("MaxIdle %d: %d dials, want %d", maxIdle, got, want)
		}
		for _, resp := range again {
			resp.Body.Close()
		}
		tr.CloseIdleConnections()
	}
}
