package viewer

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// fakeRun is a run that goes as far as a test lets it.
type fakeRun struct {
	t      *testing.T
	live   *Live
	dir    string
	store  *results.Store
	cases  map[string]results.Case
	trials []results.Trial // that are to come
	total  int
}

func startFakeRun(t *testing.T) *fakeRun {
	t.Helper()
	d := aRun(t)
	d.Run.End = time.Time{}
	r := &fakeRun{t: t, live: NewLive(claimsOf(t)), dir: filepath.Join(t.TempDir(), "run"), trials: d.Trials, total: len(d.Trials), cases: map[string]results.Case{}}
	for _, c := range d.Run.Plan.Cases {
		r.cases[c.ID()] = c
	}
	var err error
	if r.store, err = results.CreateAt(r.dir, d.Run); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.store.Close() })
	r.live.pause = 0
	return r
}

func (r *fakeRun) begin() { r.live.Observe(bench.Event{Phase: bench.PhaseFolder, Dir: r.dir}) }

// event is one with the counters filled in.
func (r *fakeRun) event(phase bench.Phase) bench.Event {
	block := 3
	if len(r.trials) > 0 {
		block = r.trials[0].Block
	}
	return bench.Event{Phase: phase, Block: block, Until: 3, Done: r.total - len(r.trials), Total: r.total, Left: time.Minute}
}

// start begins the next trial.
func (r *fakeRun) start() {
	e := r.event(bench.PhaseStarted)
	e.Case = r.cases[r.trials[0].Case]
	e.Live = func() load.Progress { return load.Progress{Elapsed: time.Second, Sent: 1234, Correct: 1234} }
	r.live.Observe(e)
}

// end ends it.
func (r *fakeRun) end() {
	r.t.Helper()
	one := r.trials[0]
	if err := r.store.Append(one); err != nil {
		r.t.Fatal(err)
	}
	r.trials = r.trials[1:]
	e := r.event(bench.PhaseEnded)
	e.Case, e.Trial = r.cases[one.Case], one
	r.live.Observe(e)
}

// block measures what is left of a block.
func (r *fakeRun) block() {
	r.t.Helper()
	for number := r.trials[0].Block; len(r.trials) > 0 && r.trials[0].Block == number; {
		r.start()
		r.end()
	}
	r.live.Observe(r.event(bench.PhaseBlock))
}

func (r *fakeRun) finish() {
	r.t.Helper()
	if err := r.store.Finish(time.Date(2026, 1, 2, 3, 9, 0, 0, time.UTC), "", nil); err != nil {
		r.t.Fatal(err)
	}
}

// listener reads events as a browser does.
type listener struct {
	t      *testing.T
	answer *http.Response
	lines  *bufio.Reader
	stop   context.CancelFunc
	retry  string
}

func listen(t *testing.T, url, lastID string) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); answer.Body.Close() })
	return &listener{t: t, answer: answer, lines: bufio.NewReader(answer.Body), stop: cancel}
}

// message is one event.
type message struct {
	id, event string
	comment   bool
	data      map[string]any
}

// next waits for the next event; false: there are no more.
func (l *listener) next() (m message, ok bool) {
	l.t.Helper()
	for {
		line, err := l.lines.ReadString('\n')
		if err == io.EOF {
			return m, false
		}
		if err != nil {
			l.t.Fatal(err)
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "":
			if m.comment || m.event != "" {
				return m, true
			}
			if strings.HasPrefix(line, ":") {
				m.comment = true
			}
		case "id":
			m.id = value
		case "event":
			m.event = value
		case "retry":
			l.retry = value
		case "data":
			if err := json.Unmarshal([]byte(value), &m.data); err != nil {
				l.t.Fatalf("%s: %v", value, err)
			}
		default:
			l.t.Fatalf("a line that is no event: %q", line)
		}
	}
}

// await waits for an event of that name.
func (l *listener) await(name string) message {
	l.t.Helper()
	for {
		m, ok := l.next()
		if !ok {
			l.t.Fatalf("the events ended before one of %s", name)
		}
		if m.event == name {
			return m
		}
	}
}

func TestALiveRunTellsFiguresAndProgress(t *testing.T) {
	run := startFakeRun(t)
	url := serve(t, run.live.Handler())
	if answer, _ := get(t, url, nil); answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%d before the run began", answer.StatusCode)
	}
	run.begin()
	answer, body := get(t, url, nil)
	if answer.StatusCode != 200 || !strings.Contains(body, "from 0 trials") {
		t.Errorf("%d: %.200s", answer.StatusCode, body)
	}
	expectSecure(t, answer.Header)
	if policy := answer.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self'") {
		t.Errorf("the page cannot listen to events: %s", policy)
	}

	l := listen(t, url+"events?after=1", "")
	if got := l.answer.Header.Get("Content-Type"); got != "text/event-stream; charset=utf-8" {
		t.Errorf("content type %s", got)
	}
	expectSecure(t, l.answer.Header)
	if first := l.await("progress"); first.data["text"] != "starting" {
		t.Errorf("%v", first.data)
	}
	if l.retry != "2000" {
		t.Errorf("retry: %q", l.retry)
	}
	run.start()
	m := l.await("progress")
	if text := fmt.Sprint(m.data["text"]); !strings.HasPrefix(text, "block 1 of 3, 1m0s left: ") {
		t.Errorf("%v", m.data)
	}
	if m.data["rate"] != "1,234 req/s" || m.data["total"] != 36.0 {
		t.Errorf("%v", m.data)
	}
	run.end()
	run.block()
	m = l.await("figures")
	if m.id == "" || m.data["news"] != "Figures of 1 complete block of 3 planned, from 12 trials, 12 of them valid." {
		t.Errorf("%s %v", m.id, m.data["news"])
	}
	var parts []string
	for _, part := range m.data["parts"].([]any) {
		parts = append(parts, fmt.Sprint(part.(map[string]any)["id"]))
	}
	if len(parts) < 2 || parts[0] != "verdicts" || parts[1] != "cases" {
		t.Errorf("parts %v", parts)
	}
	if _, body := get(t, url, nil); !strings.Contains(body, "from 12 trials") {
		t.Error("the page has not the figures of the last block")
	}

	// One who lost the connection is told what is new, and nothing twice.
	again := listen(t, url+"events", m.id)
	if first, _ := again.next(); first.event != "progress" {
		t.Errorf("%s is told again", first.event)
	}
	again.stop()

	run.block()
	run.block()
	run.finish()
	ended := make(chan struct{})
	go func() {
		run.live.End("The run has ended. Its report is run/report.html.")
		close(ended)
	}()
	if last := l.await("end"); last.data["text"] != "The run has ended. Its report is run/report.html." {
		t.Errorf("%v", last.data)
	}
	if _, ok := l.next(); ok {
		t.Error("something comes after the end")
	}
	<-ended
}

func TestTheEndComesWithTheFinalFigures(t *testing.T) {
	run := startFakeRun(t)
	url := serve(t, run.live.Handler())
	run.begin()
	l := listen(t, url+"events", "")
	l.await("figures")
	for range 3 {
		run.block()
	}
	run.finish()
	go run.live.End("over")
	news := ""
	for {
		m, ok := l.next()
		if !ok {
			t.Fatal("no end")
		}
		if m.event == "figures" {
			news = fmt.Sprint(m.data["news"])
		}
		if m.event == "end" {
			break
		}
	}
	if !strings.Contains(news, "from 36 trials") {
		t.Errorf("the last figures are those of %q", news)
	}
}

func TestNothingIsDrawnForNobody(t *testing.T) {
	run := startFakeRun(t)
	run.begin()
	if run.live.figures.id != 1 {
		t.Fatalf("%d figures at the start", run.live.figures.id)
	}
	run.block()
	if run.live.figures.id != 1 {
		t.Error("figures were made, and nobody looks")
	}
	if _, err := run.live.page(nil); err != nil {
		t.Fatal(err)
	}
	run.start()
	run.end()
	if run.live.figures.id != 1 {
		t.Error("figures were made within a block")
	}
	run.block()
	if run.live.figures.id != 2 {
		t.Error("no figures were made for who asked for the page")
	}
	run.block()
	if run.live.figures.id != 2 {
		t.Error("figures were made for one who has gone")
	}
	run.live.End("over") // there is nobody to wait for
}

func TestClientsAreBounded(t *testing.T) {
	run := startFakeRun(t)
	url := serve(t, run.live.Handler())
	run.begin()
	var all []*listener
	for range mostClients {
		l := listen(t, url+"events", "")
		l.await("figures")
		all = append(all, l)
	}
	if one := listen(t, url+"events", ""); one.answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one more than %d: %d", mostClients, one.answer.StatusCode)
	}
	go run.live.End("over")
	for _, l := range all {
		l.await("end")
	}
}

// stuck is a client that never takes anything.
type stuck struct {
	http.ResponseWriter
	reached chan struct{} // closed once something is written
	release chan struct{}
}

func (s *stuck) Header() http.Header              { return http.Header{} }
func (s *stuck) SetWriteDeadline(time.Time) error { return nil }
func (s *stuck) Flush()                           {}

func (s *stuck) Write([]byte) (int, error) {
	close(s.reached)
	<-s.release
	return 0, net.ErrClosed
}

// A client that does not read must hold up neither the run, which Observe must not
// block, nor the others. Where it does, this test does not end.
func TestASlowClientHoldsNobodyUp(t *testing.T) {
	run := startFakeRun(t)
	url := serve(t, run.live.Handler())
	run.begin()
	slow := &stuck{reached: make(chan struct{}), release: make(chan struct{})}
	r := httptest.NewRequest(http.MethodGet, "/events", nil)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		run.live.events(slow, r)
	}()
	<-slow.reached
	run.block()
	quick := listen(t, url+"events", "")
	if m := quick.await("figures"); !strings.Contains(fmt.Sprint(m.data["news"]), "from 12 trials") {
		t.Errorf("%v", m.data["news"])
	}
	close(slow.release)
	<-gone
}

// Those who look at the page hear of figures that cannot be made, and see the next ones.
func TestFiguresThatFailAreNews(t *testing.T) {
	for name, fault := range map[string]func() error{
		"error": func() error { return errors.New("no <b>claims</b>") },
		"panic": func() error { panic("no <b>claims</b>") },
	} {
		t.Run(name, func(t *testing.T) {
			run := startFakeRun(t)
			url := serve(t, run.live.Handler())
			run.begin()
			judge := run.live.judge
			l := listen(t, url+"events?after=1", "")
			l.await("progress")
			run.live.judge = func(string, results.Run, []results.Trial) (summary.Data, error) {
				return summary.Data{}, fault()
			}
			run.block()
			m := l.await("figures")
			if news := fmt.Sprint(m.data["news"]); !strings.HasPrefix(news, "The figures cannot be shown: ") || !strings.HasSuffix(news, "no <b>claims</b>. What is below is older.") {
				t.Errorf("news %q", news)
			}
			if parts, ok := m.data["parts"].([]any); !ok || len(parts) > 0 {
				t.Errorf("parts %v", m.data["parts"])
			}
			if answer, body := get(t, url, nil); answer.StatusCode != 500 || !strings.Contains(body, "no &lt;b&gt;claims") {
				t.Errorf("%d: %.300s", answer.StatusCode, body)
			}
			run.live.judge = judge
			run.block()
			if m := l.await("figures"); !strings.Contains(fmt.Sprint(m.data["news"]), "from 24 trials") {
				t.Errorf("after that: %v", m.data["news"])
			}
		})
	}
}

func TestAHeartbeatKeepsAQuietConnection(t *testing.T) {
	run := startFakeRun(t)
	run.live.heartbeat = time.Millisecond
	url := serve(t, run.live.Handler())
	run.begin()
	l := listen(t, url+"events", "")
	l.await("progress")
	for range 3 {
		if m, ok := l.next(); !ok || !m.comment {
			t.Errorf("%+v where a heartbeat is due", m)
		}
	}
}

// A run that cannot be read at first is watched all the same, and its page is not made
// anew for each who asks: a trial may be under way.
func TestARunThatFailsToBeReadIsWatchedAllTheSame(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	run := startFakeRun(t)
	file := filepath.Join(run.dir, results.RunFile)
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	run.begin()
	first, err := run.live.page(nil)
	if err != nil || first.code != 500 || !strings.Contains(string(first.body), "is not a run folder") {
		t.Errorf("%d, %v: %.300s", first.code, err, first.body)
	}
	if again, err := run.live.page(nil); err != nil || &again.body[0] != &first.body[0] {
		t.Errorf("the page is made for each who asks: %v", err)
	}
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	run.block()
	if page, err := run.live.page(nil); err != nil || page.code != 200 || !strings.Contains(string(page.body), "from 12 trials") {
		t.Errorf("%d, %v: %.300s", page.code, err, page.body)
	}
	run.block()
	if page, _ := run.live.page(nil); !strings.Contains(string(page.body), "from 24 trials") {
		t.Error("trials are lost, or told twice")
	}
	run.live.End("over")
}

func TestProgressIsSaid(t *testing.T) {
	live := NewLive(claimsOf(t))
	c := results.Case{Target: "builtin", Protocol: "uwsgi", Load: "steady"}
	for want, e := range map[string]bench.Event{
		"starting": {Phase: bench.PhaseFolder},
		"checking that all serve the same: builtin uwsgi steady":             {Phase: bench.PhaseCheck, Case: c},
		"block 2 of 10, 1m1s left: builtin uwsgi steady":                     {Phase: bench.PhaseStarted, Case: c, Block: 2, Until: 10, Left: 61 * time.Second},
		"block 2 of 10, 1m1s left: builtin uwsgi steady (doubling at 400/s)": {Phase: bench.PhaseStarted, Case: c, Block: 2, Until: 10, Left: 61 * time.Second, Probe: &results.Probe{Stage: "doubling", Rate: 400}},
		"block 2 of 10 is complete, 5s left":                                 {Phase: bench.PhaseBlock, Block: 2, Until: 10, Left: 5 * time.Second},
		"look after block 10: not decided yet, going on":                     {Phase: bench.PhaseLook, Block: 10},
		"look after block 10: the run ends":                                  {Phase: bench.PhaseLook, Block: 10, Stop: true},
	} {
		if got := live.progressText(e); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
