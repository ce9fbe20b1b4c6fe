package stats

import (
	"encoding/json"
	"math"
)

// Location is where a sample lies, in its own unit: differences and slopes
// have one, as pairs have a Ratio. The zero value is that of no sample at all.
type Location struct {
	Estimate   float64 // Hodges-Lehmann; 0 where there is no element
	Low, High  float64 // ends of the interval; -Inf and +Inf where there is none
	Confidence float64 // wanted: 1-alpha, in [0,1]
	Achieved   float64 // coverage of the interval, at least Confidence; 0 where there is none
	N          int     // elements
}

// Locate estimates the centre of symmetry of x, with the signed-rank interval
// at 1-alpha. The elements must be finite.
func Locate(x []float64, alpha float64) Location {
	l := Location{Low: math.Inf(-1), High: math.Inf(1), Confidence: 1 - alpha, N: len(x)}
	if len(x) == 0 {
		return l
	}
	l.Estimate = HodgesLehmann(x)
	if low, high, achieved, ok := SignedRankInterval(x, alpha); ok {
		l.Low, l.High, l.Achieved = low, high, achieved
	}
	return l
}

// HasInterval tells whether there were elements enough for the confidence
// wanted.
func (l Location) HasInterval() bool { return l.Achieved > 0 }

// Sign is 1 where the whole interval is above 0, -1 where it is below, and 0
// where that is open.
func (l Location) Sign() int {
	switch {
	case !l.HasInterval():
		return 0
	case l.Low > 0:
		return 1
	case l.High < 0:
		return -1
	}
	return 0
}

// MarshalJSON writes null for the estimate of no sample, and for the ends of
// an interval that does not exist.
func (l Location) MarshalJSON() ([]byte, error) {
	j := intervalJSON{&l.Estimate, &l.Low, &l.High, l.Confidence, l.Achieved, l.N}
	return json.Marshal(j.omit(l.HasInterval()))
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (l *Location) UnmarshalJSON(text []byte) error {
	var j intervalJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	*l = Location{Confidence: j.Confidence, Achieved: j.Achieved, N: j.N}
	l.Estimate, l.Low, l.High = j.values(math.Inf(-1))
	return nil
}
