package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/viewer"
)

// runPage is the page of --ui; nil is none, and does nothing.
type runPage struct {
	live *viewer.Live
	stop func() error
	err  io.Writer // for notes
}

// openPage serves the page of a run that is about to begin, where it is wanted, and says
// where it is.
func openPage(ctx context.Context, std stdio, f runFlags) (*runPage, error) {
	if !f.ui && f.uiListen == "" {
		return nil, nil
	}
	live := viewer.NewLive(judged)
	server, err := viewer.Listen(ctx, cmp.Or(f.uiListen, viewer.DefaultAddress), live.Handler())
	if err != nil {
		return nil, err
	}
	// An interrupt ends the run; the page then says so, before it ends too.
	serving, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() { done <- server.Serve(serving) }()
	fmt.Fprintf(std.err, "live page: %s\n", server.URL)
	return &runPage{live, func() error { cancel(); return <-done }, std.err}, nil
}

// also tells the page what is told to observe.
func (p *runPage) also(observe func(bench.Event)) func(bench.Event) {
	if p == nil {
		return observe
	}
	return func(e bench.Event) {
		observe(e)
		p.live.Observe(e)
	}
}

// close tells those who look at the page how the run ended, and ends the page. The error
// is that of the run: a page that ends badly takes nothing from what was measured.
func (p *runPage) close(outcome *bench.Outcome, err error) error {
	if p == nil {
		return err
	}
	p.live.End(endText(outcome, err))
	if failed := p.stop(); failed != nil {
		fmt.Fprintf(p.err, "note: the live page did not end well: %s\n", inert.Line(failed.Error()))
	}
	return err
}

// endText says how a run ended, and where its report is.
func endText(outcome *bench.Outcome, err error) string {
	text := "The run has ended."
	var coded *exitError
	switch {
	case errors.As(err, &coded):
		text = "The run has ended: " + coded.Error() + "."
	case err != nil:
		text = "The run ended early: " + err.Error() + "."
	}
	if outcome != nil && len(outcome.Trials) > 0 {
		text += " Its report is " + filepath.Join(outcome.Dir, "report.html") + "; gwbench view " + filepath.Dir(outcome.Dir) + " shows it beside others."
	}
	return inert.Line(text)
}
