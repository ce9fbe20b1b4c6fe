package doctor

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// world is a machine on which nothing is measured: it makes the figures up, and
// has a clock of its own.
type world struct {
	scatter float64                      // of the logarithm of every figure, from trial to trial
	slow    func(plan *bench.Plan) bool  // whether a trial takes a minute; else it takes 200 ms in all
	end     func(plan *bench.Plan) error // how the run fails
	edit    func(plan *bench.Plan, c results.Case, t *results.Trial)
}

// trueCost is the CPU time per request that all servers have in that world.
const trueCost = 20 * time.Microsecond

// measure is what bench.Run does, but for the measuring.
func (w world) measure(ctx context.Context, plan *bench.Plan, source results.Source, observe func(bench.Event)) (*bench.Outcome, error) {
	if w.end != nil {
		if err := w.end(plan); err != nil {
			return nil, err
		}
	}
	each := 200 * time.Millisecond
	if w.slow != nil && w.slow(plan) {
		each = time.Minute
	}
	random := rand.New(rand.NewPCG(1, uint64(len(plan.Cases))))
	noise := func() float64 { return math.Exp(w.scatter * random.NormFloat64()) }
	start := time.Date(2026, 1, 2, 15, 0, 0, 0, time.UTC)
	o := &bench.Outcome{Run: results.Run{Plan: plan.Plan, Scenario: source, Start: start, End: start}}
	for block, looks := 1, plan.Looks; block <= plan.MaxBlocks; block++ {
		for _, c := range plan.Cases {
			cost := float64(trueCost+burned(plan, c)) / float64(time.Microsecond) * noise()
			t := results.Trial{Case: c.ID(), Block: block, Attempt: 1, Valid: true, Bottleneck: results.BottleneckServer, Metrics: results.Metrics{
				"server_cpu": cost, "capacity": 1e6 / cost, "throughput": 1e6 / cost * noise(), "latency.p50": 1 * noise(), "latency.p99": 3 * noise(),
			}}
			if w.edit != nil {
				w.edit(plan, c, &t)
			}
			o.Trials = append(o.Trials, t)
			o.Run.End = o.Run.End.Add(each)
			observe(bench.Event{Phase: bench.PhaseStarted, Case: c})
			observe(bench.Event{Phase: bench.PhaseEnded, Case: c, Trial: t})
			if ctx.Err() != nil {
				return o, ctx.Err()
			}
		}
		if block != looks[0] {
			continue
		}
		looks = looks[1:]
		var err error
		if o.Claims, err = verdict.Evaluate(plan.Scenario, plan.Plan, o.Trials); err != nil {
			return nil, err
		}
		if verdict.Decided(o.Claims, plan.Precision) {
			break
		}
	}
	return o, nil
}

// burned is what --burn of the case's target says.
func burned(plan *bench.Plan, c results.Case) time.Duration {
	for _, target := range plan.Scenario.Targets {
		if target.Name != c.Target {
			continue
		}
		for _, arg := range target.Recipe.Args {
			if text, ok := strings.CutPrefix(arg, "--burn="); ok {
				d, _ := time.ParseDuration(text)
				return d
			}
		}
	}
	return 0
}

var minute = Settings{Slowdown: 0.05, Budget: time.Minute}

func TestAProofHolds(t *testing.T) {
	p, err := Prove(t.Context(), minute, world{scatter: 0.05}.measure)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Holds() || len(p.Equal.FalseVerdicts) != 0 || p.Equal.Comparisons != 40 || p.Equal.Intervals != 40 || p.Equal.Blocks != equalBlocks {
		t.Errorf("%+v of equal targets, failures %v", p.Equal, p.Failures)
	}
	if p.Equal.Median < 0.01 || p.Equal.Widest < p.Equal.Median || !strings.Contains(p.Equal.WidestOf, " of ") {
		t.Errorf("half-widths %g and %g of %q", p.Equal.Median, p.Equal.Widest, p.Equal.WidestOf)
	}
	s := p.Slowdown
	if s.Burn < 950 || s.Burn > 1050 {
		t.Errorf("burned %d ns, want about 5 %% of 20 us", s.Burn)
	}
	if !s.Found || s.Seconds >= s.Budget || math.Abs(s.Expected-1/1.05) > 0.005 || !(s.Ratio.Low < s.Expected && s.Expected < s.Ratio.High) {
		t.Errorf("%+v", s)
	}
	for _, d := range p.Detectable {
		// A block takes 0.4 s. Costs scatter by 5 %, so their ratios by 7 %, and
		// those of the throughput, which scatters twice, by 10 %.
		if d.Blocks != 150 || d.Change == nil || *d.Change < 0.01 || *d.Change > 0.03 {
			t.Errorf("%+v", d)
		}
	}
	if *p.Detectable[0].Change >= *p.Detectable[1].Change {
		t.Errorf("%s scatters less than %s, and yet smaller changes of it are found", p.Detectable[1].Metric, p.Detectable[0].Metric)
	}
}

func TestABluntInstrument(t *testing.T) {
	p, err := Prove(t.Context(), minute, world{scatter: 0.5}.measure)
	if err != nil {
		t.Fatal(err)
	}
	if p.Holds() || p.Slowdown.Found || len(p.Failures) != 1 || p.Failures[0] != "a slowdown of 5 % was not found within 1m0s" {
		t.Errorf("found: %t, failures %q", p.Slowdown.Found, p.Failures)
	}
}

func TestASlowdownThatIsFoundTooLate(t *testing.T) {
	p, err := Prove(t.Context(), minute, world{scatter: 0.001, slow: burns}.measure)
	if err != nil {
		t.Fatal(err)
	}
	if p.Slowdown.Found || p.Slowdown.Ratio.High >= 1 {
		t.Errorf("%+v", p.Slowdown)
	}
}

// burns tells the plan of the known slowdown.
func burns(plan *bench.Plan) bool {
	for _, c := range plan.Cases {
		if burned(plan, c) > 0 {
			return true
		}
	}
	return false
}

func TestAnInstrumentThatSeesDifferences(t *testing.T) {
	p, err := Prove(t.Context(), minute, world{scatter: 0.02, edit: func(_ *bench.Plan, c results.Case, trial *results.Trial) {
		if c.Target == "a" {
			trial.Metrics["latency.p99"] *= 2
		}
	}}.measure)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.Equal.FalseVerdicts); n != 10 || p.Equal.Excluding < 10 || p.Holds() {
		t.Errorf("%d false verdicts, %d intervals exclude 1x, want 10; holds: %t", n, p.Equal.Excluding, p.Holds())
	}
	if want := "10 of 40 verdicts on equal targets are false, where 2 may be"; len(p.Failures) != 1 || p.Failures[0] != want {
		t.Errorf("failures %q, want %q", p.Failures, want)
	}
}

func TestWhatCannotBeProved(t *testing.T) {
	failed := errors.New("the server died")
	tests := []struct {
		name     string
		settings Settings
		world    world
		want     string // in the error
		equal    bool   // was judged
	}{
		{"too noisy for equal targets", minute, world{scatter: 0.1, edit: func(_ *bench.Plan, _ results.Case, trial *results.Trial) {
			if trial.Block > 10 {
				trial.Valid, trial.Invalid = false, []string{"the hypervisor took 40 % of the CPU time"}
			}
		}}, "this machine is too noisy now: 40 of 40 comparisons have too few blocks for a verdict; 200 of 400 trials were invalid, the last one because the hypervisor took 40 %", false},
		{"too noisy for the slowdown", minute, world{scatter: 0.1, edit: func(plan *bench.Plan, _ results.Case, trial *results.Trial) {
			trial.Valid = !burns(plan)
		}}, "this machine is too noisy now: it makes no sense to go on; 40 of 40 trials were invalid", true},
		{"too noisy for pairs", minute, world{scatter: 0.1, edit: func(plan *bench.Plan, c results.Case, trial *results.Trial) {
			trial.Valid = c.Target != "slowed"
		}}, "this machine is too noisy now: too few blocks have two valid trials to look for a slowdown: 0", true},
		{"no CPU time", minute, world{scatter: 0.1, edit: func(_ *bench.Plan, _ results.Case, trial *results.Trial) {
			delete(trial.Metrics, "server_cpu")
		}}, "the CPU time of the servers is unknown", true},
		{"no time", Settings{Slowdown: 0.05, Budget: time.Second}, world{scatter: 0.1}, "a budget of 1s is too short: a block takes 260ms here, and 8 of them are the least that can decide: pass --budget 3s or more", true},
		{"the first run fails", minute, world{end: func(*bench.Plan) error { return failed }}, failed.Error(), false},
		{"the second run fails", minute, world{scatter: 0.1, end: func(plan *bench.Plan) error {
			if burns(plan) {
				return failed
			}
			return nil
		}}, failed.Error(), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Prove(t.Context(), tt.settings, tt.world.measure)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if (p.Equal != nil) != tt.equal || p.Slowdown != nil || p.Holds() {
				t.Errorf("equal %v, slowdown %v, holds: %t", p.Equal, p.Slowdown, p.Holds())
			}
		})
	}
}

// TestTheBudgetAskedForIsEnough follows the advice of the error.
func TestTheBudgetAskedForIsEnough(t *testing.T) {
	advice := regexp.MustCompile(`pass --budget (\S+) or more$`)
	for trial := 50 * time.Millisecond; trial < 10*time.Second; trial += 50 * time.Millisecond {
		start := time.Date(2026, 1, 2, 15, 0, 0, 0, time.UTC)
		equal := &bench.Outcome{
			Run:    results.Run{Start: start, End: start.Add(2 * trial), Plan: results.Plan{Cases: make([]results.Case, 2)}},
			Trials: []results.Trial{{Block: 1}, {Block: 1}},
		}
		_, _, err := blocksWithin(time.Millisecond, equal)
		if err == nil || !advice.MatchString(err.Error()) {
			t.Fatalf("trials of %s: %v", trial, err)
		}
		budget, err := time.ParseDuration(advice.FindStringSubmatch(err.Error())[1])
		if err != nil {
			t.Fatal(err)
		}
		if least, most, err := blocksWithin(budget, equal); err != nil || least < fewestBlocks || most < least {
			t.Errorf("trials of %s, budget %s: %d to %d blocks, %v", trial, budget, least, most, err)
		}
	}
}

func TestInterruption(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Prove(ctx, minute, world{scatter: 0.1, edit: func(*bench.Plan, results.Case, *results.Trial) { cancel() }}.measure)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
}

func TestAQuickLookProvesNothing(t *testing.T) {
	p, err := Prove(t.Context(), Settings{Slowdown: 0.05, Budget: time.Minute, Quick: true}, world{scatter: 0.05}.measure)
	if err != nil {
		t.Fatal(err)
	}
	if p.Holds() || len(p.Failures) != 0 || p.Equal.Blocks != 3 || p.Slowdown.Blocks != 3 || p.Slowdown.Found {
		t.Errorf("%+v, %+v, failures %q", p.Equal, p.Slowdown, p.Failures)
	}
}

// TestAQuickLookAtANoisyMachine sees to it that a look does not fail for what
// it is not about.
func TestAQuickLookAtANoisyMachine(t *testing.T) {
	p, err := Prove(t.Context(), Settings{Slowdown: 0.05, Budget: time.Minute, Quick: true}, world{edit: func(_ *bench.Plan, _ results.Case, trial *results.Trial) {
		trial.Valid = false
	}}.measure)
	if err != nil || p.Slowdown == nil || p.Slowdown.Ratio.N != 0 || p.Detectable[0].Change != nil {
		t.Errorf("%+v, error %v", p, err)
	}
}

func TestExperiments(t *testing.T) {
	equal, _, err := equalTargets(false).plan(false)
	if err != nil {
		t.Fatal(err)
	}
	if len(equal.Cases) != 20 || equal.Family != 40 || len(equal.Looks) != 1 || len(equal.Warnings) != 0 {
		t.Errorf("A/A: %d cases, %d comparisons, looks %v, %q", len(equal.Cases), equal.Family, equal.Looks, equal.Warnings)
	}
	// Whatever fits into the budget, the first look must be able to decide.
	for most := fewestBlocks; most < 400; most++ {
		slow, source, err := knownSlowdown(650*time.Nanosecond, firstLook(most), most).plan(false)
		if err != nil {
			t.Fatal(err)
		}
		if slow.Family != 1 || len(slow.Warnings) != 0 || slow.MaxBlocks != most || len(slow.Looks) > 5 {
			t.Fatalf("%d blocks: %d comparisons, looks %v, %q", most, slow.Family, slow.Looks, slow.Warnings)
		}
		if !strings.Contains(source.YAML, `"--burn=650ns"`) {
			t.Fatal(source.YAML)
		}
	}
}
