package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// Side is one of the two runs that are compared.
type Side struct {
	Run      results.Run
	Trials   []results.Trial
	Scenario *scenarios.Scenario // the stored one; nil where it cannot be read
}

// Compare says what became of each metric of each case from one run to another
// one. All changes are one family and share Alpha, as the comparisons of claims
// do.
//
// Cases match where all their axes do. Where their load or request is not the
// same, or where figures of two machines would have to be compared as they are,
// a change is inconclusive, with the reason. An error says that nothing can be
// compared at all.
func Compare(base, new Side, o CompareOptions) (*Changes, error) {
	metrics, err := o.metrics()
	if err != nil {
		return nil, err
	}
	if b, n := base.Run.Schema, new.Run.Schema; b != n {
		return nil, fmt.Errorf("BASE has schema version %d and NEW has %d: figures of different versions may mean different things; measure the older one anew", b, n)
	}
	if err := hasTrials("BASE", base); err != nil {
		return nil, err
	}
	if err := hasTrials("NEW", new); err != nil {
		return nil, err
	}
	cases, onlyBase, onlyNew, err := match(base.Run, new.Run, o.Only)
	if err != nil {
		return nil, err
	}
	changes := &Changes{Base: base.Run.ID, New: new.Run.ID, OnlyBase: onlyBase, OnlyNew: onlyNew}
	c := comparer{base: newHalf(base), new: newHalf(new), options: o, metrics: metrics, cases: cases}
	switch shared := c.sharedTrials(); {
	case shared > 0 && shared == len(base.Trials) && shared == len(new.Trials):
		if err := c.itself(changes); err != nil {
			return nil, err
		}
		return changes, nil
	case shared > 0:
		return nil, fmt.Errorf("BASE and NEW are the same run, %s, and have %s in common: compare it with another run, or each of them with one",
			new.Run.ID, count(shared, "trial"))
	}
	changes.Different = slices.Concat(
		base.Run.Environment.Differences(new.Run.Environment), base.Run.Placement.Differences(new.Run.Placement))
	if err := c.chooseMethod(changes); err != nil {
		return nil, err
	}
	contests, unknown := c.contests(changes.Different)
	changes.References = c.referenceFigures()
	family := judgeFamily(contests, 1, o.Seed)
	names := newCaseNames(cases)
	subject := func(p pair) string { return names.label(p.of) }
	pairs := make([]pair, len(cases))
	for i, one := range cases {
		pairs[i] = pair{one, one}
	}
	for _, x := range contests {
		x.change.Warnings = x.caveats()
		x.change.Sentence = x.sentence(subject(x.pair), family)
		changes.Changes = append(changes.Changes, x.change)
	}
	// Whether responses fail is no matter of speed: where what is of speed is
	// normalised, errors need no reference.
	apart := ""
	if changes.Untold() != "" {
		apart = machinesDiffer(changes.Different)
	}
	changes.Changes = c.withErrors(changes.Changes, pairs, apart, subject)
	unknowns := unknownCaveats(unknown, names)
	if len(changes.Changes) == 0 {
		return nil, c.nothingCompared(cases, unknowns)
	}
	changes.Warnings = slices.Concat(c.caveats(changes.Method), missingCaveats(onlyBase), c.referenceCaveats(changes), unknowns)
	changes.Outcome = combineChanges(changes.Changes, len(onlyBase))
	return changes, nil
}

func hasTrials(name string, s Side) error {
	if len(s.Trials) == 0 {
		return fmt.Errorf("%s %s has no trials: it ended before the first one had", name, s.Run.ID)
	}
	return nil
}

// comparer holds the two runs and what is asked of them.
type comparer struct {
	base, new  half
	options    CompareOptions
	metrics    []results.Metric
	cases      []results.Case          // that both runs have, in the order of NEW's plan
	references map[string]results.Case // by the ID of the case that is divided by it; none unless Normalised
}

// half is one side with its trials by case and block.
type half struct {
	Side
	records
}

func newHalf(s Side) half { return half{s, index(s.Trials)} }

func (h half) load(c results.Case) results.Load { return h.Run.Plan.Loads[c.Load] }

// match returns the cases of both runs, and the IDs of those that only one has.
func match(base, new results.Run, only func(results.Case) bool) (cases []results.Case, onlyBase, onlyNew []string, err error) {
	keep := func(c results.Case) bool { return only == nil || only(c) }
	for _, c := range new.Plan.Cases {
		switch {
		case !keep(c):
		case slices.Contains(base.Plan.Cases, c):
			cases = append(cases, c)
		default:
			onlyNew = append(onlyNew, c.ID())
		}
	}
	for _, c := range base.Plan.Cases {
		if keep(c) && !slices.Contains(new.Plan.Cases, c) {
			onlyBase = append(onlyBase, c.ID())
		}
	}
	if len(cases) == 0 {
		return nil, nil, nil, fmt.Errorf("BASE %s and NEW %s have no case in common: BASE has %s, NEW has %s",
			base.ID, new.ID, someCases(onlyBase), someCases(onlyNew))
	}
	return cases, onlyBase, onlyNew, nil
}

// someCases names up to three cases.
func someCases(ids []string) string {
	switch {
	case len(ids) == 0:
		return "none that was asked for"
	case len(ids) > 3:
		return strings.Join(ids[:3], ", ") + fmt.Sprintf(" and %d more", len(ids)-3)
	}
	return strings.Join(ids, ", ")
}

// chooseMethod decides between normalised and absolute, and says why. A reference
// that was asked for has to be one.
func (c *comparer) chooseMethod(changes *Changes) error {
	asked := c.options.Method
	switch asked {
	case "", Normalised, Absolute:
	case Paired:
		return fmt.Errorf("two runs have no blocks in common to be paired: measure both builds as two targets of one run, and compare its cases with each other")
	default:
		return fmt.Errorf("there is no method %q of comparison: choose from %s, %s, %s", asked, Paired, Normalised, Absolute)
	}
	if err := c.checkReference(); err != nil {
		return err
	}
	if asked != Absolute {
		c.references = c.findReferences()
	}
	switch {
	case len(c.references) > 0:
		changes.Method, changes.Reference = Normalised, c.referenceLabel()
		changes.Reason = fmt.Sprintf("each case was divided, block by block, by %s of the same run, so that the speed of machine and day cancels out", changes.Reference)
		return nil
	case asked == Normalised, len(c.options.Reference) > 0:
		return fmt.Errorf("nothing can be normalised: no case that both runs have can be divided by %s; take another with --reference, or add that case to the scenario and measure both anew",
			c.referenceWanted())
	}
	changes.Method, changes.Reason = Absolute, "the figures themselves are compared, as asked for"
	if asked != Absolute {
		changes.Reason = fmt.Sprintf("the figures themselves are compared, because no case can be divided by %s in both runs", c.referenceWanted())
	}
	if untold := changes.Untold(); untold != "" {
		changes.Reason += "; but " + untold
	}
	return nil
}

// nothingCompared says why there is no change at all. unknowns are the caveats
// about what neither side knows.
func (c comparer) nothingCompared(cases []results.Case, unknowns []string) error {
	if len(unknowns) > 0 {
		return fmt.Errorf("nothing was compared: %s: take other metrics", Enumeration(unknowns))
	}
	asked := c.options.Metrics
	if asked == nil {
		for _, m := range c.metrics {
			asked = append(asked, m.Name)
		}
	}
	var loads []string
	for _, one := range cases {
		if !slices.Contains(loads, one.Load) {
			loads = append(loads, one.Load)
		}
	}
	return fmt.Errorf("nothing was compared: of %s nothing can be said under the load %s: take other metrics", Enumeration(asked), Enumeration(loads))
}

// contests lists what is to be judged, in the order of cases and metrics, and
// the cases of which neither run knows a metric, by metric. different is how the
// machines differ. What serves as a reference is left out.
func (c comparer) contests(different []string) (contests []*contest, unknown map[string][]results.Case) {
	unknown = map[string][]results.Case{}
	divisor := map[string]bool{}
	for _, reference := range c.references {
		divisor[reference.ID()] = true
	}
	for _, one := range c.cases {
		reference, normalised := c.references[one.ID()]
		for _, metric := range c.metrics {
			if !comparableUnder(metric, c.base.load(one)) || !comparableUnder(metric, c.new.load(one)) {
				continue
			}
			x := c.newContest(one, metric)
			c.judgeByRule(x)
			switch {
			case x.unknown() && c.base.hasValid(one) && c.new.hasValid(one):
				unknown[metric.Name] = append(unknown[metric.Name], one)
				continue
			case normalised:
				x.change.Method = Normalised
				x.base.divide(c.base, reference)
				x.new.divide(c.new, reference)
				x.change.Reason = c.unlikeReference(reference)
			case divisor[one.ID()]:
				continue
			case c.options.Method == Normalised:
				x.change.Reason = "it has no reference case that both runs have"
			case len(different) > 0:
				x.change.Reason = machinesDiffer(different)
			}
			if why := c.unlike(one); why != "" {
				x.change.Reason = why
			}
			contests = append(contests, x)
		}
	}
	return contests, unknown
}

func machinesDiffer(how []string) string {
	return "absolute figures do not travel, and the machines differ: " + strings.Join(how, ", ")
}

// unknown tells whether neither side has any figure.
func (x *contest) unknown() bool {
	return x.ruled == "" && x.untold == "" && len(x.base.raw)+len(x.new.raw) == 0
}

// hasValid tells whether a case has any valid trial.
func (h half) hasValid(c results.Case) bool { return len(h.valid[c.ID()]) > 0 }
