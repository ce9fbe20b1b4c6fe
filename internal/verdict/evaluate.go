package verdict

import (
	"math"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// Evaluate judges all claims, then all gates, in the order of the scenario.
// Within a block the last valid trial of each case counts; a block that lacks
// one of a comparison's two is not used for it. Neither the order of the
// trials nor anything in an invalid one changes an outcome.
//
// The family is as large as plan.Family says, or as Comparisons finds it if
// that is more. A claim whose cases were all left out of the run is
// inconclusive, with a warning. An error is a mistake in the scenario, the
// same that Comparisons reports.
func Evaluate(s *scenarios.Scenario, plan results.Plan, trials []results.Trial) ([]ClaimResult, error) {
	tests, err := expand(s, plan)
	if err != nil {
		return nil, err
	}
	records := index(trials)
	var samples []sample
	var p []float64
	for _, t := range tests {
		for _, c := range t.comparisons {
			s := records.sample(c, plan.Loads)
			a, b := s.oriented()
			samples = append(samples, s)
			p = append(p, stats.TestRatio(a, b, c.Factor.Value, Alpha).P)
		}
	}
	rates := rates(p, plan.Family, len(plan.Looks))

	claims := make([]ClaimResult, len(tests))
	next := 0
	for i, t := range tests {
		verdicts := make([]Verdict, len(t.comparisons))
		names := newNames(t)
		for j := range verdicts {
			v := judge(samples[next], rates[next])
			d := records.decompose(v.Comparison, plan)
			v.Parts, v.Explanation = d.parts, d.explain(v.Ratio)
			v.Warnings = samples[next].caveats(v)
			if w := unplanned(records.lastBlock(), plan); w != "" && v.Outcome != Inconclusive {
				v.Warnings = append(v.Warnings, w)
			}
			v.Sentence = sentence(v, names)
			verdicts[j] = v
			next++
		}
		claims[i] = ClaimResult{
			Claim: t.claim, Gate: t.gate, Outcome: combine(verdicts, t.whole), Verdicts: verdicts, Warnings: t.warnings,
		}
	}
	return claims, nil
}

// judge decides one comparison by the interval at its error rate.
func judge(s sample, rate float64) Verdict {
	a, b := s.oriented()
	factor := s.comparison.Factor
	v := Verdict{
		Comparison: s.comparison,
		Ratio:      stats.TestRatio(a, b, factor.Value, rate),
		Alpha:      rate,
		Blocks:     len(s.of),
		OfMedian:   stats.Describe(s.of).Median,
		OverMedian: stats.Describe(s.over).Median,

		GeneratorBound: s.ofGenerator(),
	}
	v.Outcome = decide(v.Ratio, factor)
	logRatios, _ := stats.LogRatios(a, b)
	if d := stats.MinDetectable(logRatios, len(logRatios), rate); !math.IsInf(d, 1) {
		v.MinDetectable = d
	}
	if v.Outcome == Inconclusive {
		// The blocks there are did not do, whatever the approximation says.
		if needed := stats.BlocksFor(logRatios, factor.Value, rate); needed > 0 {
			v.BlocksNeeded = max(needed, v.Ratio.N+1)
		}
	}
	return v
}

// decide compares the whole interval with the factor. No ratio is both
// supported and refuted: AtLeast and Below exclude each other, as do AtMost
// and Above.
func decide(r stats.Ratio, f scenarios.Factor) Outcome {
	satisfied, violated := r.AtLeast(f.Value), r.Below(f.Value)
	if f.Op == scenarios.AtMost {
		satisfied, violated = r.AtMost(f.Value), r.Above(f.Value)
	}
	switch {
	case satisfied:
		return Supported
	case violated:
		return Refuted
	}
	return Inconclusive
}

// combine is the outcome of a claim: as strong as its weakest verdict. whole
// tells whether there is a verdict on each of its metrics.
func combine(verdicts []Verdict, whole bool) Outcome {
	outcome := Supported
	if !whole {
		outcome = Inconclusive
	}
	for _, v := range verdicts {
		switch v.Outcome {
		case Refuted:
			return Refuted
		case Inconclusive:
			outcome = Inconclusive
		}
	}
	return outcome
}
