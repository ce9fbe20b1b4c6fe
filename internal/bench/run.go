package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/internal/meter"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// Config says how to carry out a plan.
type Config struct {
	Plan    *Plan
	Source  results.Source   // the scenario as it was read
	Recipes []results.Source // those of Choices.Recipes, as they were read
	Root    string           // folder that gets the run folder, where Dir is ""
	Dir     string           // the run folder itself; must be empty or absent
	Seed    uint64
	Tool    string      // name and version of this program
	Raw     bool        // keep every single result too, in vegeta's own format
	Observe func(Event) // nil: nobody watches
}

// Outcome is a run as it was stored, with its verdicts.
type Outcome struct {
	Dir    string
	Run    results.Run
	Trials []results.Trial
	Claims []verdict.ClaimResult
}

// Run carries out the plan. When it ends early, because ctx was cancelled or
// because a server failed, it returns what was measured until then together
// with the error; the Outcome is nil only where nothing was stored at all. No
// server is left running.
func Run(ctx context.Context, cfg Config) (*Outcome, error) {
	scratch, err := makeScratch()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	run := newRun(ctx, cfg)
	var store *results.Store
	if cfg.Dir != "" {
		store, err = results.CreateAt(cfg.Dir, run)
	} else {
		store, err = results.Create(cfg.Root, run)
	}
	if err != nil {
		return nil, err
	}
	return carryOut(ctx, cfg, store, scratch, run, nil)
}

// newRun describes a run that is about to begin.
func newRun(ctx context.Context, cfg Config) results.Run {
	plan := cfg.Plan
	folder, err := os.Getwd()
	if err != nil {
		folder = "" // unknown: the run can go on in this folder only
	}
	run := results.Run{
		Schema: results.SchemaVersion, Tool: cfg.Tool, Start: time.Now().UTC(), Folder: folder, Raw: cfg.Raw,
		Scenario: cfg.Source, Recipes: cfg.Recipes, Seed: cfg.Seed, Plan: plan.Plan,
		Environment: meter.Fingerprint(), Skipped: plan.Skipped,
		Placement: plan.placement(), Warnings: slices.Clone(plan.Warnings), Unverified: plan.NoVerify,
	}
	run.Targets, run.Fronts = plan.versions(ctx)
	if note := run.Placement.Note; note != "" {
		run.Warnings = append(run.Warnings, note)
	}
	return run
}

// carryOut measures what the run still lacks beside the trials that it has,
// stores how it ended, and closes its store.
func carryOut(ctx context.Context, cfg Config, store *results.Store, scratch string, run results.Run, trials []results.Trial) (*Outcome, error) {
	defer store.Close()
	c := &conductor{
		cfg: cfg, plan: cfg.Plan, store: store, scratch: scratch,
		run: run, trials: trials, explained: map[string]bool{},
	}
	c.emit(Event{Phase: PhaseFolder, Dir: store.Dir})
	restore, err := meter.Pin(run.Placement.Generator)
	if err != nil {
		c.warn(fmt.Sprintf("the load generator could not be pinned to its CPUs: %v", err))
	} else {
		defer restore()
	}
	defer load.RelaxGC()()
	return c.finish(c.conduct(ctx))
}

// conductor is the state of a run under way.
type conductor struct {
	cfg     Config
	plan    *Plan
	store   *results.Store
	scratch string // sockets and whatever else servers need; removed at the end
	run     results.Run
	trials  []results.Trial
	had     int // trials that a resumed run had at its start, repetitions not counted

	explained map[string]bool // what logs said that is among the warnings, by server and meaning
	event     Event           // carries the counters from one event to the next
	blocks    time.Time       // when the first block began
}

// makeScratch makes a folder for sockets.
func makeScratch() (string, error) {
	dir, err := os.MkdirTemp("", "gwbench-")
	if err != nil {
		return "", fmt.Errorf("no scratch folder for sockets: %w", err)
	}
	// The workers of a front may be another user, who has to reach the sockets.
	if err := os.Chmod(dir, 0o755); err != nil {
		os.RemoveAll(dir)
		return "", err
	}
	return dir, nil
}

// placement is on which CPUs servers and generator run.
func (p *Plan) placement() results.Placement {
	if p := p.Scenario.Placement; p != nil {
		return results.Placement{Servers: p.Servers, Generator: p.Generator}
	}
	return meter.Place()
}

// conduct checks, then measures block after block.
func (c *conductor) conduct(ctx context.Context) error {
	if !c.plan.NoVerify {
		if err := c.checkEquivalence(ctx); err != nil {
			return err
		}
	}
	c.blocks, c.had = time.Now(), c.settled()
	c.event.Done = c.had
	first := max(1, lastBlock(c.trials)) // those before it are complete, and looks at them did not end the run
	looks := slices.DeleteFunc(slices.Clone(c.plan.Looks), func(look int) bool { return look < first })
	for block := first; block <= c.plan.MaxBlocks; block++ {
		c.event.Until = looks[0]
		c.event.Total = looks[0] * len(c.plan.Cases)
		if err := c.runBlock(ctx, block); err != nil {
			return err
		}
		c.emit(Event{Phase: PhaseBlock, Block: block})
		if block != looks[0] {
			continue
		}
		looks = looks[1:]
		stop, err := c.look(block)
		if err != nil || stop {
			return err
		}
	}
	return nil
}

// look judges the claims and tells whether the run may end. The counts of
// blocks at which it is called are fixed beforehand, and the verdicts' error
// rate is split over them: see docs/method.md.
func (c *conductor) look(block int) (stop bool, err error) {
	claims, err := verdict.Evaluate(c.plan.Scenario, c.plan.Plan, c.trials)
	if err != nil {
		return false, err
	}
	stop = block == c.plan.MaxBlocks || verdict.Decided(claims, c.plan.Precision)
	c.emit(Event{Phase: PhaseLook, Block: block, Claims: claims, Stop: stop})
	return stop, nil
}

// runBlock runs every case once that the block still lacks, in the order that
// the seed gives it.
func (c *conductor) runBlock(ctx context.Context, block int) error {
	for _, group := range c.plan.order(c.cfg.Seed, block) {
		lacking := slices.DeleteFunc(group, func(p placed) bool { return c.isSettled(p.of, block) })
		if len(lacking) == 0 {
			continue
		}
		if err := c.runServer(ctx, lacking, block); err != nil {
			return err
		}
	}
	return nil
}

// runServer starts the server that the cases share, measures each of them,
// and stops it.
func (c *conductor) runServer(ctx context.Context, cases []placed, block int) (err error) {
	s, err := c.start(ctx, cases[0].of, cases[0].of.Application)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.stop(s)) }()
	checked := map[string]bool{} // requests; the load makes no difference
	for _, one := range cases {
		if checked[one.of.Request] {
			continue
		}
		checked[one.of.Request] = true
		if err := c.checkAnswer(ctx, s, one.of); err != nil {
			return err
		}
	}
	for _, one := range cases {
		if err := c.runCase(ctx, s, one.of, block, one.order); err != nil {
			return err
		}
	}
	return nil
}

// emit fills in the counters and hands the event to the observer.
func (c *conductor) emit(e Event) {
	e.Until, e.Done, e.Total = c.event.Until, c.event.Done, c.event.Total
	if e.Block == 0 {
		e.Block = c.event.Block
	}
	c.event.Block = e.Block
	e.Left = c.left()
	if c.cfg.Observe != nil {
		c.cfg.Observe(e)
	}
}

// left estimates the time to the next look: from the trials so far once there
// are some, else from the plan.
func (c *conductor) left() time.Duration {
	remaining := c.event.Total - c.event.Done
	if remaining <= 0 {
		return 0
	}
	each := c.plan.BlockTime() / time.Duration(len(c.plan.Cases))
	if fresh := c.event.Done - c.had; fresh > 0 {
		each = time.Since(c.blocks) / time.Duration(fresh)
	}
	return each * time.Duration(remaining)
}

// finish closes the books: it stores how the run ended and judges the claims
// on all that was measured.
func (c *conductor) finish(runErr error) (*Outcome, error) {
	partial := ""
	switch {
	case errors.Is(runErr, context.Canceled):
		partial = "interrupted"
	case runErr != nil:
		partial = runErr.Error()
	}
	end := time.Now().UTC()
	err := c.store.Finish(end, partial, func(r *results.Run) {
		r.Warnings, r.Exceptions = c.run.Warnings, c.run.Exceptions
		c.run.ID = r.ID
	})
	c.run.End, c.run.Partial, c.run.Trials = end, partial, len(c.trials)
	claims, judgeErr := verdict.Evaluate(c.plan.Scenario, c.plan.Plan, c.trials)
	outcome := &Outcome{Dir: c.store.Dir, Run: c.run, Trials: c.trials, Claims: claims}
	return outcome, errors.Join(runErr, err, judgeErr)
}
