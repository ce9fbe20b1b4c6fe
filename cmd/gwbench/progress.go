package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// progress shows how a run goes: a live bar on a terminal, a line for each
// block elsewhere.
type progress struct {
	w    io.Writer
	axes []string      // what tells the cases apart
	pool *mpb.Progress // nil without a terminal
	bar  *mpb.Bar

	mu   sync.Mutex // guards what the bar's own goroutine reads
	last bench.Event
}

func newProgress(w io.Writer, plan *bench.Plan) *progress {
	p := &progress{w: w, axes: results.Varying(plan.Cases)}
	block := plan.BlockTime()
	p.say("%s: cases: %d, %s of about %s, %s or more in all", plan.Scenario.Name,
		len(plan.Cases), blockRange(plan), round(block), round(block*time.Duration(plan.MinBlocks)))
	if _, terminal := terminalWidth(w); terminal {
		p.pool = mpb.New(mpb.WithOutput(w), mpb.WithWidth(barWidth))
		p.bar = p.pool.AddBar(int64(plan.MinBlocks*len(plan.Cases)),
			mpb.BarRemoveOnComplete(),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return p.status() })))
	}
	return p
}

// barWidth is that of the bar itself, in columns; the rest of the line says
// what is under way.
const barWidth = 16

func (p *progress) observe(e bench.Event) {
	p.mu.Lock()
	if e.Phase != bench.PhaseStarted {
		e.Live, e.Probe = nil, nil
	}
	p.last = e
	p.mu.Unlock()
	if p.bar != nil {
		p.bar.SetTotal(int64(e.Total), false)
		p.bar.SetCurrent(int64(e.Done))
		return
	}
	switch e.Phase {
	case bench.PhaseFolder:
		p.say("run folder: %s", e.Dir)
	case bench.PhaseEnded:
		if !e.Trial.Valid {
			p.say("block %d: %s: trial %d is invalid: %s", e.Block, verdict.Label(e.Case, p.axes), e.Trial.Attempt, strings.Join(e.Trial.Invalid, "; "))
		}
	case bench.PhaseBlock:
		p.say("block %d of %d done, %s left", e.Block, e.Until, round(e.Left))
	case bench.PhaseLook:
		if !e.Stop {
			p.say("look after block %d: not decided yet, going on", e.Block)
		}
	}
}

// say prints one line, whatever a server or a scenario put into it.
func (p *progress) say(format string, args ...any) {
	fmt.Fprintln(p.w, inert.Line(fmt.Sprintf(format, args...)))
}

// status is the text beside the bar.
func (p *progress) status() string {
	p.mu.Lock()
	e := p.last
	p.mu.Unlock()
	switch {
	case e.Phase == "" || e.Phase == bench.PhaseFolder:
		return " starting"
	case e.Phase == bench.PhaseCheck:
		return " checking that all serve the same: " + inert.Line(verdict.Label(e.Case, p.axes))
	}
	return fmt.Sprintf(" block %d/%d, %s left: %s%s%s", e.Block, e.Until, round(e.Left).Truncate(time.Second), inert.Line(verdict.Label(e.Case, p.axes)), probeRate(e.Probe), liveRate(e.Live))
}

// probeRate is what a search tries, "" where none is under way.
func probeRate(probe *results.Probe) string {
	if probe == nil {
		return ""
	}
	return fmt.Sprintf(" %s at %.0f/s:", probe.Stage, probe.Rate)
}

// liveRate is the rate of the trial under way, "" between trials.
func liveRate(live func() load.Progress) string {
	if live == nil {
		return ""
	}
	now := live()
	if now.Elapsed <= 0 {
		return ""
	}
	return fmt.Sprintf(" %.0f req/s", float64(now.Correct)/now.Elapsed.Seconds())
}

// close removes the bar and waits until the terminal is free.
func (p *progress) close() {
	if p.bar == nil {
		return
	}
	p.bar.Abort(true)
	p.pool.Wait()
}
