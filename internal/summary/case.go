package summary

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// Case is what the trials of one case add up to.
type Case struct {
	Case    results.Case
	Load    results.Load
	Valid   []results.Trial // in the order in which they were measured
	Invalid int             // trials left out of every figure but errorShare

	Metrics    map[string]stats.Summary // by name; only those with at least one value
	Bottleneck []Count                  // over valid trials, most frequent first
	Sent       int64                    // over all trials, the invalid ones included
	Wrong      int64                    // of these, without the expected answer
}

// Count says how often something was seen.
type Count struct {
	Name string `json:"name"`
	N    int64  `json:"n"`
}

// Group is the cases that one load drives: they are shown together,
// because figures of different loads do not compare.
type Group struct {
	Load  results.Load
	Cases []Case
}

// Cases returns one summary per case of the plan, in its order. Trials of
// a case that the plan does not list are left out.
func Cases(d Data) []Case {
	trials := make(map[string][]results.Trial, len(d.Run.Plan.Cases))
	for _, t := range d.Trials {
		trials[t.Case] = append(trials[t.Case], t)
	}
	cases := make([]Case, len(d.Run.Plan.Cases))
	for i, c := range d.Run.Plan.Cases {
		load, ok := d.Run.Plan.Loads[c.Load]
		if !ok || load.Name == "" {
			load.Name = c.Load
		}
		cases[i] = summariseCase(c, load, trials[c.ID()])
	}
	return cases
}

func summariseCase(c results.Case, load results.Load, trials []results.Trial) Case {
	s := Case{Case: c, Load: load, Metrics: map[string]stats.Summary{}}
	values := map[string][]float64{}
	bottlenecks := map[string]int64{}
	for _, t := range trials {
		s.Sent += max(t.Counts.Sent, 0)
		s.Wrong += max(t.Counts.Sent-t.Counts.Correct, 0)
		if !t.Valid {
			s.Invalid++
			continue
		}
		s.Valid = append(s.Valid, t)
		bottlenecks[cmp.Or(inert.Line(t.Bottleneck), results.BottleneckUnknown)]++
		for name, v := range t.Metrics {
			if Finite(v) {
				values[name] = append(values[name], v)
			}
		}
	}
	for name, v := range values {
		s.Metrics[name] = stats.Describe(v)
	}
	s.Bottleneck = SortedCounts(bottlenecks)
	return s
}

// Median returns the median of that metric over the valid trials; ok is false
// where it is unknown.
func (c Case) Median(metric string) (v float64, ok bool) {
	m, ok := c.Metrics[metric]
	return m.Median, ok && Finite(m.Median)
}

// ErrorShare is the share of all requests sent that failed or were answered
// wrongly, 0 to 1. It counts the invalid trials too: a wrong answer is what
// makes a trial invalid, so the valid ones alone could only ever show 0.
func (c Case) ErrorShare() (share float64, ok bool) {
	if c.Sent <= 0 {
		return 0, false
	}
	return min(float64(c.Wrong)/float64(c.Sent), 1), true
}

// ByLoad groups the cases by load, in the order in which loads first occur.
func ByLoad(cases []Case) []Group {
	var groups []Group
	for _, c := range cases {
		i := slices.IndexFunc(groups, func(g Group) bool { return g.Load.Name == c.Load.Name })
		if i < 0 {
			i = len(groups)
			groups = append(groups, Group{Load: c.Load})
		}
		groups[i].Cases = append(groups[i].Cases, c)
	}
	return groups
}

// CaseAxes lists the axes that tell cases of one load apart. Where there is
// only one case it names the protocol, rather than nothing.
func CaseAxes(plan results.Plan) []string {
	axes := slices.DeleteFunc(results.Varying(plan.Cases), func(axis string) bool { return axis == "load" })
	if len(axes) == 0 {
		axes = []string{"target", "protocol"}
	}
	return axes
}

// Label names a case as verdict.Label does, fit to be shown anywhere. Each
// value keeps at most so many columns, of both its ends; 0 means all.
func Label(c results.Case, axes []string, most int) string {
	return cmp.Or(verdict.LabelOf(c, axes, func(value string) string {
		if value = inert.Line(value); most > 0 {
			value = ShortenMiddle(value, most)
		}
		return value
	}), Unknown)
}

// countReasons counts why trials are invalid, most frequent first. Reasons that
// differ in their figures alone count as one, with the range of each figure.
func countReasons(invalid []results.Trial) []Count {
	n := map[string]int64{}
	alike := map[string][]string{} // by the text without its figures
	for _, t := range invalid {
		if len(t.Invalid) == 0 {
			n["no reason recorded"]++
		}
		for _, reason := range t.Invalid {
			reason = inert.Line(reason)
			key := figure.ReplaceAllString(reason, "0")
			alike[key] = append(alike[key], reason)
		}
	}
	for _, reasons := range alike {
		n[ranges(reasons)] += int64(len(reasons))
	}
	return SortedCounts(n)
}

// ranges is one text for several that differ in their figures alone: "took 21 to
// 99 % of the CPU time".
func ranges(texts []string) string {
	first := figure.FindAllString(texts[0], -1)
	low, high := slices.Clone(first), slices.Clone(first)
	value := func(text string) float64 {
		v, _ := strconv.ParseFloat(text, 64) // figure finds nothing that does not parse
		return v
	}
	for _, text := range texts[1:] {
		for i, f := range figure.FindAllString(text, -1) {
			if value(f) < value(low[i]) {
				low[i] = f
			}
			if value(f) > value(high[i]) {
				high[i] = f
			}
		}
	}
	next := -1
	return figure.ReplaceAllStringFunc(texts[0], func(string) string {
		next++
		if low[next] == high[next] {
			return low[next]
		}
		return low[next] + " to " + high[next]
	})
}

// CountErrors adds up failed requests by kind, with one message of each.
func CountErrors(trials []results.Trial) []results.ErrorCount {
	byKind := map[string]*results.ErrorCount{}
	for _, t := range trials {
		for _, e := range t.Errors {
			kind := inert.Line(e.Kind)
			if byKind[kind] == nil {
				byKind[kind] = &results.ErrorCount{Kind: kind, Sample: inert.Line(e.Sample)}
			}
			byKind[kind].Count += e.Count
		}
	}
	all := make([]results.ErrorCount, 0, len(byKind))
	for _, e := range byKind {
		all = append(all, *e)
	}
	slices.SortFunc(all, func(a, b results.ErrorCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Kind, b.Kind))
	})
	return all
}

func SortedCounts(n map[string]int64) []Count {
	counts := make([]Count, 0, len(n))
	for name, k := range n {
		counts = append(counts, Count{name, k})
	}
	slices.SortFunc(counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Name, b.Name))
	})
	return counts
}

func Finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// CaseName is a trial's case as the tables name it, with its load.
func CaseName(plan results.Plan, t results.Trial) string {
	for _, c := range plan.Cases {
		if c.ID() == t.Case {
			return Label(c, append(CaseAxes(plan), "load"), 0)
		}
	}
	return t.Case
}
