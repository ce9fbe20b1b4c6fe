package benchmarks

import (
	"bufio"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/gwbench/gwbench/internal/meter"
	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
)

// BenchmarkServer reports how many requests gwbench's HTTP server and net/http
// answer for each second of CPU time that their process spends, under a client
// that keeps them busy. The lean client below, not vegeta, because what a
// server spends on falling asleep and waking up would otherwise hide what it
// spends on requests.
func BenchmarkServer(b *testing.B) {
	gwbench := build(b, filepath.Join(b.TempDir(), "gwbench"), "..", "./cmd/gwbench")
	restore, err := meter.Pin([]int{generatorCPU})
	if err != nil {
		b.Fatal(err)
	}
	defer restore()
	for _, keepAlive := range []bool{true, false} {
		name := "net-http/keep-alive"
		if !keepAlive {
			name = "net-http/per-request"
		}
		b.Run(name, func(b *testing.B) {
			ours, oursPID := startHello(b, gwbench, "gwbench")
			theirs, theirsPID := startHello(b, gwbench, "net/http")
			compareRates(b, "req/cpu-s",
				func() float64 { return requestsPerCPUSecond(b, ours, oursPID, keepAlive) },
				func() float64 { return requestsPerCPUSecond(b, theirs, theirsPID, keepAlive) })
		})
	}
}

func requestsPerCPUSecond(b *testing.B, url string, pid int, keepAlive bool) float64 {
	b.Helper()
	const clients = 64
	endpoint, err := protocols.ParseEndpoint(url)
	if err != nil {
		b.Fatal(err)
	}
	m := meter.New(meter.Servers{Target: pid}, 1, 1)
	before := m.Sample()
	correct := hammer(b, endpoint, clients, keepAlive, time.Now().Add(attackTime))
	usage := m.Between(before, m.Sample())
	if usage.ServerUser == nil || usage.ServerSystem == nil {
		b.Fatal("the CPU time of the server is unknown")
	}
	return float64(correct) / (*usage.ServerUser + *usage.ServerSystem)
}

// hammer sends one request after the other from each client until the
// deadline and returns how many were answered, every one with the right body.
func hammer(b *testing.B, endpoint protocols.Endpoint, clients int, keepAlive bool, deadline time.Time) (correct int) {
	b.Helper()
	counts := make([]int, clients)
	errs := make([]error, clients)
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			for errs[i] == nil && time.Now().Before(deadline) {
				var n int
				n, errs[i] = askUntil(endpoint, keepAlive, deadline)
				counts[i] += n
			}
		})
	}
	wg.Wait()
	for i := range clients {
		if errs[i] != nil {
			b.Fatal(errs[i])
		}
		correct += counts[i]
	}
	return correct
}

// askUntil asks over one connection: until the deadline, or once.
func askUntil(endpoint protocols.Endpoint, keepAlive bool, deadline time.Time) (correct int, err error) {
	conn, err := net.Dial(endpoint.Network, endpoint.Address)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	spec, _ := protocols.Lookup(endpoint.Protocol)
	codec := spec.NewCodec(keepAlive, &cgi.Gateway{})
	r, err := http.NewRequest(http.MethodGet, endpoint.URL(), nil)
	if err != nil {
		return 0, err
	}
	request, err := codec.AppendHead(nil, r, 0)
	if err != nil {
		return 0, err
	}
	request = codec.AppendEnd(request)
	br := bufio.NewReader(conn)
	var head cgi.Head
	body := make([]byte, 512)
	for time.Now().Before(deadline) {
		if _, err := conn.Write(request); err != nil {
			return correct, err
		}
		if err := codec.ReadHead(br, http.MethodGet, &head); err != nil {
			return correct, err
		}
		n, err := readBody(codec, body)
		if err != nil {
			return correct, err
		}
		if head.Status != http.StatusOK || string(body[:n]) != helloBody {
			return correct, errWrongAnswer
		}
		correct++
		if !keepAlive {
			break
		}
	}
	return correct, nil
}
