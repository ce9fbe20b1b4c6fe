package bench

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
	"github.com/gwbench/gwbench/targets"
)

// Interrupted is a run that ended early and can go on: nobody else can write it
// until it was resumed or closed. Its Config is that of the run; Raw and Observe
// are for the caller to set.
type Interrupted struct {
	Config
	store  *results.Store
	run    results.Run
	trials []results.Trial
}

// OpenInterrupted reads the folder of a run that ended early, and plans it anew
// from the scenario in it. It refuses to go on where the plan, the machine, this
// program (tool) or a server is another than at the run's start: the trials to
// come could not be compared with those that are there.
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
	if list := changes(ctx, plan, run, tool); len(list) > 0 {
		return nil, fmt.Errorf("the run in %s cannot go on, as it would not measure the same any more: measure it anew, or undo this:\n  %s",
			dir, strings.Join(list, "\n  "))
	}
	if err := follows(plan, run.Seed, trials); err != nil {
		return nil, fmt.Errorf("the run in %s cannot go on: %w", dir, err)
	}
	return &Interrupted{
		Config: Config{Plan: plan, Source: run.Scenario, Recipes: run.Recipes, Dir: store.Dir, Seed: run.Seed, Tool: tool},
		store:  store, run: run, trials: trials,
	}, nil
}

// Close lets go of a run that is not resumed after all.
func (i *Interrupted) Close() error { return i.store.Close() }

// planAgain makes the plan of a run from what the run has stored.
func planAgain(run results.Run, allowRemote bool) (*Plan, error) {
	choices := Choices{
		File: run.Scenario.File, Only: run.Plan.Only, Quick: run.Plan.Quick,
		NoVerify: run.Unverified, AllowRemote: allowRemote,
	}
	for _, source := range run.Recipes {
		recipe, err := targets.Parse(source.File, []byte(source.YAML))
		if err != nil {
			return nil, err
		}
		choices.Recipes = append(choices.Recipes, recipe)
	}
	scenario, err := scenarios.Parse(run.Scenario.File, []byte(run.Scenario.YAML), Vocabulary(choices.Recipes...))
	if err != nil {
		return nil, err
	}
	return NewPlan(scenario, choices)
}

// Resume measures what an interrupted run lacks, as Run would have. That it was
// resumed is recorded, and a caveat.
func Resume(ctx context.Context, i *Interrupted) (*Outcome, error) {
	why := i.run.Partial
	if why == "" {
		why = "a crash"
	}
	now := time.Now().UTC()
	i.run.Resumed = append(i.run.Resumed, now)
	i.run.Warnings = append(i.run.Warnings, fmt.Sprintf("the run ended early after %d trials (%s) and was resumed at %s: what changed on the machine in between is part of the spread between its blocks",
		len(i.trials), why, now.Format(time.RFC3339)))
	i.run.End, i.run.Partial, i.run.Trials = time.Time{}, "", 0
	if err := i.store.Resume(now, func(r *results.Run) { r.Warnings = i.run.Warnings }); err != nil {
		i.store.Close()
		return nil, err
	}
	return carryOut(ctx, i.Config, i.store, i.run, i.trials)
}
