package protocols_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/fcgi"
	"strings"
	"testing"
	"time"

	"github.com/gwbench/gwbench/protocols"
)

// Go's own implementations of HTTP and FastCGI answer our clients and ask our
// servers: they know nothing of our mistakes.

// hello is an application that net/http/fcgi can serve too: it does not know
// request bodies of unknown length.
func hello() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/hello", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<h1>Hello, web!</h1>")
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		// net/http reads no further once the response has begun.
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err)
		}
		w.Write(body)
	})
	mux.HandleFunc("/long", func(w http.ResponseWriter, r *http.Request) {
		for range 64 {
			w.Write(bytes.Repeat([]byte("x"), 16<<10))
		}
	})
	mux.HandleFunc("/204", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) })
	mux.HandleFunc("/304", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(304) })
	return mux
}

// exercise makes all kinds of requests twice over.
func exercise(t *testing.T, tr http.RoundTripper, base string) {
	t.Helper()
	megabyte := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	for range 2 {
		for _, tc := range []struct {
			method, path string
			body         io.Reader
			status       int
			want         string
		}{
			{"GET", "hello", nil, 200, "<h1>Hello, web!</h1>"},
			{"HEAD", "hello", nil, 200, ""},
			{"POST", "echo", bytes.NewReader(megabyte), 200, string(megabyte)},
			{"POST", "echo", io.MultiReader(bytes.NewReader(megabyte)), 200, string(megabyte)},
			{"POST", "echo", strings.NewReader("x"), 200, "x"},
			{"POST", "echo", nil, 200, ""},
			{"GET", "long", nil, 200, strings.Repeat("x", 1<<20)},
			{"GET", "204", nil, 204, ""},
			{"GET", "304", nil, 304, ""},
			{"GET", "none", nil, 404, "404 page not found\n"},
		} {
			resp, body := fetch(t, tr, newRequest(t, tc.method, base+tc.path, tc.body))
			if resp.StatusCode != tc.status || string(body) != tc.want {
				t.Errorf("%s %s: status %d, %d bytes %.40q", tc.method, tc.path, resp.StatusCode, len(body), body)
			}
		}
	}
}

func TestNetHTTPAnswersOurClient(t *testing.T) {
	for _, keepAlive := range []bool{false, true} {
		t.Run(fmt.Sprintf("keepAlive=%v", keepAlive), func(t *testing.T) {
			l := listen(t, "tcp")
			srv := &http.Server{Handler: hello()}
			go srv.Serve(l)
			defer srv.Close()
			e := endpointOf("http", l)
			tr := &protocols.Transport{Endpoint: &e, KeepAlive: keepAlive}
			defer tr.CloseIdleConnections()
			exercise(t, tr, e.URL())
			if dials := tr.Stats().Dials; keepAlive && dials != 1 || !keepAlive && dials != 20 {
				t.Errorf("%d dials for 20 requests", dials)
			}
		})
	}
}

func TestNetHTTPAsksOurServer(t *testing.T) {
	for _, keepAlive := range []bool{false, true} {
		t.Run(fmt.Sprintf("keepAlive=%v", keepAlive), func(t *testing.T) {
			spec, _ := protocols.Lookup("http")
			e := serve(t, link{spec, "tcp", keepAlive}, hello())
			dials := 0
			tr := &http.Transport{DisableKeepAlives: !keepAlive, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				dials++
				var d net.Dialer
				return d.DialContext(ctx, network, address)
			}}
			defer tr.CloseIdleConnections()
			exercise(t, tr, e.URL())
			if keepAlive && dials != 1 || !keepAlive && dials != 20 {
				t.Errorf("%d dials for 20 requests", dials)
			}
		})
	}
}

func TestNetHTTPFCGIAnswersOurClient(t *testing.T) {
	for _, keepAlive := range []bool{false, true} {
		t.Run(fmt.Sprintf("keepAlive=%v", keepAlive), func(t *testing.T) {
			l := listen(t, "unix")
			go fcgi.Serve(l, hello())
			e := endpointOf("fastcgi", l)
			tr := &protocols.Transport{Endpoint: &e, KeepAlive: keepAlive}
			defer tr.CloseIdleConnections()
			exercise(t, tr, e.URL())
			if dials := tr.Stats().Dials; keepAlive && dials != 1 || !keepAlive && dials != 20 {
				t.Errorf("%d dials for 20 requests", dials)
			}
		})
	}
}

// TestExpectContinue has net/http's client wait for 100 Continue.
func TestExpectContinue(t *testing.T) {
	spec, _ := protocols.Lookup("http")
	e := serve(t, link{spec, "tcp", true}, application())
	tr := &http.Transport{ExpectContinueTimeout: time.Minute}
	defer tr.CloseIdleConnections()
	for _, tc := range []struct {
		path   string
		status int
		want   string
	}{{"echo", 200, "body"}, {"early", 403, "no"}, {"echo", 200, "body"}} {
		r := newRequest(t, "POST", e.URL()+tc.path, strings.NewReader("body"))
		r.Header.Set("Expect", "100-continue")
		resp, body := fetch(t, tr, r)
		if resp.StatusCode != tc.status || string(body) != tc.want {
			t.Errorf("%s: status %d, body %q", tc.path, resp.StatusCode, body)
		}
		if (tc.path == "early") != resp.Close {
			t.Errorf("%s: Close %v", tc.path, resp.Close)
		}
	}
}

// TestHTTP10 speaks HTTP/1.0, with and without keep-alive, to our server.
func TestHTTP10(t *testing.T) {
	spec, _ := protocols.Lookup("http")
	e := serve(t, link{spec, "tcp", true}, application())
	c, err := net.Dial(e.Network, e.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	br := bufio.NewReader(c)
	for _, tc := range []struct {
		request, body string
		close         bool
	}{
		{"GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "<h1>Hello, web!</h1>", false},
		{"GET /flush HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "piece 0\npiece 1\npiece 2\npiece 3\npiece 4\n", true},
	} {
		io.WriteString(c, tc.request)
		resp, err := http.ReadResponse(br, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || string(body) != tc.body || resp.Proto != "HTTP/1.0" || resp.Close != tc.close || resp.TransferEncoding != nil {
			t.Errorf("%q: %s, Close %v, TransferEncoding %v, body %q, %v", tc.request, resp.Proto, resp.Close, resp.TransferEncoding, body, err)
		}
	}
	if _, err := br.ReadByte(); err != io.EOF {
		t.Errorf("after a response without a length: %v, want EOF", err)
	}
}
