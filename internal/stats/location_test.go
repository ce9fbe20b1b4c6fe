package stats

import (
	"encoding/json"
	"math"
	"testing"
)

func TestLocate(t *testing.T) {
	l := Locate([]float64{0.41, 0.43, 0.40, 0.42, 0.44, 0.42}, 0.05)
	if !near(l.Estimate, 0.42) || !near(l.Low, 0.40) || !near(l.High, 0.44) || l.N != 6 || l.Sign() != 1 {
		t.Errorf("%+v", l)
	}
	if l := Locate([]float64{-1, -2, -1, -2, -1, -2}, 0.05); l.Sign() != -1 {
		t.Errorf("%+v", l)
	}
	if l := Locate([]float64{-1, 2, 1, -2, -1, 2}, 0.05); l.Sign() != 0 || !l.HasInterval() {
		t.Errorf("%+v", l)
	}
	few := Locate([]float64{1, 2}, 0.05)
	if few.HasInterval() || few.Sign() != 0 || few.Estimate != 1.5 || !math.IsInf(few.Low, -1) || !math.IsInf(few.High, 1) {
		t.Errorf("%+v", few)
	}
	if none := Locate(nil, 0.05); none.HasInterval() || none.N != 0 || none.Estimate != 0 {
		t.Errorf("%+v", none)
	}
}

func TestLocationInJSON(t *testing.T) {
	for _, c := range []struct {
		l    Location
		want string
	}{
		{Locate(nil, 0.05), `{"estimate":null,"low":null,"high":null,"confidence":0.95,"achieved":0,"n":0}`},
		{Locate([]float64{0}, 0.05), `{"estimate":0,"low":null,"high":null,"confidence":0.95,"achieved":0,"n":1}`},
		{Locate([]float64{2, 2, 2, 2, 2, 2}, 0.05), `{"estimate":2,"low":2,"high":2,"confidence":0.95,"achieved":0.96875,"n":6}`},
	} {
		text, err := json.Marshal(c.l)
		if err != nil || string(text) != c.want {
			t.Errorf("%s, %v, want %s", text, err, c.want)
		}
		var back Location
		if err := json.Unmarshal(text, &back); err != nil || back != c.l {
			t.Errorf("%+v came back as %+v, %v", c.l, back, err)
		}
	}
}
