package verdict

import (
	"fmt"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// contest is a change that is to be judged, with its figures.
type contest struct {
	change    Change
	pair      pair
	metric    results.Metric
	base, new series
	paired    bool // the series are of the same blocks, value by value
	sample    sample
	ruled     ChangeOutcome // what was decided without a test, and ruling says why; "" where figures decide
	ruling    string
	untold    string        // why neither figures nor rules tell anything; "" where they may
	disputed  ChangeOutcome // what the interval says and the rank-sum test does not; "" where they agree
}

// series is what one side knows of a metric of a case: a value for each usable
// block.
type series struct {
	metric    results.Metric
	blocks    []int
	raw       []float64 // in the metric's unit, by block
	values    []float64 // what is compared: raw, or raw divided by the reference
	missing   int       // blocks without a valid trial
	unknown   int       // blocks whose trial does not know the metric, or knows no positive number
	undivided int       // blocks whose reference does not
	all       int       // blocks of the run
}

func (h half) series(c results.Case, metric results.Metric) series {
	s := series{metric: metric, all: len(h.records.blocks)}
	for _, block := range h.records.blocks {
		trial, ok := h.valid[c.ID()][block]
		if !ok {
			s.missing++
			continue
		}
		value, ok := trial.Metrics[metric.Name]
		if !ok || !stats.Usable(value) {
			s.unknown++
			continue
		}
		s.blocks, s.raw = append(s.blocks, block), append(s.raw, value)
	}
	s.values = s.raw
	return s
}

func (c comparer) newContest(one results.Case, metric results.Metric) *contest {
	x := &contest{
		pair: pair{one, one}, metric: metric, base: c.base.series(one, metric), new: c.new.series(one, metric),
		sample: sample{comparison: Comparison{Metric: metric.Name, Of: one, Over: one}, metric: metric, ofLoad: c.new.load(one), overLoad: c.base.load(one)},
	}
	for _, h := range []half{c.base, c.new} {
		for _, block := range h.records.blocks {
			if t, ok := h.valid[one.ID()][block]; ok {
				x.sample.trials = append(x.sample.trials, t)
			}
		}
		x.sample.invalid = append(x.sample.invalid, h.invalid[one.ID()]...)
	}
	x.change = Change{
		Base: one, New: one, Metric: metric.Name, Method: Absolute, Threshold: c.options.threshold(metric.Name),
		BaseMedian: stats.Describe(x.base.raw).Median, NewMedian: stats.Describe(x.new.raw).Median,
	}
	return x
}

// oriented returns the two series such that the first divided by the second is
// how many times better New is than Base.
func (x *contest) oriented() (a, b []float64) {
	if x.metric.Higher {
		return x.new.values, x.base.values
	}
	return x.base.values, x.new.values
}

// caveats lists what a reader has to know of this change.
func (x *contest) caveats() []string {
	if x.change.Reason != "" {
		return nil
	}
	var found []string
	add := func(text string) {
		if text != "" {
			found = append(found, text)
		}
	}
	switch {
	case x.ruled != "":
	case x.paired:
		add(x.sample.unpairedBlocks())
		add(x.sample.unknownMetric())
	default:
		add(x.base.lost("BASE"))
		add(x.new.lost("NEW"))
	}
	add(x.sample.invalidTrials())
	add(x.sample.generatorBound())
	add(x.sample.notKeptUp())
	add(x.sample.neverSent())
	add(x.sample.fewBeyondPercentile())
	add(x.sample.disturbed())
	add(x.sample.noted())
	return found
}

// lost says which blocks of a run could not be used.
func (s series) lost(run string) string {
	lost := s.missing + s.unknown + s.undivided
	if lost == 0 {
		return ""
	}
	var why []string
	for _, part := range []struct {
		n    int
		text string
	}{
		{s.missing, "without a valid trial"},
		{s.unknown, "without a figure above zero"},
		{s.undivided, "without one of the reference"},
	} {
		if part.n > 0 {
			why = append(why, fmt.Sprintf("%d %s", part.n, part.text))
		}
	}
	return fmt.Sprintf("%d of %s of %s were not used: %s", lost, count(s.all, "block"), run, Enumeration(why))
}
