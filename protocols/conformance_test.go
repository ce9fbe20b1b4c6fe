package protocols_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/server"
)

// link is one cell of the conformance matrix.
type link struct {
	spec      protocols.Spec
	network   string
	keepAlive bool
}

func (l link) String() string {
	mode := "per-request"
	if l.keepAlive {
		mode = "keep-alive"
	}
	return l.spec.Name + "/" + l.network + "/" + mode
}

// reuses tells whether connections carry more than one request.
func (l link) reuses() bool { return l.keepAlive && l.spec.KeepAlive }

func matrix() []link {
	var links []link
	for _, s := range protocols.All() {
		for _, network := range []string{"tcp", "unix"} {
			for _, keepAlive := range []bool{false, true} {
				links = append(links, link{s, network, keepAlive})
			}
		}
	}
	return links
}

// everywhere runs a test in each cell of the matrix.
func everywhere(t *testing.T, f func(t *testing.T, l link)) {
	for _, l := range matrix() {
		t.Run(l.String(), func(t *testing.T) { f(t, l) })
	}
}

func listen(t testing.TB, network string) net.Listener {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "s")
	}
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// serve runs one of our servers until the test ends.
func serve(t testing.TB, l link, h http.Handler) protocols.Endpoint {
	t.Helper()
	listener := listen(t, l.network)
	srv := l.spec.NewServer(h)
	srv.Log = slog.New(slog.DiscardHandler)
	done := make(chan error, 1)
	go func() { done <- srv.Serve(listener) }()
	t.Cleanup(func() {
		srv.Close()
		if err := <-done; !errors.Is(err, server.ErrServerClosed) {
			t.Errorf("Serve: %v", err)
		}
	})
	return endpointOf(l.spec.Name, listener)
}

func endpointOf(protocol string, l net.Listener) protocols.Endpoint {
	return protocols.Endpoint{Protocol: protocol, Network: l.Addr().Network(), Address: l.Addr().String(), Path: "/"}
}

func transport(t testing.TB, l link, e protocols.Endpoint) *protocols.Transport {
	t.Helper()
	tr := &protocols.Transport{Endpoint: &e, KeepAlive: l.keepAlive, Timeout: 20 * time.Second}
	t.Cleanup(tr.CloseIdleConnections)
	return tr
}

func newRequest(t testing.TB, method, url string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fetch does one exchange and returns the response with its body read.
func fetch(t testing.TB, tr http.RoundTripper, r *http.Request) (*http.Response, []byte) {
	t.Helper()
	resp, err := tr.RoundTrip(r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: body: %v", r.Method, r.URL, err)
	}
	return resp, body
}

// application is what the matrix is tested with.
func application() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/hello", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Add("X-Two", "one")
		w.Header().Add("X-Two", "two")
		io.WriteString(w, "<h1>Hello, web!</h1>")
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Length", strconv.FormatInt(r.ContentLength, 10))
		io.Copy(w, r.Body)
	})
	mux.HandleFunc("/status/{code}", func(w http.ResponseWriter, r *http.Request) {
		code, _ := strconv.Atoi(r.PathValue("code"))
		w.Header().Set("ETag", `"x"`)
		w.WriteHeader(code)
	})
	mux.HandleFunc("/early", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, "no")
	})
	mux.HandleFunc("/headers", func(w http.ResponseWriter, r *http.Request) {
		for i := range 100 {
			name := fmt.Sprintf("X-Large-%d", i)
			w.Header().Set(name, r.Header.Get(name))
		}
	})
	mux.HandleFunc("/flush", func(w http.ResponseWriter, r *http.Request) {
		for i := range 5 {
			fmt.Fprintf(w, "piece %d\n", i)
			http.NewResponseController(w).Flush()
		}
	})
	mux.HandleFunc("/request", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s %s %s %v", r.Method, r.URL.Path, r.URL.RawQuery, r.Host, r.Header["X-Vegeta-Seq"])
	})
	return mux
}

func TestConformance(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		e := serve(t, l, application())
		tr := transport(t, l, e)
		base := e.URL()

		t.Run("GET", func(t *testing.T) {
			r := newRequest(t, "GET", base+"hello", nil)
			resp, body := fetch(t, tr, r)
			if string(body) != "<h1>Hello, web!</h1>" {
				t.Errorf("body %q", body)
			}
			if diff := cmp.Diff([]string{"one", "two"}, resp.Header["X-Two"]); diff != "" {
				t.Errorf("X-Two (-want +got):\n%s", diff)
			}
			if resp.Status != "200 OK" || resp.StatusCode != 200 || resp.Proto != "HTTP/1.1" || resp.ProtoMajor != 1 || resp.ProtoMinor != 1 {
				t.Errorf("status %q, %d, %s", resp.Status, resp.StatusCode, resp.Proto)
			}
			if resp.Request != r || resp.ContentLength != 20 || resp.TransferEncoding != nil || resp.Uncompressed {
				t.Errorf("Request %p, ContentLength %d, TransferEncoding %v", resp.Request, resp.ContentLength, resp.TransferEncoding)
			}
			if resp.Header.Get("Content-Type") != "text/html" || resp.Close == l.reuses() {
				t.Errorf("Content-Type %q, Close %v", resp.Header.Get("Content-Type"), resp.Close)
			}
		})
		t.Run("HEAD", func(t *testing.T) {
			resp, body := fetch(t, tr, newRequest(t, "HEAD", base+"hello", nil))
			if resp.StatusCode != 200 || len(body) != 0 || resp.ContentLength != 20 {
				t.Errorf("status %d, body %q, ContentLength %d", resp.StatusCode, body, resp.ContentLength)
			}
		})
		for _, code := range []int{204, 304, 404, 500} {
			t.Run(strconv.Itoa(code), func(t *testing.T) {
				resp, body := fetch(t, tr, newRequest(t, "GET", base+"status/"+strconv.Itoa(code), nil))
				if resp.StatusCode != code || len(body) != 0 || resp.ContentLength != 0 || resp.Header.Get("ETag") != `"x"` {
					t.Errorf("status %d, body %q, ContentLength %d, header %v", resp.StatusCode, body, resp.ContentLength, resp.Header)
				}
			})
		}
		t.Run("echo", func(t *testing.T) {
			for _, size := range []int{0, 1, 1000, 65_535, 65_536, 100_000, 1 << 20} {
				sent := bytes.Repeat([]byte("0123456789abcdef"), size/16+1)[:size]
				resp, got := fetch(t, tr, newRequest(t, "POST", base+"echo", bytes.NewReader(sent)))
				if !bytes.Equal(got, sent) || resp.Header.Get("X-Length") != strconv.Itoa(size) {
					t.Errorf("%d bytes sent, length %s announced, %d echoed", size, resp.Header.Get("X-Length"), len(got))
				}
			}
		})
		t.Run("echo of unknown length", func(t *testing.T) {
			sent := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
			_, got := fetch(t, tr, newRequest(t, "POST", base+"echo", io.MultiReader(bytes.NewReader(sent))))
			if !bytes.Equal(got, sent) {
				t.Errorf("%d bytes sent, %d echoed", len(sent), len(got))
			}
		})
		t.Run("early answer", func(t *testing.T) {
			for _, size := range []int{10 << 20, 100} {
				resp, got := fetch(t, tr, newRequest(t, "POST", base+"early", bytes.NewReader(make([]byte, size))))
				if resp.StatusCode != 403 || string(got) != "no" {
					t.Errorf("%d bytes sent: status %d, body %q", size, resp.StatusCode, got)
				}
			}
		})
		t.Run("large headers", func(t *testing.T) {
			r := newRequest(t, "GET", base+"headers", nil)
			value := strings.Repeat("v", 300) // 30 kB in all
			for i := range 100 {
				r.Header.Set(fmt.Sprintf("X-Large-%d", i), value)
			}
			resp, _ := fetch(t, tr, r)
			for i := range 100 {
				if got := resp.Header.Get(fmt.Sprintf("X-Large-%d", i)); got != value {
					t.Fatalf("X-Large-%d: %q", i, got)
				}
			}
		})
		t.Run("unknown length", func(t *testing.T) {
			resp, body := fetch(t, tr, newRequest(t, "GET", base+"flush", nil))
			if string(body) != "piece 0\npiece 1\npiece 2\npiece 3\npiece 4\n" || resp.ContentLength != -1 {
				t.Errorf("body %q, ContentLength %d", body, resp.ContentLength)
			}
			if chunked := resp.TransferEncoding != nil; chunked != (l.spec.Name == "http") || resp.Header["Transfer-Encoding"] != nil {
				t.Errorf("TransferEncoding %v, header %v", resp.TransferEncoding, resp.Header)
			}
		})
		t.Run("what arrives", func(t *testing.T) {
			r := newRequest(t, "PUT", base+"request?a=b%20c", nil)
			r.Host = "example.org:81"
			r.Header.Set("X-Vegeta-Seq", "1")
			if _, body := fetch(t, tr, r); string(body) != "PUT /request a=b%20c example.org:81 []" {
				t.Errorf("got %q", body)
			}
			if r.Header.Get("X-Vegeta-Seq") != "1" {
				t.Error("the caller's request was changed")
			}
		})
		t.Run("by URL", func(t *testing.T) {
			byURL := &protocols.Transport{KeepAlive: l.keepAlive}
			defer byURL.CloseIdleConnections()
			e := e
			e.Path = "/request?q=1"
			resp, err := (&http.Client{Transport: byURL}).Get(e.String())
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if err != nil || !strings.HasPrefix(string(body), "GET /request q=1 ") {
				t.Errorf("got %q, %v", body, err)
			}
		})
	})
}

func TestConnectionsAreReused(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		e := serve(t, l, application())
		tr := transport(t, l, e)
		for _, path := range []string{"hello", "status/204", "flush", "hello"} {
			fetch(t, tr, newRequest(t, "GET", e.URL()+path, nil))
			fetch(t, tr, newRequest(t, "HEAD", e.URL()+path, nil))
			fetch(t, tr, newRequest(t, "POST", e.URL()+"echo", bytes.NewReader(make([]byte, 1<<20))))
		}
		want := int64(12)
		if l.reuses() {
			want = 1
		}
		if got := tr.Stats().Dials; got != want {
			t.Errorf("%d dials for 12 requests, want %d", got, want)
		}
	})
}

func TestBodyClosedEarly(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		e := serve(t, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Write(make([]byte, 8<<20))
		}))
		tr := transport(t, l, e)
		for range 3 {
			resp, err := tr.RoundTrip(newRequest(t, "GET", e.URL(), nil))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := resp.Body.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			if err := resp.Body.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := resp.Body.Read(make([]byte, 1)); !errors.Is(err, http.ErrBodyReadAfterClose) {
				t.Errorf("Read after Close: %v", err)
			}
			if err := resp.Body.Close(); err != nil {
				t.Errorf("second Close: %v", err)
			}
		}
	})
}

func TestConcurrency(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		e := serve(t, l, application())
		tr := transport(t, l, e)
		tr.MaxIdle = 4
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for j := range 25 {
					sent := []byte(strings.Repeat(fmt.Sprintf("%d-%d ", i, j), 1+j*200))
					ctx, cancel := context.WithCancel(t.Context())
					r := newRequest(t, "POST", e.URL()+"echo", bytes.NewReader(sent)).WithContext(ctx)
					resp, err := tr.RoundTrip(r)
					if err != nil {
						t.Error(err)
						cancel()
						return
					}
					got, err := io.ReadAll(resp.Body)
					resp.Body.Close()
					cancel()
					if err != nil || !bytes.Equal(got, sent) {
						t.Errorf("%d bytes instead of %d: %v", len(got), len(sent), err)
					}
				}
			})
		}
		wg.Wait()
	})
}

// TestStatsCountTheWire compares Stats with what passed through the
// connections.
func TestStatsCountTheWire(t *testing.T) {
	everywhere(t, func(t *testing.T, l link) {
		e := serve(t, l, application())
		tr := transport(t, l, e)
		var wire counts
		tr.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			var d net.Dialer
			c, err := d.DialContext(ctx, network, address)
			wire.add(1, 0, 0)
			return &countingConn{c, &wire}, err
		}
		for _, size := range []int{0, 10, 1 << 20} {
			fetch(t, tr, newRequest(t, "POST", e.URL()+"echo", bytes.NewReader(make([]byte, size))))
			resp, err := tr.RoundTrip(newRequest(t, "POST", e.URL()+"early", bytes.NewReader(make([]byte, size))))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
		}
		wire.mu.Lock()
		defer wire.mu.Unlock()
		want := protocols.Stats{Dials: wire.dials, BytesSent: wire.written, BytesReceived: wire.read}
		if diff := cmp.Diff(want, tr.Stats()); diff != "" {
			t.Errorf("Stats (-wire +got):\n%s", diff)
		}
	})
}

type counts struct {
	mu                   sync.Mutex
	dials, written, read int64
}

func (c *counts) add(dials, written, read int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dials += int64(dials)
	c.written += int64(written)
	c.read += int64(read)
}

type countingConn struct {
	net.Conn
	counts *counts
}

func (c *countingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.counts.add(0, 0, n)
	return n, err
}

func (c *countingConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.counts.add(0, n, 0)
	return n, err
}
