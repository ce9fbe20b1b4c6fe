package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gwbench/gwbench/protocols/server"
)

func TestRequest(t *testing.T) {
	requests := make(chan *http.Request, 2)
	s := start(t, func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			t.Error(err)
		}
		requests <- r
	})
	c := s.dial()
	c.send("POST /a 3\nxyzGET /b 0\n") // the second one right behind the first
	c.expect("200 0", "")
	c.expect("200 0", "")
	a, b := <-requests, <-requests
	if a.URL.Path != "/a" || b.URL.Path != "/b" || a.Method != "POST" {
		t.Errorf("a kept request has changed: %v, %v", a.URL, b.URL)
	}
	if a.RemoteAddr != c.LocalAddr().String() {
		t.Errorf("RemoteAddr is %q", a.RemoteAddr)
	}
	if got := a.Context().Value(toyKey{}); got != "of the codec" {
		t.Errorf("the codec's context is lost: %v", got)
	}
	if got := a.Context().Value(http.LocalAddrContextKey); got != net.Addr(c.RemoteAddr()) && fmt.Sprint(got) != c.RemoteAddr().String() {
		t.Errorf("local address is %v", got)
	}
	if _, err := a.Body.Read(make([]byte, 1)); !errors.Is(err, http.ErrBodyReadAfterClose) {
		t.Errorf("reading the body of an earlier request: %v", err)
	}
	if b.Body != http.NoBody {
		t.Errorf("body is %v", b.Body)
	}
}

func TestContextEndsWithTheHandler(t *testing.T) {
	contexts := make(chan context.Context, 3)
	s := start(t, func(_ http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if err := ctx.Err(); err != nil {
			t.Errorf("within the handler: %v", err)
		}
		contexts <- ctx
		if r.URL.Path == "/derive" {
			derived, cancel := context.WithCancel(ctx)
			context.AfterFunc(derived, cancel)
			contexts <- derived
		}
	})
	c := s.dial()
	for _, path := range []string{"/plain", "/derive"} {
		c.send("GET " + path + " 0\n")
		c.expect("200 0", "")
	}
	for range 3 {
		ctx := <-contexts
		<-ctx.Done()
		if !errors.Is(ctx.Err(), context.Canceled) {
			t.Errorf("got %v", ctx.Err())
		}
	}
}

func TestCloseEndsContexts(t *testing.T) {
	entered, left := make(chan struct{}), make(chan struct{})
	s := start(t, func(_ http.ResponseWriter, r *http.Request) {
		defer close(left)
		close(entered)
		<-r.Context().Done()
	})
	c := s.dial()
	c.send("GET / 0\n")
	<-entered
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	<-left
}

func TestPanic(t *testing.T) {
	s := start(t, func(w http.ResponseWriter, r *http.Request) {
		mustWrite(t, w, "never sent")
		if r.URL.Path == "/abort" {
			panic(http.ErrAbortHandler)
		}
		panic("handler's own")
	})
	for _, path := range []string{"/abort", "/panic"} {
		c := s.dial()
		c.send("GET " + path + " 0\n")
		c.expectEnd()
	}
	got := s.log.String()
	if strings.Count(got, "panic while serving") != 1 || !strings.Contains(got, "handler's own") || !strings.Contains(got, "conn_test.go") {
		t.Errorf("logged %q", got)
	}
}

func TestRejected(t *testing.T) {
	s := start(t, func(http.ResponseWriter, *http.Request) { t.Error("the handler was called") })
	c := s.dial()
	// More than the server reads: without lingering, the answer would be lost.
	c.send("nonsense\n" + strings.Repeat("x", 64<<10))
	line, err := c.br.ReadString('\n')
	if !strings.HasPrefix(line, "rejected: 400 toy: ") || err != nil {
		t.Errorf("got %q, %v", line, err)
	}
	c.expectEnd()
	if got := s.log.String(); !strings.Contains(got, "request rejected") {
		t.Errorf("logged %q", got)
	}
}

// What the handler leaves of a body must not become the next request.
func TestUnreadBody(t *testing.T) {
	s := start(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/some" {
			if _, err := io.ReadFull(r.Body, make([]byte, 10)); err != nil {
				t.Error(err)
			}
		}
		if r.URL.Path == "/closed" {
			if err := r.Body.Close(); err != nil {
				t.Error(err)
			}
			if _, err := r.Body.Read(make([]byte, 1)); !errors.Is(err, http.ErrBodyReadAfterClose) {
				t.Errorf("read after Close: %v", err)
			}
		}
		w.WriteHeader(202)
	})
	t.Run("drained", func(t *testing.T) {
		c := s.dial()
		for _, path := range []string{"/none", "/some", "/closed"} {
			for _, n := range []int{10, 11, 256 << 10} {
				c.send(fmt.Sprintf("POST %s %d\n%s", path, n, strings.Repeat("x", n)))
				c.expect("202 0", "")
			}
		}
	})
	// The client sends all the while that the early answer is on its way.
	for name, last := range map[string]string{"too long": "", "not kept alive": " close"} {
		t.Run(name, func(t *testing.T) {
			c := s.dial()
			const n = 4 << 20
			sent := make(chan error, 1)
			go func() {
				_, err := io.WriteString(c, fmt.Sprintf("POST / %d%s\n%s", n, last, strings.Repeat("x", n)))
				sent <- err
			}()
			c.expect("202 0", "")
			if err := <-sent; err != nil {
				t.Errorf("sending: %v", err)
			}
			c.expectEnd()
		})
	}
}

func TestBodyCutShort(t *testing.T) {
	errs := make(chan error, 1)
	s := start(t, func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		errs <- err
	})
	c := s.dial()
	c.send("POST / 10\nhalf")
	if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if err := <-errs; !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
	c.expect("200 0", "")
	c.expectEnd()
}

func TestNotKeptAlive(t *testing.T) {
	s := start(t, func(http.ResponseWriter, *http.Request) {})
	c := s.dial()
	c.send("GET / 0 close\n")
	c.expect("200 0", "")
	c.expectEnd()
}

// idleConn takes note of its read deadlines, and lets the second one pass at
// once.
type idleConn struct {
	net.Conn
	deadlines []time.Time
}

func (c *idleConn) SetReadDeadline(t time.Time) error {
	c.deadlines = append(c.deadlines, t)
	if len(c.deadlines) == 3 {
		t = time.Unix(1, 0)
	}
	return c.Conn.SetReadDeadline(t)
}

func TestIdleTimeout(t *testing.T) {
	here, there := net.Pipe()
	defer here.Close()
	conn := &idleConn{Conn: there}
	l := &script{steps: []any{conn}, closed: make(chan struct{})}
	s := &server.Server{NewCodec: newToy, IdleTimeout: time.Hour, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if len(conn.deadlines) != 2 || !conn.deadlines[1].IsZero() {
			t.Errorf("a deadline holds during a request: %v", conn.deadlines)
		}
	})}
	before := time.Now()
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	if _, err := io.WriteString(here, "GET / 0\n"); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(here); string(got) != "200 0\n.\n" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if err := s.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	if err := <-served; !errors.Is(err, server.ErrServerClosed) {
		t.Error(err)
	}
	for _, i := range []int{0, 2} {
		if after := conn.deadlines[i].Sub(before); after < time.Hour || after > 2*time.Hour {
			t.Errorf("deadline %d is %v away", i, after)
		}
	}
}

func TestUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	s := &server.Server{NewCodec: newToy, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(202)
	})}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	c := dial(t, l.Addr())
	const n = 1 << 20
	sent := make(chan error, 1)
	go func() {
		_, err := io.WriteString(c, fmt.Sprintf("POST / %d\n%s", n, strings.Repeat("x", n)))
		sent <- err
	}()
	c.expect("202 0", "")
	if err := <-sent; err != nil {
		t.Errorf("sending: %v", err)
	}
	c.expectEnd()
	c.Close() // or the server would linger
	if err := s.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	if err := <-served; !errors.Is(err, server.ErrServerClosed) {
		t.Error(err)
	}
}
