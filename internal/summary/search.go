package summary

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/results"
)

// HasSearch tells whether a load of the run searches, and whether all do.
func HasSearch(plan results.Plan) (some, all bool) {
	all = len(plan.Cases) > 0
	for _, c := range plan.Cases {
		searches := plan.Loads[c.Load].Search != nil
		some, all = some || searches, all && searches
	}
	return some, all
}

// SearchLines say of each case under the load what it holds, and what it met
// beyond that:
//
//	uwsgi per-request: holds 12,300 req/s (middle half of the trials 11,800 to 12,900); at 12,900/s p99 reached 14.2 ms (the server)
func SearchLines(g Group, axes []string) []string {
	if g.Load.Search == nil {
		return nil
	}
	lines := make([]string, len(g.Cases))
	for i, c := range g.Cases {
		lines[i] = Label(c.Case, axes, 0) + ": " + searchText(c)
	}
	return lines
}

// AllSearchLines are those of all loads.
func AllSearchLines(d Data) (lines []string) {
	for _, g := range ByLoad(Cases(d)) {
		lines = append(lines, SearchLines(g, CaseAxes(d.Run.Plan))...)
	}
	return lines
}

func searchText(c Case) string {
	s, found := c.Metrics["saturation"]
	if len(c.Valid) == 0 {
		return "no valid search"
	}
	if !found {
		t := c.Valid[len(c.Valid)-1]
		return "holds no rate" + beyond(t, 0)
	}
	t, saturation := typicalSearch(c, s.Median)
	return "holds " + heldRate(c, "") + beyond(t, saturation)
}

// heldRate is the rate that searches found, a lower bound where the load generator
// ended most of them, and in brackets what there is to add:
//
//	at least 15,110 req/s (uwsgi http; the load generator was the limit; middle half of the trials 13,812 to 15,382)
func heldRate(c Case, label string) string {
	s := c.Metrics["saturation"]
	text := fmt.Sprintf("%s req/s", Significant(s.Median))
	var parts []string
	if label != "" {
		parts = append(parts, label)
	}
	if c.GeneratorBound() {
		text = "at least " + text
		parts = append(parts, "the load generator was the limit")
	}
	if s.N > 1 {
		parts = append(parts, fmt.Sprintf("middle half of the trials %s to %s", Significant(s.Q1), Significant(s.Q3)))
	}
	if none := len(c.Valid) - s.N; none > 0 {
		parts = append(parts, fmt.Sprintf("no rate in %d of %s", none, Plural(len(c.Valid), "trial")))
	}
	if len(parts) == 0 {
		return text
	}
	return fmt.Sprintf("%s (%s)", text, strings.Join(parts, "; "))
}

// typicalSearch is the trial whose answer is the median, or the next above it:
// what it missed lies above the median too.
func typicalSearch(c Case, median float64) (t results.Trial, saturation float64) {
	saturation = math.Inf(1)
	for _, trial := range c.Valid {
		if found, ok := trial.Metrics["saturation"]; ok && found >= median && found < saturation {
			t, saturation = trial, found
		}
	}
	return t, saturation
}

// beyond says what the search met at the lowest rate above the one that held, of
// whoever kept it from that.
func beyond(t results.Trial, held float64) string {
	limit := results.ProbeServer
	if t.Bottleneck == results.BottleneckGenerator {
		limit = results.ProbeGenerator
	}
	var first *results.Probe
	for i, p := range t.Probes {
		if p.Outcome == limit && p.Rate > held && (first == nil || p.Rate <= first.Rate) {
			first = &t.Probes[i]
		}
	}
	if first == nil {
		return ""
	}
	who := cmp.Or(bottleneckWords[t.Bottleneck], inert.Line(t.Bottleneck))
	return fmt.Sprintf("; at %s/s %s (%s)", Significant(first.Rate), cmp.Or(inert.Line(strings.Join(first.Reasons, "; ")), "it missed"), who)
}
