package targets

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// recipes holds the shipped recipes, and the folders files/ of those that need
// more than a recipe: names with a leading underscore are among them (all:),
// as Python has them.
//
//go:embed */recipe.yaml all:*/files
var recipes embed.FS

//go:embed fronts/*/recipe.yaml
var frontRecipes embed.FS

// The embedded recipes are parsed once.
var (
	shippedTargets = sync.OnceValues(func() ([]*Recipe, error) { return parseShipped(recipes, ".", "targets", Parse) })
	shippedFronts  = sync.OnceValues(func() ([]*Recipe, error) {
		return parseShipped(frontRecipes, "fronts", "targets", parseFront)
	})
)

// parseShipped parses the recipes of a folder's folders, variants included, in
// alphabetical order. house is where the folder is, for messages.
func parseShipped(files fs.FS, folder, house string, parse func(string, []byte) (*Recipe, error)) ([]*Recipe, error) {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		return nil, err
	}
	var all []*Recipe
	for _, entry := range entries {
		home := path.Join(folder, entry.Name())
		file := path.Join(home, "recipe.yaml")
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, err
		}
		file = path.Join(house, file)
		r, err := parse(file, text)
		if err != nil {
			return nil, err
		}
		if r.Name != entry.Name() {
			return nil, fmt.Errorf("%s: name: %q must be that of the folder", file, r.Name)
		}
		if r.About == "" || len(r.Packages) == 0 && r.Install == "" {
			return nil, fmt.Errorf("%s: about, and packages or install: missing", file)
		}
		r.folder, r.source = "", ""
		if r.shipped, err = fs.Sub(files, home); err != nil {
			return nil, err
		}
		all = append(append(all, r), r.variants()...)
	}
	slices.SortFunc(all, func(a, b *Recipe) int { return cmp.Compare(a.Name, b.Name) })
	for i := range all[1:] {
		if all[i].Name == all[i+1].Name {
			return nil, fmt.Errorf("two targets are called %s: a recipe and the variant of another", all[i].Name)
		}
	}
	return all, nil
}

// Names lists the shipped targets in alphabetical order, variants included.
func Names() []string { return namesOf(shippedTargets) }

// Find returns the shipped target of that name; the error for an unknown one
// has the nearest name.
func Find(name string) (*Recipe, error) { return find("target", name, shippedTargets) }

func namesOf(shipped func() ([]*Recipe, error)) []string {
	all, err := shipped()
	if err != nil {
		return nil // find tells why
	}
	names := make([]string, len(all))
	for i, r := range all {
		names[i] = r.Name
	}
	return names
}

func find(what, name string, shipped func() ([]*Recipe, error)) (*Recipe, error) {
	all, err := shipped()
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if r.Name == name {
			return r, nil
		}
	}
	return nil, fmt.Errorf("there is no %s %q%s", what, name, didYouMean(name, namesOf(shipped)))
}

// Supports returns nil, or says why the target cannot have this combination.
func (r *Recipe) Supports(protocol, network, connection, application string) error {
	_, err := r.Serving(protocol, network, connection, application)
	return err
}

// Serving returns the line of the recipe that has the combination. It narrows
// the lines by one axis after the other, so that the error names the first axis that
// rules all of them out.
func (r *Recipe) Serving(protocol, network, connection, application string) (Serve, error) {
	left := r.Serves
	var asked []string
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
			if slices.Contains(values, axis.value) || (axis.name == "application" && len(values) == 0) {
				has = append(has, s)
			}
			for _, v := range values {
				if !slices.Contains(offered, v) {
					offered = append(offered, v)
				}
			}
		}
		if len(has) == 0 {
			return Serve{}, &UnsupportedError{r.title(), asked, axis.name, axis.value, offered}
		}
		left = has
		asked = append(asked, axis.value)
	}
	return left[0], nil
}

// UnsupportedError says which combination a recipe has no line for, and which
// axis it is that rules it out. Detect with errors.As.
type UnsupportedError struct {
	Title   string   // "target uwsgi", "front nginx"
	Given   []string // values of the axes before Axis: protocol, network, ...
	Axis    string   // "protocol", "network", "connection mode", "application"
	Value   string   // that is not offered on Axis
	Offered []string // there
}

func (e *UnsupportedError) Error() string {
	given := ""
	for i, value := range e.Given {
		given += " with " + value
		if i == 0 {
			given = " over " + value
		}
	}
	offered := e.Offered
	more := ""
	if len(offered) > mostOffered {
		offered, more = offered[:mostOffered], fmt.Sprintf(" and %d more", len(offered)-mostOffered)
	}
	return fmt.Sprintf("%s does not serve %s %s%s: it offers %s%s", e.Title, e.Axis, e.Value, given, strings.Join(offered, ", "), more)
}

// mostOffered bounds the list in an UnsupportedError: there are many
// applications.
const mostOffered = 4

// What is the combination as far as it matters.
func (e *UnsupportedError) What() string {
	return strings.Join(append(append([]string{e.Title}, e.Given...), e.Value), " ")
}

// HasOwnApplication tells whether the server runs an application that nobody here
// chooses, so that it cannot be asked to run the probe.
func (s Serve) HasOwnApplication() bool { return len(s.Applications) == 0 }

// title is "target uwsgi" or "front nginx".
func (r *Recipe) title() string {
	if r.front {
		return "front " + r.Name
	}
	return "target " + r.Name
}
