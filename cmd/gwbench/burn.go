package main

import (
	"net/http"
	"time"
)

// burner spends CPU time to no purpose, by the microsecond.
type burner struct {
	spin time.Duration // what is left to burn beside what a burn of nothing takes
	gap  time.Duration // a step between two readings of the clock from which something else must have run
}

// burning makes every request of a handler cost so much more CPU time; 0
// changes nothing.
func burning(handler http.Handler, d time.Duration) http.Handler {
	if d <= 0 {
		return handler
	}
	overhead := burnOverhead()
	b := burner{spin: max(0, d-overhead), gap: max(20*time.Microsecond, 10*overhead)}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.burn()
		handler.ServeHTTP(w, r)
	})
}

// burn keeps the CPU busy. The thread's own CPU clock would be the obvious
// measure, but reading it is a system call of several hundred nanoseconds, and
// all that is to be burned may be as little as that. So burn reads the clock on
// the wall, and does not count the time in which the thread was evidently not
// running.
func (b burner) burn() {
	start := time.Now()
	end, last := b.spin, time.Duration(0)
	for {
		now := time.Since(start)
		if step := now - last; step > b.gap {
			end += step
		}
		if now >= end {
			return
		}
		last = now
	}
}

// burnOverhead is how long a burn of nothing takes: the least of several
// averages, since what interrupts one only makes it longer.
func burnOverhead() time.Duration {
	const averages, calls = 20, 500
	nothing := burner{gap: time.Hour}
	var least time.Duration
	for i := range averages {
		start := time.Now()
		for range calls {
			nothing.burn()
		}
		if average := time.Since(start) / calls; i == 0 || average < least {
			least = average
		}
	}
	return least
}
