package verdict

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// leastDrift is the relative change over a run from which a drift is worth a
// reader's time.
const leastDrift = 0.03

// driftMetrics are those whose drift is looked for.
var driftMetrics = []string{"throughput", "capacity", "latency.p50"}

// Drift is how much a metric of all cases changed together in the course of a
// run: the machine's doing, not that of a case. Like Part it describes, at the
// nominal 95 %, and is no member of the family of verdicts. Ratios are taken
// within blocks, where it cancels out.
type Drift struct {
	Metric string `json:"metric"`
	// Change is relative, from the first block to the last: -0.08 where the metric
	// fell by 8 %. It is what a straight line through the blocks' levels says, in
	// logarithms, whose slope is that of Theil and Sen.
	Change stats.Location `json:"change"`
	Blocks int            `json:"blocks"` // with a level
	Cases  int            `json:"cases"`
	Levels []Level        `json:"-"` // in the order of the blocks
}

// Level is what all cases have in common in one block: 1 where they are as they are
// over the whole run, 0.9 where they are a tenth lower.
type Level struct {
	Block int
	Value float64
}

// Drifts looks for drift in throughput, capacity and median latency; a metric
// that no block knows has none. Throughput is that of closed loads; searches are
// left out, since each finds a rate of its own.
//
// The level of a block is the mean, over its cases, of the logarithm of the
// metric divided by the case's median over the run. That is the part that all
// cases have in common, however different they are.
func Drifts(plan results.Plan, trials []results.Trial) []Drift {
	records := index(trials)
	var found []Drift
	for _, name := range driftMetrics {
		metric, _ := results.LookupMetric(name)
		if d := records.drift(name, DriftCases(plan, metric)); d.Blocks > 0 {
			found = append(found, d)
		}
	}
	return found
}

// DriftCases are those whose drift Drifts looks for in that metric, in the order of
// the plan.
func DriftCases(plan results.Plan, metric results.Metric) []results.Case {
	var cases []results.Case
	for _, c := range plan.Cases {
		load := plan.Loads[c.Load]
		if load.Search == nil && (metric.Load != "closed" || load.Closed()) {
			cases = append(cases, c)
		}
	}
	return cases
}

func (r records) drift(metric string, cases []results.Case) Drift {
	d := Drift{Metric: metric}
	sums, counts := map[int]float64{}, map[int]int{}
	for _, c := range cases {
		byBlock := map[int]float64{}
		var values []float64
		for _, block := range r.blocks {
			trial, ok := r.valid[c.ID()][block]
			if !ok {
				continue
			}
			if v := math.Log(trial.Metrics[metric]); !math.IsInf(v, 0) && !math.IsNaN(v) { // absent is 0 is -Inf
				byBlock[block] = v
				values = append(values, v)
			}
		}
		if len(values) == 0 {
			continue
		}
		d.Cases++
		median := stats.Describe(values).Median
		for block, v := range byBlock {
			sums[block] += v - median
			counts[block]++
		}
	}
	var x, y []float64
	for _, block := range r.blocks {
		if n := counts[block]; n > 0 {
			x, y = append(x, float64(block)), append(y, sums[block]/float64(n))
			d.Levels = append(d.Levels, Level{block, math.Exp(sums[block] / float64(n))})
		}
	}
	if len(x) == 0 {
		return d
	}
	d.Blocks = len(x)
	d.Change = stats.TheilSen(x, y, partAlpha)
	span := x[len(x)-1] - x[0]
	for _, v := range []*float64{&d.Change.Estimate, &d.Change.Low, &d.Change.High} {
		if !math.IsInf(*v, 0) {
			*v = math.Expm1(*v * span)
		}
	}
	if math.IsNaN(d.Change.Estimate) || math.IsInf(d.Change.Estimate, 0) { // beyond what a number holds
		return Drift{Metric: metric}
	}
	return d
}

// Told tells whether the blocks tell the drift from none, and it is large
// enough to be worth telling.
func (d Drift) Told() bool { return d.Change.Sign() != 0 && math.Abs(d.Change.Estimate) >= leastDrift }

// Range is the lowest and the highest level of a block; both are 0 without blocks.
func (d Drift) Range() (least, most float64) {
	for i, l := range d.Levels {
		if i == 0 {
			least, most = l.Value, l.Value
		}
		least, most = min(least, l.Value), max(most, l.Value)
	}
	return least, most
}

// String says the drift in plain words: "throughput fell by 8.0 % [5.1, 11.2]",
// "no steady rise or fall of throughput (-1.2 % [-4.0, 1.7]; blocks between 91 and 105 %)".
func (d Drift) String() string {
	what, _, _ := strings.Cut(describe(d.Metric), " (")
	switch {
	case !d.Change.HasInterval():
		return fmt.Sprintf("no steady rise or fall of %s can be told from noise in %s", what, count(d.Blocks, "block"))
	case d.Change.Sign() == 0:
		return fmt.Sprintf("no steady rise or fall of %s (%+.1f %% %s%s)", what, 100*d.Change.Estimate, percents(d.Change.Low, d.Change.High), d.between())
	case !d.Told():
		return fmt.Sprintf("%s changed by less than %.0f %% (%+.1f %% %s)", what, 100*leastDrift, 100*d.Change.Estimate, percents(d.Change.Low, d.Change.High))
	case d.Change.Estimate < 0:
		return fmt.Sprintf("%s fell by %.1f %% %s", what, -100*d.Change.Estimate, percents(-d.Change.High, -d.Change.Low))
	}
	return fmt.Sprintf("%s rose by %.1f %% %s", what, 100*d.Change.Estimate, percents(d.Change.Low, d.Change.High))
}

// between is "; blocks between 91 and 105 %": what a course without a direction has too.
func (d Drift) between() string {
	if len(d.Levels) == 0 {
		return ""
	}
	byValue := func(a, b Level) int { return cmp.Compare(a.Value, b.Value) }
	return fmt.Sprintf("; blocks between %.0f and %.0f %%", 100*slices.MinFunc(d.Levels, byValue).Value, 100*slices.MaxFunc(d.Levels, byValue).Value)
}

// percents is an interval of shares in percent, its ends rounded outwards.
func percents(low, high float64) string {
	return fmt.Sprintf("[%.1f, %.1f]", math.Floor(low*1000)/10, math.Ceil(high*1000)/10)
}
