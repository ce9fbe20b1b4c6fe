package verdict

import (
	"maps"
	"slices"

	"github.com/gwbench/gwbench/results"
)

// records finds trials by case and block.
type records struct {
	valid   map[string]map[int]*results.Trial // the last valid attempt, by Case.ID and block
	invalid map[string][]*results.Trial       // by Case.ID
	blocks  []int                             // all block numbers seen, in order
}

func index(trials []results.Trial) records {
	r := records{valid: map[string]map[int]*results.Trial{}, invalid: map[string][]*results.Trial{}}
	seen := map[int]bool{}
	for i := range trials {
		t := &trials[i]
		seen[t.Block] = true
		if !t.Valid {
			r.invalid[t.Case] = append(r.invalid[t.Case], t)
			continue
		}
		if r.valid[t.Case] == nil {
			r.valid[t.Case] = map[int]*results.Trial{}
		}
		if before, ok := r.valid[t.Case][t.Block]; !ok || later(t, before) {
			r.valid[t.Case][t.Block] = t
		}
	}
	r.blocks = slices.Sorted(maps.Keys(seen))
	return r
}

// later orders the attempts at one case within one block, whatever the order
// of the records.
func later(a, b *results.Trial) bool {
	if a.Attempt != b.Attempt {
		return a.Attempt > b.Attempt
	}
	return a.Start.After(b.Start)
}

// lastBlock is 0 without records.
func (r records) lastBlock() int {
	if len(r.blocks) == 0 {
		return 0
	}
	return r.blocks[len(r.blocks)-1]
}

// sample holds the pairs of one comparison, one per usable block, in the order
// of the blocks.
type sample struct {
	comparison Comparison
	metric     results.Metric
	of, over   []float64        // the metric's values
	trials     []*results.Trial // the trials they are from: two per pair
	invalid    []*results.Trial // invalid trials of the two cases
	blocks     int              // blocks of the run
	unpaired   int              // of those, without a valid trial of either case
	unknown    int              // of those, where a trial does not know the metric
	ofLoad     results.Load
	overLoad   results.Load
}

func (r records) sample(c Comparison, loads map[string]results.Load) sample {
	metric, _ := results.LookupMetric(c.Metric)
	of, over := c.Of.ID(), c.Over.ID()
	s := sample{
		comparison: c, metric: metric, blocks: len(r.blocks),
		ofLoad: loads[c.Of.Load], overLoad: loads[c.Over.Load],
	}
	s.invalid = slices.Concat(r.invalid[of], r.invalid[over])
	for _, block := range r.blocks {
		ofTrial, ok := r.valid[of][block]
		overTrial, ok2 := r.valid[over][block]
		if !ok || !ok2 {
			s.unpaired++
			continue
		}
		ofValue, ok := ofTrial.Metrics[c.Metric]
		overValue, ok2 := overTrial.Metrics[c.Metric]
		if !ok || !ok2 {
			s.unknown++
			continue
		}
		s.of, s.over = append(s.of, ofValue), append(s.over, overValue)
		s.trials = append(s.trials, ofTrial, overTrial)
	}
	return s
}

// oriented returns the two series such that the first divided by the second is
// how many times better Of is than Over.
func (s sample) oriented() (a, b []float64) {
	if s.metric.Higher {
		return s.of, s.over
	}
	return s.over, s.of
}
