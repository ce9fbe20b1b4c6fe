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

// NoFront is the front of a case that has none.
const NoFront = "none"

// Case is one combination of everything that a scenario varies. Two trials
// with equal cases measured the same thing.
type Case struct {
	Target      string `json:"target"`
	Protocol    string `json:"protocol"`
	Network     string `json:"network"`
	Connection  string `json:"connection"`
	Front       string `json:"front"`
	Application string `json:"application"`
	Load        string `json:"load"`              // name of the load, as in the scenario
	Request     string `json:"request,omitempty"` // name of the request; "" where the scenario has one without a name
}

// Axes lists the names of a case's fields in the order of its ID.
var Axes = []string{"target", "protocol", "network", "connection", "front", "application", "load", "request"}

// nameless is the number of axes that a case without the name of a request has.
var nameless = len(Axes) - 1

// fields returns the case's fields in the order of Axes.
func (c *Case) fields() []*string {
	return []*string{&c.Target, &c.Protocol, &c.Network, &c.Connection, &c.Front, &c.Application, &c.Load, &c.Request}
}

// values returns what they hold.
func (c Case) values() []string {
	values := make([]string, len(Axes))
	for i, field := range c.fields() {
		values[i] = *field
	}
	return values
}

// ID names the case: its values joined by slashes, such as
// builtin/uwsgi/tcp/per-request/none/hello/saturate, and after them the name of
// the request where it has one. Equal IDs mean equal cases as long as both are
// valid.
func (c Case) ID() string {
	values := c.values()
	if c.Request == "" {
		values = values[:nameless]
	}
	return strings.Join(values, "/")
}

// ParseCaseID is the inverse of Case.ID.
func ParseCaseID(id string) (Case, error) {
	v := strings.Split(id, "/")
	if len(v) != nameless && len(v) != len(Axes) {
		return Case{}, fmt.Errorf("case ID %q has %d parts, want %d: %s, or one more for the request", id, len(v), nameless, strings.Join(Axes[:nameless], "/"))
	}
	c := Case{Target: v[0], Protocol: v[1], Network: v[2], Connection: v[3], Front: v[4], Application: v[5], Load: v[6]}
	if len(v) > nameless {
		c.Request = v[nameless]
		if c.Request == "" {
			return c, fmt.Errorf("case ID %q ends in a slash: it names no request", id)
		}
	}
	return c, c.Validate()
}

// Validate returns nil, or which value would make the ID ambiguous: one that is
// empty or holds a slash. Only the request may be empty.
func (c Case) Validate() error {
	for i, value := range c.values() {
		if value == "" && i < nameless {
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

// With returns the case with other values on some axes. Names that are no axis
// change nothing.
func (c Case) With(values map[string]string) Case {
	for i, field := range c.fields() {
		if value, ok := values[Axes[i]]; ok {
			*field = value
		}
	}
	return c
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
