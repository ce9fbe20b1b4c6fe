// Package codectest holds the tests that uwsgi and SCGI have in common: they
// carry the same variables, bodies and responses and differ in the bytes
// around them, which each tests with vectors of its own. A test there calls the
// function of its name here.
package codectest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/protocols/server"
)

type (
	newServer = func(h http.Handler) *server.Server
	newCodec  = func(g *cgi.Gateway) *cgi.ClientCodec
)

// Vectors are what a client sends, and what comes back.
type Vectors = []struct{ Name, Sent, Want string }

// start serves h on a loopback port until the test ends.
func start(t testing.TB, newServer newServer, h http.Handler) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(h)
	s.Log = slog.New(slog.DiscardHandler)
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("Serve: %v", err)
		}
	})
	return l.Addr().String()
}

func dial(t testing.TB, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// exchange sends raw bytes and returns everything that comes back.
func exchange(t *testing.T, address, raw string) string {
	t.Helper()
	conn := dial(t, address)
	if _, err := io.WriteString(conn, raw); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// ServerBytes holds the server to the vectors. Its handler answers with the
// request's method, URL and quoted body as text/plain, and with hop-by-hop
// fields that must not come through.
func ServerBytes(t *testing.T, newServer newServer, vectors Vectors) {
	address := start(t, newServer, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Connection", "upgrade, x-hop")
		w.Header().Set("X-Hop", "mine")
		fmt.Fprintf(w, "%s %s %q", r.Method, r.URL, body)
	}))
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			if d := cmp.Diff(v.Want, exchange(t, address, v.Sent)); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

// ServerRejects holds the server to answer each vector with a 400 whose first
// line is status and which contains what the vector wants, and to call no
// handler.
func ServerRejects(t *testing.T, newServer newServer, status string, vectors Vectors) {
	address := start(t, newServer, uncalled(t))
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			got := exchange(t, address, v.Sent)
			if !strings.HasPrefix(got, status+"\r\n") || !strings.Contains(got, v.Want) {
				t.Errorf("got %q, want a 400 with %q", got, v.Want)
			}
		})
	}
}

// ServerCutShort holds the server to: a connection that ends within a request
// gets no answer, and no handler.
func ServerCutShort(t *testing.T, newServer newServer, requests ...string) {
	address := start(t, newServer, uncalled(t))
	for _, sent := range requests {
		conn := dial(t, address)
		if _, err := io.WriteString(conn, sent); err != nil {
			t.Fatal(err)
		}
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(conn); len(got) > 0 || err != nil {
			t.Errorf("after %q: %q, %v", sent, got, err)
		}
	}
}

func uncalled(t *testing.T) http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the handler was called")
	})
}

// ReadRequest holds the server's codec to: no panic, a documented error or a
// whole request, and the same whatever the reads bring. The body of the request
// that it returns has been read.
func ReadRequest(t *testing.T, newCodec func() server.Codec, input string) (*http.Request, error) {
	t.Helper()
	read := func(br *bufio.Reader) (*http.Request, []byte, error) {
		r, err := newCodec().ReadRequest(br)
		if err != nil {
			return nil, nil, err
		}
		body, err := io.ReadAll(r.Body)
		return r, body, err
	}
	r, body, err := read(bufio.NewReader(strings.NewReader(input)))
	_, again, errAgain := read(bufio.NewReaderSize(iotest.OneByteReader(strings.NewReader(input)), 16))
	if (err == nil) != (errAgain == nil) || !bytes.Equal(body, again) {
		t.Fatalf("%q, %v, in small pieces %q, %v", body, err, again, errAgain)
	}
	var syntax *cgi.SyntaxError
	var limit *cgi.LimitError
	switch {
	case err == nil:
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &syntax), errors.As(err, &limit):
		return nil, err
	default:
		t.Fatal(err)
	}
	if int64(len(body)) != r.ContentLength {
		t.Errorf("body of %d bytes, announced %d", len(body), r.ContentLength)
	}
	return r, nil
}
