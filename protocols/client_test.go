package protocols_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// TestRedirect follows redirects with an http.Client, where each URL decides.
func TestRedirect(t *testing.T) {
	for _, spec := range protocols.All() {
		t.Run(spec.Name, func(t *testing.T) {
			mux := http.NewServeMux()
			mux.Handle("/a", http.RedirectHandler("/b?q=1", http.StatusFound))
			mux.HandleFunc("/b", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%s at b, %s", r.Method, r.URL.RawQuery) })
			e := serve(t, link{spec, "tcp", true}, mux)
			tr := &protocols.Transport{KeepAlive: true}
			defer tr.CloseIdleConnections()
			client := &http.Client{Transport: tr, Timeout: 10 * time.Second}
			for range 2 {
				resp, err := client.Post(e.String()+"/a", "text/plain", strings.NewReader("body"))
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || string(body) != "GET at b, q=1" {
					t.Errorf("%q, %v", body, err)
				}
			}
		})
	}
}

// TestVegeta drives each protocol with vegeta, whose own fields must not
// arrive.
func TestVegeta(t *testing.T) {
	for _, spec := range protocols.All() {
		t.Run(spec.Name, func(t *testing.T) {
			l := link{spec, "unix", true}
			e := serve(t, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				for name := range r.Header {
					if strings.HasPrefix(name, "X-Vegeta") {
						w.WriteHeader(http.StatusBadRequest)
					}
				}
				io.Copy(w, r.Body)
			}))
			tr := transport(t, l, e)
			attacker := vegeta.NewAttacker(vegeta.Client(&http.Client{Transport: tr}), vegeta.Workers(2), vegeta.MaxWorkers(2))
			targeter := vegeta.NewStaticTargeter(vegeta.Target{Method: "POST", URL: e.URL(), Body: []byte("hello"), Header: http.Header{"X-Mine": {"1"}}})
			hits := 0 // vegeta leaves out what it is too late for
			for result := range attacker.Attack(targeter, vegeta.Rate{Freq: 1000, Per: time.Second}, 50*time.Millisecond, "name") {
				hits++
				if result.Error != "" || string(result.Body) != "hello" {
					t.Errorf("status %d, body %q, error %q", result.Code, result.Body, result.Error)
				}
			}
			if hits == 0 {
				t.Error("no hits")
			}
		})
	}
}

// TestOneWrite holds the Transport to one write for each request that fits.
func TestOneWrite(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		e := serve(t, l, application())
		tr := transport(t, l, e)
		writes := 0
		tr.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			var d net.Dialer
			c, err := d.DialContext(ctx, network, address)
			return &writeCounter{c, &writes}, err
		}
		for _, body := range []io.Reader{nil, strings.NewReader(strings.Repeat("x", 60_000)), io.LimitReader(strings.NewReader(strings.Repeat("x", 60_000)), 60_000)} {
			writes = 0
			r := newRequest(t, "POST", e.URL()+"echo", body)
			if body != nil {
				r.ContentLength = 60_000
			}
			fetch(t, tr, r)
			if writes != 1 {
				t.Errorf("%T: %d writes", body, writes)
			}
		}
	})
}

type writeCounter struct {
	net.Conn
	writes *int
}

func (c *writeCounter) Write(p []byte) (int, error) {
	*c.writes++
	return c.Conn.Write(p)
}

// canned is a connection in memory whose server gives the same answer to each
// request that is written.
type canned struct {
	net.Conn
	answer  []byte
	pending []byte
}

func (c *canned) Write(p []byte) (int, error) {
	c.pending = c.answer
	return len(p), nil
}

func (c *canned) Read(p []byte) (int, error) {
	if len(c.pending) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.pending)
	c.pending = c.pending[n:]
	return n, nil
}

// SyscallConn tells who looks that there is nothing left to look at, as where a
// server has closed its side.
func (c *canned) SyscallConn() (syscall.RawConn, error) { return nil, net.ErrClosed }

func (c *canned) Close() error                     { return nil }
func (c *canned) SetDeadline(time.Time) error      { return nil }
func (c *canned) SetReadDeadline(time.Time) error  { return nil }
func (c *canned) SetWriteDeadline(time.Time) error { return nil }

// cannedTransport answers every request with the hello that spec's own
// server would give, without a system call.
func cannedTransport(tb testing.TB, spec protocols.Spec) (*protocols.Transport, *http.Request) {
	tb.Helper()
	e := protocols.Endpoint{Protocol: spec.Name, Network: "tcp", Address: "127.0.0.1:1", Path: "/"}
	r := newRequest(tb, "GET", e.URL(), nil)
	client := spec.NewCodec(true, &cgi.Gateway{})
	request, err := client.AppendHead(nil, r, 0)
	if err != nil {
		tb.Fatal(err)
	}
	request = client.AppendEnd(request)
	codec := spec.NewServer(nil).NewCodec(&net.TCPConn{})
	if _, err := codec.ReadRequest(bufio.NewReader(strings.NewReader(string(request)))); err != nil {
		tb.Fatal(err)
	}
	header := http.Header{"Content-Type": {"text/html"}}
	body := []byte("<h1>Hello, web!</h1>")
	answer := codec.AppendEnd(codec.AppendBody(codec.AppendHead(nil, 200, header, int64(len(body))), body))
	return &protocols.Transport{
		Endpoint: &e, KeepAlive: true,
		Dial: func(context.Context, string, string) (net.Conn, error) { return &canned{answer: answer}, nil },
	}, r
}

// exchange does what vegeta does with a response.
func exchange(tb testing.TB, tr http.RoundTripper, r *http.Request, buf []byte) {
	resp, err := tr.RoundTrip(r)
	if err != nil {
		tb.Fatal(err)
	}
	n := 0
	for err == nil {
		var m int
		m, err = resp.Body.Read(buf[n:])
		n += m
	}
	resp.Body.Close()
	if err != io.EOF || n != len("<h1>Hello, web!</h1>") {
		tb.Fatalf("body %q, %v", buf[:n], err)
	}
}

func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes sync.Pool forget")
	}
	for _, spec := range protocols.All() {
		t.Run(spec.Name, func(t *testing.T) {
			tr, r := cannedTransport(t, spec)
			buf := make([]byte, 512)
			// The response, its header and its strings. A new connection costs
			// a little more.
			want := 7.0
			if !spec.KeepAlive {
				want = 9
			}
			if got := testing.AllocsPerRun(100, func() { exchange(t, tr, r, buf) }); got > want {
				t.Errorf("%v allocations for an exchange, want at most %v", got, want)
			}
		})
	}
}

// BenchmarkRoundTrip measures the Transport and a codec alone, over a
// connection in memory.
func BenchmarkRoundTrip(b *testing.B) {
	for _, spec := range protocols.All() {
		b.Run(spec.Name, func(b *testing.B) {
			tr, r := cannedTransport(b, spec)
			buf := make([]byte, 512)
			b.ReportAllocs()
			for b.Loop() {
				exchange(b, tr, r, buf)
			}
		})
	}
}

// BenchmarkTransport measures whole exchanges with our own servers.
func BenchmarkTransport(b *testing.B) {
	for _, l := range matrix() {
		b.Run(l.String(), func(b *testing.B) {
			e := serve(b, l, hello())
			tr := &protocols.Transport{Endpoint: &e, KeepAlive: l.keepAlive}
			defer tr.CloseIdleConnections()
			r := newRequest(b, "GET", e.URL()+"hello", nil)
			buf := make([]byte, 512)
			b.ReportAllocs()
			for b.Loop() {
				exchange(b, tr, r, buf)
			}
		})
	}
}
