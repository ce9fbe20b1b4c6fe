package verdict

import (
	"maps"
	"math"
	"slices"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// Effect is how much a metric changes from one value of an axis to another,
// where all else is the same. Like Part it describes and decides nothing. But
// since a reader looks for the largest, the intervals that one call of Effects
// returns hold together with 95 %: each is made at 0.05 over their number
// (Bonferroni), so that the largest of them may be picked afterwards. Those of
// several calls, for other metrics or other cases, do not hold together.
type Effect struct {
	Axis string
	Of   string // the better value, by the estimate
	Over string
	// Ratio is how many times better Of is than Over, paired within blocks: of
	// each block the geometric mean over the pairs of cases.
	Ratio stats.Ratio
	Pairs int // of cases that differ on that axis alone
	// Least and Most are the smallest and the largest ratio among the pairs. Apart
	// tells that the blocks tell them from each other, by more than a twentieth:
	// what the axis does then depends on the others.
	Least, Most float64
	Apart       bool
}

// Effects lists the effects on a metric of all axes, but for that of the load,
// over the cases that keep holds for: each pair of values once, in the order of
// results.Axes and of the plan. A pair of values that no two cases differ in alone,
// or that no block has valid trials of, has none.
func Effects(plan results.Plan, trials []results.Trial, metric string, keep func(results.Case) bool) []Effect {
	records := index(trials)
	cases := slices.DeleteFunc(slices.Clone(plan.Cases), func(c results.Case) bool { return !keep(c) })
	var effects []Effect
	var samples [][][]float64
	for _, axis := range results.Varying(cases) {
		if axis == "load" {
			continue
		}
		var values []string
		for _, c := range cases {
			if v := c.Value(axis); !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		for i, over := range values {
			for _, of := range values[i+1:] {
				if pairs := records.contrasts(cases, metric, axis, of, over); len(pairs) > 0 {
					effects = append(effects, Effect{Axis: axis, Of: of, Over: over})
					samples = append(samples, pairs)
				}
			}
		}
	}
	for i := range effects {
		effects[i].measure(samples[i], partAlpha/float64(len(effects)))
	}
	return effects
}

// contrasts returns, for each pair of cases that differ in these two values
// alone, the logarithms of how many times better the first is, in the blocks that
// have all the pairs. Pairs that no block has are left out.
func (r records) contrasts(cases []results.Case, metric, axis, of, over string) [][]float64 {
	var pairs []map[int]float64
	blocks := map[int]int{} // how many pairs each has
	for _, c := range cases {
		other := c.With(map[string]string{axis: over})
		if c.Value(axis) != of || !slices.Contains(cases, other) {
			continue
		}
		logs := map[int]float64{}
		for _, block := range r.blocks {
			values, ok := r.valuesIn(block, []results.Case{c, other}, metric)
			if !ok || !stats.Usable(values[0]) || !stats.Usable(values[1]) {
				continue
			}
			logs[block] = math.Log(values[0]) - math.Log(values[1])
			if m, _ := results.LookupMetric(metric); !m.Higher {
				logs[block] = -logs[block]
			}
			blocks[block]++
		}
		if len(logs) > 0 {
			pairs = append(pairs, logs)
		}
	}
	maps.DeleteFunc(blocks, func(_, n int) bool { return n < len(pairs) })
	if len(blocks) == 0 {
		return nil
	}
	common := slices.Sorted(maps.Keys(blocks))
	samples := make([][]float64, len(pairs))
	for i, logs := range pairs {
		for _, block := range common {
			samples[i] = append(samples[i], logs[block])
		}
	}
	return samples
}

func (e *Effect) measure(pairs [][]float64, alpha float64) {
	means := make([]float64, len(pairs[0]))
	for _, logs := range pairs {
		for b, v := range logs {
			means[b] += v / float64(len(pairs))
		}
	}
	if stats.HodgesLehmann(means) < 0 {
		e.Of, e.Over = e.Over, e.Of
		negate(means)
		for _, logs := range pairs {
			negate(logs)
		}
	}
	e.Ratio, e.Pairs = stats.RatioOfLogs(means, alpha), len(pairs)
	least := slices.MinFunc(pairs, byLocation)
	most := slices.MaxFunc(pairs, byLocation)
	e.Least, e.Most = math.Exp(stats.HodgesLehmann(least)), math.Exp(stats.HodgesLehmann(most))
	if n := len(pairs); n > 1 && e.Most > 1.05*e.Least {
		alpha := partAlpha / float64(n*(n-1)/2) // since the two were picked
		e.Apart = stats.Locate(minus(most, least), alpha).Sign() > 0
	}
}

func negate(x []float64) {
	for i := range x {
		x[i] = -x[i]
	}
}

func byLocation(a, b []float64) int {
	switch l, m := stats.HodgesLehmann(a), stats.HodgesLehmann(b); {
	case l < m:
		return -1
	case l > m:
		return 1
	}
	return 0
}
