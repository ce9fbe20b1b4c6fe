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

// axisEffect is what one axis does: the largest effect between its values that the
// blocks tell from none, else the largest by estimate; and how large any of them may
// be, by all their intervals.
type axisEffect struct {
	verdict.Effect
	bound  float64 // 0 where a pair of values has no interval
	passed bool    // a larger estimate was passed over, which is not told
}

// told tells whether the blocks tell the effect from none.
func (e axisEffect) told() bool { return told(e.Effect) }

func told(e verdict.Effect) bool { return e.Ratio.HasInterval() && e.Ratio.Above(1) }

// byAxis keeps the effect of each axis that is worth telling, the largest first.
func byAxis(effects []verdict.Effect) []axisEffect {
	var axes []axisEffect
	largest := map[string]float64{}
	for _, e := range effects {
		if !Finite(e.Ratio.Estimate) || e.Ratio.Estimate <= 0 {
			continue
		}
		i := slices.IndexFunc(axes, func(a axisEffect) bool { return a.Axis == e.Axis })
		if i < 0 {
			i = len(axes)
			axes = append(axes, axisEffect{Effect: e, bound: 1})
		}
		before := axes[i].Effect
		if told(e) && !told(before) || told(e) == told(before) && e.Ratio.Estimate > before.Ratio.Estimate {
			axes[i].Effect = e
		}
		largest[e.Axis] = max(largest[e.Axis], e.Ratio.Estimate)
		switch {
		case axes[i].bound == 0 || !e.Ratio.HasInterval():
			axes[i].bound = 0
		default:
			axes[i].bound = max(axes[i].bound, e.Ratio.High, 1/e.Ratio.Low)
		}
	}
	for i, e := range axes {
		axes[i].passed = e.Ratio.Estimate < largest[e.Axis]
	}
	slices.SortStableFunc(axes, func(a, b axisEffect) int { return cmp.Compare(b.Ratio.Estimate, a.Ratio.Estimate) })
	return axes
}

// text is "4.40x [4.10, 4.70] with keep-alive instead of per-request (3.9x to 4.8x,
// depending on the rest)"; the adjective, " faster", stands behind the ratio.
func (e axisEffect) text(adjective string) string {
	text := fmt.Sprintf("%s%s with %s instead of %s", ratioWithInterval(e.Ratio), adjective, e.value(e.Of), e.value(e.Over))
	if e.Apart {
		text += fmt.Sprintf(" (%s to %s, depending on the rest)", RatioText(e.Least), RatioText(e.Most))
	}
	return text
}

// value is one of the effect's values: "target uwsgi" where it is the server.
func (e axisEffect) value(v string) string {
	return Label(results.Case{}.With(map[string]string{e.Axis: v}), []string{e.Axis}, 0)
}

func effectValue(v string) string { return cmp.Or(inert.Line(v), Unknown) }

// protocolAnswer says what the protocol does, server by server: the difference
// between the two that are furthest apart, of those told from noise if there are any.
func protocolAnswer(d Data) string {
	metric, keep := yardstick(d)
	var targets []string
	for _, c := range d.Run.Plan.Cases {
		if keep(c) && !slices.Contains(targets, c.Target) {
			targets = append(targets, c.Target)
		}
	}
	var much, somewhat, hardly, untold, unsure []string
	passed, compared := false, 0
	for _, target := range targets {
		of := func(c results.Case) bool { return keep(c) && c.Target == target }
		axes := byAxis(verdict.Effects(d.Run.Plan, d.Trials, metric, of))
		at := slices.IndexFunc(axes, func(e axisEffect) bool { return e.Axis == "protocol" })
		if at < 0 {
			continue
		}
		compared++
		e, on := axes[at], ""
		if len(targets) > 1 {
			on = "on target " + effectValue(target)
		}
		passed = passed || e.passed
		text := strings.TrimPrefix(on+": ", ": ") + e.text("")
		switch {
		case e.told() && e.Ratio.High < little:
			hardly = append(hardly, text+widerClaim(d, metric, of, e))
		case e.told() && e.Ratio.Low < little:
			somewhat = append(somewhat, text+widerClaim(d, metric, of, e))
		case e.told():
			much = append(much, text+widerClaim(d, metric, of, e))
		case e.Ratio.HasInterval():
			untold = append(untold, text)
		default:
			unsure = append(unsure, on)
		}
	}
	if compared == 0 {
		return ""
	}
	var sentences []string
	for _, f := range []struct {
		word  string
		texts []string
	}{{"Yes", much}, {"Somewhat", somewhat}, {"Hardly", hardly}, {"No difference that can be told from noise", untold}} {
		switch {
		case len(f.texts) == 0:
		case len(targets) > 1:
			sentences = append(sentences, f.word+" "+list(f.texts)+".")
		default:
			sentences = append(sentences, f.word+": "+list(f.texts)+".")
		}
	}
	if len(unsure) == compared {
		return "Not known: there are too few blocks for intervals of all the pairs of protocols."
	}
	if len(unsure) > 0 {
		sentences = append(sentences, "Not known "+list(unsure)+": there are too few blocks for intervals of all the pairs.")
	}
	sentences = append(sentences, fmt.Sprintf("Measured in %s%s; only the two protocols furthest apart are named.", inWords(metric), under(d, keep)))
	if passed {
		sentences = append(sentences, "Pairs that look further apart but cannot be told from noise are passed over.")
	}
	if len(targets) > 1 {
		sentences = append(sentences, "The intervals of one target hold together with 95 % confidence.")
	} else {
		sentences = append(sentences, allTogether)
	}
	return strings.Join(sentences, " ") + generatorCaveat(d, metric, keep)
}

const allTogether = "The intervals of all the pairs hold together with 95 % confidence."

// widerClaim says where a claim compares the same two cases, and cannot tell them
// from each other: all verdicts share one error rate, so its interval is wider.
func widerClaim(d Data, metric string, keep func(results.Case) bool, e axisEffect) string {
	if e.Pairs != 1 {
		return ""
	}
	for _, claim := range d.Claims {
		for _, v := range claim.Verdicts {
			same := v.Of.Value(e.Axis) == e.Of && v.Over.Value(e.Axis) == e.Over || v.Of.Value(e.Axis) == e.Over && v.Over.Value(e.Axis) == e.Of
			if v.Metric == metric && same && keep(v.Of) && keep(v.Over) && v.Of.With(map[string]string{e.Axis: v.Over.Value(e.Axis)}) == v.Over &&
				HasInterval(v) && !v.Ratio.Above(1) && !v.Ratio.Below(1) {
				return fmt.Sprintf(" (the claim cannot tell it from none: its interval, %s, is wider, as it shares its error rate with all verdicts)", IntervalText(v))
			}
		}
	}
	return ""
}

// little is below what a difference is a small one: by its whole interval, or by part
// of it, or not at all.
const little = 1.1

// list is texts with semicolons between them, and how many there are beyond the
// first few.
func list(texts []string) string {
	if more := len(texts) - mostAnswered; more > 0 {
		texts = append(slices.Clone(texts[:mostAnswered]), fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, "; ")
}

// work are the axes of how much a request asks for: that more work costs more is no
// answer to what matters.
var work = []string{"application", "request"}

// axesAnswer ranks the axes by what they do to the yardstick.
func axesAnswer(d Data) string {
	metric, keep := yardstick(d)
	axes := byAxis(verdict.Effects(d.Run.Plan, d.Trials, metric, keep))
	var ofWork []string
	for _, e := range axes {
		if slices.Contains(work, e.Axis) && e.told() {
			ofWork = append(ofWork, e.text(""))
		}
	}
	axes = slices.DeleteFunc(axes, func(e axisEffect) bool { return slices.Contains(work, e.Axis) })
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
				text += fmt.Sprintf(", and whether the %s or the %s does more cannot be told", axisWord(last.Axis), axisWord(e.Axis))
			}
			told, last = append(told, text), e
		case e.Ratio.HasInterval():
			untold = append(untold, text)
		default:
			unsure = append(unsure, "the "+axisWord(e.Axis))
		}
	}
	var sentences []string
	if len(told) > 0 {
		sentences = append(sentences, fmt.Sprintf("What changes %s%s, most first: %s.", inWords(metric), under(d, keep), strings.Join(told, "; ")))
	}
	if len(untold) > 0 {
		sentences = append(sentences, fmt.Sprintf("No difference in %s%s can be told from noise: %s.", inWords(metric), under(d, keep), strings.Join(untold, "; ")))
	}
	if len(unsure) > 0 {
		sentences = append(sentences, fmt.Sprintf("What changes %s%s is not known of %s: there are too few blocks for intervals of all the pairs.",
			inWords(metric), under(d, keep), verdict.Enumeration(unsure)))
	}
	if len(told)+len(untold) == 0 {
		return strings.Join(sentences, " ")
	}
	if len(ofWork) > 0 {
		sentences = append(sentences, fmt.Sprintf("How much work a request is, is left out of this: it makes %s.", strings.Join(ofWork, "; ")))
	}
	together := allTogether
	if text := atFixedRates(d, metric, keep, axes); text != "" {
		sentences = append(sentences, text)
		together = fmt.Sprintf("The intervals of all the pairs%s hold together with 95 %% confidence, and so do those%s.", under(d, keep), under(d, fixedRates(d, keep)))
	}
	sentences = append(sentences, "Each compares the two values that differ most, in cases equal in all else.", together)
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
