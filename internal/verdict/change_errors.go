package verdict

import (
	"fmt"
	"math"

	"github.com/gwbench/gwbench/results"
)

// withErrors adds a change of the metric errors for each case of which
// responses failed or were wrong, in front of its other changes; for every case
// where errors were asked for by name. apart says why nothing can be told at all;
// "" where it can.
//
// It is a rule and no test: the 5 % of the family do not cover it. On a machine
// that has nothing else to do responses do not fail by chance. Responses within a
// trial fail together, so blocks are counted. Worse is a case that failed in two
// blocks or more, if BASE never did, and was measured in so many blocks that as
// frequent failures would have shown in two of its own; or if no trial of NEW is valid
// any more, and one of BASE is. Better is the reverse. One block is not enough, and
// where both fail the figures stand for themselves: both are inconclusive.
//
// What a search saw is passed over: it drives servers until they fail.
func (c comparer) withErrors(changes []Change, pairs []pair, apart string, subject func(pair) string) []Change {
	var all []Change
	for _, p := range pairs {
		if c.base.load(p.over).Search == nil && c.new.load(p.of).Search == nil {
			if e, found := c.errorChange(p, apart, subject); found {
				all = append(all, e)
				decided := e.Outcome == Worse || e.Outcome == Better
				if decided && (!c.base.hasValid(p.over) || !c.new.hasValid(p.of)) {
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
// they are what failures make of trials. Only what is the server's doing counts:
// requests for which the generator had no port are left out, and so are trials
// with failures that the host disturbed.
type failures struct {
	sent, wrong    int64
	blocks, failed int    // blocks with any response, and with a wrong one
	valid          bool   // there is a valid trial
	kind           string // the most frequent
}

func (h half) failures(one results.Case) failures {
	f := failures{valid: h.hasValid(one)}
	blocks, kinds := map[int]bool{}, map[string]int{}
	for _, t := range h.Trials {
		if t.Case != one.ID() {
			continue
		}
		sent, wrong := answers(t)
		if sent <= 0 || wrong > 0 && t.Usage.Spoiled() {
			continue
		}
		f.sent, f.wrong = f.sent+sent, f.wrong+wrong
		blocks[t.Block] = blocks[t.Block] || wrong > 0
		for _, e := range t.Errors {
			if e.Kind != results.KindPorts {
				kinds[e.Kind] += int(e.Count)
			}
		}
	}
	f.blocks = len(blocks)
	for _, failed := range blocks {
		if failed {
			f.failed++
		}
	}
	if len(kinds) > 0 {
		f.kind = mostOften(kinds)
	}
	return f
}

// answers counts the requests that reached for the server, and those of them
// that failed.
func answers(t results.Trial) (sent, wrong int64) {
	sent = t.Counts.Sent
	for _, e := range t.Errors {
		if e.Kind == results.KindPorts {
			sent -= e.Count
		}
	}
	return sent, max(sent-t.Counts.Correct, 0)
}

func (f failures) share() float64 { return float64(f.wrong) / float64(max(f.sent, 1)) }

// spoilt tells whether failures left the case without a valid trial.
func (f failures) spoilt() bool { return f.wrong > 0 && !f.valid }

// worseThan tells whether these failures are proof of a defect that the others
// do not have.
func (f failures) worseThan(other failures) bool {
	if f.failed < proof {
		return false
	}
	wouldShow := other.blocks*f.failed >= proof*f.blocks
	return other.failed == 0 && wouldShow || f.spoilt() && other.valid
}

func (c comparer) errorChange(p pair, apart string, subject func(pair) string) (change Change, found bool) {
	before, after := c.base.failures(p.over), c.new.failures(p.of)
	faultless := before.wrong+after.wrong == 0
	if faultless && !c.options.wantsErrors() {
		return Change{}, false
	}
	change = Change{
		Base: p.over, New: p.of, Metric: Errors, Method: Absolute, Outcome: Undetermined, Reason: apart,
		BaseMedian: before.share(), NewMedian: after.share(), BaseBlocks: before.blocks, NewBlocks: after.blocks,
	}
	if p.of == p.over {
		if why := c.unlike(p.of); why != "" {
			change.Reason = why
		}
	}
	change.Ratio.High = math.Inf(1)
	switch {
	case change.Reason != "":
	case after.worseThan(before):
		change.Outcome = Worse
	case before.worseThan(after):
		change.Outcome = Better
	case faultless && before.blocks > 0 && after.blocks > 0:
		change.Outcome = Same
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
	switch {
	case f.blocks == 0:
		return "not measured"
	case f.wrong == 0:
		return fmt.Sprintf("none of %d", f.sent)
	}
	kind := ""
	if f.kind != "" {
		kind = fmt.Sprintf(" (most often %s)", f.kind)
	}
	text := fmt.Sprintf("%d of %d%s, in %d of %s", f.wrong, f.sent, kind, f.failed, count(f.blocks, "block"))
	if f.spoilt() {
		text += ", so that no trial is valid"
	}
	return text
}
