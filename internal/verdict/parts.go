package verdict

import (
	"math"
	"slices"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// Part is what one axis has to do with a ratio whose two cases differ on
// several. In each block the parts of a ratio multiply to it, exactly: a part
// is the Shapley value of its axis (see stats.Shapley) in logarithms.
//
// Parts describe. They are no members of the family that shares the error rate
// of the verdicts: each interval has the nominal 95 %, and nothing is decided
// by it.
type Part struct {
	Axis string `json:"axis"`
	From string `json:"from"` // its value in Comparison.Over
	To   string `json:"to"`   // and in Comparison.Of
	// Ratio is how many times better To is than From, over the blocks that have
	// a valid trial of every combination.
	Ratio stats.Ratio `json:"ratio"`
	// Least and Most are the smallest and the largest such ratio among all
	// values of the other axes: they lie apart where one axis changes what the
	// other does.
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
}

const (
	// partAlpha is the error rate of what is shown beside the verdicts: parts of
	// a ratio, trends, drift.
	partAlpha = 0.05
	// mostParts bounds the axes that a ratio is divided among: four would ask
	// for sixteen cases.
	mostParts = 3
)

// decomposition is a ratio divided among the axes on which its cases differ.
type decomposition struct {
	parts  []Part
	shares [][]float64 // by part and block: logarithms
	varies []bool      // by part: whether it depends on the values of the other axes
}

// decompose divides a comparison's ratio. Without all combinations of the two
// sides in the plan, or without a block that has a trial of each, there are no
// parts.
func (r records) decompose(c Comparison, plan results.Plan) decomposition {
	axes := results.Varying([]results.Case{c.Of, c.Over})
	if len(axes) < 2 || len(axes) > mostParts {
		return decomposition{}
	}
	mixtures, ok := mixturesOf(c, axes, plan.Cases)
	if !ok {
		return decomposition{}
	}
	blocks := r.logsOf(mixtures, c.Metric)
	if len(blocks) == 0 {
		return decomposition{}
	}
	d := decomposition{shares: make([][]float64, len(axes))}
	for _, logs := range blocks {
		for i, share := range stats.Shapley(logs) {
			d.shares[i] = append(d.shares[i], share)
		}
	}
	for i, axis := range axes {
		least, most, apart := extremes(blocks, i)
		d.varies = append(d.varies, apart)
		d.parts = append(d.parts, Part{
			Axis: axis, From: c.Over.Value(axis), To: c.Of.Value(axis),
			Ratio: stats.RatioOfLogs(d.shares[i], partAlpha), Least: least, Most: most,
		})
	}
	return d
}

// mixturesOf lists the cases between Over and Of: bit i of the index tells
// whether axis i has the value of Of. ok is false where the plan lacks one.
func mixturesOf(c Comparison, axes []string, cases []results.Case) (mixtures []results.Case, ok bool) {
	for mixture := range 1 << len(axes) {
		at := slices.IndexFunc(cases, func(candidate results.Case) bool {
			for _, axis := range results.Axes {
				want := c.Over.Value(axis)
				if i := slices.Index(axes, axis); i >= 0 && mixture&(1<<i) != 0 {
					want = c.Of.Value(axis)
				}
				if candidate.Value(axis) != want {
					return false
				}
			}
			return true
		})
		if at < 0 {
			return nil, false
		}
		mixtures = append(mixtures, cases[at])
	}
	return mixtures, true
}

// logsOf returns, for each block that knows a positive value of every case,
// the logarithms of how good they are.
func (r records) logsOf(cases []results.Case, name string) [][]float64 {
	metric, _ := results.LookupMetric(name)
	var blocks [][]float64
	for _, block := range r.blocks {
		values, ok := r.valuesIn(block, cases, name)
		if !ok {
			continue
		}
		for i, v := range values {
			values[i] = math.Log(v)
			if !metric.Higher {
				values[i] = -values[i]
			}
			ok = ok && !math.IsNaN(values[i]) && !math.IsInf(values[i], 0)
		}
		if ok {
			blocks = append(blocks, values)
		}
	}
	return blocks
}

// valuesIn returns a metric of all these cases in one block; ok is false where
// one of them has no valid trial that knows it.
func (r records) valuesIn(block int, cases []results.Case, metric string) (values []float64, ok bool) {
	for _, c := range cases {
		trial, ok := r.valid[c.ID()][block]
		if !ok {
			return nil, false
		}
		value, ok := trial.Metrics[metric]
		if !ok {
			return nil, false
		}
		values = append(values, value)
	}
	return values, true
}

// extremes returns the smallest and the largest ratio that switching an axis
// makes, among all values of the others, and whether the blocks tell the two
// apart by more than a twentieth.
func extremes(blocks [][]float64, axis int) (least, most float64, apart bool) {
	var lowest, highest []float64
	for before := range blocks[0] {
		if before&(1<<axis) != 0 {
			continue
		}
		changes := make([]float64, len(blocks))
		for i, logs := range blocks {
			changes[i] = logs[before|1<<axis] - logs[before]
		}
		ratio := math.Exp(stats.HodgesLehmann(changes))
		if lowest == nil || ratio < least {
			least, lowest = ratio, changes
		}
		if highest == nil || ratio > most {
			most, highest = ratio, changes
		}
	}
	return least, most, most > 1.05*least && stats.Locate(minus(highest, lowest), partAlpha).Sign() > 0
}

func minus(a, b []float64) []float64 {
	d := make([]float64, len(a))
	for i := range a {
		d[i] = a[i] - b[i]
	}
	return d
}
