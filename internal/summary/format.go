package summary

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// Unknown stands for a figure that was not measured.
const Unknown = "?"

// Significant formats a figure for people, to about three significant digits,
// with thousands separators and without an exponent below 1e12: 0.0234, 0.523,
// 1.05, 12.3, 127,123.
func Significant(v float64) string {
	abs := math.Abs(v)
	switch {
	case !Finite(v):
		return Unknown
	case v == 0:
		return "0"
	case abs >= 1e12 || abs < 0.0001:
		return strconv.FormatFloat(v, 'e', 2, 64)
	case abs >= 99.95:
		return Thousands(v)
	case abs >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case abs >= 0.9995:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	decimals := 2 - int(math.Floor(math.Log10(abs)))
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// Thousands rounds to an integer with separators: 127,123.
func Thousands(v float64) string {
	digits := strconv.FormatFloat(v, 'f', 0, 64)
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// TickLabel is a number without trailing zeros: 0.05, 2, 20,000.
func TickLabel(v float64) string {
	if math.Abs(v) >= 1000 && math.Abs(v) < 1e9 {
		return Thousands(v)
	}
	return TrimFloat(v)
}

// Percent formats a share as a percentage without its sign. What is not 0 does
// not read as 0, and what is not everything does not read as 100.
func Percent(share float64) string {
	switch p := share * 100; {
	case !Finite(p):
		return Unknown
	case p == 0 || p == 100:
		return strconv.FormatFloat(p, 'f', 0, 64)
	case p > 0 && p < 0.01:
		return "<0.01"
	case p < 1:
		return strconv.FormatFloat(p, 'f', 2, 64)
	case p > 99.9 && p < 100:
		return ">99.9"
	default:
		return strconv.FormatFloat(p, 'f', 1, 64)
	}
}

// RatioText is "1.05x". A ratio of two positive values is positive: 0 stands
// for none.
func RatioText(v float64) string {
	if !Finite(v) || v <= 0 {
		return Unknown
	}
	return ratioNumber(v) + "x"
}

// ratioNumber has three significant digits, as sentences have, and an exponent where no
// claim goes: 0.950, 1.05, 3.3e+06.
func ratioNumber(v float64) string {
	if v >= 1e6 || v < 1e-3 {
		return strconv.FormatFloat(v, 'e', 1, 64)
	}
	return Significant(v)
}

// HasInterval tells whether a verdict's ratio came with an interval: too few
// blocks give none (Low 0, High +Inf).
func HasInterval(v verdict.Verdict) bool {
	r := v.Ratio
	return Finite(r.Low) && Finite(r.High) && r.Low > 0 && r.High >= r.Low
}

// IntervalText is "[1.01, 1.09]", as in the verdicts' sentences.
func IntervalText(v verdict.Verdict) string {
	if !HasInterval(v) {
		return "no interval"
	}
	return verdict.Interval(v.Ratio.Low, v.Ratio.High)
}

// ConfidenceText is "99.67 %": enough digits to never round up to 100.
func ConfidenceText(v verdict.Verdict) string {
	c := v.Ratio.Confidence * 100
	if !Finite(c) || c <= 0 || c >= 100 {
		return Unknown
	}
	return strconv.FormatFloat(math.Floor(c*100)/100, 'f', -1, 64) + " %"
}

// FactorText is "at least 10x".
func FactorText(f scenarios.Factor) string {
	value := Unknown
	if Finite(f.Value) {
		value = TrimFloat(f.Value) + "x"
	}
	if f.Op == scenarios.AtMost {
		return "at most " + value
	}
	return "at least " + value
}

// LoadText is "saturate: closed load, 16 clients".
func LoadText(l results.Load) string {
	name := cmp.Or(inert.Line(l.Name), Unknown)
	arrivals := cmp.Or(inert.Line(l.Arrivals), "constant") + " arrivals"
	switch {
	case l.Search != nil:
		return fmt.Sprintf("%s: highest rate that holds %s, %s", name, inert.Line(l.Search.String()), arrivals)
	case l.Rate == 0 && l.Clients == 0:
		return name
	case l.Closed():
		return fmt.Sprintf("%s: closed load, %s", name, Plural(l.Clients, "client"))
	default:
		return fmt.Sprintf("%s: open load, %s req/s, %s", name, Significant(l.Rate), arrivals)
	}
}

// Plural is "1 block", "10 blocks".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Thousands(float64(n)) + " " + noun + "s"
}

// Capital is a sentence's beginning.
func Capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// CountText lists counts as "steal (3), late (2)", and how many kinds follow
// after the first most.
func CountText(counts []Count, most int) string {
	parts := make([]string, 0, len(counts))
	for i, c := range counts {
		if i == most {
			parts = append(parts, fmt.Sprintf("%d more kinds", len(counts)-most))
			break
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", cmp.Or(c.Name, Unknown), Thousands(float64(c.N))))
	}
	return strings.Join(parts, ", ")
}

// DurationText is "300 ms", "1.5 s" or, below a millisecond, "0.3 ms".
func DurationText(d time.Duration) string {
	switch rounded := d.Round(time.Millisecond); {
	case rounded >= time.Second:
		return TrimFloat(rounded.Seconds()) + " s"
	case d >= time.Millisecond:
		return fmt.Sprintf("%d ms", rounded.Milliseconds())
	}
	return TrimFloat(float64(d)/float64(time.Millisecond)) + " ms"
}

// TrimFloat is the shortest form of a number rounded to six digits.
func TrimFloat(v float64) string {
	return strconv.FormatFloat(v, 'g', 6, 64)
}
