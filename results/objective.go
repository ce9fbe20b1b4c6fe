package results

import (
	"fmt"
	"strconv"
	"strings"
)

// String is the objective for people: "p99 < 10 ms", "service.p99 < 10 ms",
// "errors < 0.1 %".
func (o Objective) String() string {
	return strings.TrimPrefix(o.Metric, "latency.") + " < " + o.amount(o.Below)
}

// Missed tells whether the figures of a probe break the objective, and how: "p99
// reached 14.2 ms". What is not known does not hold.
func (o Objective) Missed(m Metrics) (how string, missed bool) {
	name := strings.TrimPrefix(o.Metric, "latency.")
	value, known := m[o.Metric]
	switch {
	case !known:
		return name + " is not known: there were too few correct responses", true
	case value < o.Below:
		return "", false
	}
	return name + " reached " + o.amount(value), true
}

// amount is a value of the metric with its unit, to three digits or more.
func (o Objective) amount(value float64) string {
	unit := "%"
	if m, ok := LookupMetric(o.Metric); ok && m.Unit != "ratio" {
		unit = m.Unit
	} else {
		value *= 100
	}
	const whole = 100
	if value >= whole {
		return fmt.Sprintf("%.0f %s", value, unit)
	}
	return strconv.FormatFloat(value, 'g', 3, 64) + " " + unit
}

// String is the whole SLO for people.
func (s Search) String() string {
	parts := make([]string, len(s.SLO))
	for i, o := range s.SLO {
		parts[i] = o.String()
	}
	return strings.Join(parts, ", ")
}
