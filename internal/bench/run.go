package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
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
	Source  results.Source // the scenario as it was read
	Root    string         // folder that gets the run folder, where Dir is ""
	Dir     string         // the run folder itself; must be empty or absent
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
	c, err := newConductor(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer c.store.Close()
	defer os.RemoveAll(c.scratch)
	restore, err := meter.Pin(c.run.Placement.Generator)
	if err != nil {
		c.run.Warnings = append(c.run.Warnings, fmt.Sprintf("the load generator could not be pinned to its CPUs: %v", err))
	} else {
		defer restore()
	}
	defer load.RelaxGC()()
	runErr := c.conduct(ctx)
	return c.finish(runErr)
}

// conductor is the state of a run under way.
type conductor struct {
	cfg     Config
	plan    *Plan
	store   *results.Store
	scratch string // sockets and whatever else servers need; removed at the end
	run     results.Run
	trials  []results.Trial

	explained map[string]bool // what logs said that is among the warnings, by server and meaning
	event     Event           // carries the counters from one event to the next
	blocks    time.Time       // when the first block began
}

func newConductor(ctx context.Context, cfg Config) (*conductor, error) {
	plan := cfg.Plan
	c := &conductor{cfg: cfg, plan: plan, explained: map[string]bool{}}
	c.run = results.Run{
		Schema: results.SchemaVersion, Tool: cfg.Tool, Start: time.Now().UTC(),
		Scenario: cfg.Source, Seed: cfg.Seed, Plan: plan.Plan,
		Environment: meter.Fingerprint(), Skipped: plan.Skipped,
		Placement: c.placement(), Warnings: slices.Clone(plan.Warnings), Unverified: plan.NoVerify,
	}
	c.run.Targets, c.run.Fronts = plan.versions(ctx)
	if note := c.run.Placement.Note; note != "" {
		c.run.Warnings = append(c.run.Warnings, note)
	}
	var err error
	if c.scratch, err = os.MkdirTemp("", "gwbench-"); err != nil {
		return nil, fmt.Errorf("no scratch folder for sockets: %w", err)
	}
	// The workers of a front may be another user, who has to reach the sockets.
	if err := os.Chmod(c.scratch, 0o755); err != nil {
		os.RemoveAll(c.scratch)
		return nil, err
	}
	if cfg.Dir != "" {
		c.store, err = results.CreateAt(cfg.Dir, c.run)
	} else {
		c.store, err = results.Create(cfg.Root, c.run)
	}
	if err != nil {
		os.RemoveAll(c.scratch)
		return nil, err
	}
	c.emit(Event{Phase: PhaseFolder, Dir: c.store.Dir})
	return c, nil
}

func (c *conductor) placement() results.Placement {
	if p := c.plan.Scenario.Placement; p != nil {
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
	c.blocks = time.Now()
	looks := c.plan.Looks
	for block := 1; block <= c.plan.MaxBlocks; block++ {
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

// runBlock runs every case once, in an order drawn anew from the run's seed
// and the block's number.
func (c *conductor) runBlock(ctx context.Context, block int) error {
	rng := rand.New(rand.NewPCG(c.cfg.Seed, uint64(block)))
	groups := c.plan.servers()
	rng.Shuffle(len(groups), func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
	order := 0
	for _, group := range groups {
		rng.Shuffle(len(group), func(i, j int) { group[i], group[j] = group[j], group[i] })
		if err := c.runServer(ctx, group, block, &order); err != nil {
			return err
		}
	}
	return nil
}

// runServer starts the server that the cases share, measures each of them,
// and stops it.
func (c *conductor) runServer(ctx context.Context, cases []results.Case, block int, order *int) (err error) {
	s, err := c.start(ctx, cases[0], cases[0].Application)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.stop(s)) }()
	checked := map[string]bool{} // requests; the load makes no difference
	for _, one := range cases {
		if checked[one.Request] {
			continue
		}
		checked[one.Request] = true
		if err := c.checkAnswer(ctx, s, one); err != nil {
			return err
		}
	}
	for _, one := range cases {
		*order++
		if err := c.runCase(ctx, s, one, block, *order); err != nil {
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
	if c.event.Done > 0 {
		each = time.Since(c.blocks) / time.Duration(c.event.Done)
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
	c.run.End, c.run.Partial = end, partial
	claims, judgeErr := verdict.Evaluate(c.plan.Scenario, c.plan.Plan, c.trials)
	outcome := &Outcome{Dir: c.store.Dir, Run: c.run, Trials: c.trials, Claims: claims}
	return outcome, errors.Join(runErr, err, judgeErr)
}
