package targets

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Change makes a target of its own of a recipe: another version of the
// program, other arguments.
type Change struct {
	Name    string // of the new target
	Program string // takes the place of the recipe's; "": the same
	Args    []string
	Env     map[string]string
}

// With returns the recipe with a change made to it. What was found out about
// the recipe's own program says nothing about the new one's. The error is about
// placeholders in the change.
func (r *Recipe) With(c Change) (*Recipe, error) {
	v := Variant{Args: c.Args, Env: c.Env}
	if c.Program != "" {
		v.Programs = alternatives{c.Program}
	}
	changed := r.apply(v)
	changed.Name = c.Name
	if c.Program != "" {
		changed.ownProgram = true
		changed.Packages, changed.Install = nil, "" // they install another one
	}
	if err := changed.validate(); err != nil {
		return nil, err
	}
	return changed, nil
}

// variants returns the recipe's variants as recipes, by name.
func (r *Recipe) variants() []*Recipe {
	var list []*Recipe
	for _, name := range slices.Sorted(maps.Keys(r.Variants)) {
		v := r.apply(r.Variants[name])
		v.Name = r.Name + "-" + name
		list = append(list, v)
	}
	return list
}

func (r *Recipe) apply(v Variant) *Recipe {
	c := *r
	c.Variants = nil
	c.found = new(discovery)
	c.About = cmp.Or(v.About, c.About)
	c.Caveat = cmp.Or(v.Caveat, c.Caveat)
	c.Programs = instead(c.Programs, v.Programs)
	c.Packages = instead(c.Packages, v.Packages)
	c.Version = instead(c.Version, v.Version)
	c.Check = instead(c.Check, v.Check)
	c.Serves = instead(c.Serves, v.Serves)
	c.Exceptions = instead(c.Exceptions, v.Exceptions)
	c.Pitfalls = instead(c.Pitfalls, v.Pitfalls)
	c.args = slices.Concat(c.args, v.Args)
	c.Env = merged(c.Env, v.Env)
	c.Files = merged(c.Files, v.Files)
	if v.Stop != nil {
		c.Stop = *v.Stop
	}
	return &c
}

func instead[S ~[]E, E any](old, replacement S) S {
	if replacement != nil {
		return replacement
	}
	return old
}

func merged(a, b map[string]string) map[string]string {
	if len(b) == 0 {
		return a
	}
	m := maps.Clone(b)
	for name, value := range a {
		if _, ok := m[name]; !ok {
			m[name] = value
		}
	}
	return m
}

// validateVariants holds each variant to what a recipe must be.
func (r *Recipe) validateVariants() error {
	for _, v := range r.variants() {
		if err := v.validate(); err != nil {
			return fmt.Errorf("variants, %s: %w", v.Name, err)
		}
	}
	return nil
}
