package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/internal/meter"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
	"github.com/gwbench/gwbench/targets"
	"github.com/gwbench/gwbench/targets/apps"
)

// Vocabulary returns the names that a scenario may use in this build, those of
// the user's recipes included.
func Vocabulary(recipes ...*targets.Recipe) scenarios.Vocabulary {
	words := scenarios.Vocabulary{
		Targets:     targets.Names(),
		Protocols:   protocols.Names(),
		Networks:    []string{"tcp", "unix"},
		Connections: []string{results.PerRequest, results.KeepAlive},
		Fronts:      append([]string{results.NoFront}, targets.FrontNames()...),
		Clients:     []string{load.ClientGwbench, load.ClientNetHTTP},
		Metrics:     results.MetricNames(),
		Axes:        results.Axes,
	}
	for _, a := range apps.All() {
		words.Applications = append(words.Applications, a.Name)
	}
	for _, r := range recipes {
		words = words.With(r.Name)
	}
	return words
}

// Choices are what the command line adds to a scenario.
type Choices struct {
	File        string            // the scenario's, for messages; programs and recipes that it names start from its folder
	Only        string            // keep only cases that match this pattern; "" keeps all
	Quick       bool              // three short blocks: a look, not a verdict
	AllowRemote bool              // let load go to addresses other than loopback
	NoVerify    bool              // do not check that the cases serve the same thing
	Recipes     []*targets.Recipe // the user's; each is a target of the run, also where the scenario does not name it
}

// Quick runs take this much in place of the scenario's own figures: enough to
// see that everything works, too little to decide a claim.
const (
	quickBlocks    = 3
	quickWarmup    = 50 * time.Millisecond
	quickDuration  = 100 * time.Millisecond
	quickPrecision = 0.25 // of a search
)

// Plan is a scenario made concrete for this machine.
type Plan struct {
	results.Plan
	Scenario *scenarios.Scenario
	Skipped  []results.Skip
	Warnings []string
	NoVerify bool
	recipes  map[string]*targets.Recipe
	fronts   map[string]*targets.Front
}

// NewPlan expands the scenario into cases, leaves out what cannot be had here
// or cannot exist, and says so in Skipped. It refuses a plan in which no case
// is left, one that lacks a server of the user's, and one whose claims could never
// be decided.
func NewPlan(s *scenarios.Scenario, c Choices) (*Plan, error) {
	p := &Plan{Scenario: s, NoVerify: c.NoVerify, recipes: map[string]*targets.Recipe{}, fronts: map[string]*targets.Front{}}
	p.Warmup, p.Duration = s.Warmup, s.Duration
	p.MinBlocks, p.MaxBlocks, p.Precision = s.Blocks.Min, s.Blocks.Max, s.Blocks.Precision
	p.Only, p.Quick = c.Only, c.Quick
	if c.Quick {
		p.MinBlocks, p.MaxBlocks = quickBlocks, quickBlocks
		p.Warmup, p.Duration = min(p.Warmup, quickWarmup), min(p.Duration, quickDuration)
		p.Warnings = append(p.Warnings, "a quick run: three short blocks show that everything works, they decide nothing")
	}
	p.Looks = stats.Looks(p.MinBlocks, p.MaxBlocks)
	p.Loads = map[string]results.Load{}
	for _, l := range s.Load {
		p.Loads[l.Name] = planLoad(l, c.Quick)
	}
	if s.Placement != nil {
		if err := meter.Usable(slices.Concat(s.Placement.Servers, s.Placement.Generator)); err != nil {
			return nil, fmt.Errorf("scenario %s: placement: %w", s.Name, err)
		}
	}
	if err := p.expand(c); err != nil {
		return nil, err
	}
	if len(p.Cases) == 0 {
		return nil, p.leftTooMuch("no case is left to run")
	}
	if err := p.keepOnly(c.Only); err != nil {
		return nil, err
	}
	if err := p.missing(); err != nil {
		return nil, err
	}
	p.caveats()
	return p, p.planClaims()
}

// planLoad is a load of the scenario as it is driven.
func planLoad(l scenarios.Load, quick bool) results.Load {
	planned := results.Load{Name: l.Name, Clients: l.Clients, Rate: l.Rate, Arrivals: l.Arrivals}
	if l.Search == nil {
		return planned
	}
	goal := results.Search{From: l.Search.From, Precision: l.Search.Precision}
	for _, o := range l.Search.SLO {
		goal.SLO = append(goal.SLO, results.Objective{Metric: o.Metric, Below: o.Below})
	}
	if quick {
		goal.Precision = max(goal.Precision, quickPrecision)
	}
	planned.Search = &goal
	return planned
}

func (p *Plan) skip(what, why string) {
	s := results.Skip{What: what, Why: why}
	if !slices.Contains(p.Skipped, s) {
		p.Skipped = append(p.Skipped, s)
	}
}

// leftTooMuch is the error of a plan that lacks cases: it repeats why each was left out.
func (p *Plan) leftTooMuch(problem string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "scenario %s: %s", p.Scenario.Name, problem)
	for _, s := range p.Skipped {
		fmt.Fprintf(&b, "\n  %s: %s", s.What, s.Why)
	}
	return errors.New(b.String())
}

// caveats repeats what the recipes in the plan say of their own figures.
func (p *Plan) caveats() {
	seen := map[string]bool{}
	say := func(what, name, caveat string) {
		if caveat != "" && !seen[what+name] {
			p.Warnings = append(p.Warnings, fmt.Sprintf("%s %s: %s", what, name, caveat))
		}
		seen[what+name] = true
	}
	for _, c := range p.Cases {
		say("target", c.Target, p.recipes[c.Target].Caveat)
		if front, ok := p.fronts[c.Front]; ok {
			say("front", c.Front, front.Recipe().Caveat)
		}
	}
}

// planClaims counts the comparisons and makes sure that they can be decided. A
// claim about cases that are left out here is a warning: the others can still
// be tested. A gate is not, unless --only chose to leave them out: one that
// cannot fail because its server is missing would pass for one that holds.
func (p *Plan) planClaims() error {
	comparisons, err := verdict.Comparisons(p.Scenario, p.Plan)
	var untested *verdict.NoPairsError
	if errors.As(err, &untested) {
		gate := slices.ContainsFunc(untested.Claims, func(u verdict.Untested) bool { return u.Gate })
		if gate && p.Only == "" && !p.Quick {
			return p.leftTooMuch("a gate would stay untested\n  " + strings.ReplaceAll(err.Error(), "\n", "\n  "))
		}
		p.Warnings = append(p.Warnings, err.Error())
	} else if err != nil {
		return err
	}
	p.Family = len(comparisons)
	if p.Quick {
		return nil
	}
	p.Warnings = append(p.Warnings, verdict.PlanWarnings(p.Family, p.Plan)...)
	return verdict.Feasible(p.Family, p.Plan)
}

// servers groups the cases by what they start: cases that differ in their load
// or request only share one server.
func (p *Plan) servers() [][]results.Case {
	var groups [][]results.Case
	index := map[results.Case]int{}
	for _, c := range p.Cases {
		key := c
		key.Load, key.Request = "", ""
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	return groups
}

// What a server's start, its check and its stop take, by experience: gwbench's
// own servers, one that has to load Python first, a front.
const (
	ownStart   = 150 * time.Millisecond
	otherStart = 450 * time.Millisecond
	frontStart = 150 * time.Millisecond
)

// betweenTrials is what a trial takes beside warm-up and measurement.
const betweenTrials = 20 * time.Millisecond

// BlockTime estimates how long one block takes.
func (p *Plan) BlockTime() time.Duration {
	var total time.Duration
	for _, c := range p.Cases {
		if goal := p.Loads[c.Load].Search; goal != nil {
			total += searchTime(*goal, p.Warmup, p.Duration)
			continue
		}
		total += p.Warmup + p.Duration + betweenTrials
	}
	for _, group := range p.servers() {
		switch r := p.recipes[group[0].Target]; {
		case r.IsExternal():
		case slices.Equal(r.Programs, []string{"{self}"}):
			total += ownStart
		default:
			total += otherStart
		}
		if group[0].Front != results.NoFront {
			total += frontStart
		}
	}
	return total
}

// versions asks every target and front of the plan for its version.
func (p *Plan) versions(ctx context.Context) (servers, fronts []results.Server) {
	seen := map[string]bool{}
	for _, c := range p.Cases {
		if r := p.recipes[c.Target]; !seen["target "+c.Target] {
			seen["target "+c.Target] = true
			servers = append(servers, results.Server{Name: c.Target, Version: r.VersionOf(ctx), Recipe: r.Source()})
		}
		if f, ok := p.fronts[c.Front]; ok && !seen["front "+c.Front] {
			seen["front "+c.Front] = true
			fronts = append(fronts, results.Server{Name: c.Front, Version: f.Recipe().VersionOf(ctx)})
		}
	}
	return servers, fronts
}
