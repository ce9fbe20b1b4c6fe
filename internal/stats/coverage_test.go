package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// An interval is worth what it covers: 95 % ones around the centre of log
// ratios, normal or not. Exponential differences of exponentials are heavy-
// tailed, Cauchy has no variance at all, and a skewed distribution breaks the
// assumption of symmetry: its centre is then the pseudomedian, the median of
// the average of two.
func TestIntervalsCoverWhatTheyPromise(t *testing.T) {
	// The average of two unit exponentials is a gamma variable of shape 2 and
	// scale 1/2: its median is half of 1.67835.
	const pseudomedian = 1.67835 / 2
	for _, c := range []struct {
		name   string
		centre float64
		draw   func(*rand.Rand) float64
	}{
		{"normal", 0, (*rand.Rand).NormFloat64},
		{"laplace", 0, func(r *rand.Rand) float64 { return r.ExpFloat64() - r.ExpFloat64() }},
		{"cauchy", 0, func(r *rand.Rand) float64 { return math.Tan(math.Pi * (r.Float64() - 0.5)) }},
		{"skewed", pseudomedian, (*rand.Rand).ExpFloat64},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, n := range []int{8, 20, 30} {
				random := rand.New(rand.NewPCG(5, uint64(n)))
				const runs = 1000
				covered := 0
				a, b := make([]float64, n), make([]float64, n)
				for range runs {
					for i := range a {
						host := math.Exp(random.NormFloat64())
						a[i], b[i] = host*math.Exp(0.1*c.draw(random)), host
					}
					r := PairedRatio(a, b, 0.05)
					if centre := math.Exp(0.1 * c.centre); r.Low <= centre && centre <= r.High {
						covered++
					}
				}
				if share := float64(covered) / runs; share < 0.93 {
					t.Errorf("%d blocks: %.3f of the intervals cover", n, share)
				}
			}
		})
	}
}

// The bootstrap only nearly covers what it promises: these are medians, so that
// skewed samples do no harm. The shorter sample decides.
func TestUnpairedIntervalsCoverNearlyWhatTheyPromise(t *testing.T) {
	for _, c := range []struct {
		name   string
		median float64
		draw   func(*rand.Rand) float64
	}{
		{"normal", 0, (*rand.Rand).NormFloat64},
		{"exponential", math.Ln2, (*rand.Rand).ExpFloat64},
		{"lognormal", 1, func(r *rand.Rand) float64 { return math.Exp(r.NormFloat64()) }},
		{"cauchy", 0, func(r *rand.Rand) float64 { return math.Tan(math.Pi * (r.Float64() - 0.5)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, size := range [][2]int{{8, 8}, {10, 10}, {20, 20}, {30, 30}, {8, 20}} {
				random := rand.New(rand.NewPCG(5, uint64(size[0])))
				sample := func(n int) []float64 {
					x := make([]float64, n)
					for i := range x {
						x[i] = math.Exp(0.1 * (c.draw(random) - c.median))
					}
					return x
				}
				const runs = 300
				covered := 0
				for range runs {
					if r := UnpairedRatio(sample(size[0]), sample(size[1]), 0.05, 1); r.Low <= 1 && 1 <= r.High {
						covered++
					}
				}
				if share := float64(covered) / runs; share < 0.93 || share > 0.99 {
					t.Errorf("%d against %d: %.3f of the intervals cover", size[0], size[1], share)
				}
			}
		})
	}
}

// What is known not to hold: where only one sample scatters, only its few order
// statistics make the interval.
func TestUnpairedIntervalsAreShortWhereOneSideScatters(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 10))
	sample := func(deviation float64) []float64 {
		x := make([]float64, 10)
		for i := range x {
			x[i] = math.Exp(deviation * random.NormFloat64())
		}
		return x
	}
	const runs = 2000
	covered := 0
	for range runs {
		if r := UnpairedRatio(sample(0.2), sample(0.02), 0.05, 1); r.Low <= 1 && 1 <= r.High {
			covered++
		}
	}
	if share := float64(covered) / runs; share < 0.92 || share > 0.95 {
		t.Errorf("%.3f of the intervals cover, and the documentation says about 0.93", share)
	}
}
