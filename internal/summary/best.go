package summary

import (
	"math"
	"slices"

	"github.com/gwbench/gwbench/results"
)

// Best is the index of the case with the best median of a metric, of those that one
// load drives; -1 where none is. A throughput under an open load is set by its rate,
// of some that are lower bounds nobody knows which is the highest, and what else a
// search saw is of a rate that differs from case to case, so none is best.
func (g Group) Best(metric string) int {
	m, ok := results.LookupMetric(metric)
	if !ok || len(g.Cases) < 2 || !m.Says(g.Load) || g.Load.Search != nil && m.Load != "search" ||
		m.Load != "" && slices.ContainsFunc(g.Cases, Case.GeneratorBound) {
		return -1
	}
	best, at := math.Inf(-1), -1
	for i, c := range g.Cases {
		v, ok := c.Median(metric)
		if !m.Higher {
			v = -v
		}
		if ok && v > best {
			best, at = v, i
		}
	}
	return at
}
