package report

import (
	"slices"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/scenarios"
)

type claimJSON struct {
	Name        string           `json:"name"`
	Says        string           `json:"says"`
	Gate        bool             `json:"gate"`
	Outcome     verdict.Outcome  `json:"outcome"`
	Factor      factorJSON       `json:"factor"`
	Warnings    []string         `json:"warnings"`
	Bottlenecks []summary.Count  `json:"bottlenecks"`
	Comparisons []comparisonJSON `json:"comparisons"`
}

type factorJSON struct {
	Op    string `json:"op"`
	Value number `json:"value"`
}

type comparisonJSON struct {
	Metric        string          `json:"metric"`
	Of            string          `json:"of"`
	Over          string          `json:"over"`
	Outcome       verdict.Outcome `json:"outcome"`
	Ratio         *number         `json:"ratio"`
	Low           *number         `json:"low"`
	High          *number         `json:"high"`
	Confidence    number          `json:"confidence"`
	Achieved      *number         `json:"achieved"`
	N             int             `json:"n"`
	P             *number         `json:"p"`
	Alpha         number          `json:"alpha"`
	Blocks        int             `json:"blocks"`
	OfMedian      *number         `json:"of_median"`
	OverMedian    *number         `json:"over_median"`
	MinDetectable *number         `json:"min_detectable"`
	BlocksNeeded  *int            `json:"blocks_needed"`
	AtLimit       bool            `json:"generator_bound"`
	Warnings      []string        `json:"warnings"`
	Sentence      string          `json:"sentence"`
	Explanation   string          `json:"explanation"`
	Parts         []partJSON      `json:"parts"`
}

type partJSON struct {
	Axis  string  `json:"axis"`
	From  string  `json:"from"`
	To    string  `json:"to"`
	Ratio *number `json:"ratio"`
	Low   *number `json:"low"`
	High  *number `json:"high"`
	N     int     `json:"n"`
	Least *number `json:"least"`
	Most  *number `json:"most"`
}

func newClaimJSON(d summary.Data, c verdict.ClaimResult) claimJSON {
	closed, open := summary.ClaimTrials(d, c)
	j := claimJSON{
		Name: c.Claim.Name, Says: c.Claim.Says, Gate: c.Gate, Outcome: c.Outcome,
		Factor: newFactorJSON(c.Claim.Factor), Warnings: list(c.Warnings),
		Bottlenecks: summary.CountBottlenecks(slices.Concat(closed, open)), Comparisons: []comparisonJSON{},
	}
	for _, v := range summary.InOrder(c) {
		j.Comparisons = append(j.Comparisons, newComparisonJSON(v))
	}
	return j
}

func newFactorJSON(f scenarios.Factor) factorJSON { return factorJSON{f.Op, number(f.Value)} }

func newComparisonJSON(v verdict.Verdict) comparisonJSON {
	interval, pairs := summary.HasInterval(v), v.Ratio.N > 0
	j := comparisonJSON{
		Metric: v.Metric, Of: v.Of.ID(), Over: v.Over.ID(), Outcome: v.Outcome,
		Ratio: known(v.Ratio.Estimate, v.Ratio.Estimate > 0), Low: known(v.Ratio.Low, interval), High: known(v.Ratio.High, interval),
		Confidence: number(v.Ratio.Confidence), Achieved: known(v.Ratio.Achieved, interval),
		N: v.Ratio.N, P: known(v.Ratio.P, pairs), Alpha: number(v.Alpha), Blocks: v.Blocks,
		OfMedian: known(v.OfMedian, pairs), OverMedian: known(v.OverMedian, pairs),
		MinDetectable: known(v.MinDetectable, v.MinDetectable > 1), AtLimit: v.GeneratorBound,
		Warnings: append(list(v.Warnings), v.Ratio.Warnings...), Sentence: v.Sentence,
		Explanation: v.Explanation, Parts: []partJSON{},
	}
	for _, p := range v.Parts {
		ok := p.Ratio.HasInterval()
		j.Parts = append(j.Parts, partJSON{
			Axis: p.Axis, From: p.From, To: p.To, N: p.Ratio.N,
			Ratio: known(p.Ratio.Estimate, p.Ratio.N > 0), Low: known(p.Ratio.Low, ok), High: known(p.Ratio.High, ok),
			Least: known(p.Least, true), Most: known(p.Most, true),
		})
	}
	if v.BlocksNeeded > 0 {
		j.BlocksNeeded = &v.BlocksNeeded
	}
	return j
}
