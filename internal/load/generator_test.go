package load

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	vegeta "github.com/tsenart/vegeta/v12/lib"
	"go.uber.org/goleak"

	"github.com/gwbench/gwbench/results"
)

// counted counts the requests a handler sees.
func counted(h http.Handler) (http.Handler, *atomic.Int64) {
	var n atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		h.ServeHTTP(w, r)
	}), &n
}

func TestClosedLoad(t *testing.T) {
	eachClient(t, func(t *testing.T, client string) {
		h, seen := counted(sayHello)
		result := measure(t, closedPlan(serve(t, h), client))
		c := result.Counts
		want := results.Counts{Planned: seen.Load(), Sent: seen.Load(), Correct: seen.Load()}
		if c != want || c.Sent == 0 {
			t.Errorf("counts %+v, want %+v as the server saw", c, want)
		}
		if result.Errors != nil {
			t.Errorf("errors %+v", result.Errors)
		}
		if result.Latency != FromService || result.Histograms.Service != "" || result.Histograms.Lag != "" {
			t.Errorf("latency from %q, histograms %+v: want service time only", result.Latency, result.Histograms)
		}
		if result.Elapsed < 50*time.Millisecond {
			t.Errorf("elapsed %v of a duration of 100 ms", result.Elapsed)
		}
		m := result.Metrics
		if got, want := m["throughput"], float64(c.Correct)/result.Elapsed.Seconds(); got != want {
			t.Errorf("throughput %v, want %v", got, want)
		}
		if m["errors"] != 0 || m["bytes_sent"] < 20 || m["bytes_received"] < float64(len(hello)) {
			t.Errorf("errors %v, bytes_sent %v, bytes_received %v", m["errors"], m["bytes_sent"], m["bytes_received"])
		}
		if got, ok := m["dials"]; !ok || got*float64(c.Sent) > maxDials(client)+0.5 {
			t.Errorf("dials %v a request of %d, want at most %v in all", got, c.Sent, maxDials(client))
		}
		if m["latency.p50"] <= 0 || m["latency.p50"] > m["latency.max"] || m["service.p50"] != m["latency.p50"] {
			t.Errorf("latency p50 %v, max %v, service p50 %v", m["latency.p50"], m["latency.max"], m["service.p50"])
		}
	})
}

// maxDials is how many connections 4 clients may open. net/http dials ahead
// while all connections are busy, and keeps what comes of it.
func maxDials(client string) float64 {
	if client == ClientNetHTTP {
		return 4 * 4
	}
	return 4
}

func TestConnectionPerRequest(t *testing.T) {
	eachClient(t, func(t *testing.T, client string) {
		p := closedPlan(serve(t, sayHello), client)
		p.KeepAlive = false
		result := measure(t, p)
		if got := result.Metrics["dials"]; got != 1 || len(result.Errors) > 0 {
			t.Errorf("%v dials a request, errors %+v; want 1 and none", got, result.Errors)
		}
	})
}

func TestUnixSocket(t *testing.T) {
	eachClient(t, func(t *testing.T, client string) {
		result := measure(t, closedPlan(serveUnix(t, sayHello), client))
		if result.Counts.Correct == 0 || len(result.Errors) > 0 {
			t.Errorf("%d correct, errors %+v", result.Counts.Correct, result.Errors)
		}
	})
}

func TestOpenLoad(t *testing.T) {
	eachClient(t, func(t *testing.T, client string) {
		for _, arrivals := range []string{Constant, Poisson} {
			t.Run(arrivals, func(t *testing.T) {
				h, seen := counted(sayHello)
				p := openPlan(serve(t, h), client)
				p.Load.Arrivals = arrivals
				result := measure(t, p)
				c := result.Counts
				planned := int64(newSchedule(500, arrivals, p.Duration, p.Seed, 0).n)
				if c.Planned != planned || c.Sent+c.Dropped != planned || c.Sent != seen.Load() || c.Correct != c.Sent || c.Late > c.Sent {
					t.Errorf("counts %+v, want %d planned and %d correct, as the server saw", c, planned, seen.Load())
				}
				if result.Latency != FromIntended {
					t.Errorf("latency from %q, want %q", result.Latency, FromIntended)
				}
				m := result.Metrics
				for _, name := range []string{"latency.p50", "latency.max", "service.p50", "lag.p50", "lag.max"} {
					if m[name] <= 0 {
						t.Errorf("%s is %v", name, m[name])
					}
				}
				if m["latency.p50"] < m["service.p50"]*0.999 {
					t.Errorf("latency p50 %v is less than service p50 %v", m["latency.p50"], m["service.p50"])
				}
				for name, h := range map[string]string{"latency": result.Histograms.Latency, "service": result.Histograms.Service, "lag": result.Histograms.Lag} {
					values, err := Quantiles(h, []float64{0.5})
					if err != nil || math.Abs(values[0]-m[name+".p50"]*1e6) > 1 {
						t.Errorf("median %v, %v of histogram %s, want %v ms", values, err, name, m[name+".p50"])
					}
				}
			})
		}
	})
}

// A server that stalls holds up all requests that are due meanwhile. Who
// measures from the actual send, with no worker free to send, sees only the
// few that were under way.
func TestCoordinatedOmissionIsCorrected(t *testing.T) {
	eachClient(t, func(t *testing.T, client string) {
		const stall = 100 * time.Millisecond
		var seen atomic.Int64
		var gate sync.RWMutex
		p := openPlan(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if seen.Add(1) == 100 {
				gate.Lock()
				time.Sleep(stall)
				gate.Unlock()
			}
			gate.RLock()
			defer gate.RUnlock()
			sayHello(w, r)
		})), client)
		p.Load.Rate = 1000
		p.Duration = 400 * time.Millisecond
		g := newGenerator(t, p)
		g.workers = 4

		result, err := g.Measure(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		m := result.Metrics
		if len(result.Errors) > 0 || result.Counts.Late == 0 {
			t.Fatalf("errors %+v, counts %+v; want none, and some late", result.Errors, result.Counts)
		}
		if m["latency.p99"] < 50 || m["lag.max"] < 50 {
			t.Errorf("latency p99 %v ms, lag max %v ms: the stall of %v is hidden", m["latency.p99"], m["lag.max"], stall)
		}
		if m["service.p50"] > m["latency.p99"]/2 {
			t.Errorf("service p50 %v ms shows the stall, latency p99 is %v ms", m["service.p50"], m["latency.p99"])
		}
	})
}

func TestOverloadDropsWhatIsNotSent(t *testing.T) {
	release := make(chan struct{})
	p := openPlan(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-release
		sayHello(w, r)
	})), ClientNetHTTP)
	g := newGenerator(t, p)
	g.workers = 3
	time.AfterFunc(p.Duration+20*grace, func() { close(release) })
	result, err := g.Measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := results.Counts{Planned: 100, Sent: 3, Correct: 3, Dropped: 97, Late: result.Counts.Late}
	if result.Counts != want {
		t.Errorf("counts %+v, want %+v", result.Counts, want)
	}
	if result.Waited != 97 {
		t.Errorf("%d hits waited for a worker, want those dropped", result.Waited)
	}
}

// wrong answers, by the kind of error that they are, and as the server gives
// them.
var wrong = map[string]http.HandlerFunc{
	KindBody: func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<h1>Hello, world!</h1>") },
	"body: shorter": func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, hello[:10])
	},
	"body: empty": func(http.ResponseWriter, *http.Request) {},
	"body: longer": func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, hello+strings.Repeat("!", 5000))
	},
	KindStatus: func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		io.WriteString(w, hello)
	},
	"status: redirect": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusFound)
		io.WriteString(w, hello)
	},
	"status: failure": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		io.WriteString(w, hello)
	},
}

func TestWrongAnswersAreNeverCorrect(t *testing.T) {
	for name, handler := range wrong {
		kind, _, _ := strings.Cut(name, ":")
		t.Run(name, func(t *testing.T) {
			eachClient(t, func(t *testing.T, client string) {
				for _, p := range []Plan{closedPlan(serve(t, handler), client), openPlan(serve(t, handler), client)} {
					p.Duration = 40 * time.Millisecond
					result := measure(t, p)
					if result.Counts.Correct != 0 || result.Counts.Sent == 0 {
						t.Errorf("counts %+v, want none correct", result.Counts)
					}
					if len(result.Errors) != 1 || result.Errors[0].Kind != kind || result.Errors[0].Count != result.Counts.Sent {
						t.Errorf("errors %+v, want %d of kind %s", result.Errors, result.Counts.Sent, kind)
					}
					if n := len(result.Errors[0].Sample); n == 0 || n > maxSample {
						t.Errorf("the sample %q has %d bytes", result.Errors[0].Sample, n)
					}
					if result.Metrics["errors"] != 1 || result.Metrics["throughput"] != 0 {
						t.Errorf("errors %v, throughput %v; want 1 and 0", result.Metrics["errors"], result.Metrics["throughput"])
					}
					for name := range result.Metrics {
						if strings.HasPrefix(name, "latency.") || strings.HasPrefix(name, "service.") {
							t.Errorf("%s of nothing correct is %v", name, result.Metrics[name])
						}
					}
					if _, err := Quantiles(result.Histograms.Latency, []float64{0.5}); !errors.Is(err, ErrNoSamples) {
						t.Errorf("the latency histogram: %v, want ErrNoSamples", err)
					}
				}
			})
		})
	}
}

func TestOnlyCorrectAnswersEnterTheLatency(t *testing.T) {
	var n atomic.Int64
	p := closedPlan(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1)%2 == 0 {
			w.WriteHeader(http.StatusServiceUnavailable) // at once
			return
		}
		time.Sleep(5 * time.Millisecond)
		sayHello(w, r)
	})), ClientNetHTTP)
	result := measure(t, p)
	lowest, err := Quantiles(result.Histograms.Latency, []float64{0})
	if err != nil {
		t.Fatal(err)
	}
	if lowest[0] < 5e6 {
		t.Errorf("a refusal's %v ms entered the latency", lowest[0]/1e6)
	}
	if got := result.Metrics["errors"]; got < 0.25 || got > 0.75 {
		t.Errorf("errors %v, want about a half", got)
	}
}

func TestExpectations(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   *[]byte
	}{
		{"any body", http.StatusTeapot, nil},
		{"this body", http.StatusTeapot, &[]byte{'x', 'y'}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := closedPlan(serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusTeapot)
				io.WriteString(w, "xy")
			})), ClientGwbench)
			p.ExpectStatus, p.ExpectBody = test.status, test.body
			if result := measure(t, p); result.Counts.Correct == 0 || len(result.Errors) > 0 {
				t.Errorf("%d correct, errors %+v", result.Counts.Correct, result.Errors)
			}
		})
	}
}

func TestBrokenExchanges(t *testing.T) {
	// request reads what fits into one read: all of it.
	request := func(conn net.Conn) { conn.Read(make([]byte, 4096)) }
	answer := func(text string) func(net.Conn) {
		return func(conn net.Conn) {
			defer conn.Close()
			request(conn)
			io.WriteString(conn, text)
		}
	}
	tests := []struct {
		name, want string
		handle     func(net.Conn)
	}{
		{"closes without an answer", KindEOF, answer("")},
		{"closes within the head", KindEOF, answer("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")},
		{"closes within the body", KindEOF, answer("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n<h1>")},
		{"speaks another protocol", KindProtocol, answer("SSH-2.0-OpenSSH_9.2\r\n\r\n")},
		{"resets", KindReset, func(conn net.Conn) {
			request(conn)
			conn.(*net.TCPConn).SetLinger(0)
			conn.Close()
		}},
		{"never answers", KindTimeout, func(conn net.Conn) {
			defer conn.Close()
			io.Copy(io.Discard, conn)
		}},
		{"stops within the body", KindTimeout, func(conn net.Conn) {
			defer conn.Close()
			request(conn)
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n<h1>")
			io.Copy(io.Discard, conn)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			eachClient(t, func(t *testing.T, client string) {
				p := closedPlan(serveConn(t, test.handle), client)
				p.Duration, p.Timeout = 30*time.Millisecond, 100*time.Millisecond
				if test.want != KindTimeout {
					p.Timeout = 10 * time.Second
				}
				result := measure(t, p)
				if result.Counts.Correct != 0 || len(result.Errors) != 1 || result.Errors[0].Kind != test.want {
					t.Errorf("%d correct, errors %+v; want none, and kind %s only", result.Counts.Correct, result.Errors, test.want)
				}
			})
		})
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	eachClient(t, func(t *testing.T, client string) {
		p := closedPlan("http://"+l.Addr().String()+"/", client)
		p.Duration, p.Warmup = 20*time.Millisecond, time.Millisecond
		g := newGenerator(t, p)
		if err := g.WarmUp(t.Context()); err != nil {
			t.Errorf("WarmUp: %v, want failures to wait for Measure", err)
		}
		result, err := g.Measure(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Errors) != 1 || result.Errors[0].Kind != KindDial || !strings.Contains(result.Errors[0].Sample, "refused") {
			t.Errorf("errors %+v, want dial errors that say refused", result.Errors)
		}
	})
}

func TestCancelWhileTheServerHangs(t *testing.T) {
	for name, plan := range map[string]func(endpoint, client string) Plan{"closed": closedPlan, "open": openPlan} {
		t.Run(name, func(t *testing.T) {
			eachClient(t, func(t *testing.T, client string) {
				hanging := make(chan struct{}, 1<<16)
				endpoint := serveConn(t, func(conn net.Conn) {
					defer conn.Close()
					hanging <- struct{}{}
					io.Copy(io.Discard, conn)
				})
				before := goleak.IgnoreCurrent()
				p := plan(endpoint, client)
				p.Duration, p.Timeout = time.Hour, time.Hour
				if name == "open" {
					p.Load.Rate = 20
				}
				g, err := New(p)
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				go func() {
					for range 3 {
						<-hanging
					}
					cancel()
				}()
				result, err := g.Measure(ctx)
				if !errors.Is(err, context.Canceled) || result == nil {
					t.Fatalf("Measure: %v, %v; want a partial result and context.Canceled", result, err)
				}
				c := result.Counts
				if c.Sent != 0 || c.Correct != 0 || c.Planned != c.Dropped || c.Planned > 100 || len(result.Errors) > 0 {
					t.Errorf("counts %+v, errors %+v: what was cut off must not count", c, result.Errors)
				}
				if len(result.Metrics) > 0 && name == "closed" {
					t.Errorf("metrics %v of nothing", result.Metrics)
				}
				g.Close()
				goleak.VerifyNone(t, before)
			})
		})
	}
}

func TestCancelKeepsWhatWasSeen(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	h, seen := counted(sayHello)
	p := openPlan(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r)
		if seen.Load() == 20 {
			cancel()
		}
	})), ClientGwbench)
	p.Duration = time.Hour
	g := newGenerator(t, p)
	result, err := g.Measure(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("Measure: %v, want context.Canceled", err)
	}
	c := result.Counts
	if c.Correct < 10 || c.Planned != c.Sent+c.Dropped || c.Planned > 10_000 || result.Metrics["latency.p50"] <= 0 {
		t.Errorf("counts %+v, metrics %v: want the first 20 or so of an hour", c, result.Metrics)
	}

	// The generator survives it.
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	result, err = g.Measure(ctx)
	if !errors.Is(err, context.DeadlineExceeded) || result.Counts.Correct == 0 || len(result.Errors) > 0 {
		t.Errorf("the next Measure: %v, counts %+v, errors %+v", err, result.Counts, result.Errors)
	}
}

func TestCancelledFromTheStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h, seen := counted(sayHello)
	p := closedPlan(serve(t, h), ClientGwbench)
	p.Duration = time.Hour
	g := newGenerator(t, p)
	if err := g.WarmUp(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("WarmUp: %v, want context.Canceled", err)
	}
	result, err := g.Measure(ctx)
	if !errors.Is(err, context.Canceled) || result == nil {
		t.Fatalf("Measure: %v, %v; want a result and context.Canceled", result, err)
	}
	if seen.Load() != 0 || result.Counts.Sent != 0 {
		t.Errorf("%d requests were sent, counts %+v", seen.Load(), result.Counts)
	}
}

func TestWarmUpLeavesWarmConnections(t *testing.T) {
	eachClient(t, func(t *testing.T, client string) {
		p := closedPlan(serve(t, sayHello), client)
		p.Warmup = 50 * time.Millisecond
		g := newGenerator(t, p)
		if err := g.WarmUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if warm := g.Progress(); warm.Correct == 0 {
			t.Errorf("progress %+v after the warm-up", warm)
		}
		result, err := g.Measure(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := float64(g.client.Stats().Dials); got > maxDials(client) {
			t.Errorf("%v dials in warm-up and measurement, want at most %v", got, maxDials(client))
		}
		after := g.Progress()
		want := Progress{Elapsed: after.Elapsed, Sent: result.Counts.Sent, Correct: result.Counts.Correct}
		if after != want || after.Elapsed < p.Duration {
			t.Errorf("progress %+v, want %+v and the whole duration", after, want)
		}
		if again := g.Progress(); again != after {
			t.Errorf("progress goes on after the end: %+v, then %+v", after, again)
		}
	})
}

func TestOneAttackAtATime(t *testing.T) {
	arrived, release := make(chan struct{}, 1), make(chan struct{})
	p := closedPlan(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case arrived <- struct{}{}:
		default:
		}
		<-release
		sayHello(w, r)
	})), ClientGwbench)
	g := newGenerator(t, p)
	done := make(chan error)
	go func() {
		_, err := g.Measure(t.Context())
		done <- err
	}()
	<-arrived
	if _, err := g.Measure(t.Context()); !errors.Is(err, ErrBusy) {
		t.Errorf("a second Measure: %v, want ErrBusy", err)
	}
	if err := g.WarmUp(t.Context()); !errors.Is(err, ErrBusy) {
		t.Errorf("WarmUp meanwhile: %v, want ErrBusy", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Errorf("the first Measure: %v", err)
	}
	for range 2 {
		if err := g.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if _, err := g.Measure(t.Context()); !errors.Is(err, ErrBusy) {
		t.Errorf("Measure after Close: %v, want ErrBusy", err)
	}
}

func TestRawResultsAreVegetas(t *testing.T) {
	var n atomic.Int64
	p := closedPlan(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sayHello(w, r)
		if n.Add(1)%2 == 0 {
			io.WriteString(w, strings.Repeat("!", 1000))
		}
	})), ClientGwbench)
	g := newGenerator(t, p)
	var raw bytes.Buffer
	g.RawTo(&raw)
	result, err := g.Measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var m vegeta.Metrics
	var good, bad int64
	for decode := vegeta.NewDecoder(&raw); ; {
		var r vegeta.Result
		if err := decode(&r); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		m.Add(&r)
		switch {
		case r.Error == "" && r.BytesIn == uint64(len(hello)):
			good++
		case strings.HasPrefix(r.Error, "body ") && r.BytesIn == uint64(len(hello)+1000):
			bad++
		}
	}
	m.Close()
	if good != result.Counts.Correct || good+bad != result.Counts.Sent || bad == 0 || m.Requests != uint64(good+bad) {
		t.Errorf("%d good and %d bad raw results of %d, counts %+v", good, bad, m.Requests, result.Counts)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestRawResultsThatCannotBeWritten(t *testing.T) {
	g := newGenerator(t, closedPlan(serve(t, sayHello), ClientGwbench))
	g.RawTo(brokenWriter{})
	result, err := g.Measure(t.Context())
	if !errors.Is(err, io.ErrShortWrite) || result == nil || result.Counts.Correct == 0 {
		t.Errorf("Measure: %v, %v; want the result and the writer's error", result, err)
	}
}

func TestResultSurvivesJSON(t *testing.T) {
	want := measure(t, openPlan(serve(t, sayHello), ClientGwbench))
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got := new(Result)
	if err := json.Unmarshal(text, got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after JSON (-want +got):\n%s", diff)
	}
}

func TestMetricNamesAreThoseOfResults(t *testing.T) {
	known := results.MetricNames()
	for name := range measure(t, openPlan(serve(t, sayHello), ClientGwbench)).Metrics {
		if !slices.Contains(known, name) {
			t.Errorf("metric %s is not in results.MetricList", name)
		}
	}
}

// TestStarvedConnectionsAreSilent drives a server that serves one connection
// until it is closed, as a single worker of many servers does with keep-alive.
// It answers nobody before all clients have asked: else net/http's client might
// hand a connection that became idle to one that is still dialling, and put the
// new one, on which nothing was ever sent, aside.
func TestStarvedConnectionsAreSilent(t *testing.T) {
	eachClient(t, func(t *testing.T, client string) {
		worker := make(chan struct{}, 1)
		var asked sync.WaitGroup
		p := closedPlan(serveConn(t, func(conn net.Conn) {
			defer conn.Close()
			r := bufio.NewReader(conn)
			_, err := http.ReadRequest(r)
			asked.Done()
			asked.Wait()
			worker <- struct{}{}
			defer func() { <-worker }()
			for ; err == nil; _, err = http.ReadRequest(r) {
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: "+strconv.Itoa(len(hello))+"\r\n\r\n"+hello)
			}
		}), client)
		asked.Add(p.Load.Clients)
		p.Duration, p.Timeout = 200*time.Millisecond, 500*time.Millisecond
		result := measure(t, p)
		if result.Counts.Correct == 0 || len(result.Errors) != 1 || result.Errors[0].Kind != KindTimeout {
			t.Fatalf("counts %+v, errors %+v", result.Counts, result.Errors)
		}
		if starved := int64(p.Load.Clients - 1); result.Silent != starved || result.Errors[0].Count != starved {
			t.Errorf("%d silent connections, %d timeouts, want %d of both", result.Silent, result.Errors[0].Count, starved)
		}
	})
	if result := measure(t, closedPlan(serve(t, sayHello), ClientGwbench)); result.Silent != 0 {
		t.Errorf("%d silent connections to a server that answers all", result.Silent)
	}
}
