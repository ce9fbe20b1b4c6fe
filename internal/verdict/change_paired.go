package verdict

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/spelling"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// ComparePaired says what becomes of each metric from the cases of a run that
// match base to those that match new: two builds of a server, say, that are two
// targets. Cases are matched as those of a claim are (see Comparisons), and
// compared block by block. The family is charged for the looks of the run, if it
// could end by what it had shown.
func ComparePaired(run Side, base, new scenarios.Selector, o CompareOptions) (*Changes, error) {
	metrics, err := o.metrics()
	if err != nil {
		return nil, err
	}
	if o.Method != "" && o.Method != Paired {
		return nil, fmt.Errorf("cases of one run are compared block by block: the method %s is for two runs", o.Method)
	}
	if len(o.Reference) > 0 {
		return nil, fmt.Errorf("the reference %s has no place where cases of one run are compared block by block, which needs none: leave it out", o.Reference)
	}
	if err := hasTrials("run", run); err != nil {
		return nil, err
	}
	plan := run.Run.Plan
	pairs, err := pairUp(plan, base, new, o.Only)
	if err != nil {
		return nil, err
	}
	h := newHalf(run)
	c := comparer{base: h, new: h, options: o, metrics: metrics}
	var contests []*contest
	var unknown []string
	for _, p := range pairs {
		for _, metric := range metrics {
			if !comparableUnder(metric, h.load(p.of)) || !comparableUnder(metric, h.load(p.over)) {
				continue
			}
			x := c.newPairedContest(p, metric)
			c.judgeByRule(x)
			if x.ruled == "" && x.untold == "" && x.sample.unknown > 0 && !h.knows(p.of, metric) && !h.knows(p.over, metric) {
				unknown = append(unknown, metric.Name+" of "+p.of.ID())
				continue
			}
			contests = append(contests, x)
		}
	}
	family := judgeFamily(contests, looksOf(plan), o.Seed)
	subject := pairSubject(base, new, pairs)
	changes := &Changes{
		Base: run.Run.ID, New: run.Run.ID, Method: Paired,
		Reason: "both sides were measured in the same blocks of one run, and are compared within them",
	}
	for _, x := range contests {
		x.change.Warnings = x.caveats()
		x.change.Sentence = x.sentence(subject(x.pair), family)
		changes.Changes = append(changes.Changes, x.change)
	}
	changes.Changes = c.withErrors(changes.Changes, pairs, "", subject)
	var unknowns []string
	if len(unknown) > 0 {
		unknowns = append(unknowns, "the run does not know "+Enumeration(unknown))
	}
	if len(changes.Changes) == 0 {
		return nil, c.nothingCompared(casesOf(pairs), unknowns)
	}
	changes.Warnings = slices.Concat(h.runCaveats("the run"), unknowns)
	changes.Outcome = combineChanges(changes.Changes, 0)
	return changes, nil
}

// pairUp matches the cases of the two selectors.
func pairUp(plan results.Plan, base, new scenarios.Selector, only func(results.Case) bool) ([]pair, error) {
	for _, side := range []struct {
		name     string
		selector scenarios.Selector
	}{{"BASE", base}, {"NEW", new}} {
		if len(side.selector) == 0 {
			return nil, fmt.Errorf("%s selects no cases: name an axis and its value, such as target=old", side.name)
		}
		if err := checkValues(side.name, "the run", side.selector, plan); err != nil {
			return nil, err
		}
	}
	of, over := complete(new, base)
	if maps.Equal(of, over) {
		return nil, fmt.Errorf("BASE %s and NEW %s select the same cases: a case is not compared with itself", base, new)
	}
	pairs := findPairs(of, over, plan.Cases)
	if only != nil {
		pairs = slices.DeleteFunc(pairs, func(p pair) bool { return !only(p.of) && !only(p.over) })
	}
	if len(pairs) == 0 {
		return nil, fmt.Errorf("no case that matches NEW %s has one that matches BASE %s and is like it in all else", new, base)
	}
	return pairs, nil
}

// checkValues refuses a selector with a value that no case of the run's plan has.
func checkValues(whose, run string, selector scenarios.Selector, plan results.Plan) error {
	for _, axis := range slices.Sorted(maps.Keys(selector)) {
		if !slices.Contains(results.Axes, axis) {
			return noAxis(whose, axis)
		}
		var values []string
		for _, c := range plan.Cases {
			if v := c.Value(axis); !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		if value := selector[axis]; !slices.Contains(values, value) {
			hint := "it has " + strings.Join(values, ", ")
			if near := spelling.Nearest(value, values); near != "" {
				hint = "did you mean " + near + "?"
			}
			return fmt.Errorf("%s %s matches no case: %s has no %s %q: %s", whose, selector, run, axis, value, hint)
		}
	}
	return nil
}

// looksOf is how often a run could end by what it had shown: with claims, at
// each of its looks.
func looksOf(plan results.Plan) int {
	if plan.Family == 0 {
		return 1
	}
	return len(plan.Looks)
}

// knows tells whether any valid trial of a case knows the metric.
func (h half) knows(c results.Case, metric results.Metric) bool {
	for _, t := range h.valid[c.ID()] {
		if _, ok := t.Metrics[metric.Name]; ok {
			return true
		}
	}
	return false
}

func (c comparer) newPairedContest(p pair, metric results.Metric) *contest {
	s := c.new.sample(Comparison{Metric: metric.Name, Of: p.of, Over: p.over}, c.new.Run.Plan.Loads)
	return &contest{
		pair: p, metric: metric, paired: true, sample: s,
		base: series{raw: s.over, values: s.over}, new: series{raw: s.of, values: s.of},
		change: Change{
			Base: p.over, New: p.of, Metric: metric.Name, Method: Paired, Threshold: c.options.threshold(metric.Name),
			BaseMedian: stats.Describe(s.over).Median, NewMedian: stats.Describe(s.of).Median,
		},
	}
}

// casesOf lists what is on the side of NEW.
func casesOf(pairs []pair) []results.Case {
	cases := make([]results.Case, len(pairs))
	for i, p := range pairs {
		cases[i] = p.of
	}
	return cases
}

// pairSubject names pairs by the axes of the selectors, "new against old", and
// by what else varies among them.
func pairSubject(base, new scenarios.Selector, pairs []pair) func(pair) string {
	var sides, shared []string
	cases := casesOf(pairs)
	for _, axis := range results.Axes {
		_, ofBase := base[axis]
		_, ofNew := new[axis]
		if (ofBase || ofNew) && slices.ContainsFunc(pairs, func(p pair) bool { return p.of.Value(axis) != p.over.Value(axis) }) {
			sides = append(sides, axis)
		} else if slices.Contains(results.Varying(cases), axis) {
			shared = append(shared, axis)
		}
	}
	return func(p pair) string {
		subject := Label(p.of, sides) + " against " + Label(p.over, sides)
		if len(shared) > 0 {
			subject += ", " + Label(p.of, shared)
		}
		return subject
	}
}
