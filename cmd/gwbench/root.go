package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/gwbench/gwbench/internal/inert"
)

// stdio is the command's streams; tests put their own in.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// execute runs the command line and returns the exit code.
func execute(ctx context.Context, args []string, std stdio) int {
	root := newRoot(std)
	root.SetArgs(args)
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	err := root.ExecuteContext(ctx)
	if err != nil {
		// Errors quote files, servers and arguments.
		fmt.Fprintf(std.err, "gwbench: %s\n", inert.Text(err.Error()))
	}
	return exitCode(err)
}

func newRoot(std stdio) *cobra.Command {
	root := &cobra.Command{
		Use:   "gwbench",
		Short: "Compare gateway protocols under load, with a verdict",
		Long: `gwbench runs the same hello application over plain HTTP, uwsgi, FastCGI and SCGI,
drives load with vegeta, and tests claims such as "uwsgi is 10x faster than FastCGI":
a ratio, its confidence interval, and a verdict.

Start with:  gwbench run scenarios/hello.yaml

Exit codes: 0 fine; 1 gwbench could not do its job; 2 a gate failed, or something
became worse; 3 inconclusive, under --fail-on-inconclusive; 130 interrupted.`,
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SuggestionsMinimumDistance = 2 // edits
	root.AddCommand(
		newRunCommand(std), newViewCommand(std), newReportCommand(std), newCompareCommand(std), newExportCommand(std), newBaselineCommand(std), newRequestCommand(std),
		newServeCommand(std), newTargetsCommand(std), newDoctorCommand(std), newScenariosCommand(std), newVersionCommand(std),
	)
	return root
}

// unknownCommand refuses what cobra took for an argument because no subcommand
// has that name.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf("did you mean %s? ", strings.Join(near, " or "))
	}
	return fmt.Errorf("unknown command %q: %sgwbench --help lists all", args[0], hint)
}

// exactly asks for one argument, by the name that the usage gives it.
func exactly(argument string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("%s takes one %s, not %d: %s --help shows examples", cmd.CommandPath(), argument, len(args), cmd.CommandPath())
		}
		return nil
	}
}

// terminalWidth returns the width of w in columns where it is a terminal.
func terminalWidth(w io.Writer) (columns int, ok bool) {
	f, isFile := w.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	return columns, err == nil
}

// useColor tells whether w takes colour: a terminal, where NO_COLOR
// (no-color.org) is not set.
func useColor(w io.Writer) bool {
	_, terminal := terminalWidth(w)
	return terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
