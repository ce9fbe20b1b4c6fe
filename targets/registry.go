package targets

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed */recipe.yaml
var recipes embed.FS

// shipped parses the embedded recipes once.
var shipped = sync.OnceValues(func() ([]*Recipe, error) {
	entries, err := recipes.ReadDir(".")
	if err != nil {
		return nil, err
	}
	var all []*Recipe
	for _, entry := range entries {
		file := path.Join(entry.Name(), "recipe.yaml")
		text, err := recipes.ReadFile(file)
		if err != nil {
			return nil, err
		}
		r, err := Parse("targets/"+file, text)
		if err != nil {
			return nil, err
		}
		if r.Name != entry.Name() {
			return nil, fmt.Errorf("targets/%s: name: %q must be that of the folder", file, r.Name)
		}
		all = append(all, r)
	}
	return all, nil
})

// Names lists the shipped targets in alphabetical order.
func Names() []string {
	all, err := shipped()
	if err != nil {
		return nil // Find tells why
	}
	names := make([]string, len(all))
	for i, r := range all {
		names[i] = r.Name
	}
	return names
}

// Find returns the shipped target of that name; the error for an unknown one
// has the nearest name.
func Find(name string) (*Recipe, error) {
	all, err := shipped()
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if r.Name == name {
			return r, nil
		}
	}
	return nil, fmt.Errorf("there is no target %q%s", name, didYouMean(name, Names()))
}

// Supports returns nil, or says why the target cannot have this combination.
func (r *Recipe) Supports(protocol, network, connection, application string) error {
	_, err := r.serve(protocol, network, connection, application)
	return err
}

// serve returns the line of the recipe that has the combination. It narrows
// the lines by one axis after the other, so that the error names the first axis that
// rules all of them out.
func (r *Recipe) serve(protocol, network, connection, application string) (Serve, error) {
	left := r.Serves
	asked := ""
	for _, axis := range []struct {
		name, value string
		of          func(Serve) []string
	}{
		{"protocol", protocol, func(s Serve) []string { return s.Protocols }},
		{"network", network, func(s Serve) []string { return s.Networks }},
		{"connection mode", connection, func(s Serve) []string { return s.Connections }},
		{"application", application, func(s Serve) []string { return s.Applications }},
	} {
		var has []Serve
		var offered []string
		for _, s := range left {
			values := axis.of(s)
			if slices.Contains(values, axis.value) || (axis.name == "application" && r.external != nil) {
				has = append(has, s)
			}
			for _, v := range values {
				if !slices.Contains(offered, v) {
					offered = append(offered, v)
				}
			}
		}
		if len(has) == 0 {
			return Serve{}, fmt.Errorf("target %s does not serve %s %s%s: it offers %s",
				r.Name, axis.name, axis.value, asked, strings.Join(offered, ", "))
		}
		left = has
		asked += " with " + axis.value
		if axis.name == "protocol" {
			asked = " over " + axis.value
		}
	}
	return left[0], nil
}
