package verdict

import (
	"cmp"
	"math"
	"slices"

	"github.com/gwbench/gwbench/internal/stats"
)

// judgeFamily decides all changes that can be judged, as one family of so many
// looks, and returns its size. Rules come before it.
//
// A change is worse, better or the same where its whole interval is, and the
// argument of the package comment holds: each of these says that the true ratio
// is beyond one certain end of the interval. Where the two samples are not
// paired the interval is a bootstrap's, which is too short where one sample scatters
// much more than the other. There the rank-sum test has to agree: it rejects at the same rate that the ratio is on
// the other side of the bound, and is exact for samples that differ by a factor.
func judgeFamily(contests []*contest, looks int, seed uint64) (family int) {
	var judged []*contest
	var p []float64
	for _, x := range contests {
		x.change.Outcome = Undetermined
		x.change.Reason = cmp.Or(x.change.Reason, x.untold)
		if x.ruled == "" {
			x.change.BaseBlocks, x.change.NewBlocks = len(x.base.values), len(x.new.values)
		}
		if x.change.Reason != "" || x.ruled != "" {
			x.change.Ratio.High = math.Inf(1)
			if x.change.Reason == "" {
				x.change.Outcome = x.ruled
			}
			continue
		}
		judged = append(judged, x)
		p = append(p, x.p(1))
	}
	for i, rate := range rates(p, len(p), looks) {
		judged[i].judge(rate, seed)
	}
	return len(judged)
}

// p tests the hypothesis that New is factor times as good as Base.
func (x *contest) p(factor float64) float64 {
	a, b := x.oriented()
	if x.paired {
		return stats.TestRatio(a, b, factor, Alpha).P
	}
	scaled := make([]float64, len(b))
	for i, v := range b {
		scaled[i] = v * factor
	}
	return stats.MannWhitney(a, scaled)
}

func (x *contest) judge(rate float64, seed uint64) {
	a, b := x.oriented()
	c := &x.change
	c.Alpha = rate
	if x.paired {
		c.Ratio = stats.TestRatio(a, b, 1, rate)
	} else {
		c.Ratio = stats.UnpairedRatio(a, b, rate, seed)
	}
	c.Outcome, x.disputed = x.decide(rate)
	if c.Outcome == Undetermined {
		c.BlocksNeeded = x.blocksNeeded(rate)
	}
}

// Band is the range of ratios that count as the same: as far from 1 in one
// direction as in the other, so that exchanging the runs exchanges the outcomes.
func (c Change) Band() (low, high float64) { return 1 / (1 + c.Threshold), 1 + c.Threshold }

// decide compares the interval with the band; disputed is what it says where
// the rank-sum test does not agree.
func (x *contest) decide(rate float64) (outcome, disputed ChangeOutcome) {
	r := x.change.Ratio
	low, high := x.change.Band()
	var bounds []float64
	switch {
	case r.Below(low):
		outcome, bounds = Worse, []float64{low}
	case r.Above(high):
		outcome, bounds = Better, []float64{high}
	case r.AtLeast(low) && r.AtMost(high):
		outcome, bounds = Same, []float64{low, high}
	default:
		return Undetermined, ""
	}
	if x.paired || r.Low == r.High && outcome == Same { // equal figures, which no test tells from a bound of 1
		return outcome, ""
	}
	for _, bound := range bounds {
		if x.p(bound) > rate {
			return Undetermined, outcome
		}
	}
	return outcome, ""
}

// blocksNeeded is about how many blocks each side would take to decide a
// change; 0 where that is unknown.
func (x *contest) blocksNeeded(rate float64) int {
	r := x.change.Ratio
	if r.N == 0 {
		return 0
	}
	low, high := x.change.Band()
	// The bound next to the estimate is the one that is hard to tell from it.
	bound := low
	if math.Abs(math.Log(r.Estimate/high)) < math.Abs(math.Log(r.Estimate/low)) {
		bound = high
	}
	blocks := min(x.change.BaseBlocks, x.change.NewBlocks)
	switch {
	case x.paired:
		a, b := x.oriented()
		logRatios, _ := stats.LogRatios(a, b)
		if needed := stats.BlocksFor(logRatios, bound, rate); needed > 0 {
			return max(needed, r.N+1)
		}
		return 0
	case !r.HasInterval():
		return max(stats.MinBlocks(rate), blocks+1)
	}
	return furtherBlocks(r, bound, blocks)
}

// furtherBlocks supposes that an interval shrinks with the root of the number
// of blocks: the part of it that reaches from the estimate towards the bound has to become
// shorter than the distance of the two.
func furtherBlocks(r stats.Ratio, bound float64, blocks int) int {
	// power is what it takes to decide in four of five runs rather than in every
	// other: (z + 0.84)^2 / z^2 at the error rates of families of some dozens.
	const power, most = 1.6, 100_000
	end := r.High
	if bound < r.Estimate {
		end = r.Low
	}
	needed := math.Pow(math.Log(end/r.Estimate)/math.Log(bound/r.Estimate), 2) * power * float64(blocks)
	if !(needed <= most) {
		return 0
	}
	return max(int(math.Ceil(needed)), blocks+1)
}

// combineChanges is the outcome of the whole: as bad as that of any part. Nothing
// is known of cases that NEW lacks.
func combineChanges(changes []Change, lacks int) ChangeOutcome {
	has := func(o ChangeOutcome) bool {
		return slices.ContainsFunc(changes, func(c Change) bool { return c.Outcome == o })
	}
	switch {
	case has(Worse):
		return Worse
	case has(Undetermined), lacks > 0, len(changes) == 0:
		return Undetermined
	case has(Better):
		return Better
	}
	return Same
}
