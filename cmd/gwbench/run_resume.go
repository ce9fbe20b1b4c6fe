package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/internal/bench"
)

// planFlags are those that have said what a run does: --resume takes them from
// the run.
var planFlags = []string{"quick", "seed", "out", "only", "dry-run", "recipe", "no-verify", "raw"}

// resumeArgs refuses whatever would change the plan of a run that goes on.
func resumeArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("--resume takes the scenario from the run: leave out %q", args[0])
	}
	for _, flag := range planFlags {
		if cmd.Flags().Changed(flag) {
			return fmt.Errorf("--resume goes on with the plan and the folder of the run: leave out --%s", flag)
		}
	}
	return nil
}

// resumeRun goes on with a run that ended early.
func resumeRun(ctx context.Context, std stdio, f runFlags) error {
	run, err := bench.OpenInterrupted(ctx, f.resume, tool(), f.AllowRemote)
	if err != nil {
		return err
	}
	page, err := openPage(ctx, std, f)
	if err != nil {
		return errors.Join(err, run.Close())
	}
	progress := newProgress(std.err, run.Plan)
	run.Observe = page.also(progress.observe)
	outcome, runErr := bench.Resume(ctx, run)
	progress.close()
	return page.close(outcome, conclude(std, run.Plan.Scenario, outcome, runErr, f))
}
