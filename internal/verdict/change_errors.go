package verdict

import (
	"fmt"
	"math"

	"github.com/gwbench/gwbench/results"
)

// withErrors adds a change of the metric errors for each case of which
// responses failed or were wrong, in front of its other changes.
//
// It is no matter of ratios and error rates: on a machine that has nothing else to
// do responses do not fail by chance. Responses within a trial fail together,
// so blocks are counted. Worse is a case that has no valid trial left because of
// failures, or that failed in two blocks or more where BASE, with as many
// blocks, never did; better is the reverse. One block is not enough, and where both
// fail the figures stand for themselves: both are inconclusive.
//
// What a search saw is passed over: it drives servers until they fail.
func (c comparer) withErrors(changes []Change, pairs []pair, subject func(pair) string) []Change {
	var all []Change
	for _, p := range pairs {
		if c.base.load(p.over).Search == nil && c.new.load(p.of).Search == nil {
			if e, failed := c.errorChange(p, subject); failed {
				all = append(all, e)
				if e.Outcome != Undetermined && (!c.base.hasValid(p.over) || !c.new.hasValid(p.of)) {
					continue // its other metrics have nothing to be compared
				}
			}
		}
		for _, change := range changes {
			if change.New == p.of && change.Base == p.over {
				all = append(all, change)
			}
		}
	}
	return all
}

// failures is what the responses of one case came to, invalid trials included:
// they are what failures make of trials.
type failures struct {
	sent, wrong    int64
	blocks, failed int    // blocks with any response, and with a wrong one
	spoilt         bool   // no trial is valid, and responses failed
	kind           string // the most frequent
}

func (h half) failures(one results.Case) failures {
	var f failures
	blocks, kinds := map[int]bool{}, map[string]int{}
	for _, t := range h.Trials {
		if t.Case != one.ID() || t.Counts.Sent <= 0 {
			continue
		}
		wrong := max(t.Counts.Sent-t.Counts.Correct, 0)
		f.sent, f.wrong = f.sent+t.Counts.Sent, f.wrong+wrong
		blocks[t.Block] = blocks[t.Block] || wrong > 0
		for _, e := range t.Errors {
			kinds[e.Kind] += int(e.Count)
		}
	}
	f.blocks = len(blocks)
	for _, failed := range blocks {
		if failed {
			f.failed++
		}
	}
	f.spoilt = f.wrong > 0 && !h.hasValid(one)
	if len(kinds) > 0 {
		f.kind = mostOften(kinds)
	}
	return f
}

func (f failures) share() float64 { return float64(f.wrong) / float64(max(f.sent, 1)) }

// worseThan tells whether these failures are proof of a defect that the others
// do not have.
func (f failures) worseThan(other failures) bool {
	const proof = 2 // blocks
	return f.spoilt && !other.spoilt || f.failed >= proof && other.failed == 0 && other.blocks >= f.failed
}

func (c comparer) errorChange(p pair, subject func(pair) string) (change Change, failed bool) {
	before, after := c.base.failures(p.over), c.new.failures(p.of)
	if before.wrong+after.wrong == 0 {
		return Change{}, false
	}
	change = Change{
		Base: p.over, New: p.of, Metric: Errors, Method: Absolute, Outcome: Undetermined,
		BaseMedian: before.share(), NewMedian: after.share(), BaseBlocks: before.blocks, NewBlocks: after.blocks,
	}
	if p.of == p.over {
		change.Reason = c.unlike(p.of)
	}
	change.Ratio.High = math.Inf(1)
	switch {
	case change.Reason != "":
	case after.worseThan(before):
		change.Outcome = Worse
	case before.worseThan(after):
		change.Outcome = Better
	}
	ending := string(change.Outcome)
	if change.Reason != "" {
		ending += ", because " + change.Reason
	}
	change.Sentence = fmt.Sprintf("%s, failed or wrong responses: %s in BASE, %s in NEW: %s.", subject(p), before, after, ending)
	return change, true
}

// String is "12 of 10000 (most often timeout), in 3 of 10 blocks".
func (f failures) String() string {
	if f.wrong == 0 {
		return fmt.Sprintf("none of %d", f.sent)
	}
	kind := ""
	if f.kind != "" {
		kind = fmt.Sprintf(" (most often %s)", f.kind)
	}
	text := fmt.Sprintf("%d of %d%s, in %d of %s", f.wrong, f.sent, kind, f.failed, count(f.blocks, "block"))
	if f.spoilt {
		text += ", so that no trial is valid"
	}
	return text
}
