package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/internal/report"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

func newReportCommand(std stdio) *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report [RUN...]",
		Short: "Rebuild the report of a run, or lay several runs over each other",
		Long: `Rebuild the report of a run from its records: report.html, which is one page
that needs nothing else, report.md, and every picture. RUN is the run's folder, by
default the newest in results/, or a bundle or a baseline, which has no folder: name
one for the report with --out. Nothing is measured again.

Several runs give one report that lays them over each other, and says what changed
from the first to each of the others, as gwbench compare does.`,
		Example: `  gwbench report
  gwbench report results/20260102T150405Z-hello
  gwbench report --format html,pdf --out for-print results/20260102T150405Z-hello
  gwbench report --out before-after before after
  gwbench report --json results/20260102T150405Z-hello | jq .verdicts`,
		RunE: func(_ *cobra.Command, args []string) error {
			formats, err := report.ParseFormats(f.formats)
			if err != nil {
				return fmt.Errorf("--format: %w", err)
			}
			if len(args) > 1 {
				return reportRuns(std, args, formats, f)
			}
			return reportRun(std, args, formats, f)
		},
	}
	cmd.Flags().StringVar(&f.formats, "format", formatNames(report.DefaultFormats), "what to write, separated by commas: "+formatNames(report.Formats))
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print the summary as JSON; the table goes to stderr")
	cmd.Flags().BoolVar(&f.wide, "wide", false, wideHelp)
	cmd.Flags().StringVarP(&f.out, "out", "o", "", "folder that gets the files (default: the run folder; a bundle has none)")
	return cmd
}

type reportFlags struct {
	formats, out string
	shownFlags
}

// shownFlags say how a run is shown on the terminal.
type shownFlags struct {
	asJSON, wide bool
}

const wideHelp = "show all columns of the table, however wide the terminal is"

// formatNames lists formats as the flag takes them.
func formatNames(formats []report.Format) string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f)
	}
	return strings.Join(names, ",")
}

func reportRun(std stdio, args []string, formats []report.Format, f reportFlags) error {
	run, err := runArgument(args)
	if err != nil {
		return err
	}
	data, err := readRun(run)
	if err != nil {
		return err
	}
	out, err := reportFolder(run, f.out)
	if err != nil {
		return err
	}
	return present(std, data, out, formats, f.shownFlags)
}

// runArgument is the run that was named, else the newest run folder.
func runArgument(args []string) (string, error) {
	if len(args) == 1 {
		return args[0], nil
	}
	return results.Latest(resultsRoot)
}

// reportFolder returns the folder that gets the report of a run: the one that
// was asked for, which is made, else the run's own. A bundle has none.
func reportFolder(run, out string) (string, error) {
	if out != "" {
		return out, os.MkdirAll(out, 0o755)
	}
	dir, ok := results.Folder(run)
	if !ok {
		return "", fmt.Errorf("%s is a single file, with no folder beside it for the report: name one with --out", run)
	}
	return dir, nil
}

// readRun reads a run, wherever it is kept, and judges its claims anew.
func readRun(name string) (summary.Data, error) {
	run, trials, err := openRun(name)
	if err != nil {
		return summary.Data{}, err
	}
	return judged(name, run, trials)
}

// judged judges the claims of a run that was read, by the scenario in it; name
// is where it was read from.
func judged(name string, run results.Run, trials []results.Trial) (summary.Data, error) {
	scenario, err := storedScenario(run)
	if err != nil {
		return summary.Data{}, fmt.Errorf("the scenario stored in %s: %w", name, err)
	}
	claims, err := verdict.Evaluate(scenario, run.Plan, trials)
	if err != nil {
		return summary.Data{}, err
	}
	trends, err := verdict.Trends(scenario, run.Plan, trials)
	if err != nil {
		return summary.Data{}, err
	}
	return summary.Data{Run: run, Scenario: scenario, Trials: trials, Claims: claims, Trends: trends}, nil
}

// present writes the report's files into dir, and then the table or the JSON to
// the streams: a reader that goes away, such as head, must not cost the files.
func present(std stdio, data summary.Data, dir string, formats []report.Format, shown shownFlags) error {
	files, err := report.Files(dir, data, formats)
	if err != nil {
		return err
	}
	human := std.out
	if shown.asJSON {
		human = std.err
		if err := report.JSON(std.out, data); err != nil {
			return err
		}
	}
	if err := report.Terminal(human, data, styleOf(human, shown.wide)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(human, "\n%s\n", reportLine(dir, files))
	return err
}

// reportLine says where the files of a report are; the first is the one to open.
func reportLine(dir string, files []string) string {
	if len(files) == 0 {
		return "report: there was nothing to draw"
	}
	line := "report: " + filepath.Join(dir, files[0])
	if more := len(files) - 1; more > 0 {
		line += fmt.Sprintf(", and beside it %d more files", more)
	}
	return line
}

func styleOf(w io.Writer, wide bool) report.Style {
	width, _ := terminalWidth(w)
	return report.Style{Width: width, Color: useColor(w), Wide: wide}
}
