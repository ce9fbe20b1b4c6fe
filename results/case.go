package results

import (
	"fmt"
	"slices"
	"strings"
)

// Connection modes.
const (
	PerRequest = "per-request"
	KeepAlive  = "keep-alive"
)

// Case is one combination of everything that a scenario varies. Two trials
// with equal cases measured the same thing.
type Case struct {
	Target      string `json:"target"`
	Protocol    string `json:"protocol"`
	Network     string `json:"network"`
	Connection  string `json:"connection"`
	Front       string `json:"front"`
	Application string `json:"application"`
	Load        string `json:"load"` // name of the load, as in the scenario
}

// Axes lists the names of a case's fields in the order of its ID.
var Axes = []string{"target", "protocol", "network", "connection", "front", "application", "load"}

// values returns the case's fields in the order of Axes.
func (c Case) values() []string {
	return []string{c.Target, c.Protocol, c.Network, c.Connection, c.Front, c.Application, c.Load}
}

// ID names the case: its seven values joined by slashes, such as
// builtin/uwsgi/tcp/per-request/none/hello/saturate. Equal IDs mean equal cases
// as long as both are valid.
func (c Case) ID() string { return strings.Join(c.values(), "/") }

// ParseCaseID is the inverse of Case.ID.
func ParseCaseID(id string) (Case, error) {
	v := strings.Split(id, "/")
	if len(v) != len(Axes) {
		return Case{}, fmt.Errorf("case ID %q has %d parts, want %d: %s", id, len(v), len(Axes), strings.Join(Axes, "/"))
	}
	c := Case{Target: v[0], Protocol: v[1], Network: v[2], Connection: v[3], Front: v[4], Application: v[5], Load: v[6]}
	return c, c.Validate()
}

// Validate returns nil, or which value would make the ID ambiguous: one that is
// empty or holds a slash.
func (c Case) Validate() error {
	for i, value := range c.values() {
		if value == "" {
			return fmt.Errorf("case %s has no %s", c.ID(), Axes[i])
		}
		if strings.Contains(value, "/") {
			return fmt.Errorf("%s %q of case %s holds a slash", Axes[i], value, c.ID())
		}
	}
	return nil
}

// Value returns the field of that axis, "" where there is no such axis.
func (c Case) Value(axis string) string {
	i := slices.Index(Axes, axis)
	if i < 0 {
		return ""
	}
	return c.values()[i]
}

// Varying returns the axes on which the cases differ, in the order of Axes:
// what a table has to show to tell them apart.
func Varying(cases []Case) []string {
	var axes []string
	for _, axis := range Axes {
		for _, c := range cases {
			if c.Value(axis) != cases[0].Value(axis) {
				axes = append(axes, axis)
				break
			}
		}
	}
	return axes
}

// Label names the case by its values on the given axes only, such as
// "uwsgi per-request". Without axes it is the ID.
func (c Case) Label(axes []string) string {
	if len(axes) == 0 {
		return c.ID()
	}
	parts := make([]string, len(axes))
	for i, axis := range axes {
		parts[i] = c.Value(axis)
	}
	return strings.Join(parts, " ")
}
