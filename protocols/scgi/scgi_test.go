package scgi_test

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
	"github.com/gwbench/gwbench/protocols/scgi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start serves h on a loopback port until the test ends.
func start(t testing.TB, h http.Handler) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := scgi.NewServer(h)
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
	tests := []struct{ name, sent, want string }{
		{
			"the specification's example",
			"70:" + "CONTENT_LENGTH\x0027\x00" + "SCGI\x001\x00" + "REQUEST_METHOD\x00POST\x00" + "REQUEST_URI\x00/deepthought\x00" + "," +
				"What is the answer to life?",
			"Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 47\r\n\r\nPOST /deepthought \"What is the answer to life?\"",
		},
		{
			"no body",
			"55:" + "CONTENT_LENGTH\x000\x00" + "REQUEST_METHOD\x00GET\x00" + "PATH_INFO\x00/\x00" + "SCGI\x001\x00" + ",",
			"Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\nGET / \"\"",
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
	var many string // 410 bytes
	for i := range 70 {
		many += fmt.Sprintf("V%d\x00y\x00", i)
	}
	const start = "CONTENT_LENGTH\x000\x00SCGI\x001\x00" // 24 bytes
	tests := []struct{ name, sent, want string }{
		{"no length", ":,", "byte ':' where the header's length should be"},
		{"HTTP", "GET / HTTP/1.1\r\n\r\n", "byte 'G' where the header's length should be"},
		{"negative length", "-1:,", "byte '-' where the header's length should be"},
		{"leading zero", "024:" + start + ",", "the header's length starts with 0"},
		{"empty header", "0:,", "the header is empty"},
		{"no comma", "24:" + start + ";", "byte ';' where the comma behind the header should be"},
		{"no NUL at the end", "26:" + start + "A\x00,", "the header does not end in NUL"},
		{"value without NUL", "27:" + start + "A\x00B,", "the header does not end in NUL"},
		{"no name", "27:" + start + "\x00B\x00,", "a variable without a name at byte 24 of the header"},
		{"CONTENT_LENGTH not first", "24:SCGI\x001\x00CONTENT_LENGTH\x000\x00,", `the first variable is "SCGI", not CONTENT_LENGTH`},
		{"CONTENT_LENGTH empty", "23:CONTENT_LENGTH\x00\x00SCGI\x001\x00,", "not CONTENT_LENGTH with a value"},
		{"no SCGI", "17:CONTENT_LENGTH\x000\x00,", `the variable SCGI is "", not 1`},
		{"SCGI 2", "24:CONTENT_LENGTH\x000\x00SCGI\x002\x00,", `the variable SCGI is "2", not 1`},
		{"twice", "32:" + start + "A\x001\x00A\x001\x00,", `the variable "A" comes twice`},
		{"twice among many", "439:" + start + many + "V7\x001\x00,", `the variable "V7" comes twice`},
		{"bad CONTENT_LENGTH", "42:CONTENT_LENGTH\x00+1\x00SCGI\x001\x00REQUEST_METHOD\x00A\x00,", `malformed CONTENT_LENGTH "+1"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := exchange(t, address, test.sent)
			if !strings.HasPrefix(got, "Status: 400 Bad Request\r\n") || !strings.Contains(got, test.want) {
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
	for _, sent := range []string{"2", "24:", "24:CONTENT_LENGTH\x000\x00", "9000:CONTENT_LENGTH\x000\x00"} {
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
	codec := scgi.NewCodec(g)
	r := httptest.NewRequest("GET", "http://example.com/x", nil)
	got, err := codec.AppendHead([]byte("before"), r, 0)
	if err != nil {
		t.Fatal(err)
	}
	size, header, _ := strings.Cut(string(got), ":")
	if want := fmt.Sprintf("before%d", len(header)-1); size != want || !strings.HasSuffix(header, "\x00,") {
		t.Errorf("got %q of %d bytes", got, len(header)-1)
	}
	const first = "CONTENT_LENGTH\x000\x00SCGI\x001\x00REQUEST_METHOD\x00GET\x00"
	if !strings.HasPrefix(header, first) {
		t.Errorf("header starts %q", header[:len(first)])
	}
}

// Only the protocol says which version of SCGI it is.
func TestClientExtraSCGI(t *testing.T) {
	codec := scgi.NewCodec(&cgi.Gateway{Extra: []cgi.Var{{Name: "SCGI", Value: "2"}}})
	got, err := codec.AppendHead(nil, httptest.NewRequest("GET", "http://h/", nil), 0)
	if err != nil || strings.Count(string(got), "SCGI\x00") != 1 || !strings.Contains(string(got), "\x00SCGI\x001\x00") {
		t.Fatalf("got %q, %v", got, err)
	}
	size, header, _ := strings.Cut(string(got), ":")
	if want := fmt.Sprint(len(header) - 1); size != want {
		t.Errorf("size %s, want %s", size, want)
	}
}

func TestClientLimit(t *testing.T) {
	codec := scgi.NewCodec(&cgi.Gateway{})
	r := httptest.NewRequest("GET", "http://example.com/", nil)
	r.Header.Set("X-Long", strings.Repeat("a", scgi.MaxHeader))
	_, err := codec.AppendHead(nil, r, 0)
	var limit *cgi.LimitError
	if !errors.As(err, &limit) || limit.Limit != scgi.MaxHeader || limit.Size <= scgi.MaxHeader {
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
			codec := scgi.NewCodec(&cgi.Gateway{})
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
		codec := scgi.NewCodec(&cgi.Gateway{})
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
