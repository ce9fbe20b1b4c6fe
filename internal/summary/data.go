// Package summary says what the trials of a run add up to: figures for each case,
// and the names, sentences and caveats that every report shows, be it a table, a
// picture or a page. It renders nothing.
//
// All functions are pure and safe for concurrent use; none changes its arguments. A
// figure is the median over the valid trials of a case, and what is not known is
// absent or Unknown, never 0. Texts are inert (see package inert): they are one line
// without control characters, but not escaped for any format.
package summary

import (
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// Data is everything a report is drawn from: pure records.
type Data struct {
	Run      results.Run
	Scenario *scenarios.Scenario // nil where only the records are at hand
	Trials   []results.Trial
	Claims   []verdict.ClaimResult // claims and gates, in the order of the scenario
	Trends   []verdict.TrendResult // likewise
}
