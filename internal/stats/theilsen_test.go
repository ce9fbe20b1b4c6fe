package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestDiscordantTail compares with Kendall's table of S for small samples (Rank
// Correlation Methods, appendix table 1): S = pairs - 2 D.
func TestDiscordantTail(t *testing.T) {
	for _, c := range []struct {
		n, s int
		p    float64 // P(S >= s), as printed
	}{
		{4, 6, 0.042},
		{4, 4, 0.167},
		{5, 10, 0.0083},
		{5, 8, 0.042},
		{8, 16, 0.031},
		{9, 20, 0.022},
		{10, 21, 0.036},
		{10, 23, 0.023},
		{6, 11, 0.028},
		{7, 15, 0.015},
	} {
		pairs := c.n * (c.n - 1) / 2
		if got := discordantTail(c.n)((pairs - c.s) / 2); math.Abs(got-c.p) > 0.0006 {
			t.Errorf("n %d, P(S >= %d) = %.4f, want %.4f", c.n, c.s, got, c.p)
		}
	}
}

func TestDiscordantTailOfManyIsNormal(t *testing.T) {
	exact, n := discordantTail(exactLimit), exactLimit
	size := float64(n)
	sigma := math.Sqrt(size * (size - 1) * (2*size + 5) / 72)
	for _, z := range []float64{-3, -2, -1, 0, 1} {
		k := int(math.Floor(size*(size-1)/4 + z*sigma))
		want := 0.5 * math.Erfc(-((float64(k)+0.5-size*(size-1)/4)/sigma)/math.Sqrt2)
		if got := exact(k); math.Abs(got-want) > 1e-3 {
			t.Errorf("z %g: %g, the normal distribution says %g", z, got, want)
		}
	}
	if a, b := discordantTail(n+1)(n*(n+1)/4), 0.5; math.Abs(a-b) > 0.01 {
		t.Errorf("in the middle beyond the limit: %g", a)
	}
}

func TestTheilSen(t *testing.T) {
	// The points of Sen's example (1968, section 4), whose slope is 4. The ends are
	// the fifth of the 21 slopes from either side, as 174 of the 5040 permutations of
	// seven have at most four pairs out of order: 2 x 174/5040 = 0.069.
	x := []float64{1, 2, 3, 4, 10, 12, 18}
	y := []float64{9, 15, 19, 20, 45, 55, 78}
	l := TheilSen(x, y, 0.07)
	if math.Abs(l.Estimate-4) > 1e-9 || math.Abs(l.Achieved-(1-2*174.0/5040)) > 1e-9 {
		t.Errorf("slope %g with a coverage of %g, want 4 with 0.931", l.Estimate, l.Achieved)
	}
	if math.Abs(l.Low-15.0/4) > 1e-9 || math.Abs(l.High-46.0/11) > 1e-9 {
		t.Errorf("interval [%g, %g], want [%g, %g]", l.Low, l.High, 15.0/4, 46.0/11)
	}
	for n := range 5 {
		if l := TheilSen(x[:n], y[:n], 0.05); l.HasInterval() || l.N != n {
			t.Errorf("%d points have an interval: %+v", n, l)
		}
	}
	if l := TheilSen(x[:5], y[:5], 0.05); !l.HasInterval() {
		t.Errorf("five points in order have no interval: %+v", l)
	}
}

// TestTheilSenFollowsLines moves and stretches the points: the slope goes along.
func TestTheilSenFollowsLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(-1e3, 1e3), 5, 20).Draw(t, "y")
		a := rapid.Float64Range(-100, 100).Draw(t, "a")
		b := rapid.Float64Range(-100, 100).Draw(t, "b")
		x, moved := make([]float64, len(y)), make([]float64, len(y))
		for i := range y {
			x[i] = float64(i)
			moved[i] = y[i] + a + b*x[i]
		}
		before, after := TheilSen(x, y, 0.05), TheilSen(x, moved, 0.05)
		for _, pair := range [][2]float64{{before.Estimate, after.Estimate}, {before.Low, after.Low}, {before.High, after.High}} {
			if math.Abs(pair[0]+b-pair[1]) > 1e-6 {
				t.Fatalf("%g became %g with %g added", pair[0], pair[1], b)
			}
		}
		if before.Low > before.Estimate || before.Estimate > before.High {
			t.Fatalf("the estimate %g is outside [%g, %g]", before.Estimate, before.Low, before.High)
		}
	})
}

// TestTheilSenCovers draws noise with heavy tails around a line: the interval
// holds the line's slope as often as it says, which no assumption of a normal
// distribution would give.
func TestTheilSenCovers(t *testing.T) {
	const runs, n, slope = 2000, 11, 0.3
	random := rand.New(rand.NewPCG(5, 6))
	x, y := make([]float64, n), make([]float64, n)
	held, achieved := 0, 0.0
	for range runs {
		for i := range x {
			x[i] = float64(i)
			y[i] = slope*x[i] + random.NormFloat64()/math.Sqrt(random.ExpFloat64()+1e-3)
		}
		l := TheilSen(x, y, 0.05)
		achieved = l.Achieved
		if l.Low <= slope && slope <= l.High {
			held++
		}
	}
	// Five standard deviations of the count to either side.
	if got, slack := float64(held)/runs, 5*math.Sqrt(0.05*0.95/runs); math.Abs(got-achieved) > slack {
		t.Errorf("covered %.3f, says %.3f", got, achieved)
	}
}
