package httpwire

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/gwbench/gwbench/protocols/cgi"
)

func newRequest(t testing.TB, method, target string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAppendRequest(t *testing.T) {
	with := func(r *http.Request, edit func(*http.Request)) *http.Request {
		edit(r)
		return r
	}
	for _, tc := range []struct {
		name      string
		keepAlive bool
		request   *http.Request
		length    int64
		body      []string
		want      string
	}{
		{"plain", true, newRequest(t, "GET", "http://h/p?q=1"), 0, nil, "GET /p?q=1 HTTP/1.1\r\nHost: h\r\n\r\n"},
		{"close", false, newRequest(t, "GET", "http://h:8000"), 0, nil, "GET / HTTP/1.1\r\nHost: h:8000\r\nConnection: close\r\n\r\n"},
		{"Request.Close", true, with(newRequest(t, "GET", "http://h"), func(r *http.Request) { r.Close = true }), 0, nil, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"},
		{"no method, no host", true, &http.Request{URL: &url.URL{Path: "/"}}, 0, nil, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"},
		{"escaped path", true, newRequest(t, "GET", "http://h/a%20b%2Fc/%C3%BC?"), 0, nil, "GET /a%20b%2Fc/%C3%BC? HTTP/1.1\r\nHost: h\r\n\r\n"},
		{"opaque", true, &http.Request{URL: &url.URL{Scheme: "http", Opaque: "//h/%2f"}, Host: "h"}, 0, nil, "GET http://h/%2f HTTP/1.1\r\nHost: h\r\n\r\n"},
		{"zone", true, newRequest(t, "GET", "http://[fe80::1%25lo]:80/"), 0, nil, "GET / HTTP/1.1\r\nHost: [fe80::1]:80\r\n\r\n"},
		{"fields in order, without the connection's", true, with(newRequest(t, "GET", "http://h/"), func(r *http.Request) {
			r.Header = http.Header{
				"User-Agent": {"x"}, "X-B": {"1", "2"}, "A": {""}, "Connection": {"upgrade"}, "Te": {"trailers"}, "Host": {"other"},
				"Content-Length": {"9"}, "Transfer-Encoding": {"gzip"}, "Keep-Alive": {"1"}, "Trailer": {"T"}, "Upgrade": {"h2c"}, "proxy-connection": {"close"},
			}
		}), 0, nil, "GET / HTTP/1.1\r\nHost: h\r\nA: \r\nUser-Agent: x\r\nX-B: 1\r\nX-B: 2\r\n\r\n"},
		{"body", true, newRequest(t, "GET", "http://h/"), 5, []string{"he", "llo"}, "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"},
		{"empty body", true, newRequest(t, "POST", "http://h/"), 0, nil, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"},
		{"unknown length", true, newRequest(t, "POST", "http://h/"), -1, []string{"hello, world, hi", "!"}, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhello, world, hi\r\n1\r\n!\r\n0\r\n\r\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := NewCodec(tc.keepAlive)
			got, err := c.AppendHead([]byte("before"), tc.request, tc.length)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range tc.body {
				got = c.AppendBody(got, []byte(p))
			}
			if diff := cmp.Diff("before"+tc.want, string(c.AppendEnd(got))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAppendRequestRefuses(t *testing.T) {
	u := &url.URL{Scheme: "http", Host: "h", Path: "/"}
	for name, r := range map[string]*http.Request{
		"method":      {Method: "GET /x", URL: u},
		"query":       {URL: &url.URL{Host: "h", Path: "/", RawQuery: "a b"}},
		"line break":  {URL: &url.URL{Host: "h", Path: "/", RawQuery: "a\r\nX: y"}},
		"opaque":      {URL: &url.URL{Host: "h", Opaque: "/\r\n"}},
		"host":        {URL: u, Host: "h\r\nX: y"},
		"field name":  {URL: u, Header: http.Header{"X: y\r\nZ": {""}}},
		"field value": {URL: u, Header: http.Header{"X": {"y\r\nZ: 1"}}},
	} {
		got, err := NewCodec(true).AppendHead([]byte("before"), r, 0)
		if err == nil || string(got) != "before" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestReadResponse(t *testing.T) {
	for _, tc := range []struct {
		name, method, wire string
		status             int
		body               string
		err                error
		reusable           bool
	}{
		{"length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", nil, true},
		{"interim", "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", nil, true},
		{"empty", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", nil, true},
		{"close said", "GET", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", nil, false},
		{"by close", "GET", "HTTP/1.1 200 OK\r\n\r\nhello", 200, "hello", nil, false},
		{"HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", nil, false},
		{"HTTP/1.0 keep-alive", "GET", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", nil, true},
		{"chunked", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\"y\"\r\nhel\r\n02\r\nlo\r\n0\r\nTrailer: x\r\nT: y\r\n\r\n", 200, "hello", nil, true},
		{"HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, "", nil, true},
		{"204", "GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", nil, true},
		{"304", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, "", nil, true},
		{"101", "GET", "HTTP/1.1 101 Switching Protocols\r\n\r\n", 101, "", nil, false},
		{"short", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", 200, "hel", io.ErrUnexpectedEOF, false},
		{"chunk cut off", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", 200, "hel", io.ErrUnexpectedEOF, false},
		{"last chunk missing", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n", 200, "hel", io.ErrUnexpectedEOF, false},
	} {
		for how, wrap := range map[string]func(io.Reader) io.Reader{
			"whole":   func(r io.Reader) io.Reader { return r },
			"dribble": iotest.OneByteReader,
			"eof":     iotest.DataErrReader,
		} {
			t.Run(tc.name+"/"+how, func(t *testing.T) {
				c := NewCodec(true)
				var head cgi.Head
				if err := c.ReadHead(bufio.NewReader(wrap(strings.NewReader(tc.wire))), tc.method, &head); err != nil {
					t.Fatal(err)
				}
				var body bytes.Buffer
				_, err := body.ReadFrom(onlyReader{c})
				if head.Status != tc.status || body.String() != tc.body || err != tc.err || c.Reusable() != tc.reusable {
					t.Errorf("status %d, body %q, %v, Reusable %v", head.Status, body.String(), err, c.Reusable())
				}
				if NewCodec(false).Reusable() {
					t.Error("reusable without keep-alive")
				}
			})
		}
	}
}

// FuzzReadResponse holds that an answer is the same however it arrives.
func FuzzReadResponse(f *testing.F) {
	f.Add("GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
	f.Add("GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
	f.Add("HEAD", "HTTP/1.0 200 OK\nX: y\n\n")
	f.Fuzz(func(t *testing.T, method, wire string) {
		read := func(r io.Reader) (status int, body string, ok, reusable bool) {
			c := NewCodec(true)
			var head cgi.Head
			if err := c.ReadHead(bufio.NewReader(r), method, &head); err != nil {
				return 0, "", false, false
			}
			b, err := io.ReadAll(onlyReader{c})
			return head.Status, string(b), err == nil, c.Reusable()
		}
		status, body, ok, reusable := read(strings.NewReader(wire))
		status2, body2, ok2, reusable2 := read(iotest.OneByteReader(strings.NewReader(wire)))
		if status != status2 || body != body2 || ok != ok2 || reusable != reusable2 {
			t.Errorf("at once %d %q %v %v, byte by byte %d %q %v %v", status, body, ok, reusable, status2, body2, ok2, reusable2)
		}
		if reusable && !ok {
			t.Error("reusable after a broken answer")
		}
	})
}

type onlyReader struct{ io.Reader }

// TestEndComesWithTheLastBytes saves readers a call, and the Transport the
// time until it.
func TestEndComesWithTheLastBytes(t *testing.T) {
	for _, wire := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
	} {
		c := NewCodec(true)
		var head cgi.Head
		if err := c.ReadHead(bufio.NewReader(strings.NewReader(wire)), "GET", &head); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 10)
		if n, err := c.Read(buf); string(buf[:n]) != "hello" || err != io.EOF {
			t.Errorf("%q: %q, %v", wire, buf[:n], err)
		}
	}
}

func TestReadHeadEnds(t *testing.T) {
	var head cgi.Head
	if err := NewCodec(true).ReadHead(bufio.NewReader(strings.NewReader("")), "GET", &head); err != io.EOF {
		t.Errorf("nothing: %v, want io.EOF", err)
	}
	if err := NewCodec(true).ReadHead(bufio.NewReader(strings.NewReader("HTTP/1.1 20")), "GET", &head); err != io.ErrUnexpectedEOF {
		t.Errorf("part of a head: %v, want io.ErrUnexpectedEOF", err)
	}
	var syntax *cgi.SyntaxError
	if err := NewCodec(true).ReadHead(bufio.NewReader(strings.NewReader("Status: 200\r\n\r\n")), "GET", &head); !errors.As(err, &syntax) {
		t.Errorf("CGI: %v, want a *cgi.SyntaxError", err)
	}
}

// encodeDecode is a whole exchange of one client codec.
type encodeDecode struct {
	codec   *Codec
	request *http.Request
	out     []byte
	wire    *strings.Reader
	br      *bufio.Reader
	head    cgi.Head
	body    []byte
}

func newEncodeDecode(t testing.TB) *encodeDecode {
	r := newRequest(t, "POST", "http://127.0.0.1:8000/hello?name=web")
	r.Header = http.Header{"User-Agent": {"gwbench"}, "X-Request": {"1"}, "Content-Type": {"text/plain"}}
	wire := strings.NewReader("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nDate: Sun, 22 Nov 2026 08:00:00 GMT\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
	return &encodeDecode{codec: NewCodec(true), request: r, wire: wire, br: bufio.NewReader(wire), body: make([]byte, 100)}
}

func (e *encodeDecode) run(t testing.TB) {
	var err error
	if e.out, err = e.codec.AppendHead(e.out[:0], e.request, -1); err != nil {
		t.Fatal(err)
	}
	e.out = e.codec.AppendEnd(e.codec.AppendBody(e.out, e.body))
	if _, err := e.wire.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	e.br.Reset(e.wire)
	if err := e.codec.ReadHead(e.br, e.request.Method, &e.head); err != nil {
		t.Fatal(err)
	}
	if n, err := e.codec.Read(e.body); n != 5 || err != io.EOF {
		t.Fatalf("%d bytes, %v", n, err)
	}
}

func TestAllocatesNothing(t *testing.T) {
	e := newEncodeDecode(t)
	if n := testing.AllocsPerRun(100, func() { e.run(t) }); n != 0 {
		t.Errorf("%v allocations for an exchange, want none", n)
	}
}

func BenchmarkEncodeDecode(b *testing.B) {
	e := newEncodeDecode(b)
	b.ReportAllocs()
	for b.Loop() {
		e.run(b)
	}
}
