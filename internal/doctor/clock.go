package doctor

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// sleeps says how much later than it should a short sleep ended.
type sleeps struct {
	p50, p99 time.Duration
	slack    time.Duration // the kernel may delay by so much, to save wake-ups; 0: unknown
}

const (
	sleepTime  = 100 * time.Microsecond
	sleepCount = 200
)

// measureSleeps sleeps often and shortly, on one thread.
func measureSleeps() sleeps {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	late := make([]time.Duration, sleepCount)
	wanted := unix.NsecToTimespec(int64(sleepTime))
	for i := range late {
		start := time.Now()
		_ = unix.Nanosleep(&wanted, nil) // a signal ends it early: not late
		late[i] = max(0, time.Since(start)-sleepTime)
	}
	slices.Sort(late)
	s := sleeps{p50: late[sleepCount/2], p99: late[sleepCount*99/100]}
	if slack, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0); err == nil {
		s.slack = time.Duration(slack)
	}
	return s
}

// How late a sleep may be: a hit that goes out more than 1 ms late counts as
// late in every trial of an open load.
const (
	lateWarn  = time.Millisecond // of the 99th percentile
	slackWarn = time.Millisecond
)

// timers asks how late the load generator would be.
func (m machine) timers() Check {
	c := Check{Name: "timers", Why: "open loads send by the clock, and what is sent late is counted as slow"}
	s := m.sleeps
	if s.p99 == 0 {
		c.Result, c.Finding = Unknown, "nothing was measured"
		return c
	}
	c.Result = Pass
	c.Finding = fmt.Sprintf("a sleep of %s ends late by %s (p50), %s (p99)", micro(sleepTime), micro(s.p50), micro(s.p99))
	if s.slack > 0 {
		c.Finding += ", slack " + micro(s.slack)
	}
	if s.p99 > lateWarn || s.slack > slackWarn {
		c.Result = Warn
		c.Advice = "stop what else runs; on a virtual machine this is the host's doing. Closed loads do not mind"
	}
	return c
}

// micro shows a duration to the microsecond, in ASCII.
func micro(d time.Duration) string {
	return fmt.Sprintf("%.0f us", float64(d)/float64(time.Microsecond))
}

// measureClock is what one time.Now takes: the least of several averages, since
// what interrupts one only makes it longer.
func measureClock() time.Duration {
	const averages, calls = 20, 1000
	var least time.Duration
	for i := range averages {
		start := time.Now()
		now := start
		for range calls {
			now = time.Now()
		}
		if average := now.Sub(start) / calls; i == 0 || average < least {
			least = average
		}
	}
	return least
}

// clockWarn is the cost from which reading the clock is a system call.
const clockWarn = 200 * time.Nanosecond

// slowClocks are read in the kernel only, or by asking a device.
var slowClocks = []string{"hpet", "acpi_pm", "jiffies", "refined-jiffies"}

// clock asks what it costs to know the time.
func (m machine) clock() Check {
	c := Check{Name: "clock", Why: "the generator reads it several times for each request"}
	const file = "sys/devices/system/clocksource/clocksource0/current_clocksource"
	source, ok := m.file(file)
	switch {
	case !ok || source == "":
		c.Result, c.Finding = Unknown, "/"+file+" cannot be read"
	case m.clockCost == 0:
		c.Result, c.Finding = Unknown, source+", whose cost was not measured"
	default:
		c.Result, c.Finding = Pass, fmt.Sprintf("%s: reading it takes %d ns", source, m.clockCost.Nanoseconds())
		if slow := slices.Contains(slowClocks, source); slow || m.clockCost >= clockWarn {
			c.Result = Warn
			c.Advice = "echo tsc | sudo tee /" + file + ", if available_clocksource beside it lists it; on a virtual machine what its host recommends"
		}
	}
	return c
}
