package bench

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
	"github.com/gwbench/gwbench/targets"
)

func TestPitfalls(t *testing.T) {
	failed := func(kind string, n int64) results.Trial {
		return results.Trial{Counts: results.Counts{Correct: 10}, Errors: []results.ErrorCount{{Kind: kind, Count: n}}}
	}
	slow := func(ms, busy float64) results.Trial {
		return results.Trial{Metrics: results.Metrics{"service.p50": ms}, Usage: results.Usage{ServerBusy: &busy}}
	}
	kept := results.Case{Network: "tcp", Connection: results.KeepAlive, Front: results.NoFront}
	each := results.Case{Network: "tcp", Connection: results.PerRequest, Front: results.NoFront}
	socket := results.Case{Network: "unix", Connection: results.KeepAlive, Front: results.NoFront}
	tests := []struct {
		name   string
		one    results.Case
		trial  results.Trial
		silent int64
		want   string // kinds, in order
	}{
		{"all is well", kept, slow(1, 0.2), 0, ""},
		{"starvation", kept, failed(load.KindTimeout, 3), 3, "keep-alive-starvation log"},
		{"a slow server", kept, failed(load.KindTimeout, 3), 1, "log"},
		{"no keep-alive", each, failed(load.KindTimeout, 3), 3, "log"},
		{"ports", each, failed(load.KindPorts, 1), 0, "ports log"},
		{"backlog of a socket", socket, failed(load.KindDial, 1), 0, "backlog log"},
		{"nobody there", each, failed(load.KindDial, 1), 0, "log"},
		{"delayed acknowledgement", kept, slow(43.7, 0.05), 0, "delayed-ack"},
		{"behind a front", results.Case{Network: "unix", Connection: results.PerRequest, Front: "nginx"}, slow(41, 0.05), 0, "delayed-ack"},
		{"40 ms of work", kept, slow(43.7, 0.9), 0, ""},
		{"40 ms on a socket", socket, slow(43.7, 0.05), 0, ""},
		{"40 ms on a fresh connection", each, slow(43.7, 0.05), 0, ""},
		{"nobody knows how busy", kept, results.Trial{Metrics: results.Metrics{"service.p50": 41}}, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var kinds []string
			for _, n := range pitfalls(tt.one, tt.trial, tt.silent, func() []targets.Explanation { return []targets.Explanation{{Means: "it is said"}} }) {
				kinds = append(kinds, n.Kind)
			}
			if got := strings.Join(kinds, " "); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// oneByOne is a server of one worker that serves a connection until it is
// closed.
func oneByOne(t *testing.T) (url string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			r := bufio.NewReader(conn)
			for err == nil {
				if _, err = http.ReadRequest(r); err == nil {
					_, err = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n<h1>Hello, web!</h1>")
				}
			}
			conn.Close()
		}
	})
	t.Cleanup(func() { l.Close(); served.Wait() })
	return "http://" + l.Addr().String()
}

func TestRunNamesKeepAliveStarvation(t *testing.T) {
	s := hello(t, func(s *scenarios.Scenario) {
		s.Targets = []scenarios.TargetRef{{Name: "mine", URL: oneByOne(t)}}
		s.Protocols, s.Connections = []string{"http"}, []string{results.KeepAlive}
		s.Load, s.Blocks = []scenarios.Load{{Name: "four", Clients: 4}}, scenarios.Blocks{Min: 1, Max: 1}
		s.Warmup, s.Duration, s.Timeout = 0, 30*time.Millisecond, 100*time.Millisecond
	})
	outcome, err := run(t.Context(), t, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	trial := outcome.Trials[0]
	var kinds []string
	for _, n := range trial.Notes {
		kinds = append(kinds, n.Kind)
	}
	if trial.Valid || !strings.Contains(strings.Join(kinds, " "), "keep-alive-starvation") {
		t.Errorf("valid %t, notes %+v", trial.Valid, trial.Notes)
	}
	told := 0
	for _, w := range outcome.Run.Warnings {
		if strings.HasPrefix(w, "target mine http tcp keep-alive: some connections never got an answer") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("%d of the warnings %q explain it, want one for all attempts", told, outcome.Run.Warnings)
	}
}

// TestPlanLeavesOutWhatWouldStarve has a recipe that knows of itself that it
// serves one connection at a time.
func TestPlanLeavesOutWhatWouldStarve(t *testing.T) {
	recipe, err := targets.Parse("mine.yaml", []byte(`
name: mine
program: sh
serves:
  - {protocols: [http], networks: [tcp], connections: [per-request], command: [x]}
  - {protocols: [http], networks: [tcp], connections: [keep-alive], command: [x], one_connection_per_worker: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	s := hello(t, func(s *scenarios.Scenario) {
		s.Targets, s.Protocols, s.Workers = nil, []string{"http"}, 2
		s.Load = []scenarios.Load{{Name: "two", Clients: 2}, {Name: "three", Clients: 3}, {Name: "steady", Rate: 10}}
	})
	plan, err := NewPlan(s, Choices{Recipes: []*targets.Recipe{recipe}})
	if err != nil {
		t.Fatal(err)
	}
	want := "mine/http/tcp/per-request/none/hello/two mine/http/tcp/per-request/none/hello/three mine/http/tcp/per-request/none/hello/steady mine/http/tcp/keep-alive/none/hello/two"
	if got := strings.Join(ids(plan.Cases), " "); got != want {
		t.Errorf("cases %s", got)
	}
	if len(plan.Skipped) != 2 || plan.Skipped[0].What != "target mine http keep-alive three" ||
		!strings.Contains(plan.Skipped[0].Why, "keep-alive starvation: a worker serves one connection until it is closed, so that of 3 connections all but 2 would wait") {
		t.Errorf("skipped %+v", plan.Skipped)
	}
}

func TestExplainedTellsOfTheBuffer(t *testing.T) {
	instance, err := targets.External("mine", protocols.Endpoint{Protocol: "uwsgi", Network: "tcp", Address: strings.TrimPrefix(serve(t, "uwsgi", helloApp(t)), "uwsgi://"), Path: "/"}).
		Start(t.Context(), targets.Options{Protocol: "uwsgi", Network: "tcp", Connection: results.PerRequest, Application: "hello"})
	if err != nil {
		t.Fatal(err)
	}
	s := &server{target: instance}
	one := results.Case{Front: results.NoFront}
	broken := errors.New("the server closed the connection")
	request := probeRequest{method: "GET", path: "/", header: http.Header{}}
	if err := explained(broken, one, request, s); err != broken {
		t.Errorf("a small request is explained: %v", err)
	}
	request.header.Set("X-Long", strings.Repeat("x", uwsgiBuffer))
	if err := explained(broken, one, request, s); !errors.Is(err, broken) || !strings.Contains(err.Error(), "--buffer-size, 4096 unless set") {
		t.Errorf("a large request is not explained: %v", err)
	}
}
