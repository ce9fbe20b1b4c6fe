package summary

import (
	"fmt"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/results"
)

// CompleteBlocks counts the blocks in which every case of the plan has a valid
// trial.
func CompleteBlocks(d Data) int {
	return blocksWithAll(d, func(t results.Trial) bool { return t.Valid })
}

// blocksWithAll counts the blocks in which every case of the plan has such a trial.
func blocksWithAll(d Data, such func(results.Trial) bool) int {
	planned := map[string]bool{}
	for _, c := range d.Run.Plan.Cases {
		planned[c.ID()] = true
	}
	seen := map[int]map[string]bool{}
	for _, t := range d.Trials {
		if !planned[t.Case] || !such(t) {
			continue
		}
		if seen[t.Block] == nil {
			seen[t.Block] = map[string]bool{}
		}
		seen[t.Block][t.Case] = true
	}
	complete := 0
	for _, cases := range seen {
		if len(cases) == len(planned) {
			complete++
		}
	}
	return complete
}

// PlannedBlocks is "10" or "10 to 30".
func PlannedBlocks(p results.Plan) string {
	if p.MaxBlocks > p.MinBlocks {
		return fmt.Sprintf("%d to %d", p.MinBlocks, p.MaxBlocks)
	}
	return fmt.Sprint(p.MinBlocks)
}

// BlocksText is "10 complete blocks of 10 to 30 planned".
func BlocksText(d Data) string {
	return fmt.Sprintf("%s of %s planned", Plural(CompleteBlocks(d), "complete block"), PlannedBlocks(d.Run.Plan))
}

// Unended says why a run is not whole, as far as run.json tells; "" where it tells of no
// such thing.
func Unended(r results.Run) string {
	switch reason := inert.Line(r.Partial); {
	case reason == "interrupted":
		return reason
	case reason != "":
		return "ended early: " + reason
	case r.End.IsZero():
		return "not ended: under way, or crashed"
	}
	return ""
}

// Unfinished says why a run is not whole, by all of its records; "" of a whole one.
func Unfinished(d Data) string {
	why, _ := unfinished(d)
	return why
}

// unfinished tells too whether the reason itself counts the blocks that there are.
func unfinished(d Data) (why string, counted bool) {
	why = Unended(d.Run)
	switch measured := blocksWithAll(d, func(results.Trial) bool { return true }); {
	case why != "":
	case len(d.Trials) == 0:
		why = "nothing was measured"
	case d.Run.CutOff:
		why = "the last line of its trials is cut off"
	case measured < d.Run.Plan.MinBlocks:
		return fmt.Sprintf("trials are missing: all cases were measured in %s, of %s planned", Plural(measured, "block"), PlannedBlocks(d.Run.Plan)), true
	}
	return why, false
}

// Partial says why a run is not whole, and how much there is of it, once; "" of a whole run.
func Partial(d Data) string {
	why, counted := unfinished(d)
	switch {
	case why == "":
		return ""
	case counted:
		return "partial: " + why
	}
	return "partial: " + why + "; " + BlocksText(d)
}

// BlocksOf is "10 of 10 to 30, quick", beneath a heading that says complete blocks.
func BlocksOf(d Data) string {
	text := fmt.Sprintf("%d of %s", CompleteBlocks(d), PlannedBlocks(d.Run.Plan))
	if d.Run.Plan.Quick {
		text += ", quick"
	}
	return text
}
