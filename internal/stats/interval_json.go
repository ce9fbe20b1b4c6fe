package stats

import "math"

// intervalJSON is an estimate with its interval in JSON, which has no infinity:
// what does not exist is null.
type intervalJSON struct {
	Estimate   *float64 `json:"estimate"`
	Low        *float64 `json:"low"`
	High       *float64 `json:"high"`
	Confidence float64  `json:"confidence"`
	Achieved   float64  `json:"achieved"`
	N          int      `json:"n"`
}

// omit leaves out the estimate of nothing, and the ends of an interval that
// does not exist.
func (j intervalJSON) omit(hasInterval bool) intervalJSON {
	if j.N == 0 {
		j.Estimate = nil
	}
	if !hasInterval {
		j.Low, j.High = nil, nil
	}
	return j
}

// values gives back what omit left: the estimate, 0 for none, and the ends of
// the interval, from lowest to +Inf for none.
func (j intervalJSON) values(lowest float64) (estimate, low, high float64) {
	low, high = lowest, math.Inf(1)
	if j.Estimate != nil {
		estimate = *j.Estimate
	}
	if j.Low != nil && j.High != nil {
		low, high = *j.Low, *j.High
	}
	return estimate, low, high
}
