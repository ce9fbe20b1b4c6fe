package doctor

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// falseAllowed is how many verdicts on equal targets may be false. As verdicts
// share one error rate of 5 %, there should be none in 19 of 20 runs.
const falseAllowed = 2

// nominal is the error rate of a single interval, shared with no other.
const nominal = 0.05

// Equal is what became of the comparisons of a target with itself. Every
// verdict on them is false, whichever way it goes.
type Equal struct {
	Comparisons   int      `json:"comparisons"`
	FalseVerdicts []string `json:"false_verdicts"` // in sentences
	Blocks        int      `json:"blocks"`
	Seconds       float64  `json:"seconds"`
	Trials        int      `json:"trials"`
	Invalid       int      `json:"invalid"` // of the trials; they were repeated

	// What follows is about intervals at the nominal 95 %, each by itself.
	Excluding int     `json:"excluding"` // intervals without 1x; one in twenty is to be expected
	Intervals int     `json:"intervals"` // that exist: fewer than Comparisons where blocks are few
	Median    float64 `json:"median"`    // relative half-width: 0.03 for 3 %; 0 without intervals
	Widest    float64 `json:"widest"`
	WidestOf  string  `json:"widest_of"` // metric and case
}

// judgeEqual counts what should not be there. A quick look has too few blocks
// for that, and gets away with it.
func judgeEqual(o *bench.Outcome, quick bool) (*Equal, error) {
	e := &Equal{FalseVerdicts: []string{}, Blocks: blocks(o.Trials), Seconds: elapsed(o).Seconds(), Trials: len(o.Trials), Invalid: invalid(o.Trials)}
	type width struct {
		of   string
		half float64
	}
	var widths []width
	undecidable := 0
	for _, claim := range o.Claims {
		for _, v := range claim.Verdicts {
			e.Comparisons++
			if v.Outcome != verdict.Inconclusive {
				e.FalseVerdicts = append(e.FalseVerdicts, v.Sentence)
			}
			if !v.Ratio.HasInterval() {
				undecidable++
			}
			alone := stats.RatioOfLogs(logRatios(o.Trials, v.Comparison), nominal)
			if !alone.HasInterval() {
				continue
			}
			if alone.Above(1) || alone.Below(1) {
				e.Excluding++
			}
			of := v.Of
			of.Target = ""
			widths = append(widths, width{v.Metric + " of " + verdict.Label(of, results.Varying(o.Run.Plan.Cases)), alone.HalfWidth()})
		}
	}
	if undecidable > e.Comparisons/10 && !quick {
		return nil, tooNoisy(fmt.Sprintf("%d of %d comparisons have too few blocks for a verdict", undecidable, e.Comparisons), o.Trials)
	}
	if e.Intervals = len(widths); e.Intervals > 0 {
		slices.SortFunc(widths, func(a, b width) int { return cmp.Compare(a.half, b.half) })
		e.Median = widths[len(widths)/2].half
		e.Widest, e.WidestOf = widths[len(widths)-1].half, widths[len(widths)-1].of
	}
	return e, nil
}

// logRatios returns the logarithm of the metric's ratio in each block in which
// both cases have a valid trial, of which a block has one at most.
func logRatios(trials []results.Trial, c verdict.Comparison) []float64 {
	of, over := map[int]float64{}, map[int]float64{}
	for _, t := range trials {
		value := t.Metrics[c.Metric]
		switch {
		case !t.Valid || !(value > 0):
		case t.Case == c.Of.ID():
			of[t.Block] = value
		case t.Case == c.Over.ID():
			over[t.Block] = value
		}
	}
	var x []float64
	for block := range blocks(trials) + 1 {
		if of[block] > 0 && over[block] > 0 {
			x = append(x, math.Log(of[block])-math.Log(over[block]))
		}
	}
	return x
}
