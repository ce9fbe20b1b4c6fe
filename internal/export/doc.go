// Package export hands a run to other programs: spreadsheets, benchstat, and
// the systems that show tests, notes and curves of continuous integration. Each
// format is one file; docs/exports.md shows a sample of each, and says what it
// is for.
//
// As in package report, everything is a pure function of the records. A figure
// of a case is the median over its valid trials, and what is not known is left
// out or empty, never 0. Names, reasons and messages come from scenario files
// and servers, and are treated as hostile: whatever they hold, a reader of the
// format finds one value where one was written, and neither a spreadsheet nor a
// CI system obeys it.
package export

import (
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// Data is what a run is exported from: pure records.
type Data struct {
	Run    results.Run
	Trials []results.Trial
	Claims []verdict.ClaimResult // claims and gates, in the order of the scenario
}
