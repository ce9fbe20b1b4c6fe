package load

import (
	"runtime"
	"sync"
	"time"
)

const (
	// coarse is the remaining time above which a wait is an ordinary,
	// interruptible timer, and below which it is precise.
	coarse = 5 * time.Millisecond

	// A precise wait ends spin early and yields its way through the rest:
	// waking a thread takes about as long. With one P there is nobody to spin
	// beside, and a spinning goroutine would keep the scheduler from polling
	// the network: there the alarm's own lateness is the better price.
	spin    = 30 * time.Microsecond
	spinOne = 2 * time.Microsecond
)

// systemClock waits precisely without occupying a CPU: a timer for the most
// part, then an alarm, then a spin of at most spin.
type systemClock struct {
	spin    time.Duration
	alarm   *alarm
	stopped chan struct{}
	once    sync.Once
}

func newSystemClock() *systemClock {
	c := &systemClock{spin: spin, alarm: newAlarm(), stopped: make(chan struct{})}
	if runtime.GOMAXPROCS(0) == 1 {
		c.spin = spinOne
	}
	return c
}

func (c *systemClock) now() time.Time { return time.Now() }

func (c *systemClock) wait(t time.Time) bool {
	for {
		left := time.Until(t)
		switch {
		case left <= 0:
			return true
		case left > coarse:
			if !c.sleep(left - coarse/2) {
				return false
			}
		case left > c.spin:
			c.alarm.sleep(left - c.spin)
		default:
			runtime.Gosched()
		}
	}
}

// sleep is a time.Sleep that stop ends.
func (c *systemClock) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.stopped:
		return false
	}
}

func (c *systemClock) stop() { c.once.Do(func() { close(c.stopped) }) }

func (c *systemClock) close() { c.alarm.close() }
