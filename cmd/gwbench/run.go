package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/internal/report"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/internal/viewer"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
	"github.com/gwbench/gwbench/targets"
)

// resultsRoot is where run folders are made, in the current folder.
const resultsRoot = "results"

type runFlags struct {
	bench.Choices
	shownFlags
	raw, dryRun, failOnInconclusive, ui bool
	seed                                uint64
	out, resume, uiListen               string
	recipes                             []string
}

func newRunCommand(std stdio) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run SCENARIO | --resume RUN",
		Short: "Measure a scenario: table, verdicts, plots, report",
		Long: `Measure a scenario and end with a table, a verdict on every claim, plots and a
report. SCENARIO is a file, or the name of one that gwbench ships
(gwbench scenarios says what each is about):
` + shippedList() + `

Everything is kept in results/<UTC time>-<scenario>/. Ctrl-C stops the servers
and keeps what was measured; --resume goes on with a run that ended early, with
the same plan and seed, on the same machine.`,
		Example: `  gwbench run scenarios/hello.yaml
  gwbench run hello --quick
  gwbench run hello --only 'fastcgi/keep-alive,http/keep-alive'
  gwbench run hello --recipe ./mine.yaml
  gwbench run hello --json > summary.json
  gwbench run --resume results/20260102T150405Z-hello`,
		Args: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("resume") {
				return resumeArgs(cmd, args)
			}
			return exactly("SCENARIO")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("resume") {
				return resumeRun(cmd.Context(), std, f)
			}
			if !cmd.Flags().Changed("seed") {
				f.seed = rand.Uint64()
			}
			return runScenario(cmd.Context(), std, args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.Quick, "quick", false, "three short blocks: see that everything works; too little for a verdict")
	flags.BoolVar(&f.asJSON, "json", false, "print the summary as JSON; everything else goes to stderr")
	flags.BoolVar(&f.wide, "wide", false, wideHelp)
	flags.Uint64Var(&f.seed, "seed", 0, "seed of the random orders (default: random; recorded)")
	flags.StringVarP(&f.out, "out", "o", "", "run folder to create (default: results/<UTC time>-<scenario>)")
	flags.StringVar(&f.resume, "resume", "", "go on with the run in this folder, which ended early")
	flags.StringVar(&f.Only, "only", "", "run only cases that match: words of their names parted by /, alternatives by comma")
	flags.BoolVar(&f.raw, "raw", false, "keep every result in raw/*.bin for vegeta report and plot; costs the generator time")
	flags.BoolVar(&f.dryRun, "dry-run", false, "print the plan and how long it will take; measure nothing")
	flags.StringArrayVar(&f.recipes, "recipe", nil, "file with the recipe of a server of yours, which joins the scenario's targets; may be repeated")
	flags.BoolVar(&f.NoVerify, "no-verify", false, "do not check first that all cases serve the same thing")
	flags.BoolVar(&f.AllowRemote, "allow-remote", false, "let load go to addresses that are not on this machine")
	flags.BoolVar(&f.failOnInconclusive, "fail-on-inconclusive", false, "exit with 3 if a claim or gate is inconclusive")
	flags.BoolVar(&f.ui, "ui", false, "serve a page that shows the run as it goes, on this machine only; its address goes to stderr")
	flags.StringVar(&f.uiListen, "ui-listen", "", "loopback address for the page of --ui, which it implies (default: "+viewer.DefaultAddress+", a port that the system chooses)")
	const nothing = "a dry run measures nothing, so that there is nothing to show: leave one of the two out"
	notBoth(cmd, "dry-run", "json", nothing)
	notBoth(cmd, "dry-run", "ui", nothing)
	notBoth(cmd, "dry-run", "ui-listen", nothing)
	return cmd
}

// shippedList is the names of the shipped scenarios as lines of a help text.
func shippedList() string {
	const indent = "  "
	return indent + strings.Join(wrap(strings.Join(scenarios.Shipped(), ", "), lineWidth-len(indent)), "\n"+indent)
}

func runScenario(ctx context.Context, std stdio, path string, f runFlags) error {
	var err error
	if f.Recipes, err = loadRecipes(f.recipes); err != nil {
		return err
	}
	scenario, source, err := scenarios.Open(path, bench.Vocabulary(f.Recipes...))
	if err != nil {
		return err
	}
	f.File = path
	plan, err := bench.NewPlan(scenario, f.Choices)
	if err != nil {
		return err
	}
	if f.dryRun {
		return printPlan(std.out, plan)
	}
	page, err := openPage(ctx, std, f)
	if err != nil {
		return err
	}
	progress := newProgress(std.err, plan)
	outcome, runErr := bench.Run(ctx, bench.Config{
		Plan:    plan,
		Source:  results.Source{Name: scenario.Name, File: path, YAML: string(source)},
		Recipes: recipeSources(f.recipes, f.Recipes),
		Root:    resultsRoot, Dir: f.out, Seed: f.seed, Tool: tool(), Raw: f.raw,
		Observe: page.also(progress.observe),
	})
	progress.close()
	return page.close(outcome, conclude(std, scenario, outcome, runErr, f))
}

// tool is this program, as runs record it.
func tool() string { return "gwbench " + exactVersion() }

// conclude shows what a run measured, and turns how it ended, and its verdicts,
// into the exit code.
func conclude(std stdio, scenario *scenarios.Scenario, outcome *bench.Outcome, runErr error, f runFlags) error {
	if outcome == nil {
		return runErr
	}
	interrupted := errors.Is(runErr, context.Canceled)
	switch {
	case len(outcome.Trials) > 0 || runErr == nil:
	case interrupted:
		return &exitError{exitInterrupted, fmt.Errorf("interrupted before the first trial had ended; %s", goOn(outcome.Dir, f))}
	default:
		return runErr // there is nothing to report on; the folder keeps the logs
	}
	trends, err := verdict.Trends(scenario, outcome.Run.Plan, outcome.Trials)
	if err != nil {
		return errors.Join(runErr, err)
	}
	data := summary.Data{Run: outcome.Run, Scenario: scenario, Trials: outcome.Trials, Claims: outcome.Claims, Trends: trends}
	if err := present(std, data, outcome.Dir, report.DefaultFormats, f.shownFlags); err != nil {
		return errors.Join(runErr, err)
	}
	if interrupted {
		return &exitError{exitInterrupted, fmt.Errorf("interrupted: %s", keptTrials(outcome, f))}
	}
	if runErr != nil {
		return fmt.Errorf("%w\n%s", runErr, keptTrials(outcome, f))
	}
	if invalid, all := allInvalid(outcome.Trials); all {
		return fmt.Errorf("not one of %d trials was valid, the last one because %s", len(outcome.Trials), strings.Join(invalid, "; "))
	}
	return judge(outcome.Claims, f.failOnInconclusive)
}

// keptTrials says where the trials of a run that ended early are, and how to add
// to them.
func keptTrials(outcome *bench.Outcome, f runFlags) string {
	return fmt.Sprintf("%d trials are kept in %s; %s", len(outcome.Trials), outcome.Dir, goOn(outcome.Dir, f))
}

// goOn says how to go on with the run in a folder.
func goOn(dir string, f runFlags) string {
	hint := "go on with gwbench run --resume " + dir
	if f.AllowRemote {
		hint += " --allow-remote" // which the run does not record: whoever sends the load answers for it
	}
	return hint
}

// loadRecipes reads the files of --recipe.
func loadRecipes(files []string) ([]*targets.Recipe, error) {
	var recipes []*targets.Recipe
	for _, file := range files {
		r, err := targets.Load(file)
		if err != nil {
			return nil, err
		}
		if slices.Contains(targets.Names(), r.Name) {
			return nil, fmt.Errorf("%s: name: gwbench ships a target %s already: give yours another name", file, r.Name)
		}
		if slices.ContainsFunc(recipes, func(other *targets.Recipe) bool { return other.Name == r.Name }) {
			return nil, fmt.Errorf("%s: name: another recipe is called %s too: rename one of them", file, r.Name)
		}
		recipes = append(recipes, r)
	}
	return recipes, nil
}

// recipeSources are the recipes from these files for the record.
func recipeSources(files []string, recipes []*targets.Recipe) (sources []results.Source) {
	for i, r := range recipes {
		sources = append(sources, results.Source{Name: r.Name, File: files[i], YAML: r.Source()})
	}
	return sources
}

// allInvalid tells whether there are trials and none is valid, and what was
// wrong with the last.
func allInvalid(trials []results.Trial) (reasons []string, all bool) {
	for _, t := range trials {
		if t.Valid {
			return nil, false
		}
		reasons = t.Invalid
	}
	return reasons, len(trials) > 0
}

// judge turns gates, and under --fail-on-inconclusive claims too, into the
// exit code.
func judge(claims []verdict.ClaimResult, failOnInconclusive bool) error {
	for _, c := range claims {
		if c.Gate && c.Outcome == verdict.Refuted {
			return &exitError{exitGate, fmt.Errorf("gate %s does not hold", c.Claim.Name)}
		}
	}
	for _, c := range claims {
		if failOnInconclusive && c.Outcome == verdict.Inconclusive {
			return &exitError{exitInconclusive, fmt.Errorf("%s is inconclusive", c.Claim.Name)}
		}
	}
	return nil
}

// blockRange is "10 to 30 blocks".
func blockRange(p *bench.Plan) string {
	switch {
	case p.MaxBlocks == 1:
		return "1 block"
	case p.MinBlocks == p.MaxBlocks:
		return fmt.Sprintf("%d blocks", p.MinBlocks)
	default:
		return fmt.Sprintf("%d to %d blocks", p.MinBlocks, p.MaxBlocks)
	}
}

// printPlan is --dry-run.
func printPlan(w io.Writer, p *bench.Plan) error {
	fmt.Fprintf(w, "scenario %s, cases: %d\n", p.Scenario.Name, len(p.Cases))
	for _, c := range p.Cases {
		fmt.Fprintf(w, "  %s\n", c.ID())
	}
	if len(p.Skipped) > 0 {
		fmt.Fprintln(w, "left out")
		for _, s := range p.Skipped {
			fmt.Fprintf(w, "  %s: %s\n", s.What, s.Why)
		}
	}
	block := p.BlockTime()
	_, err := fmt.Fprintf(w, "%s of about %s, looks after %v: %s to %s\n", blockRange(p), round(block), p.Looks,
		round(block*time.Duration(p.MinBlocks)), round(block*time.Duration(p.MaxBlocks)))
	for _, warning := range p.Warnings {
		fmt.Fprintf(w, "note: %s\n", warning)
	}
	return err
}

// round shows a duration to the tenth of a second below ten seconds, else to
// the second.
func round(d time.Duration) time.Duration {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Second)
}
