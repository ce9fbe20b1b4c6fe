package export

import (
	"math"
	"strconv"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// caseFigures is what the trials of one case add up to.
type caseFigures struct {
	Case    results.Case
	Load    results.Load
	Trials  int
	Valid   []results.Trial // in the order in which they were measured
	Seconds float64         // measured time of all trials

	metrics     map[string]stats.Summary // over valid trials; only those with at least one value
	sent, wrong int64                    // requests of all trials, the invalid ones included
}

// figures returns those of each case of the plan, in its order.
func figures(d Data) []caseFigures {
	trials := map[string][]results.Trial{}
	for _, t := range d.Trials {
		trials[t.Case] = append(trials[t.Case], t)
	}
	all := make([]caseFigures, len(d.Run.Plan.Cases))
	for i, c := range d.Run.Plan.Cases {
		all[i] = add(c, d.Run.Plan.Loads[c.Load], trials[c.ID()])
	}
	return all
}

func add(c results.Case, l results.Load, trials []results.Trial) caseFigures {
	f := caseFigures{Case: c, Load: l, Trials: len(trials), metrics: map[string]stats.Summary{}}
	values := map[string][]float64{}
	for _, t := range trials {
		f.Seconds += t.Seconds
		f.sent += max(t.Counts.Sent, 0)
		f.wrong += max(t.Counts.Sent-t.Counts.Correct, 0)
		if !t.Valid {
			continue
		}
		f.Valid = append(f.Valid, t)
		for name, v := range t.Metrics {
			values[name] = append(values[name], v)
		}
	}
	for name, v := range values {
		if s := stats.Describe(v); s.N > 0 {
			f.metrics[name] = s
		}
	}
	return f
}

// of returns the figures of a metric; ok is false where it is unknown, and
// where it says nothing of such a load.
//
// The errors are the share of all requests that were sent, those of invalid
// trials included, without quartiles: a wrong answer is what makes a trial
// invalid, so that the valid ones alone could only ever show 0.
func (f caseFigures) of(m results.Metric) (s stats.Summary, ok bool) {
	if m.Name == "errors" {
		return stats.Summary{N: 1, Median: float64(f.wrong) / float64(f.sent)}, f.sent > 0
	}
	s, ok = f.metrics[m.Name]
	return s, ok && m.Says(f.Load)
}

// known returns those of the metrics that are known of any case.
func known(metrics []results.Metric, all []caseFigures) []results.Metric {
	var found []results.Metric
	for _, m := range metrics {
		for _, f := range all {
			if _, ok := f.of(m); ok {
				found = append(found, m)
				break
			}
		}
	}
	return found
}

// Missing lists the cases without a valid trial: they have no figures, so that
// most formats leave them out.
func Missing(d Data) []results.Case {
	var cases []results.Case
	for _, f := range figures(d) {
		if len(f.Valid) == 0 {
			cases = append(cases, f.Case)
		}
	}
	return cases
}

// digits is how many significant ones the medians of an export have: more than
// any measurement supports.
const digits = 6

// rounded is v with so many significant digits.
func rounded(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	if err != nil { // rounded up beyond the largest number
		return v
	}
	return r
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
