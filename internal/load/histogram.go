package load

import (
	"errors"
	"fmt"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// Histograms hold nanoseconds up to a minute, to three significant digits.
//
// The lowest discernible value is 1 ns, although nothing here is known so
// precisely: with the customary 1000 ns the smallest step would be 512 ns all
// the way up to a millisecond, which is more than a percent of an answer on
// loopback. The price is 200 kB in memory for each histogram, and nothing once
// it is encoded.
const (
	lowestValue       = 1
	highestValue      = int64(time.Minute)
	significantDigits = 3
)

// ErrNoSamples is returned for quantiles of a histogram without samples.
var ErrNoSamples = errors.New("load: the histogram holds no samples")

func newHistogram() *hdr.Histogram {
	return hdr.New(lowestValue, highestValue, significantDigits)
}

// encodeHistogram returns the form of results.Histograms: V2, compressed, base64.
func encodeHistogram(h *hdr.Histogram) (string, error) {
	encoded, err := h.Encode(hdr.V2CompressedEncodingCookieBase)
	if err != nil {
		return "", fmt.Errorf("load: encode histogram: %w", err)
	}
	return string(encoded), nil
}

func decodeHistogram(s string) (*hdr.Histogram, error) {
	h, err := hdr.Decode([]byte(s))
	if err != nil {
		return nil, fmt.Errorf("load: decode histogram (V2, compressed, base64): %w", err)
	}
	return h, nil
}

// Quantiles decodes one of results.Histograms and returns the value, in
// nanoseconds, at each of the quantiles q in [0,1]. Of a histogram without
// samples the error is ErrNoSamples.
func Quantiles(histogram string, q []float64) ([]float64, error) {
	h, err := decodeHistogram(histogram)
	if err != nil {
		return nil, err
	}
	if h.TotalCount() == 0 {
		return nil, ErrNoSamples
	}
	values := make([]float64, len(q))
	for i, quantile := range q {
		if !(quantile >= 0 && quantile <= 1) {
			return nil, fmt.Errorf("load: quantile %v is not within 0 and 1", quantile)
		}
		values[i] = float64(h.ValueAtPercentile(100 * quantile))
	}
	return values, nil
}

// Merge adds histograms, as those of one case's trials, and returns the sum in
// the form of results.Histograms. It needs at least one.
func Merge(histograms []string) (string, error) {
	if len(histograms) == 0 {
		return "", errors.New("load: no histograms to merge")
	}
	sum := newHistogram()
	for i, s := range histograms {
		h, err := decodeHistogram(s)
		if err != nil {
			return "", fmt.Errorf("histogram %d of %d: %w", i+1, len(histograms), err)
		}
		if dropped := sum.Merge(h); dropped > 0 {
			return "", fmt.Errorf("load: histogram %d of %d: %d samples are over %v", i+1, len(histograms), dropped, time.Minute)
		}
	}
	return encodeHistogram(sum)
}

// A tally is a histogram beside which the sum and the extreme are kept exactly.
type tally struct {
	histogram *hdr.Histogram
	count     int64
	sum       time.Duration
	max       time.Duration
}

func newTally() tally { return tally{histogram: newHistogram()} }

// add records a duration. In the histogram, and only there, more than a minute
// is a minute.
func (t *tally) add(d time.Duration) {
	d = max(d, 0)
	t.count++
	t.sum += d
	t.max = max(t.max, d)
	// The value is within the histogram's range: there is no error.
	_ = t.histogram.RecordValue(min(int64(d), highestValue))
}

func (t *tally) mean() time.Duration { return t.sum / time.Duration(t.count) }

func (t *tally) quantile(q float64) time.Duration {
	return time.Duration(t.histogram.ValueAtPercentile(100 * q))
}
