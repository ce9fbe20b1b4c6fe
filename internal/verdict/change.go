package verdict

import (
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// Method says how two runs, or two parts of one, are compared.
type Method string

const (
	// Paired compares two sets of cases of one run, block by block: what made a
	// block slow made both slow. It is the best of the three.
	Paired Method = "paired"
	// Normalised divides each case, block by block, by a reference case of the same
	// run, and compares the quotients of the two runs: the speed of machine and day
	// cancels out as far as it is the same for both cases.
	Normalised Method = "normalised"
	// Absolute compares the figures themselves, which only means something on one
	// machine.
	Absolute Method = "absolute"
)

// ChangeOutcome is what became of a metric from one run to the next.
type ChangeOutcome string

const (
	Better       ChangeOutcome = "better"                    // by more than the threshold
	Worse        ChangeOutcome = "worse"                     // by more than the threshold
	Same         ChangeOutcome = "same"                      // within the threshold
	Undetermined               = ChangeOutcome(Inconclusive) // the interval does not tell
)

// Change is what became of one metric of one case.
type Change struct {
	Base   results.Case
	New    results.Case // differs from Base where one run's cases are compared with each other
	Metric string       // "errors" is judged by a rule of its own, without ratio and threshold
	// Method is that of this change: where most cases are normalised, one that
	// has no reference is compared absolutely.
	Method    Method
	Threshold float64 // relative: 0.05 for 5 %
	Outcome   ChangeOutcome
	// Ratio is how many times better New is than Base, with the interval at the
	// error rate Alpha. Its P is that of a ratio of 1.
	Ratio stats.Ratio
	Alpha float64 // of this change: what the family left of the package's Alpha; 0 without a test
	// BaseMedian and NewMedian are in the metric's unit, not normalised, and
	// unknown where that side has no blocks.
	BaseMedian float64
	NewMedian  float64
	BaseBlocks int // usable
	NewBlocks  int
	// BlocksNeeded is about how many blocks each side would take to decide what
	// is inconclusive; 0 where that is unknown.
	BlocksNeeded int
	// Reason says why the two cannot be compared, whatever their figures are; ""
	// where they can.
	Reason string
	// Warnings are caveats for the reader; those of the ratio stay in Ratio.
	Warnings []string
	// Sentence says it all in plain words.
	Sentence string
}

// Reference is a metric of a case that others are divided by. It is shown and
// not judged: its own changes cannot be told from those of the machine.
type Reference struct {
	Case       results.Case
	Metric     string
	BaseMedian float64 // in the metric's unit
	NewMedian  float64
}

// Changes is the comparison of two runs, or of two parts of one.
type Changes struct {
	Base       string // the run's ID
	New        string
	Method     Method
	Reason     string // why that method, in a sentence
	Reference  string // Normalised: the case that the others are divided by, in words
	References []Reference
	// Outcome is worse if any change is, else inconclusive if any is or if only
	// BASE has some case, else better if any is, else same.
	Outcome ChangeOutcome
	Changes []Change
	// OnlyBase and OnlyNew are the cases that only one of the two runs has, by ID.
	OnlyBase []string
	OnlyNew  []string
	// Different is how the fingerprints of the two machines differ: "kernel 6.1 -> 6.2".
	Different []string
	Warnings  []string
}

// Untold says why nothing can be told of any figure, as a clause; "" where something can.
func (c Changes) Untold() string {
	if c.Method == Absolute && len(c.Different) > 0 {
		return "the machines differ, so that nothing can be told"
	}
	return ""
}
