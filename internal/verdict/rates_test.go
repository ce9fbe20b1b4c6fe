package verdict

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

func TestFeasible(t *testing.T) {
	for _, c := range []struct {
		name            string
		family          int
		lowest, highest int
		want            string // of the error; "" for none
	}{
		{"hello is decided from its first look on", 5, 10, 30, ""},
		{"a first look too early does no harm", 5, 6, 30, ""},
		{"one comparison, one look", 1, 6, 6, ""},
		{"too few for one comparison", 1, 5, 5, "takes 6 blocks, and blocks.max is 5: write blocks: {min: 6, max: 6}"},
		{"three comparisons, three looks", 3, 4, 8, "3 comparisons at 3 looks share an error rate of 5 %, an interval that certain takes 9 blocks, and blocks.max is 8: write blocks: {min: 8, max: 8}"},
		{"nothing to decide", 0, 1, 1, ""},
	} {
		plan := results.Plan{MinBlocks: c.lowest, MaxBlocks: c.highest, Looks: stats.Looks(c.lowest, c.highest)}
		err := Feasible(c.family, plan)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestHelloNeedsItsTenBlocks(t *testing.T) {
	if got := blocksToDecide(5, len(stats.Looks(10, 30))); got != 10 {
		t.Errorf("five comparisons at looks %v take %d blocks", stats.Looks(10, 30), got)
	}
}

func TestWhatFeasibleAdvisesIsFeasible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		family := rapid.IntRange(1, 200).Draw(t, "family")
		lowest, highest := feasibleBlocks(family, rapid.IntRange(1, 50).Draw(t, "max"))
		plan := results.Plan{MinBlocks: lowest, MaxBlocks: highest, Looks: stats.Looks(lowest, highest)}
		if err := Feasible(family, plan); err != nil {
			t.Fatal(err)
		}
		if w := PlanWarnings(family, plan); len(w) > 0 {
			t.Fatal(w)
		}
	})
}

func TestPlanWarningsNameLooksInVain(t *testing.T) {
	plan := results.Plan{MinBlocks: 4, MaxBlocks: 30, Looks: stats.Looks(4, 30)}
	got := PlanWarnings(5, plan)
	want := "no claim can be decided after 4, 6 and 8 blocks, only from 11 on: blocks: {min: 10, max: 30} would not spend error rate on looks in vain"
	if len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := PlanWarnings(0, plan); got != nil {
		t.Errorf("without claims: %q", got)
	}
}

// The two guarantees of the package comment need: no rate above Holm's, none
// above twice the fair share.
func TestRatesAreHolmsAndCapped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0.0001, 1), 1, 9).Draw(t, "p")
		looks := rapid.IntRange(1, 6).Draw(t, "looks")
		family := len(p) + rapid.IntRange(0, 3).Draw(t, "more")
		holm := stats.Holm(p, family, Alpha/float64(looks))
		fair := Alpha / float64(looks*family)
		for i, rate := range rates(p, family, looks) {
			if rate > holm[i] || rate > 2*fair*(1+1e-12) || rate < fair*(1-1e-12) {
				t.Fatalf("rate %g, Holm's %g, fair share %g", rate, holm[i], fair)
			}
		}
	})
}
