package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/internal/export"
	"github.com/gwbench/gwbench/internal/inert"
)

func newExportCommand(std stdio) *cobra.Command {
	var format, metrics, out string
	cmd := &cobra.Command{
		Use:   "export --format FORMAT [RUN]",
		Short: "Write a run for other programs: spreadsheets, benchstat, CI systems",
		Long: `Write a run in a format that other programs read. RUN is a run's folder,
a bundle or a baseline, by default the newest folder in results/. docs/exports.md
shows every format.

` + formatList() + `
What goes to a file with -o appears whole or not at all. Under GitHub Actions
the format github appends its summary to $GITHUB_STEP_SUMMARY, and prints its
annotations.`,
		Example: `  gwbench export --format csv -o trials.csv
  gwbench export --format gobench results/20260102T150405Z-hello | benchstat -col /protocol -
  gwbench export --format bmf --metrics capacity,latency.p99`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := export.Lookup(format)
			if format == "" {
				err = fmt.Errorf("export needs a format: pass --format with one of %s", strings.Join(export.Names(), ", "))
			}
			if err != nil {
				return err
			}
			if metrics != "" && !f.Chooses {
				return fmt.Errorf("--metrics does not go with the format %s, which has no choice of metrics", f.Name)
			}
			return exportRun(std, f, args, metrics, out)
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "", "one of those above")
	cmd.Flags().StringVar(&metrics, "metrics", "", "metrics in the export, separated by commas, or all (default: the main ones; of github, gobench, bmf, github-action-benchmark-*)")
	cmd.Flags().StringVarP(&out, "out", "o", "", "file to write (default: stdout)")
	return cmd
}

// formatList describes the formats for the help.
func formatList() string {
	var list strings.Builder
	for _, f := range export.Formats {
		for i, text := range wrap(f.About+" ("+f.Extension+")", lineWidth-len("  github-action-benchmark-smaller  ")) {
			name := f.Name
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(&list, "  %-31s  %s\n", name, text)
		}
	}
	return list.String()
}

func exportRun(std stdio, f export.Format, args []string, metrics, out string) error {
	chosen, err := export.Choose(metrics)
	if err != nil {
		return err
	}
	run, err := runArgument(args)
	if err != nil {
		return err
	}
	read, err := readRun(run)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		fmt.Fprintf(std.err, "gwbench: exporting run %s from %s\n", inert.Line(read.Run.ID), run)
	}
	data := export.Data{Run: read.Run, Trials: read.Trials, Claims: read.Claims}
	// A failure leaves half of nothing: neither in a file nor in a pipe.
	var text, annotations bytes.Buffer
	if err := f.Write(&text, data, chosen); err != nil {
		return fmt.Errorf("cannot export %s as %s: %w", run, f.Name, err)
	}
	if f.Annotate == nil {
		err = deliver(std, out, text.Bytes())
	} else if err = f.Annotate(&annotations, data); err == nil {
		err = deliverToGitHub(std, out, text.Bytes(), annotations.Bytes())
	}
	if err != nil {
		return err
	}
	if missing := export.Missing(data); len(missing) > 0 {
		fmt.Fprintf(std.err, "gwbench: %d of %d cases have no valid trial, and so no figures in the export\n", len(missing), len(data.Run.Plan.Cases))
	}
	return nil
}

// deliver writes an export to a file, which appears whole or not at all, or to
// stdout where no file is named.
func deliver(std stdio, file string, text []byte) error {
	if file == "" {
		_, err := std.out.Write(text)
		return err
	}
	// What is no ordinary file, such as /dev/stderr or a pipe, is written to and
	// not replaced.
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return appendTo(file, text)
	}
	if err := renameio.WriteFile(file, text, 0o644); err != nil {
		return fmt.Errorf("cannot write the export: %w", err)
	}
	return nil
}

// deliverToGitHub prints annotations, which the runner of GitHub Actions takes
// from the log, and writes the summary to the file that was named, else to the
// step's own, else to stdout too.
func deliverToGitHub(std stdio, file string, summary, annotations []byte) error {
	if _, err := std.out.Write(annotations); err != nil {
		return err
	}
	if step := os.Getenv("GITHUB_STEP_SUMMARY"); file == "" && step != "" {
		// What the step's other commands wrote stays.
		return appendTo(step, summary)
	}
	return deliver(std, file, summary)
}

func appendTo(file string, text []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err == nil {
		_, err = f.Write(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return fmt.Errorf("cannot write the export: %w", err)
	}
	return nil
}
