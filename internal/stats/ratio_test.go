package stats

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPairedRatioFindsAConstantRatio(t *testing.T) {
	// Blocks differ by far more than the two series do: pairing removes that.
	b := []float64{100, 250, 90, 400, 130, 70, 310, 55}
	a := make([]float64, len(b))
	for i := range b {
		a[i] = 1.25 * b[i]
	}
	r := TestRatio(a, b, 1, 0.01)
	if !near(r.Estimate, 1.25) || !near(r.Low, 1.25) || !near(r.High, 1.25) {
		t.Errorf("%g [%g, %g], want 1.25", r.Estimate, r.Low, r.High)
	}
	if r.N != 8 || r.P != 2.0/256 || r.Confidence != 0.99 || r.Achieved != 1-2.0/256 || len(r.Warnings) > 0 {
		t.Errorf("%+v", r)
	}
}

func TestPairedRatioLeavesOutWhatHasNoRatio(t *testing.T) {
	a := []float64{2, 4, 0, math.NaN(), 6, math.Inf(1), 8, -1, 2}
	b := []float64{1, 2, 1, 1, 3, 1, 4, 1}
	r := PairedRatio(a, b, 0.5)
	if r.N != 4 || !near(r.Estimate, 2) {
		t.Errorf("%+v", r)
	}
	if len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "5 of 9 pairs were left out") {
		t.Errorf("warnings: %q", r.Warnings)
	}
}

func TestPairedRatioOfTooFew(t *testing.T) {
	r := PairedRatio([]float64{2, 2}, []float64{1, 1}, 0.05)
	if !near(r.Estimate, 2) || r.HasInterval() || r.Low != 0 || !math.IsInf(r.High, 1) {
		t.Errorf("%+v", r)
	}
	if len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "it takes 6") {
		t.Errorf("warnings: %q", r.Warnings)
	}
	if r.AtLeast(0) || r.AtMost(math.Inf(1)) || !math.IsInf(r.HalfWidth(), 1) {
		t.Error("a ratio without an interval satisfied something")
	}
	if r := TestRatio(nil, nil, 1, 0.05); r.Estimate != 0 || r.P != 1 || r.HasInterval() {
		t.Errorf("of nothing: %+v", r)
	}
}

// 30 bytes are exactly 10 times 3, whatever logarithms round to.
func TestRatioBoundsToleratesRounding(t *testing.T) {
	for _, factor := range []float64{1, 3, 7, 10, 1.05, 0.1} {
		b := []float64{3, 0.1, 7, 1e6, 1.7, 0.3, 11, 13}
		a := make([]float64, len(b))
		for i := range b {
			a[i] = b[i] * factor
		}
		r := TestRatio(a, b, factor, 0.05)
		if !r.AtLeast(factor) || !r.AtMost(factor) || r.Above(factor) || r.Below(factor) || r.P != 1 {
			t.Errorf("factor %g: [%v, %v], p = %g", factor, r.Low, r.High, r.P)
		}
		if r.AtLeast(factor*1.000001) || r.AtMost(factor*0.999999) || !r.Below(factor*1.000001) || !r.Above(factor*0.999999) {
			t.Errorf("factor %g: satisfied beyond it", factor)
		}
	}
}

func TestHalfWidth(t *testing.T) {
	r := Ratio{Estimate: 2, Low: 1.8, High: 2.4, Achieved: 0.95}
	if got := r.HalfWidth(); !near(got, 0.15) {
		t.Errorf("HalfWidth = %g, want 0.15", got)
	}
}

func TestRatioScalesWithItsSeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := series(t)
		k := rapid.Float64Range(0.01, 100).Draw(t, "k")
		scaled := slices.Clone(a)
		for i := range scaled {
			scaled[i] *= k
		}
		r, s := TestRatio(a, b, 1.5, 0.1), TestRatio(scaled, b, 1.5*k, 0.1)
		if !near(s.Estimate/k, r.Estimate) || !near(s.Low/k, r.Low) || r.HasInterval() && !near(s.High/k, r.High) || s.P != r.P {
			t.Fatalf("%+v times %g is not %+v", r, k, s)
		}
	})
}

func TestRatioInvertsWithItsSeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := series(t)
		r, s := TestRatio(a, b, 2, 0.1), TestRatio(b, a, 0.5, 0.1)
		if !near(r.Estimate*s.Estimate, 1) || r.P != s.P || r.Achieved != s.Achieved {
			t.Fatalf("%+v is not the inverse of %+v", r, s)
		}
		if r.HasInterval() && (!near(r.Low*s.High, 1) || !near(r.High*s.Low, 1)) {
			t.Fatalf("[%g, %g] is not the inverse of [%g, %g]", r.Low, r.High, s.Low, s.High)
		}
	})
}

func TestRatioDecidesAsItsPValueDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := series(t)
		factor := rapid.Float64Range(0.2, 5).Draw(t, "factor")
		alpha := rapid.Float64Range(0.005, 0.5).Draw(t, "alpha")
		r := TestRatio(a, b, factor, alpha)
		if (r.Above(factor) || r.Below(factor)) != (r.P <= alpha) {
			t.Fatalf("factor %g at alpha %g: %+v", factor, alpha, r)
		}
	})
}

func TestRatioSurvivesJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := series(t)
		r := TestRatio(a, b, 1, rapid.Float64Range(0.001, 0.9).Draw(t, "alpha"))
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back Ratio
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(r, back); d != "" {
			t.Fatalf("%s: %s", text, d)
		}
	})
}

func TestRatioJSONHasNullForWhatDoesNotExist(t *testing.T) {
	text, err := json.Marshal(PairedRatio(nil, nil, 0.05))
	want := `{"estimate":null,"low":null,"high":null,"confidence":0.95,"achieved":0,"n":0,"p":0}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v, want %s", text, err, want)
	}
	var r Ratio
	if err := json.Unmarshal([]byte(`{"n": "many"}`), &r); err == nil {
		t.Error("a broken ratio was read")
	}
}

// series draws two series of positive numbers of equal length.
func series(t *rapid.T) (a, b []float64) {
	n := rapid.IntRange(1, 14).Draw(t, "n")
	values := rapid.SliceOfN(rapid.Float64Range(0.1, 1000), n, n)
	return values.Draw(t, "a"), values.Draw(t, "b")
}
