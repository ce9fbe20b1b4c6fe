// Package report renders a run as text: a table and verdicts for the terminal, a
// Markdown report, a machine-readable summary, and the folder of files that a
// report is.
//
// Everything is a pure function of the records, so that a report can be made
// again from a run folder years later, and equal records give equal bytes. In
// every format a figure is the median over the valid trials of a case, and what is
// not known is shown as unknown ("?" in tables, null in JSON), never as 0.
//
// Names, reasons and messages come from scenario files and from servers, and
// are treated as hostile: control characters never reach a terminal, and markup
// never reaches a document.
package report
