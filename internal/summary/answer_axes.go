package summary

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// axisWords say of an axis what a reader can choose; the other axes are called
// by their names.
var axisWords = map[string]string{
	"target": "server", "connection": "connection mode", "network": "kind of socket", "request": "request itself",
}

func axisWord(axis string) string { return cmp.Or(axisWords[axis], axis) }

// yardstick is by what the cases of a run are best compared: capacity under the
// closed loads, which holds even where the generator is the bottleneck; throughput
// where no CPU time is known; the rate found by searches where there are no closed
// loads; and capacity under open loads where there are no others.
func yardstick(d Data) (metric string, keep func(results.Case) bool) {
	of := func(which func(results.Load) bool) func(results.Case) bool {
		return func(c results.Case) bool { return which(d.Run.Plan.Loads[c.Load]) }
	}
	closed := of(results.Load.Closed)
	search := of(func(l results.Load) bool { return l.Search != nil })
	open := of(func(l results.Load) bool { return !l.Closed() && l.Search == nil })
	for _, try := range []struct {
		metric string
		keep   func(results.Case) bool
	}{{"capacity", closed}, {"throughput", closed}, {"saturation", search}} {
		if known(d, try.metric, try.keep) {
			return try.metric, try.keep
		}
	}
	if slices.ContainsFunc(d.Run.Plan.Cases, closed) {
		return "capacity", closed
	}
	return "capacity", open
}

// known tells whether a valid trial of these cases knows the metric.
func known(d Data, metric string, keep func(results.Case) bool) bool {
	kept := map[string]bool{}
	for _, c := range d.Run.Plan.Cases {
		kept[c.ID()] = keep(c)
	}
	return slices.ContainsFunc(d.Trials, func(t results.Trial) bool {
		_, ok := t.Metrics[metric]
		return ok && t.Valid && kept[t.Case]
	})
}

// axisEffect is what one axis does: the largest of the effects between its
// values, and how large any of them may be, by all their intervals.
type axisEffect struct {
	verdict.Effect
	bound float64 // 0 where a pair of values has no interval
}

// told tells whether the blocks tell the effect from none.
func (e axisEffect) told() bool { return e.Ratio.HasInterval() && e.Ratio.Above(1) }

// byAxis keeps the largest effect of each axis, the largest first.
func byAxis(effects []verdict.Effect) []axisEffect {
	var axes []axisEffect
	for _, e := range effects {
		if !Finite(e.Ratio.Estimate) || e.Ratio.Estimate <= 0 {
			continue
		}
		i := slices.IndexFunc(axes, func(a axisEffect) bool { return a.Axis == e.Axis })
		if i < 0 {
			i = len(axes)
			axes = append(axes, axisEffect{Effect: e, bound: 1})
		}
		if e.Ratio.Estimate > axes[i].Ratio.Estimate {
			axes[i].Effect = e
		}
		switch {
		case axes[i].bound == 0 || !e.Ratio.HasInterval():
			axes[i].bound = 0
		default:
			axes[i].bound = max(axes[i].bound, e.Ratio.High, 1/e.Ratio.Low)
		}
	}
	slices.SortStableFunc(axes, func(a, b axisEffect) int { return cmp.Compare(b.Ratio.Estimate, a.Ratio.Estimate) })
	return axes
}

// text is "4.40x [4.10, 4.70] with keep-alive instead of per-request (3.9x to 4.8x,
// depending on the rest)"; the adjective, " faster", stands behind the ratio.
func (e axisEffect) text(adjective string) string {
	text := fmt.Sprintf("%s%s with %s instead of %s", ratioWithInterval(e.Ratio), adjective, effectValue(e.Of), effectValue(e.Over))
	if e.Apart {
		text += fmt.Sprintf(" (%s to %s, depending on the rest)", RatioText(e.Least), RatioText(e.Most))
	}
	return text
}

func effectValue(v string) string { return cmp.Or(inert.Line(v), Unknown) }

// protocolAnswer says what the protocol does, server by server: the largest
// difference between any two.
func protocolAnswer(d Data) string {
	metric, keep := yardstick(d)
	var targets []string
	for _, c := range d.Run.Plan.Cases {
		if keep(c) && !slices.Contains(targets, c.Target) {
			targets = append(targets, c.Target)
		}
	}
	var told, untold, unsure []string
	largest := 0.0 // of those told
	for _, target := range targets {
		axes := byAxis(verdict.Effects(d.Run.Plan, d.Trials, metric, func(c results.Case) bool { return keep(c) && c.Target == target }))
		at := slices.IndexFunc(axes, func(e axisEffect) bool { return e.Axis == "protocol" })
		if at < 0 {
			continue
		}
		e, on := axes[at], ""
		if len(targets) > 1 {
			on = "on the server " + effectValue(target) + " "
		}
		switch {
		case e.told():
			largest = max(largest, e.Ratio.Estimate)
			told = append(told, on+e.text(""))
		case e.Ratio.HasInterval():
			untold = append(untold, on+e.text("")+e.atMost())
		default:
			unsure = append(unsure, on+e.text(""))
		}
	}
	var sentences []string
	if len(told) > 0 {
		yes := "Yes: "
		if largest < little {
			yes = "Yes, if only a little: "
		}
		sentences = append(sentences, yes+list(told)+".")
	}
	if len(untold) > 0 {
		sentences = append(sentences, "No difference can be told from noise: "+list(untold)+".")
	}
	if len(unsure) > 0 {
		sentences = append(sentences, "Not known, as there are too few blocks for intervals of all the pairs: "+list(unsure)+".")
	}
	if len(sentences) == 0 {
		return ""
	}
	return fmt.Sprintf("%s This is %s, of the two protocols that differ most.%s", strings.Join(sentences, " "), inWords(metric), generatorCaveat(d, metric, keep))
}

// little is below what a difference is a small one.
const little = 1.1

// list is texts with semicolons between them, and how many there are beyond the
// first few.
func list(texts []string) string {
	if more := len(texts) - mostAnswered; more > 0 {
		texts = append(slices.Clone(texts[:mostAnswered]), fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, "; ")
}

// atMost says how large an effect may be that was not told from none.
func (e axisEffect) atMost() string {
	if !(e.bound > 0) || !Finite(e.bound) {
		return ""
	}
	return fmt.Sprintf(", at most %s", RatioText(e.bound))
}

// axesAnswer ranks the axes by what they do to the yardstick.
func axesAnswer(d Data) string {
	metric, keep := yardstick(d)
	axes := byAxis(verdict.Effects(d.Run.Plan, d.Trials, metric, keep))
	if len(axes) < 2 {
		return ""
	}
	var told, untold, unsure []string
	var last axisEffect
	for _, e := range axes {
		text := fmt.Sprintf("the %s, %s", axisWord(e.Axis), e.text(""))
		switch {
		case e.told():
			if len(told) > 0 && !clearlyLess(e, last) {
				text += ", though these two may be the other way round"
			}
			told, last = append(told, text), e
		case e.Ratio.HasInterval():
			untold = append(untold, text+e.atMost())
		default:
			unsure = append(unsure, text)
		}
	}
	var sentences []string
	if len(told) > 0 {
		sentences = append(sentences, fmt.Sprintf("What changes %s, most first: %s.", inWords(metric), strings.Join(told, "; ")))
	}
	if len(untold) > 0 {
		sentences = append(sentences, fmt.Sprintf("No difference in %s can be told from noise: %s.", inWords(metric), strings.Join(untold, "; ")))
	}
	if len(unsure) > 0 {
		sentences = append(sentences, fmt.Sprintf("What changes %s is not known, as there are too few blocks for intervals of all the pairs; by estimate alone: %s.", inWords(metric), strings.Join(unsure, "; ")))
	}
	sentences = append(sentences, "Each figure is of the two values that differ most, where nothing else does.")
	if len(told)+len(untold) > 0 {
		sentences = append(sentences, "The intervals hold all together with 95 % confidence.")
	}
	return strings.Join(sentences, " ") + generatorCaveat(d, metric, keep)
}

// generatorCaveat says that ratios of throughput and of the rates that searches
// found are the load generator's where it was the limit.
func generatorCaveat(d Data, metric string, keep func(results.Case) bool) string {
	if metric == "capacity" {
		return ""
	}
	bound, all := 0, 0
	for _, c := range Cases(d) {
		if keep(c.Case) {
			all++
			if c.GeneratorBound() {
				bound++
			}
		}
	}
	if bound == 0 {
		return ""
	}
	return fmt.Sprintf(" In %d of %s the load generator was the limit: ratios with these say what was measured, not what the servers can do.", bound, Plural(all, "case"))
}

// clearlyLess tells whether whatever the axis does is less than what the one
// before does, by the intervals.
func clearlyLess(e, before axisEffect) bool {
	return e.bound > 0 && before.Ratio.HasInterval() && e.bound < before.Ratio.Low
}
