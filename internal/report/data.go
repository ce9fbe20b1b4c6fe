// Package report renders a run: a table and verdicts for the terminal, a
// Markdown report with plots, and a machine-readable summary.
//
// Everything is a pure function of the records, so that a report can be drawn
// again from a run folder years later, and equal records give equal bytes. Two
// rules hold in every format: a figure is the median over the valid trials of
// a case, and what is not known is shown as unknown ("?" in tables, null in
// JSON), never as 0.
//
// Names, reasons and messages come from scenario files and from servers, and
// are treated as hostile: control characters never reach a terminal, and
// markup never reaches a document.
package report

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

// Style says what the terminal can do.
type Style struct {
	Width int // columns; 0: unlimited, nothing is shortened or wrapped
	Color bool
}
