package httpwire

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// readRequest has a codec read a request without a connection.
func readRequest(t testing.TB, wire string) (*serverCodec, *http.Request) {
	t.Helper()
	c := newServerCodec(nil)
	r, err := c.ReadRequest(bufio.NewReader(strings.NewReader(wire)))
	if err != nil {
		t.Fatal(err)
	}
	return c, r
}

func TestAppendResponse(t *testing.T) {
	const (
		get   = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
		old   = "GET / HTTP/1.0\r\n\r\n"
		old11 = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
		date  = "Date: x\r\n"
	)
	for _, tc := range []struct {
		name, request string
		status        int
		header        http.Header
		length        int64
		body          []string
		want          string
		keepAlive     bool
	}{
		{"length", get, 200, nil, 2, []string{"ok"}, "HTTP/1.1 200 OK\r\n" + date + "Content-Length: 2\r\n\r\nok", true},
		{"empty", get, 404, nil, 0, nil, "HTTP/1.1 404 Not Found\r\n" + date + "Content-Length: 0\r\n\r\n", true},
		{"unknown status", get, 799, nil, 0, nil, "HTTP/1.1 799 \r\n" + date + "Content-Length: 0\r\n\r\n", true},
		{"unknown length", get, 200, nil, -1, []string{"hello, world, hi", "!"}, "HTTP/1.1 200 OK\r\n" + date + "Transfer-Encoding: chunked\r\n\r\n10\r\nhello, world, hi\r\n1\r\n!\r\n0\r\n\r\n", true},
		{"unknown length, HTTP/1.0", old11, 200, nil, -1, []string{"a", "b"}, "HTTP/1.0 200 OK\r\n" + date + "Connection: close\r\n\r\nab", false},
		{"HTTP/1.0", old, 200, nil, 2, []string{"ok"}, "HTTP/1.0 200 OK\r\n" + date + "Content-Length: 2\r\nConnection: close\r\n\r\nok", false},
		{"HTTP/1.0 keep-alive", old11, 200, nil, 2, []string{"ok"}, "HTTP/1.0 200 OK\r\n" + date + "Content-Length: 2\r\nConnection: keep-alive\r\n\r\nok", true},
		{"client closes", "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", 200, nil, 0, nil, "HTTP/1.1 200 OK\r\n" + date + "Content-Length: 0\r\nConnection: close\r\n\r\n", false},
		{"handler closes", get, 200, http.Header{"Connection": {"x, close"}}, 0, nil, "HTTP/1.1 200 OK\r\n" + date + "Content-Length: 0\r\nConnection: close\r\n\r\n", false},
		{"204", get, 204, nil, -1, nil, "HTTP/1.1 204 No Content\r\n" + date + "\r\n", true},
		{"304", get, 304, http.Header{"Etag": {`"x"`}}, -1, nil, "HTTP/1.1 304 Not Modified\r\n" + date + "Etag: \"x\"\r\n\r\n", true},
		{"HEAD", "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", 200, nil, 5, nil, "HTTP/1.1 200 OK\r\n" + date + "Content-Length: 5\r\n\r\n", true},
		{"HEAD of unknown length", "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, nil, -1, nil, "HTTP/1.0 200 OK\r\n" + date + "Connection: keep-alive\r\n\r\n", true},
		{
			"fields", get, 200,
			http.Header{"X-B": {"1", "2"}, "X-A": {"a\r\nX: b\x00"}, "Bad Name": {"x"}, "Transfer-Encoding": {"gzip"}, "Upgrade": {"x"}},
			0, nil, "HTTP/1.1 200 OK\r\n" + date + "X-A: a  X: b \r\nX-B: 1\r\nX-B: 2\r\nContent-Length: 0\r\n\r\n", true,
		},
		{"held back", "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", 403, nil, 0, nil, "HTTP/1.1 403 Forbidden\r\n" + date + "Content-Length: 0\r\nConnection: close\r\n\r\n", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, _ := readRequest(t, tc.request)
			header := http.Header{"Date": {"x"}}
			for name, values := range tc.header {
				header[name] = values
			}
			got := c.AppendHead(nil, tc.status, header, tc.length)
			for _, p := range tc.body {
				got = c.AppendBody(got, []byte(p))
			}
			got = c.AppendEnd(got)
			if diff := cmp.Diff(tc.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if c.KeepAlive() != tc.keepAlive {
				t.Errorf("KeepAlive %v", c.KeepAlive())
			}
		})
	}
}

func TestDate(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		at   time.Time
		want string
	}{
		{at, "Date: Sun, 22 Nov 2026 08:00:00 GMT\r\n"},
		{at.Add(999 * time.Millisecond), "Date: Sun, 22 Nov 2026 08:00:00 GMT\r\n"},
		{at.Add(time.Second).In(time.FixedZone("x", 3600)), "Date: Sun, 22 Nov 2026 08:00:01 GMT\r\n"},
		{at, "Date: Sun, 22 Nov 2026 08:00:00 GMT\r\n"},
	} {
		if got := string(appendDate(nil, tc.at)); got != tc.want {
			t.Errorf("%v: %q, want %q", tc.at, got, tc.want)
		}
	}
}

func TestRequestBody(t *testing.T) {
	for wire, want := range map[string]struct {
		body string
		err  error
	}{
		"Content-Length: 5\r\n\r\nhellorest":                         {"hello", nil},
		"Content-Length: 5\r\n\r\nhel":                               {"hel", io.ErrUnexpectedEOF},
		"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nx": {"hello", nil},
		"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n":           {"hello", io.ErrUnexpectedEOF},
		"X: y\r\n\r\nrest":                                           {"", nil},
		"Content-Length: 0\r\n\r\nrest":                              {"", nil},
	} {
		_, r := readRequest(t, "POST / HTTP/1.1\r\nHost: h\r\n"+wire)
		body, err := io.ReadAll(r.Body)
		if string(body) != want.body || err != want.err {
			t.Errorf("%q: %q, %v", wire, body, err)
		}
	}
}

// TestRejectedConnection sees to it that a client learns why.
func TestRejectedConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := NewServer(http.NotFoundHandler())
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	defer func() { srv.Close(); <-done }()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "GET / HTTP/1.1\r\nHost: h\r\n\r\nPOST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
	br := bufio.NewReader(c)
	for _, want := range []int{404, 400} {
		resp, err := http.ReadResponse(br, nil)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		if resp.StatusCode != want {
			t.Errorf("status %d, want %d", resp.StatusCode, want)
		}
	}
	if _, err := br.ReadByte(); err != io.EOF {
		t.Errorf("after a refused request: %v, want EOF", err)
	}
}

var benchmarkHello = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	io.WriteString(w, "<h1>Hello, web!</h1>")
})

// BenchmarkServer answers keep-alive requests of a client that costs next to
// nothing, and reports the CPU time of both together; net/http's server does
// the same for comparison.
func BenchmarkServer(b *testing.B) {
	for _, tc := range []struct {
		name  string
		serve func(l net.Listener) io.Closer
	}{
		{"httpwire", func(l net.Listener) io.Closer {
			srv := NewServer(benchmarkHello)
			go srv.Serve(l)
			return srv
		}},
		{"net-http", func(l net.Listener) io.Closer {
			srv := &http.Server{Handler: benchmarkHello}
			go srv.Serve(l)
			return srv
		}},
	} {
		b.Run(tc.name, func(b *testing.B) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			defer tc.serve(l).Close()
			ping(b, l.Addr().String(), 1)
			start := cpuTime(b)
			b.ReportAllocs()
			b.ResetTimer()
			ping(b, l.Addr().String(), b.N)
			b.ReportMetric(float64(cpuTime(b)-start)/float64(b.N), "cpu-ns/op")
		})
	}
}

// ping sends n requests over a few raw connections.
func ping(b *testing.B, address string, n int) {
	request := []byte("GET / HTTP/1.1\r\nHost: " + address + "\r\nUser-Agent: gwbench\r\n\r\n")
	var wg sync.WaitGroup
	conns := min(4, n)
	for i := range conns {
		wg.Go(func() {
			c, err := net.Dial("tcp", address)
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			buf := make([]byte, 4096)
			for range n/conns + min(1, max(0, n%conns-i)) {
				if _, err := c.Write(request); err != nil {
					b.Error(err)
					return
				}
				m, err := c.Read(buf)
				if err != nil || !bytes.HasSuffix(buf[:m], []byte("</h1>")) {
					b.Error(fmt.Errorf("%q, %v", buf[:m], err))
					return
				}
			}
		})
	}
	wg.Wait()
}

// cpuTime is the CPU time of this process so far, in nanoseconds.
func cpuTime(b *testing.B) int64 {
	runtime.GC() // what was allocated is paid for by whoever did it
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
