package verdict

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// Comparison is one claim, one metric, one pair of cases: a member of the
// family that shares the error rate.
type Comparison struct {
	Claim  string           `json:"claim"` // its name
	Gate   bool             `json:"gate"`
	Metric string           `json:"metric"`
	Of     results.Case     `json:"of"`
	Over   results.Case     `json:"over"`
	Factor scenarios.Factor `json:"factor"`
}

// Comparisons lists the family, claims before gates, in the order of the
// scenario, its metrics and the plan's cases.
//
// A case that matches the selector Of is compared with the case that matches
// Over and agrees with it on every axis that neither selector names. An axis
// that only one of them names has that value on both sides. Metrics of closed
// loads are compared on closed loads only, that of searches on searches.
//
// The error is a *NoPairsError where all is well but that every case of some
// claim was left out of the plan (a target that is not installed, --only); the
// comparisons are then those of the other claims. Any other error is a mistake
// in the scenario, names the claim and its line, and comes without
// comparisons.
func Comparisons(s *scenarios.Scenario, plan results.Plan) ([]Comparison, error) {
	tests, err := expand(s, plan)
	if err != nil {
		return nil, err
	}
	var family []Comparison
	var untested []Untested
	for _, t := range tests {
		family = append(family, t.comparisons...)
		if len(t.comparisons) == 0 {
			untested = append(untested, Untested{Claim: t.claim.Name, Gate: t.gate, Line: t.claim.Line, Why: t.warnings[0]})
		}
	}
	if len(untested) > 0 {
		return family, &NoPairsError{Claims: untested}
	}
	return family, nil
}

// test is a claim with its comparisons.
type test struct {
	claim       scenarios.Claim
	gate        bool
	comparisons []Comparison
	whole       bool     // every metric has a comparison
	warnings    []string // what could not be compared; at least one where nothing could
}

// expand makes the tests of all claims and gates.
func expand(s *scenarios.Scenario, plan results.Plan) ([]test, error) {
	var all []test
	for _, claim := range s.Claims {
		t, err := newTest(claim, false, s, plan)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	for _, gate := range s.Gates {
		t, err := newTest(gate, true, s, plan)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

func newTest(claim scenarios.Claim, gate bool, s *scenarios.Scenario, plan results.Plan) (test, error) {
	t := test{claim: claim, gate: gate, whole: true}
	fail := func(err error) (test, error) {
		return test{}, fmt.Errorf("%s: %w", place(claim.Name, gate, claim.Line), err)
	}
	offered := offeredValues(s, plan)
	if err := check(claim, offered); err != nil {
		return fail(err)
	}
	of, over := complete(claim.Of, claim.Over)
	if maps.Equal(of, over) {
		return fail(fmt.Errorf("of %s and over %s select the same cases: a case is not compared with itself", claim.Of, claim.Over))
	}
	pairs := findPairs(of, over, plan.Cases)
	if len(pairs) == 0 {
		t.whole = false
		t.warnings = []string{whyNoPairs(claim, of, over, plan.Cases)}
		return t, nil
	}
	for _, name := range claim.Metrics {
		metric, _ := results.LookupMetric(name)
		compared := false
		for _, pair := range pairs {
			if !metric.Says(plan.Loads[pair.of.Load]) || !metric.Says(plan.Loads[pair.over.Load]) {
				continue
			}
			compared = true
			t.comparisons = append(t.comparisons, Comparison{
				Claim: claim.Name, Gate: gate, Metric: name, Of: pair.of, Over: pair.over, Factor: claim.Factor,
			})
		}
		if compared {
			continue
		}
		t.whole = false
		kind := loadKinds[metric.Load]
		if !offersLoad(metric, s, plan) {
			return fail(fmt.Errorf("the metric %s says something of loads that %s only, and no load of the scenario %s: give one %s, or take another metric", name, kind.have, kind.has, kind.give))
		}
		t.warnings = append(t.warnings, fmt.Sprintf("%s could not be compared: the cases with a load that %s were left out of the run", name, kind.has))
	}
	t.warnings = append(t.warnings, leftOut(pairs, of, offered)...)
	return t, nil
}

// check refuses claims that no plan could satisfy.
func check(claim scenarios.Claim, offered map[string][]string) error {
	for _, name := range claim.Metrics {
		if _, ok := results.LookupMetric(name); !ok {
			return fmt.Errorf("there is no metric %q: choose from %s", name, strings.Join(results.MetricNames(), ", "))
		}
	}
	if op := claim.Factor.Op; op != scenarios.AtLeast && op != scenarios.AtMost {
		return fmt.Errorf("the factor's operator is %q: write %s or %s", op, scenarios.AtLeast, scenarios.AtMost)
	}
	if !(claim.Factor.Value > 0) {
		return fmt.Errorf("the factor is %g: a ratio is a positive number", claim.Factor.Value)
	}
	if err := checkSelector("of", claim.Of, offered); err != nil {
		return err
	}
	return checkSelector("over", claim.Over, offered)
}

func checkSelector(side string, selector scenarios.Selector, offered map[string][]string) error {
	for _, axis := range slices.Sorted(maps.Keys(selector)) {
		if !slices.Contains(results.Axes, axis) {
			return fmt.Errorf("%s %s names the axis %q, which does not exist: choose from %s", side, selector, axis, strings.Join(results.Axes, ", "))
		}
		if values, value := offered[axis], selector[axis]; !slices.Contains(values, value) {
			return fmt.Errorf("%s %s matches no case: the scenario has no %s %q, only %s", side, selector, axis, value, strings.Join(values, ", "))
		}
	}
	return nil
}

// offeredValues lists the values of each axis that the scenario asks for, whether or
// not the plan has them.
func offeredValues(s *scenarios.Scenario, plan results.Plan) map[string][]string {
	values := map[string][]string{
		"protocol":    slices.Clone(s.Protocols),
		"network":     slices.Clone(s.Networks),
		"connection":  slices.Clone(s.Connections),
		"front":       slices.Clone(s.Fronts),
		"application": slices.Clone(s.Applications),
	}
	for _, t := range s.Targets {
		values["target"] = append(values["target"], t.Name)
	}
	for _, l := range s.Load {
		values["load"] = append(values["load"], l.Name)
	}
	for _, r := range s.Requests {
		values["request"] = append(values["request"], r.Name)
	}
	for _, axis := range results.Axes {
		for _, c := range plan.Cases {
			if v := c.Value(axis); !slices.Contains(values[axis], v) {
				values[axis] = append(values[axis], v)
			}
		}
	}
	return values
}

// loadKinds words what Metric.Load asks of a load.
var loadKinds = map[string]struct{ have, has, give string }{
	"closed": {"are closed", "is closed", "clients instead of a rate"},
	"search": {"search", "searches", `search: {slo: "p99 < 10ms"}`},
}

// offersLoad tells whether the scenario has a load that the metric says
// something of.
func offersLoad(metric results.Metric, s *scenarios.Scenario, plan results.Plan) bool {
	for _, l := range s.Load {
		planned := results.Load{Clients: l.Clients, Rate: l.Rate}
		if l.Search != nil {
			planned.Search = &results.Search{}
		}
		if metric.Says(planned) {
			return true
		}
	}
	for _, l := range plan.Loads {
		if metric.Says(l) {
			return true
		}
	}
	return false
}

// complete gives both selectors every axis that either names.
func complete(of, over scenarios.Selector) (scenarios.Selector, scenarios.Selector) {
	completeOf, completeOver := maps.Clone(over), maps.Clone(of)
	if completeOf == nil {
		completeOf = scenarios.Selector{}
	}
	if completeOver == nil {
		completeOver = scenarios.Selector{}
	}
	maps.Copy(completeOf, of)
	maps.Copy(completeOver, over)
	return completeOf, completeOver
}

type pair struct{ of, over results.Case }

func findPairs(of, over scenarios.Selector, cases []results.Case) []pair {
	var found []pair
	for _, c := range cases {
		if !matches(c, of) {
			continue
		}
		for _, partner := range cases {
			if matches(partner, over) && agree(c, partner, over) {
				found = append(found, pair{of: c, over: partner})
			}
		}
	}
	return found
}

func matches(c results.Case, selector scenarios.Selector) bool {
	for axis, value := range selector {
		if c.Value(axis) != value {
			return false
		}
	}
	return true
}

// agree tells whether two cases have the same value on all axes that a
// complete selector does not name.
func agree(a, b results.Case, selector scenarios.Selector) bool {
	for _, axis := range results.Axes {
		if _, named := selector[axis]; !named && a.Value(axis) != b.Value(axis) {
			return false
		}
	}
	return true
}
