package verdict

import (
	"slices"
	"strings"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
)

// Label names a case by its values on some axes, such as "builtin uwsgi per-request";
// one that is empty is left out. Without axes it is the case's ID.
//
// A target may bear the name of a protocol, as uWSGI does. It is "target uwsgi" then,
// and its own protocol "protocol uwsgi", so that a bare "uwsgi" is a protocol always.
func Label(c results.Case, axes []string) string {
	if len(axes) == 0 {
		return c.ID()
	}
	return LabelOf(c, axes, func(value string) string { return value })
}

// LabelOf is Label of values as they are to be shown; "" without axes.
func LabelOf(c results.Case, axes []string, show func(value string) string) string {
	parts := make([]string, 0, len(axes))
	for _, axis := range axes {
		value := show(c.Value(axis))
		switch {
		case value == "":
			continue
		case axis == "target" && slices.Contains(protocols.Names(), c.Target),
			axis == "protocol" && c.Protocol == c.Target && slices.Contains(axes, "target"):
			value = axis + " " + value
		}
		parts = append(parts, value)
	}
	return strings.Join(parts, " ")
}
