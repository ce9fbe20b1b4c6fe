package load

import (
	"sync/atomic"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

var (
	_ pacer = (*closedPacer)(nil)
	_ pacer = (*openPacer)(nil)
)

// A pacer ends an attack, too: after its time, or when stopped.
type pacer interface {
	vegeta.Pacer
	// planned returns how many hits there should have been, given how many
	// there were and when the attack was cut short (zero: it was not).
	planned(hits uint64, cut time.Time) uint64
	stop()
	close()
}

// closedPacer lets every worker go as soon as it is free, for so long.
type closedPacer struct {
	duration time.Duration
	end      *time.Timer
	stopped  atomic.Bool
}

// Pace implements vegeta.Pacer.
func (p *closedPacer) Pace(elapsed time.Duration, _ uint64) (time.Duration, bool) {
	return 0, elapsed >= p.duration || p.stopped.Load()
}

// Rate implements vegeta.Pacer. A closed load has no rate of its own.
func (p *closedPacer) Rate(time.Duration) float64 { return 0 }

func (p *closedPacer) planned(hits uint64, _ time.Time) uint64 { return hits }

func (p *closedPacer) stop() { p.stopped.Store(true) }

func (p *closedPacer) close() { p.end.Stop() }

// grace is how long after its end a schedule is still worked off. What no
// worker has taken up by then is dropped.
const grace = 10 * time.Millisecond

// openPacer holds each hit back, inside Pace, until it is due, and then
// returns a wait of 0: vegeta's own wait is a time.Sleep, which is late by up
// to a millisecond and cannot be interrupted.
//
// vegeta numbers hits as workers pick them up, and never more of them than it
// has let go, so that the hit numbered k goes out at or after the instant of
// arrival k.
type openPacer struct {
	schedule schedule
	duration time.Duration
	clock    clock
	giveUp   func()
	busy     func(hits uint64) bool // whether so many hits, less those answered, take all workers

	// waiting says whether the last hit found all workers waiting for answers, and
	// waited counts such hits that a worker took in the end. Who has seen the
	// attack end may read them.
	waiting bool
	waited  int64

	// start is the instant of offset 0, and end the timer that gives up after
	// the last one. Both are set by the first call of Pace, when all workers
	// have been started; who has received a result may read them.
	start time.Time
	end   *time.Timer
}

// A clock is what a pacer needs of time.
type clock interface {
	now() time.Time
	// wait returns true at t or soon after, and false soon after stop was
	// called.
	wait(t time.Time) bool
	stop()
	close()
}

// Pace implements vegeta.Pacer. vegeta calls it from one goroutine, with the
// number of hits so far.
func (p *openPacer) Pace(_ time.Duration, hits uint64) (time.Duration, bool) {
	if p.waiting {
		p.waited++
	}
	now := p.clock.now()
	if p.start.IsZero() {
		p.start = now
		p.end = time.AfterFunc(p.duration+grace, p.giveUp)
	}
	if hits >= uint64(p.schedule.n) || now.Sub(p.start) > p.duration+grace {
		return 0, true
	}
	if !p.clock.wait(p.due(hits)) {
		return 0, true
	}
	p.waiting = p.busy(hits)
	return 0, false
}

// waitedFor counts the hits that came due while all workers were busy: those
// dropped too, where the workers still were in the end.
func (p *openPacer) waitedFor(dropped int64) int64 {
	if p.waiting {
		return p.waited + dropped
	}
	return p.waited
}

// Rate implements vegeta.Pacer.
func (p *openPacer) Rate(time.Duration) float64 { return p.schedule.rate }

// due returns the instant for which a hit was intended.
func (p *openPacer) due(seq uint64) time.Time {
	return p.start.Add(p.schedule.at(int(seq)))
}

func (p *openPacer) planned(_ uint64, cut time.Time) uint64 {
	switch {
	case cut.IsZero():
		return uint64(p.schedule.n)
	case p.start.IsZero():
		return 0
	}
	return uint64(p.schedule.before(cut.Sub(p.start)))
}

func (p *openPacer) stop() { p.clock.stop() }

func (p *openPacer) close() {
	if p.end != nil {
		p.end.Stop()
	}
	p.clock.close()
}
