package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/gwbench/gwbench/internal/report"
	"github.com/gwbench/gwbench/internal/summary"
)

// reportRuns lays several runs over each other in one report. Whether anything became
// worse is for gwbench compare to turn into an exit code.
func reportRuns(std stdio, names []string, formats []report.Format, f reportFlags) error {
	switch {
	case f.out == "":
		return errors.New("a report of several runs has no folder of its own: name one with --out")
	case f.asJSON:
		return errors.New("--json is the summary of one run: gwbench compare --json has the changes between two")
	}
	runs := make([]summary.NamedData, len(names))
	for i, name := range names {
		data, err := readRun(name)
		if err != nil {
			return err
		}
		runs[i] = summary.NamedData{Name: name, Data: data}
	}
	comparison, err := summary.Compare(runs)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return fmt.Errorf("cannot make the folder of the report: %w", err)
	}
	files, err := report.ComparisonFiles(f.out, comparison, formats)
	if err != nil {
		return err
	}
	if err := report.ComparisonTerminal(std.out, comparison, styleOf(std.out, f.wide)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "\n%s\n", reportLine(f.out, files))
	return err
}
