package load

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// fakeClock advances by waiting, and by whatever a test adds.
type fakeClock struct {
	t       time.Time
	stopped bool
}

func (c *fakeClock) now() time.Time { return c.t }

func (c *fakeClock) wait(t time.Time) bool {
	if t.After(c.t) {
		c.t = t
	}
	return !c.stopped
}
func (c *fakeClock) stop()  { c.stopped = true }
func (c *fakeClock) close() {}

func newFakePacer(t *testing.T, s schedule, d time.Duration) (*openPacer, *fakeClock) {
	c := &fakeClock{t: time.Unix(1_000_000, 0)}
	p := &openPacer{schedule: s, duration: d, clock: c, giveUp: func() {}, busy: func(uint64) bool { return false }}
	t.Cleanup(p.close)
	return p, c
}

func TestOpenPacerLetsEveryHitGoWhenItIsDue(t *testing.T) {
	for _, arrivals := range []string{Constant, Poisson} {
		t.Run(arrivals, func(outer *testing.T) {
			rapid.Check(outer, func(t *rapid.T) {
				s, _, d := drawSchedule(t, arrivals)
				p, c := newFakePacer(outer, s, d)
				start := c.t
				for k := range s.n {
					wait, stop := p.Pace(0, uint64(k))
					if wait != 0 || stop {
						t.Fatalf("Pace(%d) = %v, %v; want 0, false", k, wait, stop)
					}
					if got := c.t.Sub(start); got != s.at(k) {
						t.Fatalf("hit %d went at %v, due at %v", k, got, s.at(k))
					}
				}
				if _, stop := p.Pace(0, uint64(s.n)); !stop {
					t.Error("the pacer goes on after the last arrival")
				}
				if got := p.planned(uint64(s.n), time.Time{}); got != uint64(s.n) {
					t.Errorf("planned %d, want %d", got, s.n)
				}
			})
		})
	}
}

func TestOpenPacerCatchesUpAfterAStall(t *testing.T) {
	p, c := newFakePacer(t, constantSchedule(1000, time.Second), time.Second)
	start := c.t
	p.Pace(0, 0)
	c.t = c.t.Add(100 * time.Millisecond)
	for k := uint64(1); k <= 100; k++ {
		if _, stop := p.Pace(0, k); stop {
			t.Fatalf("hit %d was not let go", k)
		}
		if got := c.t.Sub(start); got != 100*time.Millisecond {
			t.Fatalf("hit %d waited until %v, though it was late", k, got)
		}
		if got, want := p.due(k).Sub(start), time.Duration(k)*time.Millisecond; got != want {
			t.Fatalf("hit %d is due at %v, want %v: a stall must not move the schedule", k, got, want)
		}
	}
}

func TestOpenPacerDropsWhatComesTooLate(t *testing.T) {
	p, c := newFakePacer(t, constantSchedule(1000, time.Second), time.Second)
	p.Pace(0, 0)
	c.t = c.t.Add(time.Second + grace)
	if _, stop := p.Pace(0, 1); stop {
		t.Error("a hit within the grace was dropped")
	}
	c.t = c.t.Add(1)
	if _, stop := p.Pace(0, 2); !stop {
		t.Error("a hit after the grace was let go")
	}
	if got := p.planned(2, time.Time{}); got != 1000 {
		t.Errorf("planned %d, want the whole schedule of 1000", got)
	}
}

func TestOpenPacerCountsHitsThatWaitForAWorker(t *testing.T) {
	p, _ := newFakePacer(t, constantSchedule(1000, time.Second), time.Second)
	p.busy = func(hits uint64) bool { return hits == 3 || hits == 4 }
	for k := range uint64(5) {
		p.Pace(0, k)
	}
	if got := p.waitedFor(7); got != 1+7 {
		t.Errorf("%d hits waited, want one that was sent in the end and 7 that were not", got)
	}
	p.Pace(0, 5)
	if got := p.waitedFor(7); got != 2 {
		t.Errorf("%d hits waited, want 2: those dropped later had a worker", got)
	}
}

func TestOpenPacerStops(t *testing.T) {
	p, c := newFakePacer(t, constantSchedule(1000, time.Second), time.Second)
	if got := p.planned(0, c.t); got != 0 {
		t.Errorf("planned %d before the first hit, want 0", got)
	}
	p.Pace(0, 0)
	p.stop()
	if _, stop := p.Pace(0, 1); !stop {
		t.Error("a stopped pacer goes on")
	}
	if got := p.planned(1, p.start.Add(10500*time.Microsecond)); got != 11 {
		t.Errorf("planned %d in 10.5 ms at 1000/s, want 11", got)
	}
}

func TestClosedPacer(t *testing.T) {
	p := &closedPacer{duration: time.Second, end: time.AfterFunc(time.Hour, func() {})}
	defer p.close()
	if wait, stop := p.Pace(time.Second-1, 1000); wait != 0 || stop {
		t.Errorf("Pace within the duration = %v, %v; want 0, false", wait, stop)
	}
	if _, stop := p.Pace(time.Second, 1000); !stop {
		t.Error("the pacer goes on after the duration")
	}
	p.stop()
	if _, stop := p.Pace(0, 0); !stop {
		t.Error("a stopped pacer goes on")
	}
	if got := p.planned(17, time.Time{}); got != 17 {
		t.Errorf("planned %d, want what was sent", got)
	}
}

func TestSystemClockNeverWakesEarly(t *testing.T) {
	c := newSystemClock()
	defer c.close()
	for _, d := range []time.Duration{-time.Second, 0, 5 * time.Microsecond, 300 * time.Microsecond, 2 * time.Millisecond, 12 * time.Millisecond} {
		due := time.Now().Add(d)
		if !c.wait(due) {
			t.Errorf("wait(%v) says it was stopped", d)
		}
		if early := time.Until(due); early > 0 {
			t.Errorf("wait(%v) returned %v early", d, early)
		}
	}
}

func TestSystemClockIsInterruptible(t *testing.T) {
	c := newSystemClock()
	defer c.close()
	done := make(chan bool)
	go func() { done <- c.wait(time.Now().Add(time.Hour)) }()
	c.stop()
	c.stop()
	select {
	case ok := <-done:
		if ok {
			t.Error("an interrupted wait says it lasted")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("stop did not end the wait")
	}
}
