package verdict

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/spelling"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// referenceAxes are what makes a case the yardstick of others: gwbench's own
// server over plain HTTP, which does the least work. All other axes are those
// of the case that is divided.
func referenceAxes(connection string) scenarios.Selector {
	return scenarios.Selector{"target": "builtin", "protocol": "http", "connection": connection, "front": results.NoFront}
}

// findReferences returns the reference of each case that has one in both runs.
// Without connections that are kept open it is the one that opens them anew,
// unless another mode was asked for.
func (c comparer) findReferences() map[string]results.Case {
	found := map[string]results.Case{}
	for _, one := range c.cases {
		for _, connection := range []string{results.KeepAlive, results.PerRequest} {
			axes := referenceAxes(connection)
			maps.Copy(axes, c.options.Reference)
			reference := one.With(axes)
			if reference == one {
				break // the best reference there is: nothing normalises it
			}
			if slices.Contains(c.base.Run.Plan.Cases, reference) && slices.Contains(c.new.Run.Plan.Cases, reference) {
				found[one.ID()] = reference
				break
			}
		}
	}
	// A reference is not judged, and so not divided by another one either.
	for _, reference := range slices.Collect(maps.Values(found)) {
		delete(found, reference.ID())
	}
	return found
}

// checkReference refuses a reference that was asked for where none has a place,
// or that neither of the two runs has.
func (c comparer) checkReference() error {
	asked := c.options.Reference
	if len(asked) == 0 {
		return nil
	}
	if c.options.Method == Absolute {
		return fmt.Errorf("the reference %s has no place in an absolute comparison, which divides by nothing: leave it out, or take the method %s", asked, Normalised)
	}
	for _, side := range []struct {
		name string
		plan results.Plan
	}{{"BASE", c.base.Run.Plan}, {"NEW", c.new.Run.Plan}} {
		if err := checkValues("the reference", side.name, asked, side.plan); err != nil {
			return err
		}
	}
	return nil
}

func noAxis(whose, axis string) error {
	if near := spelling.Nearest(axis, results.Axes); near != "" {
		return fmt.Errorf("%s names the axis %q, which does not exist: did you mean %s?", whose, axis, near)
	}
	return fmt.Errorf("%s names the axis %q, which does not exist: choose from %s", whose, axis, strings.Join(results.Axes, ", "))
}

// referenceLabel names the references by what they do not have from the cases
// that they divide: "builtin http keep-alive".
func (c comparer) referenceLabel() string {
	var labels []string
	for _, one := range c.cases {
		reference, ok := c.references[one.ID()]
		if !ok {
			continue
		}
		if label := Label(reference, c.namedAxes(reference)); !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	return strings.Join(labels, " or ")
}

func (c comparer) namedAxes(reference results.Case) []string {
	var axes []string
	for _, axis := range results.Axes {
		_, named := c.options.Reference[axis]
		if named || slices.Contains([]string{"target", "protocol", "connection"}, axis) || axis == "front" && reference.Front != results.NoFront {
			axes = append(axes, axis)
		}
	}
	return axes
}

// referenceWanted describes the reference where there is none.
func (c comparer) referenceWanted() string {
	axes := referenceAxes(results.KeepAlive)
	maps.Copy(axes, c.options.Reference)
	wanted := results.Case{}.With(axes)
	label := Label(wanted, c.namedAxes(wanted))
	if _, named := c.options.Reference["connection"]; !named {
		label += " (or " + results.PerRequest + ")"
	}
	return label + ", with all else equal,"
}

// unlikeReference is why a reference is none; "" where it is one.
func (c comparer) unlikeReference(reference results.Case) string {
	if why := c.unlike(reference); why != "" {
		return "its reference " + why
	}
	return ""
}

// referenceFigures are those of the references in use, whether or not they are
// among the cases that are compared.
func (c comparer) referenceFigures() []Reference {
	var figures []Reference
	for _, one := range c.usedReferences() {
		for _, metric := range c.metrics {
			if !comparableUnder(metric, c.base.load(one)) || !comparableUnder(metric, c.new.load(one)) {
				continue
			}
			if x := c.newContest(one, metric); !x.unknown() {
				figures = append(figures, Reference{one, metric.Name, x.change.BaseMedian, x.change.NewMedian})
			}
		}
	}
	return figures
}

// usedReferences lists the cases that others are divided by, in the order of
// NEW's plan.
func (c comparer) usedReferences() []results.Case {
	used := slices.Collect(maps.Values(c.references))
	return slices.DeleteFunc(slices.Clone(c.new.Run.Plan.Cases), func(one results.Case) bool { return !slices.Contains(used, one) })
}

// referenceCaveats warns where a reference changed on the same machine by more
// than would be let pass in another case: who divides by it sees that change
// everywhere.
func (c comparer) referenceCaveats(changes *Changes) []string {
	if len(changes.Different) > 0 {
		return nil
	}
	axes := newCaseNames(slices.Concat(c.cases, c.usedReferences())).axes
	var warnings []string
	for _, metric := range c.metrics {
		var moved []string
		for _, r := range changes.References {
			if r.Metric != metric.Name || r.BaseMedian <= 0 || r.NewMedian <= 0 {
				continue
			}
			if math.Abs(math.Log(r.NewMedian/r.BaseMedian)) > math.Log1p(c.options.threshold(metric.Name)) {
				moved = append(moved, fmt.Sprintf("%s (%s)", changeWords(metric, improvement(metric, r.BaseMedian, r.NewMedian)), Label(r.Case, axes)))
			}
		}
		if len(moved) > 0 {
			warnings = append(warnings, fmt.Sprintf("the reference changed too, its %s is now %s: if that was its code and not the machine, the others seem to have changed by the inverse",
				shortly(metric.Name), Enumeration(moved)))
		}
	}
	return warnings
}

// improvement is how many times better the second value is.
func improvement(m results.Metric, before, after float64) float64 {
	if m.Higher {
		return after / before
	}
	return before / after
}

// divide divides the values by those of the reference in the same block, and
// leaves out the blocks that lack one.
func (s *series) divide(h half, reference results.Case) {
	var values []float64
	for i, block := range s.blocks {
		trial, ok := h.valid[reference.ID()][block]
		value, known := 0.0, false
		if ok {
			value, known = trial.Metrics[s.metric.Name]
		}
		if !known || !stats.Usable(value) {
			s.undivided++
			continue
		}
		values = append(values, s.raw[i]/value)
	}
	s.values = values
}
