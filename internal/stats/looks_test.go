package stats

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestLooks(t *testing.T) {
	for _, c := range []struct {
		lowest, highest int
		want            []int
	}{
		{10, 30, []int{10, 15, 20, 30}},
		{10, 10, []int{10}},
		{10, 5, []int{5}},
		{3, 3, []int{3}},
		{1, 9, []int{1, 2, 3, 4, 6, 8, 9}},
		{3, 40, []int{3, 5, 6, 9, 12, 18, 24, 36, 40}},
		{0, 2, []int{1, 2}},
	} {
		if d := cmp.Diff(c.want, Looks(c.lowest, c.highest)); d != "" {
			t.Errorf("Looks(%d, %d): %s", c.lowest, c.highest, d)
		}
	}
}

func TestLooksIncrease(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lowest := rapid.IntRange(1, math.MaxInt).Draw(t, "lowest")
		highest := rapid.IntRange(lowest, math.MaxInt).Draw(t, "highest")
		looks := Looks(lowest, highest)
		if looks[0] != lowest || looks[len(looks)-1] != highest {
			t.Fatalf("%v", looks)
		}
		for i := 1; i < len(looks); i++ {
			if looks[i] <= looks[i-1] || looks[i]/2 > looks[i-1] {
				t.Fatalf("%v", looks)
			}
		}
	})
}
