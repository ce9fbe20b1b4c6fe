package stats

import (
	"encoding/json"
	"math"
)

// ratioJSON is a Ratio in JSON, which has no infinity: what does not exist is
// null.
type ratioJSON struct {
	Estimate   *float64 `json:"estimate"`
	Low        *float64 `json:"low"`
	High       *float64 `json:"high"`
	Confidence float64  `json:"confidence"`
	Achieved   float64  `json:"achieved"`
	N          int      `json:"n"`
	P          float64  `json:"p"`
	Warnings   []string `json:"warnings,omitempty"`
}

// MarshalJSON writes null for the estimate where there was no pair, and for
// the ends of an interval that does not exist.
func (r Ratio) MarshalJSON() ([]byte, error) {
	j := ratioJSON{Confidence: r.Confidence, Achieved: r.Achieved, N: r.N, P: r.P, Warnings: r.Warnings}
	if r.N > 0 {
		j.Estimate = &r.Estimate
	}
	if r.HasInterval() {
		j.Low, j.High = &r.Low, &r.High
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Ratio) UnmarshalJSON(text []byte) error {
	var j ratioJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	*r = Ratio{High: math.Inf(1), Confidence: j.Confidence, Achieved: j.Achieved, N: j.N, P: j.P, Warnings: j.Warnings}
	if j.Estimate != nil {
		r.Estimate = *j.Estimate
	}
	if j.Low != nil && j.High != nil {
		r.Low, r.High = *j.Low, *j.High
	}
	return nil
}
