package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// JSON writes the machine-readable summary of a run, one object, indented:
//
//	run       id, tool, scenario, start, end, partial, seed, quick, duration_s,
//	          warmup_s, blocks {complete, min, max}, trials {total, valid,
//	          invalid, disturbed, noted}: the latter two of the valid ones, each in
//	          one of them at most; loads by name {clients, rate_per_s, arrivals, search {slo
//	          [{metric, below}], from_per_s, precision}},
//	          unverified, environment, placement, targets, fronts, skipped,
//	          exceptions, warnings: the latter eight as in run.json
//	cases     in the order of the plan: id, axes (target, protocol, network,
//	          connection, front, application, load, and request where it has a
//	          name), trials {total, valid, invalid}, requests {sent, wrong} over all trials, bottlenecks
//	          [{name, n}], errors [{kind, count, sample}], and metrics by name
//	          {n, median, q1, q3, min, max, spread, unit, better}: over valid
//	          trials, better is "higher" or "lower", spread is (q3-q1)/median
//	verdicts  claims and gates: name, says, gate, outcome, factor {op, value},
//	          warnings, bottlenecks [{name, n}] of the valid trials of its cases,
//	          and comparisons [{metric, of, over (case ids), outcome, ratio, low,
//	          high, confidence, achieved, n, p, alpha, blocks, of_median,
//	          over_median, min_detectable, blocks_needed, generator_bound, warnings,
//	          sentence, explanation, parts [{axis, from, to, ratio, low, high, n, least,
//	          most}]}]
//	trends    name, says, metric, unit, along, per, step (the unit of per), group,
//	          points [{case (id), x, median}], slope, low, high, confidence,
//	          intercept, r2, blocks, warnings, sentence
//	drift     of what all cases have in common: metric, change, low, high
//	          (relative, from the first block to the last), confidence, blocks, cases,
//	          told (apart from none, and at least 3 %), sentence
//	noise     disturbed (trials, the invalid ones included), notes [{name, n}], and
//	          figures by name {n, median, min, max, unit} over all trials: steal, others,
//	          pressure, frequency_mhz, frequency_change
//
// ratio says how many times better "of" is than "over". Every metric is
// listed for every case. What is unknown is null: a figure that nothing
// measured, an interval that does not exist, blocks_needed of a decided
// comparison. Keys come in a fixed order, metrics sorted by name. Lists are
// never null. An error is that of w.
func JSON(w io.Writer, d summary.Data) error {
	out, err := json.MarshalIndent(newSummary(d), "", "  ")
	if err != nil {
		return fmt.Errorf("summary as JSON: %w", err)
	}
	_, err = w.Write(append(out, '\n'))
	return err
}

// number is a float64 that JSON can always carry: what is not finite is null.
type number float64

// MarshalJSON implements json.Marshaler.
func (n number) MarshalJSON() ([]byte, error) {
	if !summary.Finite(float64(n)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

type summaryJSON struct {
	Run      runJSON     `json:"run"`
	Cases    []caseJSON  `json:"cases"`
	Verdicts []claimJSON `json:"verdicts"`
	Trends   []trendJSON `json:"trends"`
	Drift    []driftJSON `json:"drift"`
	Noise    noiseJSON   `json:"noise"`
}

type runJSON struct {
	ID          string              `json:"id"`
	Tool        string              `json:"tool"`
	Scenario    string              `json:"scenario"`
	Start       *time.Time          `json:"start"`
	End         *time.Time          `json:"end"`
	Partial     string              `json:"partial"`
	Seed        uint64              `json:"seed"`
	Quick       bool                `json:"quick"`
	DurationS   number              `json:"duration_s"`
	WarmupS     number              `json:"warmup_s"`
	Blocks      blocksJSON          `json:"blocks"`
	Trials      trialsJSON          `json:"trials"`
	Loads       map[string]loadJSON `json:"loads"`
	Unverified  bool                `json:"unverified"`
	Environment results.Environment `json:"environment"`
	Placement   results.Placement   `json:"placement"`
	Targets     []results.Server    `json:"targets"`
	Fronts      []results.Server    `json:"fronts"`
	Skipped     []results.Skip      `json:"skipped"`
	Exceptions  []results.Exception `json:"exceptions"`
	Warnings    []string            `json:"warnings"`
}

type blocksJSON struct {
	Complete int `json:"complete"` // blocks in which every case has a valid trial
	Min      int `json:"min"`
	Max      int `json:"max"`
}

type loadJSON struct {
	Clients  *int        `json:"clients"`
	Rate     *number     `json:"rate_per_s"`
	Arrivals string      `json:"arrivals,omitempty"`
	Search   *searchJSON `json:"search,omitempty"`
}

type caseJSON struct {
	ID          string                `json:"id"`
	Axes        results.Case          `json:"axes"`
	Trials      trialsJSON            `json:"trials"`
	Requests    requestsJSON          `json:"requests"`
	Bottlenecks []summary.Count       `json:"bottlenecks"`
	Errors      []results.ErrorCount  `json:"errors"`
	Metrics     map[string]metricJSON `json:"metrics"`
}

type requestsJSON struct {
	Sent  int64 `json:"sent"`
	Wrong int64 `json:"wrong"`
}

type metricJSON struct {
	N      int     `json:"n"`
	Median *number `json:"median"`
	Q1     *number `json:"q1"`
	Q3     *number `json:"q3"`
	Min    *number `json:"min"`
	Max    *number `json:"max"`
	Spread *number `json:"spread"`
	Unit   string  `json:"unit"`
	Better string  `json:"better"`
}

func newSummary(d summary.Data) summaryJSON {
	s := summaryJSON{Run: newRunJSON(d), Cases: []caseJSON{}, Verdicts: []claimJSON{}, Trends: []trendJSON{}, Drift: newDriftJSON(d), Noise: newNoiseJSON(d)}
	byCase := map[string][]results.Trial{}
	for _, t := range d.Trials {
		byCase[t.Case] = append(byCase[t.Case], t)
	}
	for _, c := range summary.Cases(d) {
		s.Cases = append(s.Cases, newCaseJSON(c, byCase[c.Case.ID()]))
	}
	for _, c := range d.Claims {
		s.Verdicts = append(s.Verdicts, newClaimJSON(d, c))
	}
	for _, t := range d.Trends {
		s.Trends = append(s.Trends, newTrendJSON(t))
	}
	return s
}

func newRunJSON(d summary.Data) runJSON {
	plan := d.Run.Plan
	r := runJSON{
		ID: d.Run.ID, Tool: d.Run.Tool, Scenario: d.Run.Scenario.Name,
		Start: knownTime(d.Run.Start), End: knownTime(d.Run.End), Partial: d.Run.Partial,
		Seed: d.Run.Seed, Quick: plan.Quick,
		DurationS: number(plan.Duration.Seconds()), WarmupS: number(plan.Warmup.Seconds()),
		Blocks:      blocksJSON{summary.CompleteBlocks(d), plan.MinBlocks, plan.MaxBlocks},
		Trials:      countTrials(d.Trials),
		Loads:       make(map[string]loadJSON, len(plan.Loads)),
		Unverified:  d.Run.Unverified,
		Environment: d.Run.Environment, Placement: d.Run.Placement,
		Targets: list(d.Run.Targets), Fronts: list(d.Run.Fronts), Skipped: list(d.Run.Skipped),
		Exceptions: list(d.Run.Exceptions), Warnings: list(d.Run.Warnings),
	}
	for name, l := range plan.Loads {
		j := loadJSON{Arrivals: l.Arrivals, Search: newSearchJSON(l.Search)}
		if l.Closed() {
			j.Clients = &l.Clients
		} else {
			j.Rate = known(l.Rate, l.Search == nil)
		}
		r.Loads[name] = j
	}
	return r
}

func newCaseJSON(c summary.Case, trials []results.Trial) caseJSON {
	j := caseJSON{
		ID: c.Case.ID(), Axes: c.Case,
		Trials:      countTrials(trials),
		Requests:    requestsJSON{c.Sent, c.Wrong},
		Bottlenecks: c.Bottleneck,
		Errors:      summary.CountErrors(trials),
		Metrics:     make(map[string]metricJSON, len(results.MetricList)),
	}
	for _, m := range results.MetricList {
		better := "lower"
		if m.Higher {
			better = "higher"
		}
		j.Metrics[m.Name] = newMetricJSON(c.Metrics[m.Name], m.Unit, better)
	}
	return j
}

func newMetricJSON(s stats.Summary, unit, better string) metricJSON {
	ok := s.N > 0
	return metricJSON{
		N: s.N, Unit: unit, Better: better,
		Median: known(s.Median, ok), Q1: known(s.Q1, ok), Q3: known(s.Q3, ok),
		Min: known(s.Min, ok), Max: known(s.Max, ok), Spread: known(s.Spread, s.N > 1 && s.Median != 0),
	}
}

// known is v, or null where there is no such figure.
func known(v float64, ok bool) *number {
	if !ok || !summary.Finite(v) {
		return nil
	}
	n := number(v)
	return &n
}

func knownTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// list copies a list, so that an absent one is [] and not null.
func list[T any](items []T) []T { return append([]T{}, items...) }

// trialsJSON counts trials by their state: those that are disturbed or noted are valid.
type trialsJSON struct {
	Total     int `json:"total"`
	Valid     int `json:"valid"`
	Invalid   int `json:"invalid"`
	Disturbed int `json:"disturbed"`
	Noted     int `json:"noted"`
}

func countTrials(trials []results.Trial) trialsJSON {
	count := func(state summary.TrialState) int { return len(summary.InState(trials, state)) }
	n := trialsJSON{Total: len(trials), Invalid: count(summary.TrialInvalid), Disturbed: count(summary.TrialDisturbed), Noted: count(summary.TrialNoted)}
	n.Valid = n.Total - n.Invalid
	return n
}
