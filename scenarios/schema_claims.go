package scenarios

import (
	"fmt"
	"maps"
	"slices"

	"github.com/goccy/go-yaml/ast"
)

// claims decodes claims, gates and trends, which share their names, and keeps what can
// be checked only once the whole scenario is known.
type claims struct {
	names     map[string]bool
	selectors []selectorUse
	alongs    []alongUse
}

// selectorUse is one axis: value of a selector, and where the value stands.
type selectorUse struct {
	axis, value string
	node        ast.Node
}

// list decodes a list of claims; what is "claim" or "gate".
func (c *claims) list(d *decoder, n ast.Node, what string) (list []Claim) {
	d.list(n, what+"s", true, func(item ast.Node) {
		claim := Claim{Line: d.start(item).line}
		given := d.mapping(item, "a "+what,
			field{"name", "name: uwsgi-10x-fastcgi", func(n ast.Node) { claim.Name = c.name(d, n, what) }},
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

// name decodes a name that claims, gates and trends share the space of.
func (c *claims) name(d *decoder, n ast.Node, what string) string {
	if c.names == nil {
		c.names = make(map[string]bool)
	}
	return d.name(n, what, c.names)
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
