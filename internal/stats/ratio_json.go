package stats

import "encoding/json"

// ratioJSON is a Ratio in JSON.
type ratioJSON struct {
	intervalJSON
	P        float64  `json:"p"`
	Warnings []string `json:"warnings,omitempty"`
}

// MarshalJSON writes null for the estimate where there was no pair, and for
// the ends of an interval that does not exist.
func (r Ratio) MarshalJSON() ([]byte, error) {
	j := intervalJSON{&r.Estimate, &r.Low, &r.High, r.Confidence, r.Achieved, r.N}
	return json.Marshal(ratioJSON{j.omit(r.HasInterval()), r.P, r.Warnings})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Ratio) UnmarshalJSON(text []byte) error {
	var j ratioJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	*r = Ratio{Confidence: j.Confidence, Achieved: j.Achieved, N: j.N, P: j.P, Warnings: j.Warnings}
	r.Estimate, r.Low, r.High = j.values(0)
	return nil
}
