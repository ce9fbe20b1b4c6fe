package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// Approximations: a simulated test at the distance they name decides between
// 65 and 85 of 100 times, where they promise 80.
func TestDetectableDistanceIsDetected(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 3))
	for _, c := range []struct {
		n     int
		alpha float64
	}{{6, 0.05}, {10, 0.05}, {20, 0.05}, {10, 0.0025}, {12, 0.0025}, {15, 0.0025}, {30, 0.0025}} {
		distance := detectable(c.n, c.alpha)
		const runs = 800
		decided := 0
		x := make([]float64, c.n)
		for range runs {
			for i := range x {
				x[i] = random.NormFloat64() + distance
			}
			if SignedRankP(x, 0) <= c.alpha {
				decided++
			}
		}
		if share := float64(decided) / runs; share < 0.65 || share > 0.85 {
			t.Errorf("%d blocks at %g tell %.2f standard deviations with power %.2f", c.n, c.alpha, distance, share)
		}
	}
}

func TestMinDetectableOfLittle(t *testing.T) {
	if got := MinDetectable([]float64{0.1}, 20, 0.05); !math.IsInf(got, 1) {
		t.Errorf("from one log ratio: %g", got)
	}
	if got := MinDetectable([]float64{0.1, 0.2, 0.3}, 5, 0.05); !math.IsInf(got, 1) {
		t.Errorf("with fewer blocks than an interval takes: %g", got)
	}
	if got := MinDetectable([]float64{0.1, 0.1, 0.1}, 6, 0.05); got != 1 {
		t.Errorf("without scatter: %g", got)
	}
}

func TestBlocksFor(t *testing.T) {
	scattered := []float64{-0.1, 0.1, -0.05, 0.05, 0.15, -0.15, 0.02, -0.02}
	for _, c := range []struct {
		name   string
		x      []float64
		factor float64
		want   int
	}{
		{"one log ratio", []float64{0}, 2, 0},
		{"the ratio is the factor", scattered, 1, 0},
		{"too close to tell", scattered, 1.00001, 0},
		{"far off takes what an interval takes", scattered, 10, 10},
		{"no scatter", []float64{0.1, 0.1}, 1, 10},
	} {
		if got := BlocksFor(c.x, c.factor, 0.0025); got != c.want {
			t.Errorf("%s: %d blocks, want %d", c.name, got, c.want)
		}
	}
	if got := BlocksFor(scattered, 2, 0); got != 0 {
		t.Errorf("an error rate of zero: %d", got)
	}
}

func TestBlocksForIsTheInverseOfMinDetectable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-0.2, 0.2), 2, 30).Draw(t, "x")
		alpha := rapid.SampledFrom([]float64{0.05, 0.01, 0.0025}).Draw(t, "alpha")
		factor := rapid.Float64Range(0.5, 2).Draw(t, "factor")
		n := BlocksFor(x, factor, alpha)
		if n == 0 {
			t.Skip("too close to tell")
		}
		distance := math.Exp(math.Abs(HodgesLehmann(x) - math.Log(factor)))
		if got := MinDetectable(x, n, alpha); got > distance*(1+1e-9) {
			t.Fatalf("%d blocks detect %g, not %g", n, got, distance)
		}
		if got := MinDetectable(x, n-1, alpha); got <= distance*(1-1e-9) {
			t.Fatalf("%d blocks detect %g, %g needs no more", n-1, got, distance)
		}
	})
}

// Too few blocks tell nothing, also where no noise was seen; enough tell all.
func TestMinDetectableWithoutNoise(t *testing.T) {
	equal := []float64{0.2, 0.2}
	if few := MinDetectable(equal, 2, 0.2); !math.IsInf(few, 1) {
		t.Errorf("2 blocks detect %g", few)
	}
	if enough := MinDetectable(equal, 10, 0.2); enough != 1 {
		t.Errorf("10 blocks detect %g", enough)
	}
}

// More blocks and more tolerance of errors let smaller ratios be seen, noise
// lets fewer.
func TestMinDetectableIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-0.2, 0.2), 2, 30).Draw(t, "x")
		alpha := rapid.Float64Range(1e-4, 0.2).Draw(t, "alpha")
		n := rapid.IntRange(2, 300).Draw(t, "n")
		least := MinDetectable(x, n, alpha)
		if least < 1 {
			t.Fatalf("%g is no ratio above 1", least)
		}
		if more := MinDetectable(x, n+1, alpha); more > least*(1+1e-9) {
			t.Errorf("%d blocks detect %g, and one more %g", n, least, more)
		}
		if strict := MinDetectable(x, n, alpha/2); strict < least*(1-1e-9) {
			t.Errorf("%g is detected at %g, and %g at half of that", least, alpha, strict)
		}
		noisy := make([]float64, len(x))
		for i := range x {
			noisy[i] = 2 * x[i]
		}
		if twice := MinDetectable(noisy, n, alpha); !math.IsInf(least, 1) && !near(math.Log(twice), 2*math.Log(least)) {
			t.Errorf("%g is detected, and %g with twice the noise", least, twice)
		}
	})
}

func TestBlocksForIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-0.2, 0.2), 2, 30).Draw(t, "x")
		factor := math.Exp(HodgesLehmann(x)) * rapid.Float64Range(1.02, 2).Draw(t, "factor")
		alpha := rapid.Float64Range(1e-4, 0.2).Draw(t, "alpha")
		n := BlocksFor(x, factor, alpha)
		if n == 0 {
			t.Skip("too close to tell")
		}
		if further := BlocksFor(x, 1.5*factor, alpha); further > n {
			t.Errorf("%d blocks tell it from %g, and %d from what is further away", n, factor, further)
		}
		if looser := BlocksFor(x, factor, 2*alpha); looser > n {
			t.Errorf("%d blocks at %g, and %d at twice that", n, alpha, looser)
		}
	})
}
