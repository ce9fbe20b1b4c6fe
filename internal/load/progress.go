package load

import (
	"sync/atomic"
	"time"
)

// Progress is a running figure for a live display.
type Progress struct {
	Elapsed               time.Duration
	Sent, Correct, Errors int64 // Sent counts requests whose fate is known: Correct + Errors
}

// progress is written by the attack and read by anybody. The zero value is
// that of an attack that has not begun.
type progress struct {
	began           atomic.Pointer[time.Time]
	ended           atomic.Pointer[time.Time]
	correct, errors atomic.Int64
}

func (p *progress) begin() {
	now := time.Now()
	p.correct.Store(0)
	p.errors.Store(0)
	p.ended.Store(nil)
	p.began.Store(&now)
}

func (p *progress) end() {
	now := time.Now()
	p.ended.Store(&now)
}

// answered is the number of requests whose fate is known.
func (p *progress) answered() uint64 { return uint64(p.correct.Load() + p.errors.Load()) }

func (p *progress) snapshot() Progress {
	s := Progress{Correct: p.correct.Load(), Errors: p.errors.Load()}
	s.Sent = s.Correct + s.Errors
	began, ended := p.began.Load(), p.ended.Load()
	switch {
	case began == nil:
	case ended == nil:
		s.Elapsed = time.Since(*began)
	default:
		s.Elapsed = max(ended.Sub(*began), 0)
	}
	return s
}
