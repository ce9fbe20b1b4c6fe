package scenarios

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Trend asks how a metric changes along an axis whose values are numbers: its
// slope, such as the CPU time that each layer of middleware costs.
type Trend struct {
	Name   string
	Says   string   // default: Name
	Metric string   // what changes
	Along  string   // an axis with at least two different numbers in a series, as Scenario.Number and Series have them
	Where  Selector // keeps only these cases; it never names Along; nil: all
	Per    float64  // the step on the axis that the slope is given for; default 1
	Unit   string   // of the numbers on the axis, for people: "layer", "KiB"; may be ""
	Line   int      // where the trend begins in the scenario file, from 1
}

// numberAtEnd finds the number that a value ends in.
var numberAtEnd = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)?$`)

// Number returns the number that a value of an axis stands for: of a load its
// clients, or its rate per second; of anything else the number that it ends in,
// 4 for middleware-4. ok is false where there is none, as of a load that
// searches.
func (s *Scenario) Number(axis, value string) (number float64, ok bool) {
	if axis == "load" {
		i := slices.IndexFunc(s.Load, func(l Load) bool { return l.Name == value })
		if i < 0 || s.Load[i].Search != nil {
			return 0, false
		}
		// One of the two is zero.
		return float64(s.Load[i].Clients) + s.Load[i].Rate, true
	}
	number, err := strconv.ParseFloat(numberAtEnd.FindString(value), 64)
	return number, err == nil
}

// Series returns what a value of an axis says before its number, without the
// dash between them: down for down-1024. Values of different series are not
// points of one line. The loads of a scenario are one series, "".
func (s *Scenario) Series(axis, value string) string {
	if axis == "load" {
		return ""
	}
	return strings.TrimRight(value[:len(value)-len(numberAtEnd.FindString(value))], "-_.")
}
