package protocols_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gwbench/gwbench/protocols"
)

// closeWatcher tells whether the peer had closed when Close was called.
type closeWatcher struct {
	*net.TCPConn
	serverFirst *atomic.Int64
}

func (c *closeWatcher) Close() error {
	c.SetReadDeadline(time.Now().Add(time.Millisecond))
	if _, err := c.Read(make([]byte, 1)); err == io.EOF {
		c.serverFirst.Add(1)
	}
	return c.TCPConn.Close()
}

// TestServerClosesFirst sees to it that ports in TIME_WAIT are the server's,
// whatever the protocol. The server has 20 ms for it, which a busy machine may
// not keep every time.
func TestServerClosesFirst(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		if l.reuses() || l.network != "tcp" {
			t.Skip("connections are kept, or have no ports")
		}
		e := serve(t, l, application())
		tr := transport(t, l, e)
		var first atomic.Int64
		tr.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			var d net.Dialer
			c, err := d.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &closeWatcher{TCPConn: c.(*net.TCPConn), serverFirst: &first}, nil
		}
		for range 10 {
			fetch(t, tr, newRequest(t, "GET", e.URL()+"hello", nil))
		}
		tr.CloseIdleConnections()
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

// TestResetWithinAnUnframedAnswer has a server take the whole request, send some
// of an answer without a length, and reset the connection: nobody can tell that
// the answer is whole.
func TestResetWithinAnUnframedAnswer(t *testing.T) {
	listener := listen(t, "tcp")
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			request := make([]byte, 4096)
			for seen := ""; !strings.HasSuffix(seen, "the body"); {
				n, err := c.Read(request)
				if err != nil {
					break
				}
				seen += string(request[:n])
			}
			io.WriteString(c, "Status: 200 OK\r\n\r\nhalf of the")
			// Time for the client to read: a reset may overtake what was sent.
			time.Sleep(10 * time.Millisecond)
			c.(*net.TCPConn).SetLinger(0)
			c.Close()
		}
	}()
	for _, protocol := range []string{"uwsgi", "scgi"} {
		e := endpointOf(protocol, listener)
		tr := &protocols.Transport{Endpoint: &e}
		resp, err := tr.RoundTrip(newRequest(t, "POST", e.URL(), strings.NewReader("the body")))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%s: read %q, %v, want the reset", protocol, body, err)
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
