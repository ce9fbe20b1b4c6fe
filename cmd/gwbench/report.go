package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/internal/report"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

func newReportCommand(std stdio) *cobra.Command {
	var asJSON bool
	var out string
	cmd := &cobra.Command{
		Use:   "report [RUN]",
		Short: "Rebuild the table, the plots and report.md of a run",
		Long: `Rebuild the table, the verdicts, the plots and report.md from the records of a
run: RUN is the run's folder, by default the newest in results/, or a bundle
or a baseline, which has no folder: name one for the report with --out. Nothing
is measured again.`,
		Example: `  gwbench report
  gwbench report results/20260102T150405Z-hello
  gwbench report --out main-report main
  gwbench report --json results/20260102T150405Z-hello | jq .verdicts`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			run, err := runArgument(args)
			if err != nil {
				return err
			}
			data, err := readRun(run)
			if err != nil {
				return err
			}
			if out, err = reportFolder(run, out); err != nil {
				return err
			}
			return present(std, data, out, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the summary as JSON; the table goes to stderr")
	cmd.Flags().StringVarP(&out, "out", "o", "", "folder that gets report.md and the plots (default: the run folder; a bundle has none)")
	return cmd
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
func present(std stdio, data summary.Data, dir string, asJSON bool) error {
	files, err := report.Files(dir, data)
	if err != nil {
		return err
	}
	human := std.out
	if asJSON {
		human = std.err
		if err := report.JSON(std.out, data); err != nil {
			return err
		}
	}
	if err := report.Terminal(human, data, styleOf(human)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(human, "\nreport: %s, and beside it %d pictures\n", filepath.Join(dir, "report.md"), len(files)-1)
	return err
}

func styleOf(w io.Writer) report.Style {
	width, _ := terminalWidth(w)
	return report.Style{Width: width, Color: useColor(w)}
}
