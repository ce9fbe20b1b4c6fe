package bench

import (
	"context"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
	"github.com/gwbench/gwbench/targets/apps"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve serves h over a protocol in this process until the test ends, and
// returns the URL: the conductor's own side is then under the race detector's
// eyes together with everything beneath it.
func serve(t *testing.T, protocol string, h http.Handler) (url string) {
	t.Helper()
	spec, ok := protocols.Lookup(protocol)
	if !ok {
		t.Fatalf("no protocol %s", protocol)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := spec.NewServer(h)
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Close()
		<-served
	})
	return protocol + "://" + l.Addr().String()
}

func helloApp(t *testing.T) http.Handler {
	t.Helper()
	app, ok := apps.Lookup("hello")
	if !ok {
		t.Fatal("no application hello")
	}
	return app
}

// external is a scenario of one endpoint.
func external(t *testing.T, protocol string, h http.Handler, edit func(*scenarios.Scenario)) *scenarios.Scenario {
	t.Helper()
	return hello(t, func(s *scenarios.Scenario) {
		s.Targets = []scenarios.TargetRef{{Name: "mine", URL: serve(t, protocol, h)}}
		s.Protocols, s.Duration, s.Warmup = []string{protocol}, 30*time.Millisecond, 10*time.Millisecond
		if edit != nil {
			edit(s)
		}
	})
}

// run carries out a scenario in a folder of the test's.
func run(ctx context.Context, t *testing.T, s *scenarios.Scenario, observe func(Event)) (*Outcome, error) {
	t.Helper()
	plan, err := NewPlan(s, Choices{})
	if err != nil {
		t.Fatal(err)
	}
	return Run(ctx, Config{
		Plan: plan, Source: results.Source{Name: s.Name}, Dir: filepath.Join(t.TempDir(), "run"),
		Seed: 42, Tool: "test", Observe: observe,
	})
}

func TestRunStoresWhatItMeasured(t *testing.T) {
	var phases []Phase
	scenario := external(t, "http", helloApp(t), func(s *scenarios.Scenario) { s.Blocks = scenarios.Blocks{Min: 3, Max: 3} })
	outcome, err := run(t.Context(), t, scenario, func(e Event) {
		phases = append(phases, e.Phase)
		if e.Done > e.Total || e.Left < 0 {
			t.Errorf("%s: %d of %d trials are done, %s left", e.Phase, e.Done, e.Total, e.Left)
		}
		if e.Live != nil {
			e.Live()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	stored, trials, err := results.Read(outcome.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if stored.Partial != "" || stored.End.IsZero() || stored.Seed != 42 {
		t.Errorf("stored: partial %q, end %s, seed %d", stored.Partial, stored.End, stored.Seed)
	}
	if len(trials) != len(outcome.Trials) {
		t.Errorf("%d trials are stored, %d were measured", len(trials), len(outcome.Trials))
	}
	for block := 1; block <= 3; block++ {
		cases := map[string]bool{}
		var orders []int
		for _, trial := range trials {
			if trial.Block == block && trial.Attempt == 1 {
				cases[trial.Case] = true
				orders = append(orders, trial.Order)
			}
		}
		if len(cases) != 4 || !slices.Equal(orders, []int{1, 2, 3, 4}) {
			t.Errorf("block %d measured the cases %v at the places %v", block, cases, orders)
		}
	}
	for _, want := range []Phase{PhaseFolder, PhaseCheck, PhaseStarted, PhaseEnded, PhaseBlock, PhaseLook} {
		if !slices.Contains(phases, want) {
			t.Errorf("no event says %s", want)
		}
	}
	if !slices.ContainsFunc(stored.Warnings, func(w string) bool { return strings.Contains(w, "does not offer the probe application") }) {
		t.Errorf("the warnings %q do not say what was not checked", stored.Warnings)
	}
}

func TestTheSeedDecidesTheOrder(t *testing.T) {
	order := func() (cases []string) {
		outcome, err := run(t.Context(), t, external(t, "http", helloApp(t), nil), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, trial := range outcome.Trials {
			if trial.Attempt == 1 {
				cases = append(cases, trial.Case)
			}
		}
		return cases
	}
	if diff := cmp.Diff(order(), order()); diff != "" {
		t.Errorf("the same seed gives another order:\n%s", diff)
	}
}

func TestRunKeepsWhatItHasWhenInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := 0
	outcome, err := run(ctx, t, external(t, "scgi", helloApp(t), nil), func(e Event) {
		if e.Phase == PhaseEnded {
			ended++
		}
		if ended == 1 && e.Phase == PhaseStarted {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want the context's", err)
	}
	stored, trials, err := results.Read(outcome.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if stored.Partial != "interrupted" || len(trials) != 1 {
		t.Errorf("partial %q with %d trials, want interrupted with 1", stored.Partial, len(trials))
	}
}

// sometimes answers wrongly every so often, but never the first request of the
// check that precedes the load.
func sometimes(wrong http.HandlerFunc, right http.Handler) http.Handler {
	var n atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1)%5 == 0 {
			wrong(w, r)
			return
		}
		right.ServeHTTP(w, r)
	})
}

func TestWrongAnswersSpoilTrialsWhichAreRepeated(t *testing.T) {
	app := sometimes(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<h1>Hello, wep!</h1>")) }, helloApp(t))
	outcome, err := run(t.Context(), t, external(t, "uwsgi", app, func(s *scenarios.Scenario) {
		s.Blocks, s.Load = scenarios.Blocks{Min: 1, Max: 1}, s.Load[:1]
	}), nil)
	if err != nil && !strings.Contains(err.Error(), "another body") {
		t.Fatal(err)
	}
	if len(outcome.Trials) != maxAttempts {
		t.Fatalf("%d attempts, want %d", len(outcome.Trials), maxAttempts)
	}
	for i, trial := range outcome.Trials {
		if trial.Valid || trial.Attempt != i+1 || len(trial.Errors) == 0 || trial.Errors[0].Kind != "body" {
			t.Errorf("attempt %d: valid %t, errors %v, invalid because %q", trial.Attempt, trial.Valid, trial.Errors, trial.Invalid)
		}
		if trial.Metrics["errors"] <= 0 || trial.Counts.Correct >= trial.Counts.Sent {
			t.Errorf("attempt %d: %d of %d correct, errors %v", trial.Attempt, trial.Counts.Correct, trial.Counts.Sent, trial.Metrics["errors"])
		}
	}
}

func TestTheHostOfTheScenarioIsSent(t *testing.T) {
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "shop.example" {
			http.Error(w, "unknown host "+r.Host, http.StatusBadRequest)
			return
		}
		helloApp(t).ServeHTTP(w, r)
	})
	outcome, err := run(t.Context(), t, external(t, "http", app, func(s *scenarios.Scenario) {
		s.Requests[0].Headers = map[string]string{"Host": "shop.example"}
		s.Load = s.Load[:1]
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range outcome.Trials {
		if trial.Counts.Correct != trial.Counts.Sent {
			t.Errorf("%s: %v", trial.Case, trial.Errors)
		}
	}
}

func TestRunRefusesAWrongAnswerBeforeAnyLoad(t *testing.T) {
	tests := []struct {
		name string
		app  http.HandlerFunc
		want string
	}{
		{"status", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusTeapot) }, `answers 418 where the scenario expects 200: "no\n"`},
		{"body", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("Hello")) }, `expected: "<h1>Hello, web!</h1>"` + "\n  answered: \"Hello\""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			outcome, err := run(t.Context(), t, external(t, "fastcgi", test.app, nil), nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v does not say %q", err, test.want)
			}
			if len(outcome.Trials) > 0 {
				t.Errorf("%d trials were measured", len(outcome.Trials))
			}
		})
	}
}

// What observers do about a trial that begins must not fall into what is measured.
func TestATrialIsAnnouncedBeforeItsWarmUp(t *testing.T) {
	started := 0
	_, err := run(t.Context(), t, external(t, "scgi", helloApp(t), nil), func(e Event) {
		if e.Phase == PhaseStarted {
			started++
			if sent := e.Live().Sent; sent > 0 {
				t.Errorf("%d requests of a warm-up went before", sent)
			}
		}
	})
	if err != nil || started == 0 {
		t.Errorf("%d trials, %v", started, err)
	}
}
