package load

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func drawSchedule(t *rapid.T, arrivals string) (s schedule, rate float64, d time.Duration) {
	rate = rapid.Float64Range(0.01, 20000).Draw(t, "rate")
	d = time.Duration(rapid.Int64Range(1, int64(2*time.Second)).Draw(t, "duration"))
	seed := rapid.Uint64().Draw(t, "seed")
	return newSchedule(rate, arrivals, d, seed, 0), rate, d
}

func offsets(s schedule) []time.Duration {
	all := make([]time.Duration, s.n)
	for k := range all {
		all[k] = s.at(k)
	}
	return all
}

func TestSchedulesAreOrderedAndWithinTheDuration(t *testing.T) {
	for _, arrivals := range []string{Constant, Poisson} {
		t.Run(arrivals, rapid.MakeCheck(func(t *rapid.T) {
			s, _, d := drawSchedule(t, arrivals)
			all := offsets(s)
			if !slices.IsSorted(all) {
				t.Error("not in order")
			}
			if s.n > 0 && (all[0] < 0 || all[s.n-1] >= d) {
				t.Errorf("arrivals from %v to %v, want them within 0 and %v", all[0], all[s.n-1], d)
			}
			at := time.Duration(rapid.Int64Range(0, int64(d)).Draw(t, "at"))
			n := s.before(at)
			if (n > 0 && all[n-1] >= at) || (n < s.n && all[n] < at) {
				t.Errorf("before(%v) = %d of %d", at, n, s.n)
			}
		}))
	}
}

func TestConstantScheduleIsEvenAndWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, rate, d := drawSchedule(t, Constant)
		if s.at(0) != 0 {
			t.Errorf("first arrival at %v, want 0", s.at(0))
		}
		if next := s.at(s.n); next < d {
			t.Errorf("arrival at %v left out of %v", next, d)
		}
		gap := time.Duration(1e9 / rate)
		for k := 1; k < s.n; k++ {
			if got := s.at(k) - s.at(k-1); got < gap-1 || got > gap+1 {
				t.Fatalf("gap %d is %v, want %v", k, got, gap)
			}
		}
	})
}

func TestConstantScheduleCounts(t *testing.T) {
	tests := []struct {
		rate float64
		d    time.Duration
		want int
	}{
		{2000, 300 * time.Millisecond, 600},
		{1000, time.Second, 1000},
		{3, time.Second, 3},
		{1, 10 * time.Millisecond, 1},
		{0.1, 25 * time.Second, 3},
		{1e7, time.Hour, 36_000_000_000},
	}
	for _, test := range tests {
		if got := constantSchedule(test.rate, test.d).n; got != test.want {
			t.Errorf("%v/s for %v: %d arrivals, want %d", test.rate, test.d, got, test.want)
		}
	}
}

func TestPoissonSchedule(t *testing.T) {
	const rate, d = 5000.0, 4 * time.Second
	s := newSchedule(rate, Poisson, d, 7, 0)
	all := offsets(s)

	// The number of arrivals has mean and variance rate*d; the gaps are
	// exponential, whose mean and standard deviation are 1/rate.
	if mean := rate * d.Seconds(); math.Abs(float64(s.n)-mean) > 5*math.Sqrt(mean) {
		t.Errorf("%d arrivals, want about %.0f", s.n, mean)
	}
	var sum, squares float64
	for k := 1; k < s.n; k++ {
		gap := (all[k] - all[k-1]).Seconds() * rate
		sum += gap
		squares += gap * gap
	}
	n := float64(s.n - 1)
	mean := sum / n
	deviation := math.Sqrt(squares/n - mean*mean)
	if math.Abs(mean-1) > 0.05 || math.Abs(deviation-1) > 0.05 {
		t.Errorf("gaps have mean %.3f and deviation %.3f of 1/rate, want 1 and 1", mean, deviation)
	}

	if again := newSchedule(rate, Poisson, d, 7, 0); !slices.Equal(all, offsets(again)) {
		t.Error("the same seed gave another schedule")
	}
	for _, other := range []schedule{newSchedule(rate, Poisson, d, 8, 0), newSchedule(rate, Poisson, d, 7, 1)} {
		if slices.Equal(all, offsets(other)) {
			t.Error("another seed or stream gave the same schedule")
		}
	}
}

func TestPoissonScheduleMayBeEmpty(t *testing.T) {
	s := newSchedule(1e-9, Poisson, time.Second, 1, 0)
	if s.n != 0 || s.before(time.Second) != 0 {
		t.Errorf("%d arrivals at one in thirty years", s.n)
	}
}
