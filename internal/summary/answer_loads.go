package summary

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// under names the loads of an answer that is not about all of them: " under saturate";
// else it is "".
func under(d Data, keep func(results.Case) bool) string {
	var kept []string
	others := false
	for _, c := range d.Run.Plan.Cases {
		switch {
		case !keep(c):
			others = true
		case !slices.Contains(kept, c.Load):
			kept = append(kept, c.Load)
		}
	}
	if !others || len(kept) == 0 {
		return ""
	}
	for i, name := range kept {
		kept[i] = inert.Line(name)
	}
	return " under " + verdict.Enumeration(kept)
}

// atFixedRates says what the effects that an answer told of closed loads are under the
// open ones, where servers have time to idle: often less. "" where there are no such
// loads, or nothing is known of them.
func atFixedRates(d Data, metric string, keep func(results.Case) bool, told []axisEffect) string {
	open := fixedRates(d, keep)
	if metric != "capacity" {
		return ""
	}
	effects := verdict.Effects(d.Run.Plan, d.Trials, metric, open)
	var parts []string
	for _, e := range told {
		if same, ok := samePair(effects, e.Effect); ok && same.Ratio.HasInterval() {
			parts = append(parts, fmt.Sprintf("the %s %s", axisWord(e.Axis), ratioWithInterval(same.Ratio)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("%s, where the rate is fixed, the same comparisons give: %s.", Capital(strings.TrimSpace(under(d, open))), strings.Join(parts, "; "))
}

// fixedRates are the cases of open loads among those that an answer leaves out.
func fixedRates(d Data, keep func(results.Case) bool) func(results.Case) bool {
	return func(c results.Case) bool {
		load := d.Run.Plan.Loads[c.Load]
		return !keep(c) && !load.Closed() && load.Search == nil
	}
}

// samePair finds the effect between the same two values, the same way round.
func samePair(effects []verdict.Effect, like verdict.Effect) (verdict.Effect, bool) {
	for _, e := range effects {
		switch {
		case e.Axis != like.Axis:
		case e.Of == like.Of && e.Over == like.Over:
			return e, true
		case e.Of == like.Over && e.Over == like.Of:
			e.Of, e.Over = e.Over, e.Of
			e.Ratio = inverse(e.Ratio)
			return e, true
		}
	}
	return verdict.Effect{}, false
}

// inverse is the ratio the other way round; one without an interval stays without.
func inverse(r stats.Ratio) stats.Ratio {
	r.Estimate, r.Low, r.High = 1/r.Estimate, 1/r.High, 1/r.Low
	return r
}
