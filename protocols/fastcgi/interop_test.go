package fastcgi

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/fcgi"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// timeout bounds what should take milliseconds.
const timeout = 20 * time.Second

// exchange sends one request over an open connection and reads the answer. A
// long body is sent while the answer is read.
func exchange(conn net.Conn, br *bufio.Reader, c *Codec, r *http.Request, body []byte) (answer, error) {
	wire, err := c.AppendHead(nil, r, int64(len(body)))
	if err != nil {
		return answer{}, err
	}
	sent := make(chan error, 1)
	go func() {
		wire = c.AppendBody(wire, body)
		_, err := conn.Write(c.AppendEnd(wire))
		sent <- err
	}()
	got, err := read(c, br, r.Method)
	return got, errors.Join(err, <-sent)
}

// dial opens a connection to l that ends with the test.
func dial(t testing.TB, l net.Listener) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial(l.Addr().Network(), l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(timeout)); err != nil {
		t.Fatal(err)
	}
	return conn, bufio.NewReader(conn)
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// serveOurs serves h until the test ends.
func serveOurs(t testing.TB, h http.Handler) net.Listener {
	t.Helper()
	l := listen(t)
	s := NewServer(h)
	s.Log = slog.New(slog.DiscardHandler)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("Serve returned %v, want http.ErrServerClosed", err)
		}
	})
	return l
}

// serveTheirs is serveOurs with net/http/fcgi, whose connections end with
// those of the clients.
func serveTheirs(t testing.TB, h http.Handler) net.Listener {
	t.Helper()
	l := listen(t)
	done := make(chan error, 1)
	go func() { done <- fcgi.Serve(l, h) }()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return l
}

var servers = map[string]func(testing.TB, http.Handler) net.Listener{"ours": serveOurs, "net/http/fcgi": serveTheirs}

// echo answers with what it was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", r.Method+" "+r.URL.RequestURI())
	w.WriteHeader(http.StatusAccepted)
	w.Write(body)
}

func newRequest(t testing.TB, method, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestClientAgainstServers(t *testing.T) {
	for name, serve := range servers {
		t.Run(name, func(t *testing.T) {
			conn, br := dial(t, serve(t, http.HandlerFunc(echo)))
			c := NewCodec(true, &cgi.Gateway{})
			// One after the other on one connection.
			for _, size := range []int{0, 1, 3, 4096, 65535, 65536, 1 << 20, 0, 5} {
				body := bytes.Repeat([]byte("0123456789"), size/10+1)[:size]
				got, err := exchange(conn, br, c, newRequest(t, "POST", "http://localhost/a?b=c"), body)
				if err != nil {
					t.Fatalf("%d bytes: %v", size, err)
				}
				if got.Status != http.StatusAccepted || got.Type != "POST /a?b=c" || !got.Reusable || got.Body != string(body) {
					t.Fatalf("%d bytes: status %d, type %q, reusable %v, body of %d bytes", size, got.Status, got.Type, got.Reusable, len(got.Body))
				}
			}
		})
	}
}

func TestClientWithoutKeepAlive(t *testing.T) {
	for name, serve := range servers {
		t.Run(name, func(t *testing.T) {
			conn, br := dial(t, serve(t, http.HandlerFunc(echo)))
			got, err := exchange(conn, br, NewCodec(false, &cgi.Gateway{}), newRequest(t, "POST", "http://localhost/"), []byte("x"))
			if err != nil || got.Body != "x" || got.Reusable {
				t.Fatalf("got %+v, %v", got, err)
			}
			if n, err := br.Read(make([]byte, 1)); err != io.EOF {
				t.Errorf("after the answer: %d bytes, %v, want the end of the connection", n, err)
			}
		})
	}
}

func TestHeadAndEmptyStatuses(t *testing.T) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/204" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "body")
	}
	for name, serve := range servers {
		t.Run(name, func(t *testing.T) {
			conn, br := dial(t, serve(t, http.HandlerFunc(handler)))
			c := NewCodec(true, &cgi.Gateway{})
			for _, tc := range []struct {
				method, url string
				want        answer
			}{
				{"HEAD", "http://localhost/", answer{Status: 200, Type: "text/plain", Reusable: true}},
				{"GET", "http://localhost/204", answer{Status: 204, Reusable: true}},
				{"GET", "http://localhost/", answer{Status: 200, Type: "text/plain", Body: "body", Reusable: true}},
			} {
				got, err := exchange(conn, br, c, newRequest(t, tc.method, tc.url), nil)
				if tc.want.Status == 204 {
					got.Type = "" // net/http/fcgi makes one up
				}
				if diff := cmp.Diff(tc.want, got); diff != "" || err != nil {
					t.Errorf("%s %s: %v (-want +got):\n%s", tc.method, tc.url, err, diff)
				}
			}
		})
	}
}

// A handler that breaks off shows as an early end.
func TestBrokenOffResponseIsAnError(t *testing.T) {
	conn, br := dial(t, serveOurs(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write(make([]byte, 100_000))
		panic(http.ErrAbortHandler)
	})))
	_, err := exchange(conn, br, NewCodec(true, &cgi.Gateway{}), newRequest(t, "GET", "http://localhost/"), nil)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v, want io.ErrUnexpectedEOF", err)
	}
}

func TestEnvironAndLargeParams(t *testing.T) {
	value := strings.Repeat("v", 100_000) // straddles PARAMS records
	conn, br := dial(t, serveOurs(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, cgi.Environ(r)["APP_MODE"]+r.Header.Get("X-Long"))
	})))
	r := newRequest(t, "GET", "http://localhost/")
	r.Header.Set("X-Long", value)
	got, err := exchange(conn, br, NewCodec(true, &cgi.Gateway{Extra: []cgi.Var{{Name: "APP_MODE", Value: "test"}}}), r, nil)
	if err != nil || got.Body != "test"+value {
		t.Errorf("%d bytes, %v", len(got.Body), err)
	}
}

// counted counts what goes over a connection.
type counted struct {
	net.Conn
	writes *[]int
}

func (c counted) Write(p []byte) (int, error) {
	*c.writes = append(*c.writes, len(p))
	return c.Conn.Write(p)
}

type countingListener struct {
	net.Listener
	writes []int // sizes; of one connection at a time
}

func (l *countingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return counted{conn, &l.writes}, err
}

// A response that fits the buffer leaves in one Write, head and body in one
// record.
func TestSmallResponseIsOneWrite(t *testing.T) {
	l := &countingListener{Listener: listen(t)}
	s := NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<h1>Hello, web!</h1>") }))
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()

	conn, _ := dial(t, l)
	if _, err := io.WriteString(conn, beginResponder+record(4, 1, getPairs, 0)+paramsEnd+stdinEnd); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	want := record(6, 1, "Status: 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 20\r\n\r\n<h1>Hello, web!</h1>", 0) +
		stdoutEnd + endComplete
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	<-done
	if diff := cmp.Diff([]int{len(want)}, l.writes); diff != "" {
		t.Errorf("sizes of the writes (-want +got):\n%s", diff)
	}
}

// A web server that asks first and then sends two requests, one of them on an
// id of its own, as HAProxy and mod_fcgid do.
func TestServeTheSpecificationsClient(t *testing.T) {
	l := serveOurs(t, http.HandlerFunc(echo))
	conn, br := dial(t, l)
	steps := []struct{ send, want string }{
		{
			record(9, 0, "\x0f\x00FCGI_MPXS_CONNS", 0),
			record(10, 0, "\x0f\x01FCGI_MPXS_CONNS0", 0),
		},
		{
			beginKeepConn + record(4, 1, postPairs, 0) + paramsEnd + record(5, 1, form, 7) + stdinEnd,
			record(6, 1, "Status: 202 Accepted\r\nContent-Type: POST /p\r\nContent-Length: 25\r\n\r\n"+form, 0) + stdoutEnd + endComplete,
		},
		{
			record(1, 300, "\x00\x01\x01\x00\x00\x00\x00\x00", 0) + record(4, 300, getPairs, 0) + record(4, 300, "", 0) + record(5, 300, "", 0),
			record(6, 300, "Status: 202 Accepted\r\nContent-Type: GET /p\r\nContent-Length: 0\r\n\r\n", 0) + record(6, 300, "", 0) +
				record(3, 300, "\x00\x00\x00\x00\x00\x00\x00\x00", 0),
		},
		{
			record(1, 2, "\x00\x03\x01\x00\x00\x00\x00\x00", 0),
			record(3, 2, "\x00\x00\x00\x00\x03\x00\x00\x00", 0),
		},
		{
			beginKeepConn + paramsEnd,
			record(6, 1, "Status: 400 Bad Request\r\nContent-Length: 0\r\n\r\n", 0) + stdoutEnd + endComplete,
		},
	}
	for i, step := range steps {
		if _, err := io.WriteString(conn, step.send); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(step.want))
		if _, err := io.ReadFull(br, got); err != nil {
			t.Fatalf("step %d: %v after %q", i, err, got)
		}
		if diff := cmp.Diff(step.want, string(got)); diff != "" {
			t.Errorf("step %d (-want +got):\n%s", i, diff)
		}
	}
	if _, err := br.ReadByte(); err != io.EOF {
		t.Errorf("after the malformed request: %v, want the end of the connection", err)
	}
}

// ABORT_REQUEST within a body reaches the handler and is answered with
// END_REQUEST.
func TestAbortWithinBody(t *testing.T) {
	seen := make(chan error, 1)
	conn, br := dial(t, serveOurs(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		seen <- err
	})))
	if _, err := io.WriteString(conn, beginKeepConn+record(4, 1, postPairs, 0)+paramsEnd+record(5, 1, form[:5], 0)+record(2, 1, "", 0)); err != nil {
		t.Fatal(err)
	}
	if err := <-seen; !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "aborted") {
		t.Errorf("the handler saw %v", err)
	}
	if got, err := read(NewCodec(true, &cgi.Gateway{}), br, "GET"); err != nil || got.Status != 200 {
		t.Errorf("the web server saw %+v, %v", got, err)
	}
}

// A handler may write its response while another goroutine of it reads the
// request: the race detector watches.
func TestFullDuplex(t *testing.T) {
	conn, br := dial(t, serveOurs(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		done := make(chan error, 1)
		go func() {
			_, err := io.Copy(io.Discard, r.Body)
			done <- err
		}()
		for range 20 {
			w.Write(make([]byte, 20_000))
		}
		if err := <-done; err != nil {
			panic(http.ErrAbortHandler)
		}
	})))
	got, err := exchange(conn, br, NewCodec(true, &cgi.Gateway{}), newRequest(t, "POST", "http://localhost/"), make([]byte, 1<<20))
	if err != nil || len(got.Body) != 400_000 {
		t.Errorf("%d bytes, %v", len(got.Body), err)
	}
}
