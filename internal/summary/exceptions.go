package summary

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/results"
)

// mostExcepted bounds how many cases one known difference names.
const mostExcepted = 4

// ExceptionLines lists the known differences that the check of equivalence let
// pass, each once with the cases that have it: loads apart, since the check
// knows of none.
func ExceptionLines(d Data) []string {
	type difference struct{ what, why string }
	var order []difference
	cases := map[difference][]string{}
	axes := slices.DeleteFunc(CaseAxes(d.Run.Plan), func(axis string) bool { return axis == "request" || axis == "application" })
	if len(axes) == 0 {
		axes = []string{"target", "protocol"}
	}
	for _, e := range d.Run.Exceptions {
		is := difference{inert.Line(e.Differs), inert.Line(e.Why)}
		if _, seen := cases[is]; !seen {
			order = append(order, is)
		}
		name := inert.Line(e.Case)
		if c, err := results.ParseCaseID(e.Case); err == nil {
			name = Label(c, axes, 0)
		}
		if !slices.Contains(cases[is], name) {
			cases[is] = append(cases[is], name)
		}
	}
	lines := make([]string, len(order))
	for i, is := range order {
		named := cases[is]
		more := ""
		if len(named) > mostExcepted {
			named, more = named[:mostExcepted], fmt.Sprintf(" and %d more cases", len(named)-mostExcepted)
		}
		lines[i] = fmt.Sprintf("%s (%s%s): %s", is.what, strings.Join(named, ", "), more, is.why)
	}
	return lines
}
