package bench

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/gwbench/gwbench/internal/meter"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
	"github.com/gwbench/gwbench/targets"
	"github.com/gwbench/gwbench/targets/apps"
)

// Vocabulary returns the names that a scenario may use in this build.
func Vocabulary() scenarios.Vocabulary {
	return scenarios.Vocabulary{
		Targets:      targets.Names(),
		Protocols:    protocols.Names(),
		Networks:     []string{"tcp", "unix"},
		Connections:  []string{results.PerRequest, results.KeepAlive},
		Fronts:       []string{"none"},
		Applications: apps.Names(),
		Clients:      []string{"gwbench", "net/http"},
		Metrics:      results.MetricNames(),
		Axes:         results.Axes,
	}
}

// Choices are what the command line adds to a scenario.
type Choices struct {
	Only        string // keep only cases that match this pattern; "" keeps all
	Quick       bool   // three short blocks: a look, not a verdict
	AllowRemote bool   // let load go to addresses other than loopback
}

// Quick runs take this much in place of the scenario's own figures: enough to
// see that everything works, too little to decide a claim.
const (
	quickBlocks   = 3
	quickWarmup   = 50 * time.Millisecond
	quickDuration = 100 * time.Millisecond
)

// Plan is a scenario made concrete for this machine.
type Plan struct {
	results.Plan
	Scenario *scenarios.Scenario
	Skipped  []results.Skip
	Warnings []string
	recipes  map[string]*targets.Recipe
}

// NewPlan expands the scenario into cases, leaves out what cannot be had here
// or cannot exist, and says so in Skipped. It refuses a plan in which no case
// is left, and one whose claims could never be decided.
func NewPlan(s *scenarios.Scenario, c Choices) (*Plan, error) {
	p := &Plan{Scenario: s, recipes: map[string]*targets.Recipe{}}
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
		p.Loads[l.Name] = results.Load{Name: l.Name, Clients: l.Clients, Rate: l.Rate, Arrivals: l.Arrivals}
	}
	if s.Placement != nil {
		if err := meter.Usable(slices.Concat(s.Placement.Servers, s.Placement.Generator)); err != nil {
			return nil, fmt.Errorf("scenario %s: placement: %w", s.Name, err)
		}
	}
	for _, t := range s.Targets {
		if err := p.addTarget(t, c.AllowRemote); err != nil {
			return nil, err
		}
	}
	if len(p.Cases) == 0 {
		return nil, p.nothingLeft("no case is left to run")
	}
	if err := p.keepOnly(c.Only); err != nil {
		return nil, err
	}
	return p, p.planClaims()
}

// addTarget adds the cases of one target.
func (p *Plan) addTarget(ref scenarios.TargetRef, allowRemote bool) error {
	recipe, err := recipeOf(ref, allowRemote)
	if err != nil {
		return err
	}
	if err := recipe.Available(); err != nil {
		p.skip("target "+ref.Name, err.Error())
		return nil
	}
	p.recipes[ref.Name] = recipe
	s := p.Scenario
	for _, protocol := range s.Protocols {
		for _, network := range s.Networks {
			for _, connection := range s.Connections {
				for _, application := range s.Applications {
					if err := p.supports(recipe, protocol, network, connection, application); err != nil {
						p.skip(strings.Join([]string{ref.Name, protocol, network, connection}, " "), err.Error())
						continue
					}
					p.addCases(results.Case{
						Target: ref.Name, Protocol: protocol, Network: network, Connection: connection, Application: application,
					})
				}
			}
		}
	}
	return nil
}

// addCases adds a case for each front, load and request of the scenario.
func (p *Plan) addCases(c results.Case) {
	for _, c.Front = range p.Scenario.Fronts {
		for _, l := range p.Scenario.Load {
			for _, r := range p.Scenario.Requests {
				c.Load, c.Request = l.Name, r.Name
				p.Cases = append(p.Cases, c)
			}
		}
	}
}

// supports returns nil, or the reason why this combination cannot be measured:
// first what no target could do, then what this one cannot.
func (p *Plan) supports(recipe *targets.Recipe, protocol, network, connection, application string) error {
	spec, _ := protocols.Lookup(protocol)
	switch {
	case connection == results.KeepAlive && !spec.KeepAlive:
		return fmt.Errorf("a %s connection carries one request, whatever the server", spec.Title)
	case p.Scenario.Client == "net/http" && protocol != "http":
		return errors.New("the net/http client speaks HTTP only")
	}
	return recipe.Supports(protocol, network, connection, application)
}

func recipeOf(ref scenarios.TargetRef, allowRemote bool) (*targets.Recipe, error) {
	if ref.URL == "" {
		return targets.Find(ref.Name)
	}
	endpoint, err := protocols.ParseEndpoint(ref.URL)
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", ref.Name, err)
	}
	if !endpoint.Loopback() && !allowRemote {
		return nil, fmt.Errorf("target %s: %s is not on this machine: pass --allow-remote if the load may go there", ref.Name, endpoint)
	}
	return targets.External(ref.Name, endpoint), nil
}

func (p *Plan) skip(what, why string) {
	p.Skipped = append(p.Skipped, results.Skip{What: what, Why: why})
}

// nothingLeft is the error of a plan without cases: it repeats why each was left out.
func (p *Plan) nothingLeft(problem string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "scenario %s: %s", p.Scenario.Name, problem)
	for _, s := range p.Skipped {
		fmt.Fprintf(&b, "\n  %s: %s", s.What, s.Why)
	}
	return errors.New(b.String())
}

// keepOnly drops the cases that do not match the pattern: a comma-separated
// list of alternatives, each of words parted by slashes or blanks, of which
// every one has to match one of the case's values (as path.Match does).
func (p *Plan) keepOnly(pattern string) error {
	if pattern == "" {
		return nil
	}
	all := p.Cases
	p.Cases = nil
	for _, c := range all {
		ok, err := matches(pattern, c)
		if err != nil {
			return err
		}
		if ok {
			p.Cases = append(p.Cases, c)
		}
	}
	if len(p.Cases) > 0 {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "--only %q matches no case; the cases are:", pattern)
	for _, c := range all {
		fmt.Fprintf(&b, "\n  %s", c.ID())
	}
	return errors.New(b.String())
}

func matches(pattern string, c results.Case) (bool, error) {
	values := strings.Split(c.ID(), "/")
	for alternative := range strings.SplitSeq(pattern, ",") {
		words := strings.FieldsFunc(alternative, func(r rune) bool { return r == '/' || r == ' ' })
		all := len(words) > 0
		for _, word := range words {
			if _, err := path.Match(word, ""); err != nil {
				return false, fmt.Errorf("--only %q: %q is not a valid pattern: %w", pattern, word, err)
			}
			all = all && slices.ContainsFunc(values, func(value string) bool {
				ok, _ := path.Match(word, value)
				return ok
			})
		}
		if all {
			return true, nil
		}
	}
	return false, nil
}

// planClaims counts the comparisons and makes sure that they can be decided. A
// claim about cases that are left out here is a warning: the others can still
// be tested.
func (p *Plan) planClaims() error {
	comparisons, err := verdict.Comparisons(p.Scenario, p.Plan)
	var untested *verdict.NoPairsError
	if errors.As(err, &untested) {
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

// startTime is what a server's start, its check and its stop take, by
// experience with the built-in target.
const startTime = 150 * time.Millisecond

// BlockTime estimates how long one block takes.
func (p *Plan) BlockTime() time.Duration {
	trial := p.Warmup + p.Duration + 20*time.Millisecond
	return time.Duration(len(p.servers()))*startTime + time.Duration(len(p.Cases))*trial
}

// versions asks every target of the plan for its version.
func (p *Plan) versions(ctx context.Context) []results.Server {
	var list []results.Server
	for _, t := range p.Scenario.Targets {
		if recipe, ok := p.recipes[t.Name]; ok {
			list = append(list, results.Server{Name: t.Name, Version: recipe.VersionOf(ctx)})
		}
	}
	return list
}
