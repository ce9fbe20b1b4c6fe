package bench

import (
	"github.com/gwbench/gwbench/results"
)

// attempts counts how often a case was tried in a block.
func (c *conductor) attempts(one results.Case, block int) (n int) {
	for _, t := range c.trials {
		if t.Block == block && t.Case == one.ID() {
			n++
		}
	}
	return n
}

// isSettled tells whether a block needs no further trial of a case: it has a
// valid one, or there were as many attempts as there may be.
func (c *conductor) isSettled(one results.Case, block int) bool {
	for _, t := range c.trials {
		if t.Block == block && t.Case == one.ID() && settles(t) {
			return true
		}
	}
	return false
}

// settles tells whether a trial is the last of its case in its block.
func settles(t results.Trial) bool { return t.Valid || t.Attempt >= maxAttempts }

// settled counts the cases that need no further trial, over all blocks.
func (c *conductor) settled() (n int) {
	for _, t := range c.trials {
		if settles(t) {
			n++
		}
	}
	return n
}

// lastBlock is the number of the last block that has a trial, 0 where there is
// none.
func lastBlock(trials []results.Trial) (last int) {
	for _, t := range trials {
		last = max(last, t.Block)
	}
	return last
}
