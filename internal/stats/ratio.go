package stats

import (
	"fmt"
	"math"
)

// resolution is the relative difference below which two ratios are the same:
// far finer than any clock, far coarser than the rounding of logarithms.
// Without it, 30 bytes against 3 would not be "at most 10 times".
const resolution = 1e-9

// Ratio compares two series a and b: how many times b is a. PairedRatio and
// TestRatio do so element by element, UnpairedRatio as a whole. The zero value
// is no comparison at all.
type Ratio struct {
	Estimate   float64  // of a/b: positive, or 0 where no value could be used
	Low, High  float64  // ends of the interval; 0 and +Inf where there is none
	Confidence float64  // wanted: 1-alpha, in [0,1]
	Achieved   float64  // coverage of the interval, at least Confidence (of an unpaired one: nominally); 0 where there is none
	N          int      // pairs used, or values of the smaller sample
	P          float64  // two-sided p-value of a factor, filled by TestRatio, or of equality, by UnpairedRatio
	Warnings   []string // caveats for a reader
}

// PairedRatio estimates how many times b is a, with the interval at 1-alpha:
// the signed-rank interval of the logarithms of a[i]/b[i]. Pairs with a value
// that is not a finite positive number are left out, with a warning; so is the
// excess of the longer series.
func PairedRatio(a, b []float64, alpha float64) Ratio {
	x, unusable := LogRatios(a, b)
	r := RatioOfLogs(x, alpha)
	if unusable > 0 {
		r.Warnings = append([]string{fmt.Sprintf(
			"%d of %d pairs were left out: a value that is not a positive number has no ratio", unusable, unusable+len(x))}, r.Warnings...)
	}
	return r
}

// RatioOfLogs is PairedRatio where the logarithms of the ratios are at hand:
// finite numbers, one for each pair.
func RatioOfLogs(x []float64, alpha float64) Ratio {
	l := Locate(x, alpha)
	r := Ratio{High: math.Inf(1), Confidence: l.Confidence, Achieved: l.Achieved, N: l.N}
	if l.N == 0 {
		return r
	}
	r.Estimate = math.Exp(l.Estimate)
	if !l.HasInterval() {
		r.Warnings = []string{fmt.Sprintf(
			"%s too few for an interval at this confidence: it takes %d", counted(len(x), "pair", ""), MinBlocks(alpha))}
		return r
	}
	r.Low, r.High = math.Exp(l.Low), math.Exp(l.High)
	return r
}

// counted is "1 pair is" or "3 pairs are", with what further stands between.
func counted(n int, noun, further string) string {
	if n == 1 {
		return "1 " + noun + further + " is"
	}
	return fmt.Sprintf("%d %ss%s are", n, noun, further)
}

// TestRatio is PairedRatio with the p-value of the hypothesis that b is a
// times factor, which must be positive.
func TestRatio(a, b []float64, factor, alpha float64) Ratio {
	r := PairedRatio(a, b, alpha)
	x, _ := LogRatios(a, b)
	r.P = signedRankP(x, math.Log(factor), resolution)
	return r
}

// LogRatios returns ln(a[i]/b[i]) of all pairs of finite positive numbers, and
// the number of pairs that are not such.
func LogRatios(a, b []float64) (x []float64, unusable int) {
	n := min(len(a), len(b))
	unusable = max(len(a), len(b)) - n
	for i := range n {
		if !Usable(a[i]) || !Usable(b[i]) {
			unusable++
			continue
		}
		// A difference of logarithms, unlike the logarithm of a quotient, changes
		// only its sign when a and b change places.
		x = append(x, math.Log(a[i])-math.Log(b[i]))
	}
	return x, unusable
}

// Usable tells whether a value has a ratio to another one: it is positive and
// finite.
func Usable(v float64) bool { return v > 0 && !math.IsInf(v, 1) }

// HasInterval tells whether there was enough for the confidence wanted.
func (r Ratio) HasInterval() bool { return r.Achieved > 0 }

// AtLeast tells whether the whole interval is at or above the factor, to nine
// digits.
func (r Ratio) AtLeast(factor float64) bool {
	return r.HasInterval() && r.Low >= factor*(1-resolution)
}

// AtMost tells whether the whole interval is at or below the factor, to nine
// digits.
func (r Ratio) AtMost(factor float64) bool {
	return r.HasInterval() && r.High <= factor*(1+resolution)
}

// Above tells whether the whole interval is above the factor, by more than the
// ninth digit. One of Above and Below holds if and only if TestRatio's p-value
// of the factor is at most the alpha of the interval.
func (r Ratio) Above(factor float64) bool {
	return r.HasInterval() && r.Low > factor*(1+resolution)
}

// Below tells whether the whole interval is below the factor, by more than the
// ninth digit.
func (r Ratio) Below(factor float64) bool {
	return r.HasInterval() && r.High < factor*(1-resolution)
}

// HalfWidth returns half the length of the interval as a share of the
// estimate: 0.05 for plus or minus 5 %. It is +Inf where there is no interval.
func (r Ratio) HalfWidth() float64 {
	if !r.HasInterval() {
		return math.Inf(1)
	}
	return (r.High - r.Low) / (2 * r.Estimate)
}
