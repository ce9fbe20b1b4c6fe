package verdict

import (
	"fmt"

	"github.com/gwbench/gwbench/results"
)

// proof is how many blocks it takes to decide by rule: one may be an accident.
const proof = 2

// rule decides a contest without a test. The blocks are those with a figure.
func (x *contest) rule(o ChangeOutcome, why string, baseBlocks, newBlocks int) {
	x.ruled, x.ruling = o, why
	x.change.BaseBlocks, x.change.NewBlocks = baseBlocks, newBlocks
}

// judgeByRule decides what has no ratio.
func (c comparer) judgeByRule(x *contest) {
	if x.metric.Load == "search" {
		c.judgeSearch(x)
	} else {
		c.judgeZeros(x)
	}
}

// searched is what the searches of one case came to, in blocks.
type searched struct {
	found     int // with a rate that holds the objectives
	collapsed int // without any, because of the servers; whatever else kept a search from a rate tells nothing
}

func (h half) searched(c results.Case, metric results.Metric) searched {
	var s searched
	for _, t := range h.valid[c.ID()] {
		if _, known := t.Metrics[metric.Name]; known {
			s.found++
			continue
		}
		switch t.Bottleneck {
		case results.BottleneckServer, results.BottleneckFront, results.BottleneckNetwork:
			s.collapsed++
		}
	}
	return s
}

func (s searched) blocks() int { return s.found + s.collapsed }

// collapsedMore tells whether so many more of these searches found no rate that
// it needs no figures: in a share of the blocks that is larger by half.
func (s searched) collapsedMore(other searched) bool {
	return s.collapsed >= proof && other.found >= proof &&
		2*(s.collapsed*other.blocks()-other.collapsed*s.blocks()) >= s.blocks()*other.blocks()
}

// judgeSearch decides where no rate holds the objectives any more, which leaves
// no figure. Where the two sides differ in that by less nothing is decided: the
// blocks with a figure are the better ones of the side that lacks more.
func (c comparer) judgeSearch(x *contest) {
	before, after := c.base.searched(x.pair.over, x.metric), c.new.searched(x.pair.of, x.metric)
	why := fmt.Sprintf("no rate held the objectives in %d of %s of BASE, and in %d of %s of NEW",
		before.collapsed, count(before.blocks(), "block"), after.collapsed, count(after.blocks(), "block"))
	more := after.collapsed - before.collapsed
	switch {
	case after.collapsedMore(before):
		x.rule(Worse, why, before.found, after.found)
	case before.collapsedMore(after):
		x.rule(Better, why, before.found, after.found)
	case max(more, -more) >= proof:
		x.untold = why + ", so that the other blocks are the better ones of the side that lacks more"
	}
}

// zeros counts the blocks in which a metric of a case is positive, and those in
// which it is zero: known, and without a ratio to anything.
func (h half) zeros(c results.Case, metric results.Metric) (zero, positive int) {
	for _, t := range h.valid[c.ID()] {
		switch value, known := t.Metrics[metric.Name]; {
		case !known:
		case value == 0:
			zero++
		case value > 0:
			positive++
		}
	}
	return zero, positive
}

// judgeZeros decides where a metric is zero in every block of a side, as the
// dials of connections that are kept open are. Where the other side is zero too
// the two are the same; where it never is, one of them is better.
func (c comparer) judgeZeros(x *contest) {
	oldZero, oldPositive := c.base.zeros(x.pair.over, x.metric)
	newZero, newPositive := c.new.zeros(x.pair.of, x.metric)
	if (oldZero == 0 || oldPositive > 0) && (newZero == 0 || newPositive > 0) {
		return // what is not zero has ratios
	}
	side := func(zero, positive int, run string) string {
		if zero+positive == 0 {
			return "unknown in " + run
		}
		return fmt.Sprintf("zero in %d of %s of %s", zero, count(zero+positive, "block"), run)
	}
	why := side(oldZero, oldPositive, "BASE") + ", " + side(newZero, newPositive, "NEW")
	became := func(higher bool) ChangeOutcome {
		if higher == x.metric.Higher {
			return Better
		}
		return Worse
	}
	outcome := Undetermined
	switch {
	case min(oldZero, newZero) >= proof && oldPositive+newPositive == 0:
		outcome = Same
	case min(oldZero, newPositive) >= proof && oldPositive+newZero == 0:
		outcome = became(true)
	case min(oldPositive, newZero) >= proof && oldZero+newPositive == 0:
		outcome = became(false)
	}
	if outcome == Undetermined {
		x.untold = "it is " + why + ", and zero has no ratio"
		return
	}
	x.rule(outcome, why, oldZero+oldPositive, newZero+newPositive)
}
