package doctor

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// Slowdown is what became of a difference of known size.
type Slowdown struct {
	Wanted    float64     `json:"wanted"`     // as a share of the CPU time per request
	Burn      int64       `json:"burn_ns"`    // CPU time that each request of the slowed server burns
	ServerCPU float64     `json:"server_cpu"` // us/req of the other server, the median of this run
	Expected  float64     `json:"expected"`   // ratio of the capacities, from the two before
	Ratio     stats.Ratio `json:"ratio"`      // as it was measured
	Found     bool        `json:"found"`      // the slowed server was found to be slower, within the budget
	Blocks    int         `json:"blocks"`
	Needed    int         `json:"blocks_needed,omitzero"` // where it was not found; 0: unknown
	Seconds   float64     `json:"seconds"`                // in all, until it was found or the plan was done
	Budget    float64     `json:"budget_seconds"`
}

// burnFor is the CPU time to burn for the slowdown that is wanted of what a
// request of the same case took in the A/A run.
func burnFor(s Settings, equal *bench.Outcome) (time.Duration, error) {
	used := map[string]bool{}
	for _, c := range equal.Run.Plan.Cases {
		if c.Protocol == slowProtocol && c.Network == slowNetwork && c.Connection == slowConnection {
			used[c.ID()] = true
		}
	}
	us := serverCPU(equal.Trials, s.Quick, func(t results.Trial) bool { return used[t.Case] })
	if us == 0 {
		return 0, errors.New("the CPU time of the servers is unknown here: without it there is no capacity, and no slowdown of known size")
	}
	return time.Duration(s.Slowdown * us * float64(time.Microsecond)), nil
}

// serverCPU is the median CPU time per request of some trials in microseconds, 0
// where it is unknown. A quick look takes disturbed trials too, for want of
// others.
func serverCPU(trials []results.Trial, quick bool, which func(results.Trial) bool) float64 {
	var values []float64
	for _, t := range trials {
		if v, ok := t.Metrics["server_cpu"]; ok && (t.Valid || quick) && which(t) {
			values = append(values, v)
		}
	}
	return stats.Describe(values).Median
}

// fewestBlocks is where the first look may come: at a fifth of 5 %, which is
// what each of five looks gets, an interval takes 8 blocks.
const fewestBlocks = 8

// blocksWithin is how many blocks of the known slowdown fit into the budget,
// and after how many of them to look first: a quarter, so that a clear
// difference is found early, and the looks, which share the error rate, stay
// few. What a server's start, stop and check take is known from the A/A run.
func blocksWithin(budget time.Duration, equal *bench.Outcome) (least, most int, err error) {
	const (
		cases  = 2
		margin = 0.95
	)
	plan := equal.Run.Plan
	trial := elapsed(equal) / time.Duration(max(1, blocks(equal.Trials)*len(plan.Cases)))
	around := max(0, trial-plan.Warmup-plan.Duration)
	block := cases * (around + warmup + slowDuration)
	most = int(margin * float64(budget) / float64(block))
	if most < fewestBlocks {
		need := time.Duration(1+math.Floor(fewestBlocks*block.Seconds()/margin)) * time.Second
		return 0, 0, fmt.Errorf("a budget of %s is too short: a block takes %s here, and %d of them are the least that can decide: pass --budget %s or more",
			budget, block.Round(time.Millisecond), fewestBlocks, need)
	}
	return firstLook(most), most, nil
}

// firstLook is a quarter of the blocks, rounded up: the last of the five looks
// would else come after a sixth that is a block or two earlier.
func firstLook(most int) int { return max(fewestBlocks, (most+3)/4) }

// judgeSlowdown tells whether the slowdown was found.
func judgeSlowdown(s Settings, burn time.Duration, o *bench.Outcome) (*Slowdown, error) {
	v := o.Claims[0].Verdicts[0]
	if !v.Ratio.HasInterval() && !s.Quick {
		return nil, tooNoisy(fmt.Sprintf("too few blocks have two valid trials to look for a slowdown: %d", v.Blocks), o.Trials)
	}
	over := v.Over.ID()
	us := serverCPU(o.Trials, s.Quick, func(t results.Trial) bool { return t.Case == over })
	d := &Slowdown{
		Wanted: s.Slowdown, Burn: burn.Nanoseconds(), ServerCPU: us, Ratio: v.Ratio,
		Blocks: blocks(o.Trials), Needed: v.BlocksNeeded, Seconds: elapsed(o).Seconds(), Budget: s.Budget.Seconds(),
	}
	if us > 0 {
		d.Expected = us / (us + float64(burn)/float64(time.Microsecond))
	}
	d.Found = v.Outcome == verdict.Refuted && d.Seconds <= d.Budget
	return d, nil
}

// Detectable is the smallest change of a metric that a minute tells from none.
type Detectable struct {
	Metric string `json:"metric"`
	Blocks int    `json:"blocks"` // that fit into a minute
	// Change is relative, 0.03 for 3 %: nil where the run was too short to tell.
	Change *float64 `json:"change"`
}

// detectable takes a minute for one comparison, judged once, at its end.
func detectable(o *bench.Outcome) []Detectable {
	n := int(time.Minute.Seconds() / elapsed(o).Seconds() * float64(blocks(o.Trials)))
	list := make([]Detectable, len(metricsShown))
	for i, metric := range metricsShown {
		c := o.Claims[0].Verdicts[0].Comparison
		c.Metric = metric
		list[i] = Detectable{Metric: metric, Blocks: n}
		if ratio := stats.MinDetectable(logRatios(o.Trials, c), n, nominal); !math.IsInf(ratio, 1) {
			change := ratio - 1
			list[i].Change = &change
		}
	}
	return list
}
