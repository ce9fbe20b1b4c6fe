package scenarios

import (
	"fmt"
	"maps"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"github.com/gwbench/gwbench/internal/spelling"
)

// claims decodes claims and gates, which share their names, and keeps what can
// be checked only once the whole scenario is known.
type claims struct {
	names     map[string]bool
	selectors []selectorUse
}

// selectorUse is one axis: value of a selector, and where the value stands.
type selectorUse struct {
	axis, value string
	node        ast.Node
}

// list decodes a list of claims; what is "claim" or "gate".
func (c *claims) list(d *decoder, n ast.Node, what string) (list []Claim) {
	if c.names == nil {
		c.names = make(map[string]bool)
	}
	d.list(n, what+"s", true, func(item ast.Node) {
		claim := Claim{Line: d.start(item).line}
		given := d.mapping(item, "a "+what,
			field{"name", "name: uwsgi-10x-fastcgi", func(n ast.Node) { claim.Name = d.name(n, what, c.names) }},
			field{"says", "", func(n ast.Node) { claim.Says, _ = d.text(n, "says") }},
			field{"metrics", "metrics: [throughput]", func(n ast.Node) { claim.Metrics = d.words(n, "metric", d.vocabulary.Metrics) }},
			field{"of", "of: {protocol: uwsgi}", func(n ast.Node) { claim.Of = c.selector(d, n, "of") }},
			field{"over", "over: {protocol: fastcgi}", func(n ast.Node) { claim.Over = c.selector(d, n, "over") }},
			field{"factor", `factor: ">= 10"`, func(n ast.Node) { claim.Factor = quantity(d, n, "factor", `text such as ">= 10"`, parseFactor) }},
		)
		if claim.Says == "" {
			claim.Says = claim.Name
		}
		if given["of"].ok && given["over"].ok && maps.Equal(claim.Of, claim.Over) {
			second := given["over"].value
			if d.start(second).before(d.start(given["of"].value)) {
				second = given["of"].value
			}
			d.reject(second, "of and over pick the same cases", "let them differ in the value of at least one axis")
		}
		list = append(list, claim)
	})
	return list
}

// selector decodes axis: value pairs.
func (c *claims) selector(d *decoder, n ast.Node, what string) Selector {
	s := make(Selector)
	d.eachKey(n, what, func(axis string, keyNode, value ast.Node) {
		if !slices.Contains(d.vocabulary.Axes, axis) {
			d.reject(keyNode, fmt.Sprintf("unknown axis %q in %s", axis, what), suggest(axis, d.vocabulary.Axes))
			return
		}
		if v, ok := d.text(value, axis); ok {
			s[axis] = v
			c.selectors = append(c.selectors, selectorUse{axis, v, value})
		}
	})
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) == 0 {
		d.reject(n, what+" must not be empty", "name the axis that makes the difference, such as {protocol: uwsgi}")
	}
	return s
}

// check refuses selectors of values that the scenario does not have. Axes whose
// own key in the file is wrong are passed over: their mistake says more.
func (c *claims) check(d *decoder, s *Scenario, entries map[string]entry) {
	targets, loads := make([]string, len(s.Targets)), make([]string, len(s.Load))
	for i, t := range s.Targets {
		targets[i] = t.Name
	}
	for i, l := range s.Load {
		loads[i] = l.Name
	}
	axes := map[string]struct {
		key    string // of the scenario
		values []string
	}{
		"target":      {"targets", targets},
		"protocol":    {"protocols", s.Protocols},
		"network":     {"networks", s.Networks},
		"connection":  {"connections", s.Connections},
		"front":       {"fronts", s.Fronts},
		"application": {"application", []string{s.Application}},
		"load":        {"load", loads},
	}
	for _, use := range c.selectors {
		axis, known := axes[use.axis]
		e, given := entries[axis.key]
		if !known || given && !e.ok || len(axis.values) == 0 || slices.Contains(axis.values, use.value) {
			continue
		}
		hint := suggest(use.value, axis.values)
		if spelling.Nearest(use.value, axis.values) == "" {
			hint += fmt.Sprintf("; or add it to %s", axis.key)
		}
		d.reject(use.node, fmt.Sprintf("no case has %s %q", use.axis, use.value), hint)
	}
}
