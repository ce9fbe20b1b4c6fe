package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// The number of resamples of UnpairedRatio: as many as leave resamplesInTail
// of them beyond either end of the interval, between these bounds.
const (
	resamplesInTail  = 20
	fewestResamples  = 1_000
	highestResamples = 100_000
)

// UnpairedRatio estimates how many times b is a, for two samples that have
// nothing to do with each other: neither their order nor their lengths matter.
// The estimate is the median of a over that of b, where the median of an even
// number of values is the geometric mean of the middle two, so that times and
// rates tell the same story. P is the p-value of MannWhitney. N is the size of
// the smaller sample. Values that are not finite positive numbers are left out,
// with a warning.
//
// The interval at 1-alpha is that of the percentile bootstrap (Efron and
// Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13): each sample
// is drawn anew from itself, with replacement, and the interval leaves out
// alpha/2 of the log ratios of the medians at either end. There are 40/alpha
// such draws, at least 1000 and at most 100000. The seed decides them, so that
// the same values and seed give the same interval.
//
// Achieved is the confidence wanted, which the interval has only nearly; the
// simulation of package verdict measures how nearly. It assumes that the values
// of a sample are independent of each other and that both were taken under
// equal conditions, and it is too short where one sample scatters many times as
// much as the other: at ten times, that of ten values covers about 93 % for 95.
// There is no interval where either sample is smaller than
// MinBlocks(alpha): the median of a resample is never outside its sample, and
// the median of what the sample was drawn from is, with a chance of 2/2^n.
// There is none either where alpha is below 2e-5, which 100000 draws do not
// resolve.
func UnpairedRatio(a, b []float64, alpha float64, seed uint64) Ratio {
	x, y := sortedLogs(a), sortedLogs(b)
	r := Ratio{
		High: math.Inf(1), Confidence: 1 - alpha,
		N: min(len(x), len(y)), P: MannWhitney(x, y),
	}
	if left := len(a) + len(b) - len(x) - len(y); left > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf(
			"%d of %d values were left out: what is not a positive number has no ratio", left, len(a)+len(b)))
	}
	if r.N == 0 {
		return r
	}
	r.Estimate = math.Exp(medianOfSorted(x) - medianOfSorted(y))
	if need := MinBlocks(alpha); r.N < need {
		r.Warnings = append(r.Warnings, fmt.Sprintf(
			"%s too few for an interval at this confidence: it takes %d on each side", counted(len(x), "value", fmt.Sprintf(" against %d", len(y))), need))
		return r
	}
	ratios := resampledDifferences(x, y, resamples(alpha), seed)
	// One more draw would fall below the k-th smallest of so many with a chance
	// of k/(len+1), however few they are.
	k := int(alpha / 2 * float64(len(ratios)+1))
	if k == 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf(
			"there is no interval at an error rate of %g: %d resamples do not resolve it", alpha, len(ratios)))
		return r
	}
	slices.Sort(ratios)
	r.Low, r.High = math.Exp(ratios[k-1]), math.Exp(ratios[len(ratios)-k])
	r.Achieved = r.Confidence
	return r
}

// resamples is an even number.
func resamples(alpha float64) int {
	wanted := 2 * math.Ceil(resamplesInTail/alpha)
	return int(min(max(wanted, fewestResamples), highestResamples))
}

// resampledDifferences returns so many differences of the medians of x and y,
// each drawn anew with replacement. The second half of them repeats the random
// numbers of the first with the sides exchanged: x and y in the other order
// give exactly the same differences with the other sign.
func resampledDifferences(x, y []float64, resamples int, seed uint64) []float64 {
	half := resamples / 2
	differences := make([]float64, 0, 2*half)
	for _, stream := range [][2]uint64{{1, 2}, {2, 1}} {
		ofX := newResampler(x, seed, stream[0])
		ofY := newResampler(y, seed, stream[1])
		for range half {
			differences = append(differences, ofX.median()-ofY.median())
		}
	}
	return differences
}

// resampler draws from a sorted sample.
type resampler struct {
	sorted []float64
	times  []int // how often each element was drawn
	random *rand.Rand
}

func newResampler(sorted []float64, seed, stream uint64) resampler {
	return resampler{sorted, make([]int, len(sorted)), rand.New(rand.NewPCG(seed, stream))}
}

// median returns the median of a new resample.
func (r resampler) median() float64 {
	n := len(r.sorted)
	clear(r.times)
	for range n {
		r.times[r.random.IntN(n)]++
	}
	// The resample in order is each element as many times as it was drawn: its
	// median lies halfway between its elements (n-1)/2 and n/2, counted from 0.
	i, passed := 0, r.times[0]
	for passed <= (n-1)/2 {
		i++
		passed += r.times[i]
	}
	lower := r.sorted[i]
	for passed <= n/2 {
		i++
		passed += r.times[i]
	}
	return average(lower, r.sorted[i])
}

// sortedLogs returns the sorted logarithms of the finite positive ones.
func sortedLogs(x []float64) []float64 {
	logs := make([]float64, 0, len(x))
	for _, v := range x {
		if Usable(v) {
			logs = append(logs, math.Log(v))
		}
	}
	slices.Sort(logs)
	return logs
}
