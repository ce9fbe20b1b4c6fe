package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// NoPairsError says that claims cannot be tested because their cases were left
// out of the run. The rest of the scenario can: a caller may go on and warn.
type NoPairsError struct{ Claims []Untested }

// Untested is a claim without a pair of cases to compare.
type Untested struct {
	Claim string
	Gate  bool
	Line  int // in the scenario file
	Why   string
}

func (e *NoPairsError) Error() string {
	lines := make([]string, len(e.Claims))
	for i, u := range e.Claims {
		lines[i] = fmt.Sprintf("%s: %s", place(u.Claim, u.Gate, u.Line), u.Why)
	}
	return strings.Join(lines, "\n")
}

// place is `claim "uwsgi-10x-fastcgi" (line 17)`.
func place(name string, gate bool, line int) string {
	kind := "claim"
	if gate {
		kind = "gate"
	}
	if line == 0 {
		return fmt.Sprintf("%s %q", kind, name)
	}
	return fmt.Sprintf("%s %q (line %d)", kind, name, line)
}

// whyNoPairs says which side of a claim has no case. The scenario offers all
// combinations of its values, so that what is missing was left out.
func whyNoPairs(claim scenarios.Claim, of, over scenarios.Selector, cases []results.Case) string {
	has := func(selector scenarios.Selector) bool {
		return slices.ContainsFunc(cases, func(c results.Case) bool { return matches(c, selector) })
	}
	switch {
	case !has(of):
		return fmt.Sprintf("not tested: all cases that match of %s were left out of the run", claim.Of)
	case !has(over):
		return fmt.Sprintf("not tested: all cases that match over %s were left out of the run", claim.Over)
	}
	return fmt.Sprintf("not tested: for every case that matches of %s, the one that matches over %s and is like it in all else was left out of the run", claim.Of, claim.Over)
}

// leftOut names the values of free axes that the scenario offers and that no
// pair has.
func leftOut(pairs []pair, named scenarios.Selector, offered map[string][]string) []string {
	var warnings []string
	for _, axis := range results.Axes {
		if _, ok := named[axis]; ok {
			continue
		}
		var missing []string
		for _, value := range offered[axis] {
			if !slices.ContainsFunc(pairs, func(p pair) bool { return p.of.Value(axis) == value }) {
				missing = append(missing, value)
			}
		}
		if len(missing) > 0 {
			warnings = append(warnings, fmt.Sprintf("not tested on %s %s: such cases were left out of the run", axis, strings.Join(missing, ", ")))
		}
	}
	return warnings
}
