package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
	"github.com/gwbench/gwbench/targets"
)

// Interrupted is a run that ended early and can go on: nobody else can write it
// until it was resumed or closed. Its Config is that of the run; Observe is for
// the caller to set.
type Interrupted struct {
	Config
	store  *results.Store
	run    results.Run
	trials []results.Trial
	doubts []string // what may have changed since the run's start, and nobody can tell
}

// OpenInterrupted reads the folder of a run that ended early, and plans it anew
// from the scenario in it. It refuses to go on where the plan, the machine, this
// program (tool), or the version or the recipe of a server is another than at the
// run's start: the trials to come could not be compared with those that are
// there. A server that was built anew under the same version is not noticed.
func OpenInterrupted(ctx context.Context, dir, tool string, allowRemote bool) (_ *Interrupted, err error) {
	store, run, trials, err := results.Reopen(dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			store.Close()
		}
	}()
	plan, err := planAgain(run, allowRemote)
	if err != nil {
		return nil, fmt.Errorf("the plan of the run in %s cannot be made again: %w", dir, err)
	}
	list, doubts := changes(ctx, plan, run, tool)
	if err := ctx.Err(); err != nil {
		return nil, err // who is interrupted while it asks for versions knows none
	}
	if len(list) > 0 {
		return nil, fmt.Errorf("the run in %s cannot go on, as it would not measure the same any more: measure it anew, or undo this:\n  %s",
			dir, strings.Join(list, "\n  "))
	}
	if err := follows(plan, run.Seed, trials); err != nil {
		return nil, fmt.Errorf("the run in %s cannot go on: %w", dir, err)
	}
	return &Interrupted{
		Config: Config{Plan: plan, Source: run.Scenario, Recipes: run.Recipes, Dir: store.Dir, Seed: run.Seed, Tool: tool, Raw: run.Raw},
		store:  store, run: run, trials: trials, doubts: doubts,
	}, nil
}

// Close lets go of a run that is not resumed after all.
func (i *Interrupted) Close() error { return i.store.Close() }

// planAgain makes the plan of a run from what the run has stored. Files that it
// names are where they were, whatever folder this is.
func planAgain(run results.Run, allowRemote bool) (*Plan, error) {
	file := within(run.Folder, run.Scenario.File)
	choices := Choices{
		File: file, Only: run.Plan.Only, Quick: run.Plan.Quick,
		NoVerify: run.Unverified, AllowRemote: allowRemote,
	}
	for _, source := range run.Recipes {
		recipe, err := targets.Parse(within(run.Folder, source.File), []byte(source.YAML))
		if err != nil {
			return nil, err
		}
		choices.Recipes = append(choices.Recipes, recipe)
	}
	scenario, err := scenarios.Parse(file, []byte(run.Scenario.YAML), Vocabulary(choices.Recipes...))
	if err != nil {
		return nil, err
	}
	return NewPlan(scenario, choices)
}

// within is a path that was meant from a folder.
func within(folder, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(folder, path)
}

// Resume measures what an interrupted run lacks, as Run would have. That it was
// resumed is recorded, and a caveat.
func Resume(ctx context.Context, i *Interrupted) (*Outcome, error) {
	// Before run.json forgets how the run ended.
	scratch, err := makeScratch()
	if err != nil {
		i.store.Close()
		return nil, err
	}
	defer os.RemoveAll(scratch)
	why := i.run.Partial
	if why == "" {
		why = "a crash"
	}
	now := time.Now().UTC()
	i.run.Resumed = append(i.run.Resumed, now)
	i.run.Warnings = append(i.run.Warnings, fmt.Sprintf("the run ended early after %d trials (%s) and was resumed at %s: what changed on the machine in between is part of the spread between its blocks",
		len(i.trials), why, now.Format(time.RFC3339)))
	i.run.Warnings = append(i.run.Warnings, i.doubts...)
	i.run.End, i.run.Partial, i.run.Trials = time.Time{}, "", 0
	if err := i.store.Resume(now, func(r *results.Run) { r.Warnings = i.run.Warnings }); err != nil {
		i.store.Close()
		return nil, err
	}
	return carryOut(ctx, i.Config, i.store, scratch, i.run, i.trials)
}
