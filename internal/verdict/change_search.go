package verdict

import (
	"fmt"
	"slices"

	"github.com/gwbench/gwbench/results"
)

// collapses counts the blocks in which no rate held the objectives of a search,
// because of the server. Such a search found no saturation, and 0 has no ratio.
func (h half) collapses(c results.Case) int {
	collapsed := map[int]bool{}
	for _, t := range h.Trials {
		if t.Case != c.ID() {
			continue
		}
		probes := func(outcome string) bool {
			return slices.ContainsFunc(t.Probes, func(p results.Probe) bool { return p.Outcome == outcome })
		}
		collapsed[t.Block] = probes(results.ProbeServer) && !probes(results.ProbeHeld)
	}
	n := 0
	for _, is := range collapsed {
		if is {
			n++
		}
	}
	return n
}

// judgeSearch decides by rule what no ratio can tell: that one run never found
// a rate which holds the objectives, in two blocks or more, where the other
// found one in two blocks or more.
func (c comparer) judgeSearch(x *contest) {
	const proof = 2 // blocks
	before, after := c.base.collapses(x.pair.over), c.new.collapses(x.pair.of)
	old, present := c.base.series(x.pair.over, x.metric), c.new.series(x.pair.of, x.metric)
	found, finds := len(old.raw), len(present.raw)
	switch {
	case after >= proof && finds == 0 && found >= proof:
		x.ruled = Worse
		x.ruling = fmt.Sprintf("no rate holds the objectives in NEW, in %d of %s; in BASE one did, in %d of %d", after, count(present.all, "block"), found, old.all)
	case before >= proof && found == 0 && finds >= proof:
		x.ruled = Better
		x.ruling = fmt.Sprintf("no rate held the objectives in BASE, in %d of %s; in NEW one does, in %d of %d", before, count(old.all, "block"), finds, present.all)
	}
}
