package load

import (
	"math"
	"math/rand/v2"
	"sort"
	"time"
)

// A schedule is the instants of an open load's arrivals, as offsets from its
// start, in order. It never changes once made.
type schedule struct {
	rate    float64 // per second
	n       int
	offsets []time.Duration // nil: evenly spaced
}

// newSchedule returns the arrivals of the load during d. stream tells the
// warm-up's Poisson arrivals from those of the measurement.
func newSchedule(rate float64, arrivals string, d time.Duration, seed, stream uint64) schedule {
	if arrivals == Poisson {
		return poissonSchedule(rate, d, rand.New(rand.NewPCG(seed, stream)))
	}
	return constantSchedule(rate, d)
}

// constantSchedule has an arrival at k/rate for every k >= 0 before d.
func constantSchedule(rate float64, d time.Duration) schedule {
	s := schedule{rate: rate}
	// Rounding may put the estimate one off on either side.
	s.n = max(int(math.Ceil(rate*d.Seconds()))-1, 0)
	for s.at(s.n) < d {
		s.n++
	}
	return s
}

// poissonSchedule has exponential gaps of mean 1/rate, the first one before
// the first arrival.
func poissonSchedule(rate float64, d time.Duration, rng *rand.Rand) schedule {
	mean := rate * d.Seconds()
	s := schedule{
		rate:    rate,
		offsets: make([]time.Duration, 0, int(mean+4*math.Sqrt(mean))+1),
	}
	for seconds := 0.0; ; {
		seconds += rng.ExpFloat64() / rate
		// Compared in seconds first: a long gap at a low rate may be more
		// nanoseconds than an int64 holds.
		if seconds >= d.Seconds() {
			break
		}
		s.offsets = append(s.offsets, time.Duration(seconds*1e9))
	}
	s.n = len(s.offsets)
	return s
}

// at returns when arrival k is due.
func (s schedule) at(k int) time.Duration {
	if s.offsets != nil {
		return s.offsets[k]
	}
	return time.Duration(float64(k) / s.rate * 1e9)
}

// before returns how many arrivals are due before t.
func (s schedule) before(t time.Duration) int {
	return sort.Search(s.n, func(k int) bool { return s.at(k) >= t })
}
