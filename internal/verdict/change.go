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
	Base      results.Case  `json:"base"`
	New       results.Case  `json:"new"` // differs from Base where one run's cases are compared with each other
	Metric    string        `json:"metric"`
	Threshold float64       `json:"threshold"` // relative: 0.05 for 5 %
	Outcome   ChangeOutcome `json:"outcome"`
	// Ratio is how many times better New is than Base, with the interval at the
	// error rate Alpha. Its P is that of a ratio of 1.
	Ratio stats.Ratio `json:"ratio"`
	Alpha float64     `json:"alpha"` // of this change: what the family left of the package's Alpha
	// BaseMedian and NewMedian are in the metric's unit, not normalised; 0 where
	// unknown.
	BaseMedian float64 `json:"base_median"`
	NewMedian  float64 `json:"new_median"`
	BaseBlocks int     `json:"base_blocks"` // usable
	NewBlocks  int     `json:"new_blocks"`
	// Warnings are caveats for the reader; those of the ratio stay in Ratio.
	Warnings []string `json:"warnings,omitempty"`
	// Sentence says it all in plain words.
	Sentence string `json:"sentence"`
}

// Changes is the comparison of two runs, or of two parts of one.
type Changes struct {
	Method    Method        `json:"method"`
	Reason    string        `json:"reason"`              // why that method, in a sentence
	Reference string        `json:"reference,omitempty"` // Normalised: the case that the others are divided by, in words
	Outcome   ChangeOutcome `json:"outcome"`             // worse if any change is, else inconclusive if any is, else better if any is, else same
	Changes   []Change      `json:"changes"`
	// Unmatched are the cases that only one of the two runs has, by ID.
	OnlyBase []string `json:"only_base,omitempty"`
	OnlyNew  []string `json:"only_new,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}
