package report

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// ChangesJSON writes a comparison of two runs, one object, indented:
//
//	base, new    IDs of the runs; equal where cases of one run are compared
//	method       "paired", "normalised" or "absolute"
//	reason       why that one
//	outcome      "worse" if any change is, else "inconclusive" if any is or if
//	             only_base has any, else "better" if any is, else "same"
//	counts       of the changes, by outcome
//	reference    normalised: what the cases were divided by, in words; else null
//	references   their figures: case (ID), metric, unit, base_median, new_median
//	changes      in the order of cases and metrics: base, new (case IDs, equal but
//	             for paired ones), axes (of new), metric, unit, better ("higher" or
//	             "lower"), method, outcome, threshold, ratio (how many times better
//	             new is), low, high, change, change_low, change_high (of the metric
//	             itself, 0.1 for 10 % more), confidence, n, p, alpha, base_median,
//	             new_median (not normalised), base_blocks, new_blocks,
//	             blocks_needed, reason (why it could not be compared, "" where it
//	             could), warnings, sentence
//	only_base, only_new  IDs of cases that only one of the runs has
//	different    what differs between the machines
//	warnings     caveats about the whole comparison
//
// What is unknown is null: a figure that nothing measured, an interval that
// does not exist, the ratio of the metric errors, which has none. Lists are
// never null. An error is that of w.
func ChangesJSON(w io.Writer, c verdict.Changes) error {
	out, err := json.MarshalIndent(newChangesJSON(c), "", "  ")
	if err != nil {
		return fmt.Errorf("changes as JSON: %w", err)
	}
	_, err = w.Write(append(out, '\n'))
	return err
}

type changesJSON struct {
	Base       string                        `json:"base"`
	New        string                        `json:"new"`
	Method     verdict.Method                `json:"method"`
	Reason     string                        `json:"reason"`
	Outcome    verdict.ChangeOutcome         `json:"outcome"`
	Counts     map[verdict.ChangeOutcome]int `json:"counts"`
	Reference  *string                       `json:"reference"`
	References []referenceJSON               `json:"references"`
	Changes    []changeJSON                  `json:"changes"`
	OnlyBase   []string                      `json:"only_base"`
	OnlyNew    []string                      `json:"only_new"`
	Different  []string                      `json:"different"`
	Warnings   []string                      `json:"warnings"`
}

type referenceJSON struct {
	Case       string  `json:"case"`
	Metric     string  `json:"metric"`
	Unit       string  `json:"unit"`
	BaseMedian *number `json:"base_median"`
	NewMedian  *number `json:"new_median"`
}

type changeJSON struct {
	Base         string                `json:"base"`
	New          string                `json:"new"`
	Axes         results.Case          `json:"axes"`
	Metric       string                `json:"metric"`
	Unit         string                `json:"unit"`
	Better       string                `json:"better"`
	Method       verdict.Method        `json:"method"`
	Outcome      verdict.ChangeOutcome `json:"outcome"`
	Threshold    *number               `json:"threshold"`
	Ratio        *number               `json:"ratio"`
	Low          *number               `json:"low"`
	High         *number               `json:"high"`
	Change       *number               `json:"change"`
	ChangeLow    *number               `json:"change_low"`
	ChangeHigh   *number               `json:"change_high"`
	Confidence   *number               `json:"confidence"`
	N            int                   `json:"n"`
	P            *number               `json:"p"`
	Alpha        *number               `json:"alpha"`
	BaseMedian   *number               `json:"base_median"`
	NewMedian    *number               `json:"new_median"`
	BaseBlocks   int                   `json:"base_blocks"`
	NewBlocks    int                   `json:"new_blocks"`
	BlocksNeeded *int                  `json:"blocks_needed"`
	Reason       string                `json:"reason"`
	Warnings     []string              `json:"warnings"`
	Sentence     string                `json:"sentence"`
}

func newChangesJSON(c verdict.Changes) changesJSON {
	j := changesJSON{
		Base: c.Base, New: c.New, Method: c.Method, Reason: c.Reason, Outcome: c.Outcome,
		Counts:     map[verdict.ChangeOutcome]int{verdict.Worse: 0, verdict.Better: 0, verdict.Same: 0, verdict.Undetermined: 0},
		References: []referenceJSON{}, Changes: []changeJSON{},
		OnlyBase: list(c.OnlyBase), OnlyNew: list(c.OnlyNew), Different: list(c.Different), Warnings: list(c.Warnings),
	}
	if c.Reference != "" {
		j.Reference = &c.Reference
	}
	for _, r := range c.References {
		m, _ := results.LookupMetric(r.Metric)
		j.References = append(j.References, referenceJSON{r.Case.ID(), r.Metric, m.Unit, known(r.BaseMedian, r.BaseMedian > 0), known(r.NewMedian, r.NewMedian > 0)})
	}
	for _, change := range c.Changes {
		j.Counts[change.Outcome]++
		j.Changes = append(j.Changes, newChangeJSON(change))
	}
	return j
}

func newChangeJSON(c verdict.Change) changeJSON {
	m, _ := results.LookupMetric(c.Metric)
	better := "lower"
	if m.Higher {
		better = "higher"
	}
	tested, interval := c.Ratio.N > 0, c.Ratio.HasInterval()
	estimate, low, high := c.Relative()
	j := changeJSON{
		Base: c.Base.ID(), New: c.New.ID(), Axes: c.New, Metric: c.Metric, Unit: m.Unit, Better: better, Method: c.Method, Outcome: c.Outcome,
		Threshold: known(c.Threshold, c.Metric != verdict.Errors),
		Ratio:     known(c.Ratio.Estimate, tested), Low: known(c.Ratio.Low, interval), High: known(c.Ratio.High, interval),
		Change: known(estimate, tested), ChangeLow: known(low, interval), ChangeHigh: known(high, interval),
		Confidence: known(c.Ratio.Confidence, interval), N: c.Ratio.N, P: known(c.Ratio.P, tested), Alpha: known(c.Alpha, c.Alpha > 0),
		BaseMedian: known(c.BaseMedian, c.BaseBlocks > 0 || c.BaseMedian > 0), NewMedian: known(c.NewMedian, c.NewBlocks > 0 || c.NewMedian > 0),
		BaseBlocks: c.BaseBlocks, NewBlocks: c.NewBlocks, Reason: c.Reason,
		Warnings: append(list(c.Warnings), c.Ratio.Warnings...), Sentence: c.Sentence,
	}
	if c.BlocksNeeded > 0 {
		j.BlocksNeeded = &c.BlocksNeeded
	}
	return j
}
