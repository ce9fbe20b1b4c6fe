package verdict

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// significant writes v with three significant digits, and no exponent.
func significant(v float64) string {
	return strconv.FormatFloat(v, 'f', decimals(v), 64)
}

// Interval writes the ends of an interval, which are finite, with three significant
// digits each, rounded outwards: what is printed holds what was computed. One that
// does not reach 1 gets the digits to show it.
func Interval(low, high float64) string {
	from, to := down(low), up(high)
	if low > 1+nearOne && readsAsOne(from) {
		from = towardsOne(low, math.Floor)
	}
	if high < 1-nearOne && readsAsOne(to) {
		to = towardsOne(high, math.Ceil)
	}
	return "[" + from + ", " + to + "]"
}

// nearOne is by how much a ratio has to be off 1 to differ from it: less is the rounding
// of logarithms.
const nearOne = 1e-9

func readsAsOne(number string) bool {
	v, err := strconv.ParseFloat(number, 64)
	return err == nil && v == 1
}

// towardsOne rounds what differs from 1 by more than nearOne to as many decimals as keep it apart from that.
func towardsOne(v float64, round func(float64) float64) string {
	for d := 3; ; d++ {
		scale := math.Pow10(d)
		if text := strconv.FormatFloat(round(v*scale)/scale, 'f', d, 64); !readsAsOne(text) {
			return text
		}
	}
}

func down(v float64) string {
	if v < 0 {
		return "-" + up(-v)
	}
	return directed(v, math.Floor, 1e-9)
}

func up(v float64) string {
	if v < 0 {
		return "-" + down(-v)
	}
	return directed(v, math.Ceil, -1e-9)
}

// directed rounds what is not negative by floor or ceiling, after a nudge that keeps it from taking
// the rounding of a logarithm for a digit.
func directed(v float64, round func(float64) float64, nudge float64) string {
	if v >= 1e6 && !math.IsInf(v, 1) || v > 0 && v < 1e-4 {
		power := math.Floor(math.Log10(v))
		mantissa := round(v/math.Pow(10, power)*(1+nudge)*100) / 100
		text, _ := strconv.ParseFloat(fmt.Sprintf("%.2fe%.0f", mantissa, power), 64)
		return strconv.FormatFloat(text, 'e', 2, 64)
	}
	d := decimals(v)
	scale := math.Pow10(d)
	return strconv.FormatFloat(round(v*(1+nudge)*scale)/scale, 'f', d, 64)
}

// decimals is how many decimal places make three significant digits of v.
func decimals(v float64) int {
	if v == 0 {
		return 0
	}
	magnitude := int(math.Floor(math.Log10(math.Abs(v) * (1 + 1e-9))))
	return min(max(0, 2-magnitude), 12)
}

// plain writes a number as a person would: 10, 1.05.
func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// percent writes a share in percent with at most two decimals, never rounded
// up: 99.995 is not 100.
func percent(share float64) string {
	return plain(math.Floor(share*1e4*(1+1e-9)) / 100)
}

// count is "1 block", "10 blocks".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// list is "10, 15 and 20".
func list(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	return Enumeration(words)
}

// Enumeration is "a", "a and b", or "a, b and c".
func Enumeration(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
