package verdict

import (
	"fmt"
	"slices"

	"github.com/gwbench/gwbench/results"
)

// sharedTrials counts the trials that are in both runs: none unless they are
// records of the same run.
func (c comparer) sharedTrials() int {
	a, b := c.base.Run, c.new.Run
	if a.ID != b.ID || a.Seed != b.Seed || !a.Start.Equal(b.Start) {
		return 0
	}
	type key struct {
		id             string
		block, attempt int
	}
	seen := map[key]results.Trial{}
	for _, t := range c.base.Trials {
		seen[key{t.Case, t.Block, t.Attempt}] = t
	}
	shared := 0
	for _, t := range c.new.Trials {
		if before, ok := seen[key{t.Case, t.Block, t.Attempt}]; ok && before.Start.Equal(t.Start) {
			shared++
		}
	}
	return shared
}

// itself compares a run with its own records: nothing has changed, however few
// blocks there are. An error says that there was nothing to compare.
func (c comparer) itself(changes *Changes) error {
	changes.Method = Paired
	changes.Reason = "the two are the same records, and each block is compared with itself"
	names := newCaseNames(c.cases)
	for _, one := range c.cases {
		if e, found := c.errorChange(pair{one, one}, "", func(p pair) string { return names.label(p.of) }); found && c.options.wantsErrors() {
			e.Outcome, e.Sentence = Same, fmt.Sprintf("%s, failed or wrong responses: the same figures.", names.label(one))
			changes.Changes = append(changes.Changes, e)
		}
		for _, metric := range c.metrics {
			x := c.newContest(one, metric)
			zero, _ := c.new.zeros(one, metric)
			blocks := len(x.new.values) + zero
			if !comparableUnder(metric, c.new.load(one)) || blocks == 0 {
				continue
			}
			x.change.Method, x.change.Outcome, x.change.Alpha = Paired, Same, Alpha
			x.change.BaseBlocks, x.change.NewBlocks = blocks, blocks
			x.change.Ratio.Estimate, x.change.Ratio.Low, x.change.Ratio.High = 1, 1, 1
			x.change.Ratio.Confidence, x.change.Ratio.Achieved = 1-Alpha, 1
			x.change.Ratio.N, x.change.Ratio.P = blocks, 1
			x.change.Sentence = fmt.Sprintf("%s, %s: the same figures.", names.label(one), shortly(metric.Name))
			changes.Changes = append(changes.Changes, x.change)
		}
	}
	changes.Warnings = slices.Concat([]string{fmt.Sprintf("BASE and NEW are the same run, %s: this says nothing of any change", c.new.Run.ID)}, c.new.runCaveats("the run"))
	changes.Outcome = Same
	if len(changes.Changes) == 0 {
		return c.nothingCompared(c.cases, nil)
	}
	return nil
}
