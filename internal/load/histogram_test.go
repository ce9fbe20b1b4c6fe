package load

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func encodeDurations(t interface{ Fatal(...any) }, durations []time.Duration) string {
	tally := newTally()
	for _, d := range durations {
		tally.add(d)
	}
	encoded, err := encodeHistogram(tally.histogram)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

var drawDurations = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Duration {
	return time.Duration(rapid.Int64Range(1, int64(time.Minute)).Draw(t, "ns"))
}), 1, 200)

func TestQuantilesAreWithinThreeDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		durations := drawDurations.Draw(t, "durations")
		got, err := Quantiles(encodeDurations(t, durations), []float64{0, 0.5, 1})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(durations)
		n := len(durations)
		for i, want := range []time.Duration{durations[0], durations[(n-1)/2], durations[n-1]} {
			lowest, highest := float64(want), float64(want)
			if i == 1 { // nearest rank may round to either side of the middle
				highest = float64(durations[n/2])
			}
			if got[i] < lowest*0.999-1 || got[i] > highest*1.001+1 {
				t.Errorf("quantile %d of %d samples is %v, want %v to %v", i, n, got[i], lowest, highest)
			}
		}
	})
}

func TestMergeIsTheHistogramOfAllSamples(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(drawDurations, 1, 4).Draw(t, "parts")
		var encoded []string
		for _, part := range parts {
			encoded = append(encoded, encodeDurations(t, part))
		}
		merged, err := Merge(encoded)
		if err != nil {
			t.Fatal(err)
		}
		q := []float64{0, 0.25, 0.5, 0.9, 0.999, 1}
		got, err := Quantiles(merged, q)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Quantiles(encodeDurations(t, slices.Concat(parts...)), q)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("quantiles %v after the merge, want %v", got, want)
		}
	})
}

func TestEmptyHistograms(t *testing.T) {
	empty := encodeDurations(t, nil)
	if _, err := Quantiles(empty, []float64{0.5}); !errors.Is(err, ErrNoSamples) {
		t.Errorf("Quantiles of nothing: %v, want ErrNoSamples", err)
	}
	merged, err := Merge([]string{empty, encodeDurations(t, []time.Duration{time.Millisecond})})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Quantiles(merged, []float64{0.5}); err != nil || math.Abs(got[0]-1e6) > 1e3 {
		t.Errorf("median %v, %v after merging with nothing; want 1 ms", got, err)
	}
}

func TestHistogramErrors(t *testing.T) {
	one := encodeDurations(t, []time.Duration{time.Millisecond})
	for _, q := range []float64{-0.1, 1.1, math.NaN()} {
		if _, err := Quantiles(one, []float64{q}); err == nil {
			t.Errorf("Quantiles took %v for a quantile", q)
		}
	}
	for _, broken := range []string{"", "no base64!", "AAAA", one[:len(one)/2]} {
		if _, err := Quantiles(broken, nil); err == nil {
			t.Errorf("Quantiles took %q for a histogram", broken)
		}
		if _, err := Merge([]string{one, broken}); err == nil {
			t.Errorf("Merge took %q for a histogram", broken)
		}
	}
	if _, err := Merge(nil); err == nil {
		t.Error("Merge made a histogram of nothing")
	}
}

func TestTallyKeepsExtremesBeyondTheHistogram(t *testing.T) {
	tally := newTally()
	tally.add(-time.Second) // clocks of two sources may disagree by a little
	tally.add(2 * time.Minute)
	if tally.max != 2*time.Minute || tally.mean() != time.Minute || tally.count != 2 {
		t.Errorf("max %v, mean %v of %d; want 2m, 1m of 2", tally.max, tally.mean(), tally.count)
	}
	if got := tally.quantile(0.01); got != 0 {
		t.Errorf("lowest value %v, want 0", got)
	}
	if got := tally.quantile(1); got < time.Minute || got > time.Minute+time.Minute/1000 {
		t.Errorf("highest value %v, want the histogram's limit of 1m", got)
	}
}

func TestHistogramResolvesTensOfMicroseconds(t *testing.T) {
	got, err := Quantiles(encodeDurations(t, []time.Duration{20_000, 20_100}), []float64{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	if got[0] == got[1] {
		t.Errorf("20.0 and 20.1 us are both %v ns", got[0])
	}
}

func FuzzQuantiles(f *testing.F) {
	f.Add(encodeDurations(f, nil))
	f.Add(encodeDurations(f, []time.Duration{1, time.Microsecond, time.Second}))
	f.Add("HISTFAAAAA==")
	f.Fuzz(func(t *testing.T, s string) {
		values, err := Quantiles(s, []float64{0, 0.5, 1})
		if err != nil {
			return
		}
		if !slices.IsSorted(values) {
			t.Errorf("quantiles %v are not in order", values)
		}
		if _, err := Merge([]string{s}); err != nil && values[2] < float64(time.Minute) {
			t.Errorf("Quantiles reads what Merge does not: %v", err)
		}
	})
}
