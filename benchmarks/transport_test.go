package benchmarks

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/targets/apps"
)

// helloBody is what the hello application answers.
const helloBody = "<h1>Hello, web!</h1>"

var errWrongAnswer = errors.New("the answer is not the hello application's")

// requestsPerRound is long enough for a round to outlast a scheduling hiccup,
// and short enough that a per-request round does not use up the ports.
const requestsPerRound = 500

// serve runs gwbench's own server with the hello application in this process.
func serve(b *testing.B, protocol string) protocols.Endpoint {
	b.Helper()
	spec, ok := protocols.Lookup(protocol)
	if !ok {
		b.Fatalf("no protocol %s", protocol)
	}
	app, _ := apps.Lookup("hello")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := spec.NewServer(app)
	go server.Serve(l)
	b.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			server.Close()
		}
	})
	return protocols.Endpoint{Protocol: protocol, Network: "tcp", Address: l.Addr().String(), Path: "/"}
}

// roundTrips sends that many requests, one after the other, holds every answer
// to the expected one, and returns the mean time of a request.
func roundTrips(b *testing.B, rt http.RoundTripper, r *http.Request, n int) time.Duration {
	b.Helper()
	body := make([]byte, 0, 64)
	start := time.Now()
	for range n {
		response, err := rt.RoundTrip(r)
		if err != nil {
			b.Fatal(err)
		}
		body = body[:0]
		for {
			var n int
			n, err = response.Body.Read(body[len(body):cap(body)])
			body = body[:len(body)+n]
			if err != nil {
				break
			}
		}
		response.Body.Close()
		if err != io.EOF || response.StatusCode != http.StatusOK || string(body) != helloBody {
			b.Fatalf("%v: status %d, body %q, %v", errWrongAnswer, response.StatusCode, body, err)
		}
	}
	return time.Since(start) / time.Duration(n)
}

func newRequest(b *testing.B, url string) *http.Request {
	b.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// BenchmarkTransport shows time and allocations of one request over each
// protocol and connection mode, and of the peers. The server is gwbench's own
// and runs in the same process: its time and allocations are part of the
// figures.
func BenchmarkTransport(b *testing.B) {
	for _, spec := range protocols.All() {
		endpoint := serve(b, spec.Name)
		for _, mode := range []string{"keep-alive", "per-request"} {
			if mode == "keep-alive" && !spec.KeepAlive {
				continue
			}
			b.Run("gwbench/"+spec.Name+"/"+mode, func(b *testing.B) {
				transport := &protocols.Transport{Endpoint: &endpoint, KeepAlive: mode == "keep-alive"}
				defer transport.CloseIdleConnections()
				r := newRequest(b, endpoint.URL())
				b.ReportAllocs()
				for b.Loop() {
					roundTrips(b, transport, r, 1)
				}
			})
		}
		if spec.Name == "http" {
			for _, mode := range []string{"keep-alive", "per-request"} {
				b.Run("net-http/http/"+mode, func(b *testing.B) {
					transport := &http.Transport{DisableKeepAlives: mode == "per-request", DisableCompression: true}
					defer transport.CloseIdleConnections()
					r := newRequest(b, endpoint.URL())
					b.ReportAllocs()
					for b.Loop() {
						roundTrips(b, transport, r, 1)
					}
				})
			}
		}
		if spec.Name == "fastcgi" {
			b.Run("caddy/fastcgi/per-request", func(b *testing.B) {
				transport, r := newCaddy(b, endpoint)
				b.ReportAllocs()
				for b.Loop() {
					roundTrips(b, transport, r, 1)
				}
			})
		}
	}
}

// BenchmarkTransportAgainst reports the ratios: how many times longer the peer
// takes for a request to the same server.
func BenchmarkTransportAgainst(b *testing.B) {
	against := func(name, protocol string, keepAlive bool, peer func(*testing.B, protocols.Endpoint) (http.RoundTripper, *http.Request)) {
		b.Run(name, func(b *testing.B) {
			endpoint := serve(b, protocol)
			transport := &protocols.Transport{Endpoint: &endpoint, KeepAlive: keepAlive}
			defer transport.CloseIdleConnections()
			ourRequest := newRequest(b, endpoint.URL())
			theirs, theirRequest := peer(b, endpoint)
			compare(b,
				func() time.Duration { return roundTrips(b, transport, ourRequest, requestsPerRound) },
				func() time.Duration { return roundTrips(b, theirs, theirRequest, requestsPerRound) })
		})
	}
	against("caddy/fastcgi/ours-keep-alive", "fastcgi", true, newCaddy)
	against("caddy/fastcgi/both-per-request", "fastcgi", false, newCaddy)
	against("net-http/keep-alive", "http", true, newNetHTTP(false))
	against("net-http/per-request", "http", false, newNetHTTP(true))
}

func newNetHTTP(disableKeepAlives bool) func(*testing.B, protocols.Endpoint) (http.RoundTripper, *http.Request) {
	return func(b *testing.B, e protocols.Endpoint) (http.RoundTripper, *http.Request) {
		transport := &http.Transport{DisableKeepAlives: disableKeepAlives, DisableCompression: true}
		b.Cleanup(transport.CloseIdleConnections)
		return transport, newRequest(b, e.URL())
	}
}
