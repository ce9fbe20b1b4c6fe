package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/results"
)

// Settings of a proof.
type Settings struct {
	Slowdown float64       // what the slowed server burns more, as a share of its CPU time per request: 0.05 for 5 %
	Budget   time.Duration // time for finding it, LeastBudget or more
	Quick    bool          // three short blocks each: everything is tried, nothing is proved
}

// LeastBudget is enough for the fewest blocks that decide anything where each
// takes a second; on two virtual CPUs it takes a quarter to half of one. On a
// machine that is slower still the A/A run tells what is enough.
const LeastBudget = 10 * time.Second

// Measure carries out a plan, as bench.Run does, and tells observe of every
// event.
type Measure func(ctx context.Context, plan *bench.Plan, source results.Source, observe func(bench.Event)) (*bench.Outcome, error)

// Proof is what the instrument made of answers that were known beforehand.
type Proof struct {
	Quick      bool         `json:"quick"`
	Equal      *Equal       `json:"equal"`      // nil: not measured
	Slowdown   *Slowdown    `json:"slowdown"`   // nil: not measured
	Detectable []Detectable `json:"detectable"` // in a minute
	// Failures say what the instrument got wrong; none after a quick look, which
	// decides nothing.
	Failures []string `json:"failures"`
}

// Holds tells whether everything was measured and nothing went wrong.
func (p *Proof) Holds() bool {
	return !p.Quick && p.Equal != nil && p.Slowdown != nil && len(p.Failures) == 0
}

// Prove runs the two experiments, one after the other: first equal targets,
// then a known slowdown, whose size is a share of the CPU time per request that
// the first one found. On an error the Proof holds what was measured before it.
func Prove(ctx context.Context, s Settings, measure Measure) (*Proof, error) {
	p := &Proof{Quick: s.Quick, Detectable: []Detectable{}, Failures: []string{}}
	outcome, err := run(ctx, equalTargets(s.Quick), s.Quick, measure)
	if err != nil {
		return p, err
	}
	equal, err := judgeEqual(outcome, s.Quick)
	if err != nil {
		return p, err
	}
	p.Equal = equal
	if n := len(equal.FalseVerdicts); n > falseAllowed && !s.Quick {
		p.Failures = append(p.Failures, fmt.Sprintf("%d of %d verdicts on equal targets are false, where %d may be", n, equal.Comparisons, falseAllowed))
	}

	burn, err := burnFor(s, outcome)
	if err != nil {
		return p, err
	}
	least, most, err := blocksWithin(s.Budget, outcome)
	if err != nil {
		return p, err
	}
	outcome, err = run(ctx, knownSlowdown(burn, least, most), s.Quick, measure)
	if err != nil {
		return p, err
	}
	slowdown, err := judgeSlowdown(s, burn, outcome)
	if err != nil {
		return p, err
	}
	p.Slowdown, p.Detectable = slowdown, detectable(outcome)
	if !slowdown.Found && !s.Quick {
		p.Failures = append(p.Failures, fmt.Sprintf("a slowdown of %.3g %% was not found within %s", 100*s.Slowdown, s.Budget))
	}
	return p, nil
}

func run(ctx context.Context, e experiment, quick bool, measure Measure) (*bench.Outcome, error) {
	plan, source, err := e.plan(quick)
	if err != nil {
		return nil, err
	}
	watched, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	w := watch{giveUp: giveUp}
	outcome, err := measure(watched, plan, source, w.observe)
	if noise := context.Cause(watched); err != nil && ctx.Err() == nil && noise != nil {
		return nil, noise
	}
	return outcome, err
}

// watch ends a run that can come to nothing: nobody should wait minutes for
// that. A quick look has fewer trials than it takes.
type watch struct {
	giveUp context.CancelCauseFunc
	trials []results.Trial
}

func (w *watch) observe(e bench.Event) {
	const (
		enough   = 40
		hopeless = 0.5 // share of the trials, repetitions included, of which there are two at most
	)
	if e.Phase != bench.PhaseEnded {
		return
	}
	w.trials = append(w.trials, e.Trial)
	if n := len(w.trials); n >= enough && float64(invalid(w.trials)) > hopeless*float64(n) {
		w.giveUp(tooNoisy("it makes no sense to go on", w.trials))
	}
}

// elapsed is how long a run took in all: starts, checks, warm-ups.
func elapsed(o *bench.Outcome) time.Duration { return o.Run.End.Sub(o.Run.Start) }

// blocks is the number of blocks that were measured.
func blocks(trials []results.Trial) int {
	last := 0
	for _, t := range trials {
		last = max(last, t.Block)
	}
	return last
}

// invalid counts the trials that do not count.
func invalid(trials []results.Trial) int {
	n := 0
	for _, t := range trials {
		if !t.Valid {
			n++
		}
	}
	return n
}

// tooNoisy is the error of a run from which nothing can be learned: what is
// the matter, and what disturbed its trials.
func tooNoisy(problem string, trials []results.Trial) error {
	n := invalid(trials)
	err := fmt.Errorf("this machine is too noisy now: %s; %d of %d trials were invalid", problem, n, len(trials))
	if n == 0 {
		return err
	}
	var reasons []string
	for _, t := range trials {
		if !t.Valid {
			reasons = t.Invalid
		}
	}
	return fmt.Errorf("%w, the last one because %s", err, strings.Join(reasons, "; "))
}
