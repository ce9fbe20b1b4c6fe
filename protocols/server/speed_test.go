package server_test

import (
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gwbench/gwbench/protocols/httpwire"
)

// BenchmarkKeepAlive is the time per request of one connection without the
// kernel's share, next to net/http's server.
func BenchmarkKeepAlive(b *testing.B) {
	hello := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<h1>Hello, web!</h1>")
	})
	b.Run("httpwire", func(b *testing.B) {
		s := httpwire.NewServer(hello)
		benchmark(b, s.Serve, s.Close)
	})
	b.Run("net-http", func(b *testing.B) {
		s := &http.Server{Handler: hello}
		benchmark(b, s.Serve, s.Close)
	})
}

func benchmark(b *testing.B, serve func(net.Listener) error, stop func() error) {
	conn := &memoryConn{requests: b.N, answers: b.N, done: make(chan struct{})}
	l := &script{steps: []any{conn}, closed: make(chan struct{})}
	served := make(chan error, 1)
	b.ReportAllocs()
	b.ResetTimer()
	go func() { served <- serve(l) }()
	<-conn.done
	b.StopTimer()
	if err := stop(); err != nil {
		b.Error(err)
	}
	<-served
}

const benchmarkRequest = "GET /hello?name=web HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nUser-Agent: gwbench/1\r\nAccept: */*\r\n\r\n"

// memoryConn brings so many requests, and then its end; done is closed once all
// are answered. Reading and writing may go on at the same time, as net/http
// does.
type memoryConn struct {
	requests, answers int // still to come
	unread            string
	done              chan struct{}
}

func (c *memoryConn) Read(p []byte) (int, error) {
	if c.unread == "" {
		if c.requests == 0 {
			return 0, io.EOF
		}
		c.requests--
		c.unread = benchmarkRequest
	}
	n := copy(p, c.unread)
	c.unread = c.unread[n:]
	return n, nil
}

func (c *memoryConn) Write(p []byte) (int, error) {
	if c.answers--; c.answers == 0 {
		close(c.done)
	}
	return len(p), nil
}

func (c *memoryConn) Close() error                     { return nil }
func (c *memoryConn) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *memoryConn) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (c *memoryConn) SetDeadline(time.Time) error      { return nil }
func (c *memoryConn) SetReadDeadline(time.Time) error  { return nil }
func (c *memoryConn) SetWriteDeadline(time.Time) error { return nil }
