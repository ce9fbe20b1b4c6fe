package bench

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
	"github.com/gwbench/gwbench/targets"
	"github.com/gwbench/gwbench/targets/apps"
)

// expand makes the cases: every combination of the scenario's lists that can
// exist and can be had here. The others are in Skipped. Those of a target whose
// program is the user's are made whether it is there or not: see missing.
func (p *Plan) expand(c Choices) error {
	refs := slices.Clone(p.Scenario.Targets)
	for _, r := range c.Recipes {
		if !slices.ContainsFunc(refs, func(ref scenarios.TargetRef) bool { return ref.Name == r.Name }) {
			refs = append(refs, scenarios.TargetRef{Name: r.Name})
		}
	}
	fronts, err := p.findFronts()
	if err != nil {
		return err
	}
	for _, ref := range refs {
		recipe, err := recipeOf(ref, c)
		if err != nil {
			return err
		}
		if err := recipe.Available(); err != nil && recipe.IsShipped() {
			p.skip("target "+ref.Name, err.Error())
			continue
		}
		p.recipes[ref.Name] = recipe
		applications := p.Scenario.Applications
		if recipe.IsShipped() {
			applications = p.installed(applications)
		}
		p.addTarget(ref.Name, applications, fronts)
	}
	return nil
}

// missing refuses cases of a target whose program is the user's, and is not
// there. What gwbench ships is left out where it is not installed; a server that
// somebody wrote a recipe for, or built, is what the run is about, and a run
// without it would pass for one that has measured it.
func (p *Plan) missing() error {
	for _, c := range p.Cases {
		recipe := p.recipes[c.Target]
		if recipe.IsShipped() {
			continue
		}
		if err := recipe.Available(); err != nil {
			return fmt.Errorf("scenario %s: %w\na server of yours is not left out where it is missing: say where its program is, or choose other cases with --only", p.Scenario.Name, err)
		}
	}
	return nil
}

// findFronts returns the scenario's fronts that are installed.
func (p *Plan) findFronts() (usable []string, err error) {
	for _, name := range p.Scenario.Fronts {
		if name == results.NoFront {
			usable = append(usable, name)
			continue
		}
		front, err := targets.FindFront(name)
		if err != nil {
			return nil, err
		}
		if err := front.Recipe().Available(); err != nil {
			p.skip("front "+name, err.Error())
			continue
		}
		p.fronts[name] = front
		usable = append(usable, name)
	}
	return usable, nil
}

// installed returns those of the applications whose modules the system's Python
// has. A program of the user's may have modules of its own: nobody knows before
// it is started.
func (p *Plan) installed(applications []string) (usable []string) {
	for _, name := range applications {
		if a, ok := apps.Find(name); ok {
			if err := a.Available(); err != nil {
				p.skip("application "+name, err.Error())
				continue
			}
		}
		usable = append(usable, name)
	}
	return usable
}

// addTarget adds the cases of one target.
func (p *Plan) addTarget(name string, applications, fronts []string) {
	s := p.Scenario
	for _, protocol := range s.Protocols {
		for _, network := range s.Networks {
			for _, connection := range s.Connections {
				for _, application := range applications {
					for _, front := range fronts {
						p.addCases(results.Case{
							Target: name, Protocol: protocol, Network: network, Connection: connection,
							Front: front, Application: application,
						})
					}
				}
			}
		}
	}
}

// addCases adds a case for each load and request of the scenario, unless the
// combination cannot be.
func (p *Plan) addCases(c results.Case) {
	serving, skip := p.supports(c)
	if skip != nil {
		p.skip(skip.What, skip.Why)
		return
	}
	for _, l := range p.Scenario.Load {
		if skip := p.starves(c, serving, l); skip != nil {
			p.skip(skip.What, skip.Why)
			continue
		}
		for _, r := range p.Scenario.Requests {
			c.Load, c.Request = l.Name, r.Name
			p.Cases = append(p.Cases, c)
		}
	}
}

// supports returns the line of the target's recipe, or the reason why this
// combination cannot be measured: first what no target could do, then what
// this one, and this front, cannot.
func (p *Plan) supports(c results.Case) (targets.Serve, *results.Skip) {
	spec, _ := protocols.Lookup(c.Protocol)
	switch {
	case c.Connection == results.KeepAlive && !spec.KeepAlive:
		return targets.Serve{}, &results.Skip{
			What: c.Protocol + " " + c.Connection, Why: fmt.Sprintf("a %s connection carries one request, whatever the server", spec.Title),
		}
	case p.Scenario.Client == load.ClientNetHTTP && c.Protocol != "http" && c.Front == results.NoFront:
		return targets.Serve{}, &results.Skip{What: c.Protocol, Why: "the net/http client speaks HTTP only"}
	}
	serving, err := p.recipes[c.Target].Serving(c.Protocol, c.Network, c.Connection, c.Application)
	if front, ok := p.fronts[c.Front]; ok && err == nil {
		err = front.Supports(c.Protocol, c.Network, c.Connection)
	}
	if unsupported, ok := errors.AsType[*targets.UnsupportedError](err); ok {
		return serving, &results.Skip{What: unsupported.What(), Why: err.Error()}
	}
	return serving, nil
}

// starves returns the reason why a case would measure nothing but waiting: a
// worker that serves one connection until it is closed leaves those alone that
// are more than the workers are.
func (p *Plan) starves(c results.Case, serving targets.Serve, l scenarios.Load) *results.Skip {
	if c.Connection != results.KeepAlive || !serving.OneConnectionPerWorker || l.Clients > 0 && l.Clients <= p.Scenario.Workers {
		return nil
	}
	connections := fmt.Sprintf("%d connections", l.Clients)
	if l.Clients == 0 {
		connections = "as many connections as an open load may need"
	}
	return &results.Skip{
		What: strings.Join([]string{"target", c.Target, c.Protocol, c.Connection, l.Name}, " "),
		Why: fmt.Sprintf("keep-alive starvation: a worker serves one connection until it is closed, so that of %s all but %d would wait for ever: "+
			"take per-request, or at least as many workers as clients", connections, p.Scenario.Workers),
	}
}

// recipeOf finds or reads the recipe of a target.
func recipeOf(ref scenarios.TargetRef, c Choices) (*targets.Recipe, error) {
	recipe, err := baseRecipe(ref, c)
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", ref.Name, err)
	}
	if recipe.Name == ref.Name && len(ref.Recipe.Args)+len(ref.Recipe.Env) == 0 && ref.Recipe.Program == "" {
		return recipe, nil
	}
	program, err := programOf(ref, c)
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", ref.Name, err)
	}
	changed, err := recipe.With(targets.Change{Name: ref.Name, Program: program, Args: ref.Recipe.Args, Env: ref.Recipe.Env})
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", ref.Name, err)
	}
	return changed, nil
}

// programOf is the program that takes the place of a recipe's. As the file of a
// recipe does, a relative path starts from the scenario's folder.
func programOf(ref scenarios.TargetRef, c Choices) (string, error) {
	program := ref.Recipe.Program
	if !strings.Contains(program, "/") || strings.HasPrefix(program, "{") || filepath.IsAbs(program) {
		return program, nil
	}
	return filepath.Abs(filepath.Join(filepath.Dir(c.File), program))
}

func baseRecipe(ref scenarios.TargetRef, c Choices) (*targets.Recipe, error) {
	switch {
	case ref.URL != "":
		endpoint, err := protocols.ParseEndpoint(ref.URL)
		if err != nil {
			return nil, err
		}
		if !endpoint.Loopback() && !c.AllowRemote {
			return nil, fmt.Errorf("%s is not on this machine: pass --allow-remote if the load may go there", endpoint)
		}
		return targets.External(ref.Name, endpoint), nil
	case ref.Recipe.File != "":
		return targets.Load(ref.Recipe.File)
	case ref.Recipe.YAML != "":
		return targets.ParseInline(ref.Name, c.File, ref.Recipe.Line, []byte(ref.Recipe.YAML))
	case ref.Recipe.Name != "":
		return shippedOr(c.Recipes, ref.Recipe.Name)
	}
	return shippedOr(c.Recipes, ref.Name)
}

// shippedOr finds a recipe of the user's, else a shipped one.
func shippedOr(recipes []*targets.Recipe, name string) (*targets.Recipe, error) {
	for _, r := range recipes {
		if r.Name == name {
			return r, nil
		}
	}
	return targets.Find(name)
}
