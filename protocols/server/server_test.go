package server_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/gwbench/gwbench/protocols/server"
)

func TestShutdownWaitsForTheBusy(t *testing.T) {
	entered, proceed := make(chan struct{}), make(chan struct{})
	s := start(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(entered)
			<-proceed
			if err := r.Context().Err(); err != nil {
				t.Errorf("Shutdown ended a request's context: %v", err)
			}
		}
		mustWrite(t, w, "done")
	})
	idle, busy := s.dial(), s.dial()
	idle.send("GET / 0\n")
	idle.expect("200 4 Content-Type=text/plain; charset=utf-8", "done")
	busy.send("GET /slow 0\n")
	<-entered

	expired, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Shutdown(expired); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown with a busy connection: %v", err)
	}
	idle.expectEnd()
	if conn, err := net.Dial("tcp", s.addr.String()); err == nil {
		conn.Close()
		t.Error("still accepting")
	}
	done := make(chan error, 1)
	go func() { done <- s.Shutdown(context.Background()) }()
	close(proceed)
	busy.expect("200 4 Content-Type=text/plain; charset=utf-8", "done")
	busy.expectEnd()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestServeAfterClose(t *testing.T) {
	var s server.Server
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(l); !errors.Is(err, server.ErrServerClosed) {
		t.Error(err)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener is open: %v", err)
	}
	if err := s.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
}

// script is a listener whose Accept returns given errors and connections.
type script struct {
	mu     sync.Mutex
	steps  []any // error or net.Conn
	closed chan struct{}
}

func (l *script) Accept() (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.steps) == 0 {
		<-l.closed
		return nil, net.ErrClosed
	}
	step := l.steps[0]
	l.steps = l.steps[1:]
	if conn, ok := step.(net.Conn); ok {
		return conn, nil
	}
	return nil, step.(error)
}

func (l *script) Close() error {
	close(l.closed)
	return nil
}

func (l *script) Addr() net.Addr { return &net.TCPAddr{} }

func TestAcceptErrors(t *testing.T) {
	accept := func(errno syscall.Errno) error {
		return &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", errno)}
	}
	t.Run("passing", func(t *testing.T) {
		here, there := net.Pipe()
		l := &script{steps: []any{accept(syscall.EMFILE), accept(syscall.ECONNABORTED), there}, closed: make(chan struct{})}
		s := &server.Server{NewCodec: newToy, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})}
		served := make(chan error, 1)
		go func() { served <- s.Serve(l) }()
		if _, err := here.Write([]byte("GET / 0\n")); err != nil {
			t.Error(err)
		}
		answer := make([]byte, 6)
		if n, err := here.Read(answer); !strings.HasPrefix(string(answer[:n]), "200 0") || err != nil {
			t.Errorf("got %q, %v", answer[:n], err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := <-served; !errors.Is(err, server.ErrServerClosed) {
			t.Error(err)
		}
		here.Close()
	})
	t.Run("final", func(t *testing.T) {
		l := &script{steps: []any{accept(syscall.EINVAL)}, closed: make(chan struct{})}
		if err := (&server.Server{NewCodec: newToy}).Serve(l); !errors.Is(err, syscall.EINVAL) {
			t.Error(err)
		}
		<-l.closed
	})
	t.Run("closed while waiting", func(t *testing.T) {
		l := &script{closed: make(chan struct{})}
		for range 20 {
			l.steps = append(l.steps, accept(syscall.EMFILE))
		}
		s := &server.Server{NewCodec: newToy}
		served := make(chan error, 1)
		go func() { served <- s.Serve(l) }()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := <-served; !errors.Is(err, server.ErrServerClosed) {
			t.Error(err)
		}
	})
}
