package server_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/protocols/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// toyCodec speaks a protocol made for these tests. A request is
// `METHOD path bodylength [close]` on a line, then the body. A response is
// `status length field=value...` on a line, `+length` on a line before each
// piece of the body, and `.` on a line as its end.
type toyCodec struct {
	r     http.Request
	body  cgi.Body
	close bool
}

type toyKey struct{}

func newToy(net.Conn) server.Codec { return &toyCodec{} }

func (c *toyCodec) ReadRequest(br *bufio.Reader) (*http.Request, error) {
	line, err := br.ReadString('\n')
	if err != nil {
		return nil, err
	}
	var method, path, last string
	var length int64
	if n, err := fmt.Sscan(line, &method, &path, &length, &last); n < 3 {
		return nil, &cgi.SyntaxError{Protocol: "toy", What: err.Error()}
	}
	c.close = last == "close"
	plain := http.Request{Method: method, URL: &url.URL{Path: path}, Body: http.NoBody, ContentLength: length}
	c.r = *plain.WithContext(context.WithValue(context.Background(), toyKey{}, "of the codec"))
	if length > 0 {
		c.body.Reset(br, length)
		c.r.Body = &c.body
	}
	return &c.r, nil
}

func (c *toyCodec) AppendHead(dst []byte, status int, h http.Header, length int64) []byte {
	dst = fmt.Appendf(dst, "%d %d", status, length)
	for _, name := range slices.Sorted(maps.Keys(h)) {
		dst = fmt.Appendf(dst, " %s=%s", name, strings.Join(h[name], ","))
	}
	return append(dst, '\n')
}

func (c *toyCodec) AppendBody(dst, p []byte) []byte {
	return append(fmt.Appendf(dst, "+%d\n", len(p)), p...)
}

func (c *toyCodec) AppendEnd(dst []byte) []byte { return append(dst, ".\n"...) }

func (c *toyCodec) KeepAlive() bool { return !c.close }

func (c *toyCodec) RejectRequest(dst []byte, err error) []byte {
	return fmt.Appendf(dst, "rejected: %v %v\n", server.RejectStatus(err), err)
}

// writes counts the writes to the connections of a listener.
type writes struct {
	net.Listener
	count atomic.Int64
}

type countedConn struct {
	*net.TCPConn
	count *atomic.Int64
}

func (l *writes) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return countedConn{conn.(*net.TCPConn), &l.count}, nil
}

func (c countedConn) Write(p []byte) (int, error) {
	c.count.Add(1)
	return c.TCPConn.Write(p)
}

// log is a logger's output.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// toyServer is a running server of the toy protocol.
type toyServer struct {
	*server.Server
	t      testing.TB
	addr   net.Addr
	writes *writes
	log    *log
	served chan error
}

// start serves h until the test ends. Handlers must have returned by then.
func start(t testing.TB, h http.HandlerFunc, change ...func(*server.Server)) *toyServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &toyServer{t: t, addr: l.Addr(), writes: &writes{Listener: l}, log: &log{}, served: make(chan error, 1)}
	s.Server = &server.Server{Handler: h, NewCodec: newToy, Log: slog.New(slog.NewTextHandler(s.log, nil))}
	for _, f := range change {
		f(s.Server)
	}
	go func() { s.served <- s.Serve(s.writes) }()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown after Close: %v", err)
		}
		if err := <-s.served; !errors.Is(err, server.ErrServerClosed) {
			t.Errorf("Serve: %v", err)
		}
	})
	return s
}

// toyClient is a connection to a toyServer.
type toyClient struct {
	net.Conn
	t  testing.TB
	br *bufio.Reader
}

func (s *toyServer) dial() *toyClient {
	s.t.Helper()
	return dial(s.t, s.addr)
}

func dial(t testing.TB, addr net.Addr) *toyClient {
	t.Helper()
	conn, err := net.Dial(addr.Network(), addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &toyClient{conn, t, bufio.NewReader(conn)}
}

func (c *toyClient) send(s string) {
	c.t.Helper()
	if _, err := io.WriteString(c, s); err != nil {
		c.t.Fatal(err)
	}
}

// receive returns the next response: its first line, and its body. ended tells
// whether it came to its proper end.
func (c *toyClient) receive() (head, body string, ended bool) {
	c.t.Helper()
	head, err := c.br.ReadString('\n')
	if err != nil {
		c.t.Fatalf("no response: %q, %v", head, err)
	}
	for {
		line, err := c.br.ReadString('\n')
		if line == ".\n" || err != nil {
			return strings.TrimSuffix(head, "\n"), body, err == nil
		}
		var n int
		if _, err := fmt.Sscanf(line, "+%d\n", &n); err != nil {
			c.t.Fatalf("line %q: %v", line, err)
		}
		piece := make([]byte, n)
		if _, err := io.ReadFull(c.br, piece); err != nil {
			return head, body, false
		}
		body += string(piece)
	}
}

// expect receives a whole response.
func (c *toyClient) expect(head, body string) {
	c.t.Helper()
	gotHead, gotBody, ended := c.receive()
	if gotHead != head || gotBody != body || !ended {
		c.t.Errorf("got %.200q, body of %d bytes %.80q, ended %v; want %q, %d bytes %.80q",
			gotHead, len(gotBody), gotBody, ended, head, len(body), body)
	}
}

// expectEnd waits for the end of the connection.
func (c *toyClient) expectEnd() {
	c.t.Helper()
	rest, err := io.ReadAll(c.br)
	if len(rest) > 0 || err != nil {
		c.t.Errorf("got %q, %v instead of the end of the connection", rest, err)
	}
}
