package plots

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestLogTicksLieWithinTheAxisAndAreLabelled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := math.Pow(10, rapid.Float64Range(-9, 9).Draw(t, "exponent"))
		low, high := logRange(low, low*math.Pow(10, rapid.Float64Range(0, 12).Draw(t, "decades")))
		labels := 0
		for _, tick := range logTicks(low, high) {
			if tick.Value < low*(1-1e-6) || tick.Value > high*(1+1e-6) {
				t.Fatalf("tick %v outside [%v, %v]", tick.Value, low, high)
			}
			if tick.Label != "" {
				labels++
			}
		}
		if labels < 2 || labels > 12 {
			t.Fatalf("%d labels from %v to %v", labels, low, high)
		}
	})
}

func TestStepTicksAreFewAndBeginAtZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		greatest := math.Pow(10, rapid.Float64Range(-6, 12).Draw(t, "exponent"))
		ticks := stepTicks(0, greatest, 8)
		if len(ticks) < 2 || len(ticks) > 9 {
			t.Fatalf("%d ticks up to %v", len(ticks), greatest)
		}
		if ticks[0].Value != 0 {
			t.Fatalf("the axis begins at %v", ticks[0].Value)
		}
	})
}
