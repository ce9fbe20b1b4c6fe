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
	Better       ChangeOutcome = "better"       // by more than the threshold
	Worse        ChangeOutcome = "worse"        // by more than the threshold
	Same         ChangeOutcome = "same"         // within the threshold
	Undetermined ChangeOutcome = "inconclusive" // the interval does not tell
)

// Change is what became of one metric of one case.
type Change struct {
	Base   results.Case `json:"base"`
	New    results.Case `json:"new"`    // differs from Base where one run's cases are compared with each other
	Metric string       `json:"metric"` // "errors" is judged by a rule of its own, without ratio and threshold
	// Method is that of this change: where most cases are normalised, one that
	// has no reference is compared absolutely.
	Method    Method        `json:"method"`
	Threshold float64       `json:"threshold"` // relative: 0.05 for 5 %
	Outcome   ChangeOutcome `json:"outcome"`
	// Ratio is how many times better New is than Base, with the interval at the
	// error rate Alpha. Its P is that of a ratio of 1.
	Ratio stats.Ratio `json:"ratio"`
	Alpha float64     `json:"alpha"` // of this change: what the family left of the package's Alpha; 0 without a test
	// BaseMedian and NewMedian are in the metric's unit, not normalised, and
	// unknown where that side has no blocks.
	BaseMedian float64 `json:"base_median"`
	NewMedian  float64 `json:"new_median"`
	BaseBlocks int     `json:"base_blocks"` // usable
	NewBlocks  int     `json:"new_blocks"`
	// BlocksNeeded is about how many blocks each side would take to decide what
	// is inconclusive; 0 where that is unknown.
	BlocksNeeded int `json:"blocks_needed,omitzero"`
	// Reason says why the two cannot be compared, whatever their figures are; ""
	// where they can.
	Reason string `json:"reason,omitempty"`
	// Warnings are caveats for the reader; those of the ratio stay in Ratio.
	Warnings []string `json:"warnings,omitempty"`
	// Sentence says it all in plain words.
	Sentence string `json:"sentence"`
}

// Reference is a metric of a case that others are divided by. It is shown and
// not judged: nothing is left to tell its own changes from those of the machine.
type Reference struct {
	Case       results.Case `json:"case"`
	Metric     string       `json:"metric"`
	BaseMedian float64      `json:"base_median"` // in the metric's unit
	NewMedian  float64      `json:"new_median"`
}

// Changes is the comparison of two runs, or of two parts of one.
type Changes struct {
	Base       string        `json:"base"` // the run's ID
	New        string        `json:"new"`
	Method     Method        `json:"method"`
	Reason     string        `json:"reason"`              // why that method, in a sentence
	Reference  string        `json:"reference,omitempty"` // Normalised: the case that the others are divided by, in words
	References []Reference   `json:"references,omitempty"`
	Outcome    ChangeOutcome `json:"outcome"` // worse if any change is, else inconclusive if any is, else better if any is, else same
	Changes    []Change      `json:"changes"`
	// OnlyBase and OnlyNew are the cases that only one of the two runs has, by ID.
	OnlyBase []string `json:"only_base,omitempty"`
	OnlyNew  []string `json:"only_new,omitempty"`
	// Different is how the fingerprints of the two machines differ: "kernel 6.1 -> 6.2".
	Different []string `json:"different,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
}
