package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"github.com/gwbench/gwbench/results"
)

// Values of Result.Latency.
const (
	FromIntended = "intended" // open load: from the instant the schedule intended
	FromService  = "service"  // closed load: from the actual send
)

// Result is what one measured attack saw. It is plain data and survives JSON.
type Result struct {
	Start      time.Time            `json:"start"`
	Elapsed    time.Duration        `json:"elapsed_ns"` // first (intended) send to last answer
	Counts     results.Counts       `json:"counts"`
	Errors     []results.ErrorCount `json:"errors,omitempty"`
	Histograms results.Histograms   `json:"histograms"`
	Latency    string               `json:"latency_from"` // FromIntended or FromService
	Metrics    results.Metrics      `json:"metrics"`      // all that the generator alone can tell

	// Silent counts the connections that were given up without ever having
	// brought a byte: whoever accepted them, or did not, never answered. They may
	// be more than the exchanges that timed out: net/http's client sends a request
	// again, unasked, where a connection fails it that had been idle, even one that
	// was never used.
	Silent int64 `json:"silent,omitempty"`

	// Waited counts the hits of an open load that came due while every worker of
	// the generator was waiting for an answer: their lateness is the server's
	// doing, and not the generator's.
	Waited int64 `json:"waited,omitempty"`
}

// ErrBusy is returned by WarmUp and Measure while another of them is under
// way, and after Close.
var ErrBusy = errors.New("load: the generator is attacking already, or was closed")

// Generator holds the connections and the vegeta client of one Plan. WarmUp
// and Measure are for one goroutine at a time, Progress is for any.
type Generator struct {
	plan     Plan
	workers  int // of vegeta
	conns    *connections
	client   client
	http     *http.Client
	target   vegeta.Target
	failures failures
	progress progress
	busy     sync.Mutex // held by an attack, and for ever once closed
	closed   sync.Once

	raw    vegeta.Encoder // nil: results are not kept
	rawErr error
}

// New checks the plan and returns its generator. Nothing is sent yet.
func New(p Plan) (*Generator, error) {
	endpoint, err := p.resolve()
	if err != nil {
		return nil, err
	}
	p = p.withDefaults()
	g := &Generator{plan: p, workers: p.workers(), conns: newConnections(p.Timeout)}
	g.client = newClient(p, endpoint, g.conns)
	// http.Client does the least with no Timeout (which would cost a goroutine
	// and a timer for each request), no Jar, and no redirects.
	g.http = &http.Client{
		Transport: newRoundTripper(g.client, p.Headers, &g.failures),
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
	// The headers are the roundTripper's: vegeta would copy them for each hit.
	g.target = vegeta.Target{Method: p.Method, URL: endpoint.URL(), Body: p.Body}
	return g, nil
}

// RawTo makes the Measure that follows write every result to w as it comes, in
// vegeta's own gob form, which `vegeta report` and `vegeta plot` read. A wrong
// answer is an error there too. Writing costs the generator time, so figures
// with and without it do not compare. Call it before Measure.
func (g *Generator) RawTo(w io.Writer) { g.raw = vegeta.NewEncoder(w) }

// WarmUp drives Plan.Warmup of the same load, and discards what it sees but
// keeps the connections. Failures are no error: Measure will meet them again.
// The only errors are ctx's, and ErrBusy.
func (g *Generator) WarmUp(ctx context.Context) error {
	if !g.busy.TryLock() {
		return ErrBusy
	}
	defer g.busy.Unlock()
	if g.plan.Warmup == 0 {
		return ctx.Err()
	}
	const stream = 1
	_, err := g.attack(ctx, g.plan.Warmup, stream, nil)
	return err
}

// Measure drives the load for Plan.Duration and waits for the answers.
//
// When ctx ends, it stops at once, cuts off the exchanges under way, and
// returns the result so far together with ctx's error. What was cut off counts
// neither as sent nor as failed. Any other error comes without a result, but
// for one of the writer given to RawTo.
func (g *Generator) Measure(ctx context.Context) (*Result, error) {
	if !g.busy.TryLock() {
		return nil, ErrBusy
	}
	defer g.busy.Unlock()
	const stream = 0
	var keep func(*vegeta.Result)
	if g.raw != nil {
		keep = g.writeRaw
	}
	before := g.client.Stats()
	record, cut := g.attack(ctx, g.plan.Duration, stream, keep)
	wire := g.client.Stats().Sub(before)
	result, err := record.result(wire)
	if err != nil {
		return nil, err
	}
	result.Silent = g.conns.silentSinceBegin()
	if record.waited != nil {
		result.Waited = record.waited(result.Counts.Dropped)
	}
	if g.rawErr != nil {
		return result, errors.Join(cut, g.rawErr)
	}
	return result, cut
}

func (g *Generator) writeRaw(r *vegeta.Result) {
	if g.rawErr != nil {
		return
	}
	if err := g.raw(r); err != nil {
		g.rawErr = fmt.Errorf("load: write raw results: %w", err)
	}
}

// Progress returns how far the attack under way, or else the last one, has
// come. It is cheap, and safe to call from any goroutine.
func (g *Generator) Progress() Progress { return g.progress.snapshot() }

// Close waits for an attack under way, and closes the connections.
func (g *Generator) Close() error {
	g.closed.Do(func() {
		g.busy.Lock()
		g.client.CloseIdleConnections()
		g.conns.cut()
	})
	return nil
}

// attack drives the load for d. The error is ctx's, if ctx ended it early.
func (g *Generator) attack(ctx context.Context, d time.Duration, stream uint64, keep func(*vegeta.Result)) (*recorder, error) {
	g.failures.clear()
	g.conns.begin(ctx)
	g.progress.begin()
	defer g.progress.end()

	record := newRecorder(!g.plan.Load.Closed())
	record.ctx = ctx
	record.expect = newExpectation(g.plan)
	record.failures = &g.failures
	record.progress = &g.progress
	record.keep = keep

	maxBody := record.expect.maxBody()
	if keep != nil {
		maxBody = vegeta.DefaultMaxBody // raw results tell the size of every body
	}
	// An Attacker serves for one attack.
	attacker := vegeta.NewAttacker(
		vegeta.Client(g.http),
		vegeta.Workers(uint64(g.workers)),
		vegeta.MaxWorkers(uint64(g.workers)),
		vegeta.MaxBody(maxBody),
	)
	pacer := g.newPacer(d, stream, func() { attacker.Stop() })
	defer pacer.close()
	if open, ok := pacer.(*openPacer); ok {
		record.due, record.waited = open.due, open.waitedFor
	}

	var cutAt time.Time
	cutDone := make(chan struct{})
	release := context.AfterFunc(ctx, func() {
		defer close(cutDone)
		cutAt = time.Now()
		pacer.stop()
		attacker.Stop()
		g.conns.cut()
	})
	targeter := func(t *vegeta.Target) error {
		*t = g.target
		return nil
	}
	// Neither a duration nor a name: the pacer ends the attack, and a name
	// would be one more header.
	for result := range attacker.Attack(targeter, pacer, 0, "") {
		record.add(result)
	}
	if release() {
		record.finish(pacer.planned(record.hits, time.Time{}))
		return record, nil
	}
	<-cutDone
	g.client.CloseIdleConnections()
	record.finish(pacer.planned(record.hits, cutAt))
	return record, ctx.Err()
}

// newPacer returns the pacer of an attack of length d. It calls giveUp when
// the time is over, for vegeta may be waiting for a worker then.
func (g *Generator) newPacer(d time.Duration, stream uint64, giveUp func()) pacer {
	l := g.plan.Load
	if l.Closed() {
		return &closedPacer{duration: d, end: time.AfterFunc(d, giveUp)}
	}
	return &openPacer{
		schedule: newSchedule(l.Rate, l.Arrivals, d, g.plan.Seed, stream),
		duration: d,
		clock:    newSystemClock(),
		giveUp:   giveUp,
		busy: func(hits uint64) bool {
			return hits >= g.progress.answered()+uint64(g.workers)
		},
	}
}
