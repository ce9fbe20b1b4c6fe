package uwsgi_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/protocols/uwsgi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start serves h on a loopback port until the test ends.
func start(t testing.TB, h http.Handler) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := uwsgi.NewServer(h)
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

func TestServerBytes(t *testing.T) {
	address := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Connection", "upgrade, x-hop")
		w.Header().Set("X-Hop", "mine")
		fmt.Fprintf(w, "%s %s %q", r.Method, r.URL, body)
	}))
	const method = "\x0e\x00REQUEST_METHOD\x04\x00POST"
	const uri = "\x0b\x00REQUEST_URI\x06\x00/a?b=c"
	tests := []struct{ name, sent, want string }{
		{
			"HTTP/1.0 where SERVER_PROTOCOL is absent",
			"\x00\x2b\x00\x00" + method + uri,
			"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nPOST /a?b=c \"\"",
		},
		{
			"SERVER_PROTOCOL repeated",
			"\x00\x46\x00\x00" + method + uri + "\x0f\x00SERVER_PROTOCOL\x08\x00HTTP/1.1",
			"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nPOST /a?b=c \"\"",
		},
		{
			"body",
			"\x00\x3e\x00\x00" + method + uri + "\x0e\x00CONTENT_LENGTH\x01\x003" + "xyz",
			"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 17\r\n\r\nPOST /a?b=c \"xyz\"",
		},
		{
			"ping",
			"\x64\x00\x00\x00",
			"\x64\x00\x00\x01",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if d := cmp.Diff(test.want, exchange(t, address, test.sent)); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func TestServerRejects(t *testing.T) {
	address := start(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the handler was called")
	}))
	tests := []struct{ name, sent, want string }{
		{"PSGI", "\x05\x00\x00\x00", "modifier1 5 (PSGI) is not served here, only 0 (WSGI)"},
		{"unknown modifier", "\xc8\x00\x00\x00", "modifier1 200 is not served here"},
		{"no variables", "\x00\x00\x00\x00", "REQUEST_METHOD is missing"},
		{"key too long", "\x00\x04\x00\x00\x03\x00ab", "key length 3 reaches past the vars block"},
		{"value too long", "\x00\x08\x00\x00\x02\x00ab\xff\xffcd", "value length 65535 reaches past the vars block"},
		{"no value", "\x00\x04\x00\x00\x02\x00ab", "ends where the length of a value should be"},
		{"half a length", "\x00\x01\x00\x00\x02", "ends where the length of a key should be"},
		{"no key", "\x00\x04\x00\x00\x00\x00\x00\x00", "key of length 0 at byte 0"},
		{
			"bad CONTENT_LENGTH", "\x00\x2a\x00\x00\x0e\x00REQUEST_METHOD\x03\x00GET\x0e\x00CONTENT_LENGTH\x03\x00-10",
			`malformed CONTENT_LENGTH "-10"`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := exchange(t, address, test.sent)
			if !strings.HasPrefix(got, "HTTP/1.0 400 Bad Request\r\n") || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want a 400 with %q", got, test.want)
			}
		})
	}
}

// A connection that ends within a request gets no answer, and no handler.
func TestServerCutShort(t *testing.T) {
	address := start(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the handler was called")
	}))
	for _, sent := range []string{"\x00", "\x00\x02\x00\x00", "\x00\x10\x00\x00\x02\x00a"} {
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

func TestClientBytes(t *testing.T) {
	g := &cgi.Gateway{}
	codec := uwsgi.NewCodec(g)
	r := httptest.NewRequest("GET", "http://example.com/x", nil)
	got, err := codec.AppendHead([]byte("before"), r, 0)
	if err != nil {
		t.Fatal(err)
	}
	rest, ok := strings.CutPrefix(string(got), "before\x00")
	if !ok {
		t.Fatalf("got %q", got)
	}
	if size := int(rest[0]) | int(rest[1])<<8; size != len(rest)-3 || rest[2] != 0 {
		t.Errorf("size field says %d of %d bytes, modifier2 is %d", size, len(rest)-3, rest[2])
	}
	const first = "\x0e\x00CONTENT_LENGTH\x01\x000\x0e\x00REQUEST_METHOD\x03\x00GET"
	if !strings.HasPrefix(rest[3:], first) {
		t.Errorf("block starts %q", rest[3:3+len(first)])
	}
}

func TestClientLimit(t *testing.T) {
	codec := uwsgi.NewCodec(&cgi.Gateway{})
	r := httptest.NewRequest("GET", "http://example.com/", nil)
	r.Header.Set("X-Long", strings.Repeat("a", uwsgi.MaxVars))
	_, err := codec.AppendHead(nil, r, 0)
	var limit *cgi.LimitError
	if !errors.As(err, &limit) || limit.Limit != uwsgi.MaxVars || limit.Size <= uwsgi.MaxVars {
		t.Errorf("got %v", err)
	}
}

func TestClientReads(t *testing.T) {
	tests := []struct {
		name, method, bytes string
		status              int
		body                string
		err                 error
	}{
		{"HTTP", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", nil},
		{"CGI", "GET", "Status: 404 Not Found\nContent-Type: text/plain\n\nno", 404, "no", nil},
		{"until the end", "GET", "HTTP/1.0 200 OK\r\n\r\nall of it", 200, "all of it", nil},
		{"cut short", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nhalf", 200, "half", io.ErrUnexpectedEOF},
		{"more than announced", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi!", 200, "hi", nil},
		{"HEAD", "HEAD", "HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\n", 200, "", nil},
		{"304", "GET", "HTTP/1.0 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			codec := uwsgi.NewCodec(&cgi.Gateway{})
			var head cgi.Head
			br := bufio.NewReader(iotest.OneByteReader(strings.NewReader(test.bytes)))
			if err := codec.ReadHead(br, test.method, &head); err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(codec)
			if head.Status != test.status || string(body) != test.body || !errors.Is(err, test.err) {
				t.Errorf("got %d, %q, %v", head.Status, body, err)
			}
			if codec.Reusable() {
				t.Error("reusable")
			}
		})
	}
}

// What the client's codec sends over a connection reaches the handler, and
// back.
func TestRoundTrip(t *testing.T) {
	type message struct {
		Method, Path, Query, Host string
		Header                    http.Header
		Body                      string
	}
	requests := make(chan message, 1)
	responses := make(chan message, 1)
	address := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		requests <- message{r.Method, r.URL.Path, r.URL.RawQuery, r.Host, r.Header, string(body)}
		answer := <-responses
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Type", "x")
		if _, err := io.WriteString(w, answer.Body); err != nil {
			t.Error(err)
		}
	}))
	random := rand.New(rand.NewPCG(1, 2))
	long := make([]byte, 300<<10)
	for i := range long {
		long[i] = byte(random.Uint32())
	}
	drawBody := func(t *rapid.T, label string) string {
		n := rapid.OneOf(rapid.IntRange(0, 100), rapid.IntRange(0, len(long))).Draw(t, label)
		return string(long[:n])
	}
	drawHeader := func(t *rapid.T, label string) http.Header {
		value := rapid.StringMatching(`[!-~]([ -~]{0,20}[!-~])?`)
		h := http.Header{}
		for name, v := range rapid.MapOfN(rapid.StringMatching(`X-[A-Z][a-z0-9]{0,10}`), value, 0, 5).Draw(t, label) {
			h[name] = []string{v}
		}
		return h
	}
	rapid.Check(t, func(rt *rapid.T) {
		sent := message{
			Method: rapid.SampledFrom([]string{"GET", "POST", "PUT", "X-OWN"}).Draw(rt, "method"),
			Path:   "/" + rapid.StringMatching(`[ -~]{0,30}`).Draw(rt, "path"),
			Query:  rapid.StringMatching(`([a-z]=[a-z%2F]{0,5}&?){0,4}`).Draw(rt, "query"),
			Host:   "example.com:8000",
			Header: drawHeader(rt, "header"),
			Body:   drawBody(rt, "body"),
		}
		answer := message{Header: drawHeader(rt, "answer's header"), Body: drawBody(rt, "answer's body")}
		responses <- answer

		r := httptest.NewRequest(sent.Method, "http://example.com:8000/", nil)
		r.URL.Path, r.URL.RawQuery, r.Header = sent.Path, sent.Query, sent.Header
		codec := uwsgi.NewCodec(&cgi.Gateway{})
		out, err := codec.AppendHead(nil, r, int64(len(sent.Body)))
		if err != nil {
			rt.Fatal(err)
		}
		if sent.Body != "" {
			out = codec.AppendBody(out, []byte(sent.Body))
		}
		out = codec.AppendEnd(out)
		conn := dial(t, address)
		defer conn.Close()
		if _, err := conn.Write(out); err != nil {
			rt.Fatal(err)
		}
		var head cgi.Head
		if err := codec.ReadHead(bufio.NewReader(conn), sent.Method, &head); err != nil {
			rt.Fatal(err)
		}
		body, err := io.ReadAll(codec)
		if err != nil {
			rt.Fatal(err)
		}
		if d := cmp.Diff(sent, <-requests); d != "" {
			rt.Fatalf("request -sent +received\n%s", d)
		}
		header := head.Header()
		header.Del("Content-Type")
		header.Del("Content-Length")
		if d := cmp.Diff(answer, message{Header: header, Body: string(body)}); d != "" {
			rt.Fatalf("response -sent +received\n%s", d)
		}
	})
}
