package plots

import "math"

// extent is what an axis has to span.
type extent struct{ low, high float64 }

// Values beyond these are drawn at the edge: no axis is readable that spans more.
const (
	leastValue    = 1e-9
	greatestValue = 1e12
)

func newExtent() extent { return extent{math.Inf(1), math.Inf(-1)} }

// include takes a value in; one that is not finite has no place.
func (e *extent) include(v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return
	}
	v = math.Min(math.Max(v, -greatestValue), greatestValue)
	e.low, e.high = math.Min(e.low, v), math.Max(e.high, v)
}

func (e extent) empty() bool { return e.low > e.high }

// scale is a logarithmic axis, with a little room at both ends.
func (e extent) scale(label string) scale {
	s := scale{label: label, log: true, low: 0.1, high: 10}
	if !e.empty() {
		s.low, s.high = logRange(math.Max(e.low, leastValue), math.Max(e.high, leastValue))
	}
	return s
}

// fromZero is a linear axis that begins at 0, or below where values do.
func (e extent) fromZero(label string) scale {
	s := scale{label: label, low: 0, high: 1}
	if e.empty() {
		return s
	}
	s.low = math.Min(e.low, 0)
	if top := math.Max(e.high, 0); top-s.low > leastValue {
		s.high = top + 0.05*(top-s.low)
	}
	return s
}
