package summary

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// latencyAnswer says how long a request takes under the open loads, what choice
// changes that, and what counting from the due time adds.
func latencyAnswer(d Data, cases []Case) string {
	var sentences []string
	closed := false
	for _, g := range ByLoad(cases) {
		closed = closed || g.Load.Closed()
		if g.Load.Closed() || g.Load.Search != nil {
			continue
		}
		if text := openLatency(d, g); text != "" {
			sentences = append(sentences, text)
		}
	}
	if len(sentences) == 0 && closed {
		return "The loads are closed: their latency is service time, in which clients that wait send less. What a crowd that does not wait would see is not known; an open load would tell."
	}
	return strings.Join(sentences, " ")
}

func openLatency(d Data, g Group) string {
	median, ok := latencyRange(d, g, "latency.p50")
	if !ok {
		return ""
	}
	name := LoadText(g.Load)
	text := fmt.Sprintf("Under %s, half of the requests were answered within %s", name, median)
	if tail, ok := latencyRange(d, g, "latency.p99"); ok {
		text += fmt.Sprintf(", and 99 of 100 within %s", tail)
	}
	text += "."
	keep := func(c results.Case) bool { return c.Load == g.Cases[0].Case.Load }
	for _, metric := range []string{"latency.p50", "latency.p99"} {
		if t := latencyEffect(d, metric, keep); t != "" {
			text += " " + t
		}
	}
	if t := omission(d, g); t != "" {
		text += " " + t
	}
	return text
}

// latencyRange is "0.173 ms (builtin http) to 0.295 ms (uwsgi uwsgi)".
func latencyRange(d Data, g Group, metric string) (text string, ok bool) {
	axes := CaseAxes(d.Run.Plan)
	least, most, low, high, ok := span(g.Cases, func(c Case) (float64, bool) { return c.Median(metric) })
	if !ok {
		return "", false
	}
	if len(g.Cases) == 1 || Significant(low) == Significant(high) {
		return Significant(high) + " ms", true
	}
	return fmt.Sprintf("%s ms (%s) to %s ms (%s)", Significant(low), Label(least.Case, axes, 0), Significant(high), Label(most.Case, axes, 0)), true
}

// latencyEffect says which axis changes the metric most.
func latencyEffect(d Data, metric string, keep func(results.Case) bool) string {
	axes := byAxis(verdict.Effects(d.Run.Plan, d.Trials, metric, keep))
	if len(axes) == 0 {
		return ""
	}
	if i := slices.IndexFunc(axes, axisEffect.told); i >= 0 {
		e := axes[i]
		return fmt.Sprintf("What changes the %s most, of what can be told from noise, is the %s: %s.", inWords(metric), axisWord(e.Axis), e.text(" faster"))
	}
	if !slices.ContainsFunc(axes, func(e axisEffect) bool { return e.Ratio.HasInterval() }) {
		return fmt.Sprintf("What changes the %s is not known, as there are too few blocks.", inWords(metric))
	}
	return fmt.Sprintf("No choice makes a difference to the %s that can be told from noise.", inWords(metric))
}

// omission says how much better the 99th percentile would look if waiting to be
// sent did not count: what most load generators leave out.
func omission(d Data, g Group) string {
	type pair struct{ corrected, raw float64 }
	found := map[string]pair{}
	worst, _, _, _, ok := span(g.Cases, func(c Case) (float64, bool) {
		var corrected, raw []float64
		for _, t := range c.Valid {
			l, known := t.Metrics["latency.p99"]
			s, known2 := t.Metrics["service.p99"]
			if known && known2 && stats.Usable(l) && stats.Usable(s) {
				corrected, raw = append(corrected, l), append(raw, s)
			}
		}
		if len(raw) == 0 {
			return 0, false
		}
		p := pair{stats.Describe(corrected).Median, stats.Describe(raw).Median}
		found[c.Case.ID()] = p
		return p.raw / p.corrected, true
	})
	if !ok {
		return ""
	}
	p := found[worst.Case.ID()]
	const nearly = 0.95
	if p.raw/p.corrected > nearly {
		return "Counted from when a request was sent instead of when it was due, the 99th percentile would be nearly the same: within 5 % in every case."
	}
	text := fmt.Sprintf("Counted from when a request was sent instead of when it was due, the 99th percentile would look better than it was, in the worst case by as much as %s instead of %s ms (%s)",
		Significant(p.raw), Significant(p.corrected), Label(worst.Case, CaseAxes(d.Run.Plan), 0))
	if lag, ok := worst.Median("lag.p99"); ok {
		text += fmt.Sprintf("; the load generator sent 99 of 100 of these requests within %s ms of their time, which is part of that", Significant(lag))
	}
	return text + "."
}
