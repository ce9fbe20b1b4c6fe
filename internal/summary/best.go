package summary

import (
	"math"
	"slices"

	"github.com/gwbench/gwbench/results"
)

// workAxes are those on which cases differ in what they do: figures of different
// requests do not rank.
var workAxes = []string{"application", "request"}

// WorkAxes are those of the axes that tell kinds of work apart.
func WorkAxes(axes []string) []string {
	return slices.DeleteFunc(slices.Clone(axes), func(axis string) bool { return !slices.Contains(workAxes, axis) })
}

func sameWork(a, b results.Case) bool {
	return !slices.ContainsFunc(workAxes, func(axis string) bool { return a.Value(axis) != b.Value(axis) })
}

// ByWork parts the cases of a load into those that do the same, in the order in which
// they first occur.
func (g Group) ByWork() []Group {
	var works []Group
	for _, c := range g.Cases {
		i := slices.IndexFunc(works, func(w Group) bool { return sameWork(w.Cases[0].Case, c.Case) })
		if i < 0 {
			i = len(works)
			works = append(works, Group{Load: g.Load})
		}
		works[i].Cases = append(works[i].Cases, c)
	}
	return works
}

// Best marks the cases with the best median of a metric, of those that one load drives
// and that do the same work: none where nothing can be ranked. A throughput under an open
// load is set by its rate, of some that are lower bounds nobody knows which is the highest,
// and what else a search saw is of a rate that differs from case to case, so none is best.
func (g Group) Best(metric string) []bool {
	marked := make([]bool, len(g.Cases))
	m, ok := results.LookupMetric(metric)
	if !ok || !m.Says(g.Load) || g.Load.Search != nil && m.Load != "search" {
		return marked
	}
	for _, work := range g.ByWork() {
		if len(work.Cases) < 2 || m.Load != "" && slices.ContainsFunc(work.Cases, Case.GeneratorBound) {
			continue
		}
		best, at := math.Inf(-1), -1
		for i, c := range g.Cases {
			if !sameWork(c.Case, work.Cases[0].Case) {
				continue
			}
			v, ok := c.Median(metric)
			if !m.Higher {
				v = -v
			}
			if ok && v > best {
				best, at = v, i
			}
		}
		if at >= 0 {
			marked[at] = true
		}
	}
	return marked
}
