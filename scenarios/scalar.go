package scenarios

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Limits of quantities: far beyond what makes sense on one machine, so that
// what is refused is a slip.
const (
	maxDuration = time.Hour
	maxRate     = 1_000_000 // per second
	maxFactor   = 1_000_000
	maxStep     = 1_000_000_000 // of a trend
)

var (
	wholePattern   = regexp.MustCompile(`^[+-]?[0-9]+$`)
	durationUnit   = regexp.MustCompile(`^[0-9.]+ *(ns|us|µs|μs|ms|s|m|h)$`)
	ratePattern    = regexp.MustCompile(`^(` + number + `)(?:/(s|m))?$`)
	percentPattern = regexp.MustCompile(`^(` + number + `)(%?)$`)
	numberPattern  = regexp.MustCompile(`^` + number + `$`)
	sizePattern    = regexp.MustCompile(`^([0-9]+) *([A-Za-z]*)$`)
	factorPattern  = regexp.MustCompile(`^(>=|<=) *(` + number + `)$`)
)

const number = `[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?`

// valueError is a value of the right type but with a wrong syntax or size.
type valueError struct{ problem, hint string }

func (e *valueError) Error() string { return e.problem }

func invalid(hint, format string, args ...any) error {
	return &valueError{fmt.Sprintf(format, args...), hint}
}

// explain splits an error of the functions below for a message.
func explain(err error) (problem, hint string) {
	if v, ok := errors.AsType[*valueError](err); ok {
		return v.problem, v.hint
	}
	return err.Error(), ""
}

// parseDuration reads 150ms, 1.5s, 1m30s.
func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	switch {
	case err == nil && d <= 0:
		return 0, invalid("write a positive one, such as 300ms", "%s is not above zero", s)
	case err == nil && d > maxDuration:
		return 0, invalid("", "%s is longer than %s", s, maxDuration)
	case err == nil:
		return d, nil
	case wholePattern.MatchString(s):
		return 0, invalid(fmt.Sprintf("write %sms or %ss", s, s), "%s has no unit", s)
	case durationUnit.MatchString(s):
		return 0, invalid("write "+strings.ReplaceAll(s, " ", ""), "%q is not a duration", s)
	}
	return 0, invalid("write a number and ns, us, ms, s, m or h, such as 300ms", "%q is not a duration", s)
}

// parseRate reads 2000/s, 120/m and 2000 (per second) into arrivals per second.
func parseRate(s string) (float64, error) {
	m := ratePattern.FindStringSubmatch(s)
	if m == nil {
		return 0, invalid("write 2000/s, 120/m, or a number per second", "%q is not a rate", s)
	}
	rate, err := strconv.ParseFloat(m[1], 64)
	if m[2] == "m" {
		rate /= 60
	}
	if rate <= 0 {
		return 0, invalid("", "%s is not above zero", s)
	}
	if err != nil || rate > maxRate {
		return 0, invalid("", "%s is above %d/s", s, maxRate)
	}
	return rate, nil
}

// parsePercent reads 5% and 0.05 into 0.05.
func parsePercent(s string) (float64, error) {
	m := percentPattern.FindStringSubmatch(s)
	if m == nil {
		return 0, invalid("write 5% or 0.05", "%q is not a percentage", s)
	}
	share, err := strconv.ParseFloat(m[1], 64)
	if m[2] == "%" {
		share /= 100
	}
	hint := ""
	if m[2] == "" && share >= 1 && share < 100 {
		hint = fmt.Sprintf("did you mean %s%%?", m[1])
	}
	if err != nil || share < 0 || share >= 1 {
		return 0, invalid(hint, "%s is outside of 0%% to below 100%%", s)
	}
	return math.Abs(share), nil // no negative zero
}

// parseFactor reads ">= 10" and "<=1.05".
func parseFactor(s string) (Factor, error) {
	m := factorPattern.FindStringSubmatch(s)
	if m == nil {
		return Factor{}, invalid(`write ">= 10" or "<= 1.05", with the quotes`, "%q is not a factor", s)
	}
	value, err := strconv.ParseFloat(m[2], 64)
	if value <= 0 {
		return Factor{}, invalid("it bounds a ratio of two positive figures", "%s is not above zero", m[2])
	}
	if err != nil || value > maxFactor {
		return Factor{}, invalid("", "%s is above %d", m[2], maxFactor)
	}
	return Factor{Op: m[1], Value: value}, nil
}

// sizeUnits are the units of sizes, in bytes.
var sizeUnits = map[string]int64{"": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20}

// parseSize reads 512, 512B, 64KiB and 1MiB into bytes.
func parseSize(s string) (int64, error) {
	m := sizePattern.FindStringSubmatch(s)
	if m == nil {
		return 0, invalid("write a whole number and B, KiB or MiB, such as 64KiB", "%q is not a size", s)
	}
	unit, ok := sizeUnits[m[2]]
	if !ok {
		hint := "write B, KiB (1024 bytes) or MiB"
		switch strings.ToLower(m[2]) {
		case "b":
			hint = fmt.Sprintf("write %sB", m[1])
		case "k", "kb", "kib":
			hint = fmt.Sprintf("write %sKiB, which is 1024 bytes each", m[1])
		case "m", "mb", "mib":
			hint = fmt.Sprintf("write %sMiB, which is 1024 KiB each", m[1])
		}
		return 0, invalid(hint, "%q is not a unit of size", m[2])
	}
	size, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil || size > maxSize/unit {
		return 0, invalid("", "%s is above %d MiB", s, maxSize>>20)
	}
	return size * unit, nil
}

// parsePositive reads a number above zero.
func parsePositive(s string) (float64, error) {
	if !numberPattern.MatchString(s) {
		return 0, invalid("write 1, 1024 or 0.5", "%q is not a number", s)
	}
	value, err := strconv.ParseFloat(s, 64)
	if value <= 0 {
		return 0, invalid("", "%s is not above zero", s)
	}
	if err != nil || value > maxStep {
		return 0, invalid("", "%s is above %d", s, int64(maxStep))
	}
	return value, nil
}
