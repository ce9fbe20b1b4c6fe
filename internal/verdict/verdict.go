package verdict

import (
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/scenarios"
)

// Outcome is what became of a claim.
type Outcome string

const (
	Supported    Outcome = "supported"
	Refuted      Outcome = "refuted"
	Inconclusive Outcome = "inconclusive"
)

// Verdict is what the records say about one comparison.
type Verdict struct {
	Comparison
	Outcome Outcome `json:"outcome"`
	// Ratio is how many times better Of is than Over: of a metric where lower is
	// better the value of Over divided by that of Of. Its P tests the factor.
	Ratio stats.Ratio `json:"ratio"`
	// Alpha is the error rate of this verdict and its interval: what the looks,
	// Holm's procedure and the cap left of the package's Alpha.
	Alpha float64 `json:"alpha"`
	// Blocks counts the blocks in which both cases have a valid trial that knows
	// the metric. Ratio.N is smaller where a value was not positive.
	Blocks int `json:"blocks"`
	// OfMedian and OverMedian are medians over those blocks, in the metric's
	// unit; 0 without blocks.
	OfMedian   float64 `json:"of_median"`
	OverMedian float64 `json:"over_median"`
	// MinDetectable is the smallest ratio above 1 that so many blocks would tell
	// from 1 at this error rate (see stats.MinDetectable); 0 where they tell
	// nothing.
	MinDetectable float64 `json:"min_detectable,omitzero"`
	// BlocksNeeded is how many blocks would decide an inconclusive comparison
	// (see stats.BlocksFor); 0 where it is decided, or where that is unknown.
	BlocksNeeded int `json:"blocks_needed,omitzero"`
	// GeneratorBound tells that the load generator was the bottleneck in most
	// trials of either case: their throughput is no more than a lower bound of what
	// the servers can do. Only of throughput.
	GeneratorBound bool `json:"generator_bound,omitzero"`
	// Warnings are caveats for the reader; those of the ratio stay in Ratio.
	Warnings []string `json:"warnings,omitempty"`
	// Sentence says it all in plain words.
	Sentence string `json:"sentence"`
	// Parts divide the ratio among the axes on which the two cases differ; none
	// where that is one axis, or where the run lacks a combination of the two.
	Parts []Part `json:"parts,omitempty"`
	// Explanation says in plain words what the parts are, and whose the
	// difference is; "" without parts.
	Explanation string `json:"explanation,omitempty"`
}

// ClaimResult is a claim, or a gate, with the verdicts of its comparisons.
type ClaimResult struct {
	Claim scenarios.Claim `json:"claim"`
	Gate  bool            `json:"gate"`
	// Outcome is refuted if any verdict is, supported if every metric of the
	// claim was compared and all verdicts support it, else inconclusive.
	Outcome Outcome `json:"outcome"`
	// Verdicts is empty where all cases of the claim were left out of the run.
	Verdicts []Verdict `json:"verdicts"`
	// Warnings say what the claim could not be tested on, and why.
	Warnings []string `json:"warnings,omitempty"`
}

// Decided tells whether a run may stop at this look: every comparison is
// decided, or every ratio is known to within precision, the relative
// half-width of its interval (0.05 for 5 %; 0: never). With nothing to compare
// it may always stop.
func Decided(claims []ClaimResult, precision float64) bool {
	decided, precise := true, precision > 0
	none := true
	for _, r := range claims {
		for _, v := range r.Verdicts {
			none = false
			decided = decided && v.Outcome != Inconclusive
			precise = precise && v.Ratio.HalfWidth() <= precision
		}
	}
	return none || decided || precise
}
