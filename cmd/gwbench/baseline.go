package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/report"
	"github.com/gwbench/gwbench/results"
)

func newBaselineCommand(std stdio) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "baseline",
		Short: "Keep runs under a name, to compare later ones with",
		Long: `Keep runs under a name, to compare later ones with. A baseline is one file in
results/baselines/, which a repository can hold: its text differs line by line
where its trials do. Whatever takes a RUN takes the name of a baseline too.`,
		Example: `  gwbench baseline save main results/20260102T150405Z-hello
  gwbench baseline list
  gwbench compare main results/20260203T160506Z-hello`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newBaselineSaveCommand(std), newBaselineListCommand(std), newBaselineShowCommand(std), newBaselineDropCommand(std))
	return cmd
}

// baselines are those of the current folder.
func baselines() results.Baselines { return results.Baselines{Root: resultsRoot} }

func newBaselineSaveCommand(std stdio) *cobra.Command {
	var force, replace bool
	cmd := &cobra.Command{
		Use:   "save NAME [RUN]",
		Short: "Keep a run as a baseline",
		Long: `Keep a run as the baseline NAME: RUN is a run folder or a bundle, by default the
newest run in results/. Every figure of every trial is kept, with the reasons of
those that are not valid; the histograms and the messages of servers are not.

A baseline of that name is replaced with --replace only, and a run that ended
early, was quick or is not verified is kept with --force only.`,
		Example: `  gwbench baseline save main
  gwbench baseline save --replace main results/20260102T150405Z-hello`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(_ *cobra.Command, args []string) error {
			return saveBaseline(std, args[0], args[1:], force, replace)
		},
	}
	cmd.Flags().BoolVar(&replace, "replace", false, "replace a baseline of that name")
	cmd.Flags().BoolVar(&force, "force", false, "keep a run that ended early, was quick, is not verified, or has no valid trial")
	return cmd
}

func saveBaseline(std stdio, name string, args []string, force, replace bool) error {
	run, err := runArgument(args)
	if err != nil {
		return err
	}
	r, trials, err := openRun(run)
	if err != nil {
		return err
	}
	if err := results.Unfit(r, trials); err != nil && !force {
		return fmt.Errorf("%s is no good baseline: %w; pass --force to keep it all the same", run, err)
	}
	file, err := baselines().Save(name, r, trials, replace)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "baseline %s: %s, %s, %d trials of run %s\n", name, file, fileSize(file), len(trials), inert.Line(r.ID))
	return err
}

// fileSize is a file's size for people, "?" where it is unknown.
func fileSize(file string) string {
	info, err := os.Stat(file)
	if err != nil {
		return "?"
	}
	return fmt.Sprintf("%.0f kB", float64(info.Size())/1000)
}

func newBaselineShowCommand(std stdio) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Show what a baseline holds: its run, machine, cases and medians",
		Args:  exactly("NAME"),
		RunE:  func(_ *cobra.Command, args []string) error { return showBaseline(std, args[0], asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the summary as JSON, as gwbench report --json does")
	return cmd
}

func showBaseline(std stdio, name string, asJSON bool) error {
	run, trials, err := baselines().Open(name)
	if err != nil {
		return err
	}
	data, err := judged(baselines().File(name), run, trials)
	if err != nil {
		return err
	}
	if asJSON {
		return report.JSON(std.out, data)
	}
	fmt.Fprintf(std.out, "baseline %s: %s, %s\nrun %s of %s, %s\n", name, baselines().File(name), fileSize(baselines().File(name)),
		inert.Line(run.ID), run.Start.Format("2006-01-02 15:04 MST"), inert.Line(run.Tool))
	if note := schemaNote(run); note != "" {
		fmt.Fprintf(std.out, "note: %s\n", note)
	}
	fmt.Fprintln(std.out)
	return report.Terminal(std.out, data, styleOf(std.out, false))
}

// schemaNote says what another schema version means for a baseline; "" for
// this gwbench's own.
func schemaNote(run results.Run) string {
	if run.Schema == results.SchemaVersion {
		return ""
	}
	return fmt.Sprintf("schema version %d, and this gwbench writes %d: it cannot be compared with new runs, so measure it anew", run.Schema, results.SchemaVersion)
}

func newBaselineDropCommand(std stdio) *cobra.Command {
	return &cobra.Command{
		Use:   "drop NAME",
		Short: "Remove a baseline",
		Args:  exactly("NAME"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := baselines().Drop(args[0]); err != nil {
				return err
			}
			_, err := fmt.Fprintf(std.out, "removed %s\n", baselines().File(args[0]))
			return err
		},
	}
}
