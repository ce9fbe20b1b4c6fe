package pygateway_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gwbench/gwbench/protocols"
)

// TestIdleConnectionsStarveNobody has one worker, and 64 connections that it
// keeps alive, each of a Transport of its own.
func TestIdleConnectionsStarveNobody(t *testing.T) {
	for _, protocol := range []string{"http", "fastcgi"} {
		t.Run(protocol, func(t *testing.T) {
			g := start(t, protocol, "tcp", 1, "application")
			var idle []*protocols.Transport
			for range 64 {
				idle = append(idle, g.transport(t, true))
				get(t, idle[len(idle)-1], "/pid")
			}
			// One that never says anything is no different.
			silent, err := net.Dial("tcp", g.endpoint.Address)
			if err != nil {
				t.Fatal(err)
			}
			defer silent.Close()
			began := time.Now()
			active := g.transport(t, true)
			for range 100 {
				get(t, active, "/pid")
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("100 requests took %v beside idle connections", took)
			}
			for i, transport := range idle {
				get(t, transport, "/pid")
				if dials := transport.Stats().Dials; dials != 1 {
					t.Errorf("connection %d was not kept: %d were opened", i, dials)
				}
			}
		})
	}
}

// TestClientsAtOnce has more clients than workers ask at the same time.
func TestClientsAtOnce(t *testing.T) {
	everyWay(t, func(t *testing.T, _ *gateway, transport *protocols.Transport) {
		var clients sync.WaitGroup
		for client := range 16 {
			clients.Go(func() {
				for i := range 25 {
					body := fmt.Sprintf("%d/%d", client, i)
					got, err := ask(transport, "POST", "/", nil, []byte(body))
					if err != nil || got.body != body {
						t.Errorf("%q came back as %q, error %v", body, got.body, err)
					}
				}
			})
		}
		clients.Wait()
	})
}

// TestNothingIsLeft ends a gateway in every way, while it works.
func TestNothingIsLeft(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGKILL} {
		for _, network := range []string{"tcp", "unix"} {
			t.Run(signal.String()+"/"+network, func(t *testing.T) {
				g := start(t, "http", network, 3, "application")
				stop := load(t, g)
				defer stop()
				go func() { _, _ = ask(g.transport(t, false), "GET", "/stay", nil, nil) }()
				var workers []int
				await(t, "3 workers", func() bool { workers = g.workers(t); return len(workers) == 3 })
				time.Sleep(50 * time.Millisecond) // of load, not of waiting for anything

				if err := g.cmd.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				if took := g.awaitEnd(t); took > promptly {
					t.Errorf("the master took %v to end", took)
				}
				if signal != syscall.SIGKILL {
					if code := g.cmd.ProcessState.ExitCode(); code != 0 {
						t.Errorf("exit code %d", code)
					}
					if i := slices.IndexFunc(workers, isAlive); i >= 0 {
						t.Errorf("worker %d outlives its master, which should have waited", workers[i])
					}
					if _, err := os.Stat(g.endpoint.Address); err == nil {
						t.Errorf("the socket %s is left", g.endpoint.Address)
					}
				}
				await(t, "all workers are gone", func() bool { return !slices.ContainsFunc(workers, isAlive) })
				if conn, err := net.Dial(network, g.endpoint.Address); err == nil {
					conn.Close()
					t.Error("somebody still listens")
				}
				if said := readyLine.ReplaceAllString(g.stderr.String(), ""); said != "" {
					t.Errorf("the gateway said:\n%s", said)
				}
			})
		}
	}
}

// promptly is at once, on a machine that does other things too; it is less than
// the time after which a server would be killed.
const promptly = 4 * time.Second

// load asks until it is stopped; errors do not matter.
func load(t *testing.T, g *gateway) (stop func()) {
	done := make(chan struct{})
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			transport := g.transport(t, true)
			for {
				select {
				case <-done:
					return
				default:
					_, _ = ask(transport, "GET", "/bytes/1024", nil, nil)
				}
			}
		})
	}
	return func() { close(done); clients.Wait() }
}

// TestWorkerDies wants one that was killed named and replaced at once, and one
// that dies as soon as it lives not to spin.
func TestWorkerDies(t *testing.T) {
	g := start(t, "http", "tcp", 1, "application")
	transport := g.transport(t, false)
	first := get(t, transport, "/pid")
	time.Sleep(1100 * time.Millisecond) // so that its death is not one at birth
	began := time.Now()
	if got, err := ask(transport, "POST", "/die", nil, nil); err == nil {
		t.Errorf("a dead worker answered %q", got.body)
	}
	second := get(t, transport, "/pid")
	if second == first {
		t.Error("the same worker answers")
	}
	want := "pygateway: worker " + first + " was killed by signal 9: starting another one\n"
	await(t, want, func() bool { return strings.Contains(g.stderr.String(), want) })

	// This one has lived for too short a time, unless the machine was held up.
	killed := time.Now()
	if pid, err := strconv.Atoi(second); err != nil || syscall.Kill(pid, syscall.SIGKILL) != nil {
		t.Fatalf("worker %q: %v", second, err)
	}
	get(t, transport, "/pid")
	if took := time.Since(killed); killed.Sub(began) < 800*time.Millisecond && took < 500*time.Millisecond {
		t.Errorf("a worker that died at once was replaced after %v", took)
	}
}

// TestTerminatedWhileItWaits ends a gateway whose workers die as soon as they live.
func TestTerminatedWhileItWaits(t *testing.T) {
	g := start(t, "http", "tcp", 1, "application")
	await(t, "a worker", func() bool { return len(g.workers(t)) == 1 })
	if err := syscall.Kill(g.workers(t)[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await(t, "a report", func() bool { return strings.Contains(g.stderr.String(), "killed by signal 9") })
	if err := g.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if took := g.awaitEnd(t); took > promptly {
		t.Errorf("the master took %v to end", took)
	}
}

// TestStart holds the messages of a gateway that cannot start to name what,
// where, and what to do.
func TestStart(t *testing.T) {
	g := start(t, "http", "tcp", 1, "application")
	other := start(t, "http", "unix", 1, "application")
	stale := filepath.Join(socketDir(t), "stale")
	l, err := net.Listen("unix", stale)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()

	for _, test := range []struct {
		name, want string
		args       []string
	}{
		{"no module", "there is no module nowhere: is its folder in PYTHONPATH?", []string{"nowhere:application"}},
		{"no callable", "has no attribute 'nothing'", []string{"app:nothing"}},
		{"not callable", "app:json is not callable", []string{"app:json"}},
		{"port in use", "cannot listen on " + g.endpoint.Address + ": Address already in use: choose another address", []string{"--listen", g.endpoint.Address, "app:application"}},
		{"socket in use", "Address already in use", []string{"--listen", "unix:" + other.endpoint.Address, "app:application"}},
		{"no folder", "No such file or directory", []string{"--listen", "unix:" + stale + ".d/s", "app:application"}},
		{"no port", "cannot listen on 127.0.0.1", []string{"--listen", "127.0.0.1", "app:application"}},
		{"no workers", "at least one is needed", []string{"--workers", "0", "app:application"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			cmd := command(t, test.args...)
			output, err := cmd.CombinedOutput()
			if err == nil {
				t.Error("it starts")
			}
			if !strings.Contains(string(output), test.want) || strings.Contains(string(output), "Traceback") {
				t.Errorf("it says:\n%swant %q", output, test.want)
			}
		})
	}
	get(t, other.transport(t, false), "/pid") // whose socket nobody took away

	cmd := command(t, "--listen", "unix:"+stale, "app:application")
	var said log
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	await(t, "it takes over a socket that nobody listens on", func() bool { return readyLine.MatchString(said.String()) })
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// BenchmarkHello tells roughly how many requests one worker answers in a
// second; client and server share the machine.
func BenchmarkHello(b *testing.B) {
	for _, spec := range protocols.All() {
		for _, keepAlive := range []bool{false, true} {
			if keepAlive && !spec.KeepAlive {
				continue
			}
			b.Run(fmt.Sprintf("%s/keep-alive=%t", spec.Name, keepAlive), func(b *testing.B) {
				g := start(b, spec.Name, "tcp", 1, "hello")
				transport := g.transport(b, keepAlive)
				get(b, transport, "/")
				b.SetParallelism(4)
				b.ResetTimer()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if _, err := ask(transport, "GET", "/", nil, nil); err != nil {
							b.Error(err)
						}
					}
				})
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
			})
		}
	}
}
