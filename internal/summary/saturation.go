package summary

import (
	"math"
	"strings"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// SearchPoints is what a search tried on a case.
type SearchPoints struct {
	Case
	Objective results.Objective // of the SLO, that Probe.Value is measured against
	Probes    []ProbePoint      // of the valid trials, in the order of measurement
	// Saturation is the rate found (req/s), over the valid trials that found one; N is
	// 0 where none did.
	Saturation stats.Summary
}

// ProbePoint is one probe.
type ProbePoint struct {
	Block   int
	Rate    float64 // req/s, as asked for; positive
	Value   float64 // of the objective's metric, in its unit; positive
	Known   bool    // whether Value is known
	Outcome string  // results.ProbeHeld and so on
	Stage   string
}

// SearchesOf are the points of all cases under loads that search, in the order of
// the plan.
func SearchesOf(cases []Case) []SearchPoints {
	var all []SearchPoints
	for _, c := range cases {
		if c.Load.Search == nil {
			continue
		}
		s := SearchPoints{Case: c, Objective: plotted(*c.Load.Search), Saturation: c.Metrics["saturation"]}
		for _, t := range c.Valid {
			for _, p := range t.Probes {
				if !stats.Usable(p.Rate) {
					continue
				}
				v := p.Metrics[s.Objective.Metric]
				point := ProbePoint{Block: t.Block, Rate: p.Rate, Outcome: p.Outcome, Stage: p.Stage}
				if stats.Usable(v) {
					point.Value, point.Known = v, true
				}
				s.Probes = append(s.Probes, point)
			}
		}
		all = append(all, s)
	}
	return all
}

// Found says what the searches found: "4,274 req/s", "at least 15,110 req/s" where the
// load generator ended most of them, "no rate held"; "" where nothing was tried.
func (s SearchPoints) Found() string {
	switch {
	case len(s.Probes) == 0:
		return ""
	case s.Saturation.N == 0:
		return "no rate held"
	case s.Case.GeneratorBound():
		return "at least " + Significant(s.Saturation.Median) + " req/s"
	}
	return Significant(s.Saturation.Median) + " req/s"
}

// FoundText is Found with what else there is to say of it.
func (s SearchPoints) FoundText() string {
	if s.Saturation.N == 0 {
		return s.Found()
	}
	return heldRate(s.Case, "")
}

// Bounded tells whether the objective has a place on a logarithmic axis.
func (s SearchPoints) Bounded() bool { return Finite(s.Objective.Below) && s.Objective.Below > 0 }

// RateLabel names the axis of the rates that searches tried.
const RateLabel = "arrival rate (req/s)"

// ValueLabel names what the objective is about.
func (s SearchPoints) ValueLabel() string {
	return strings.TrimPrefix(s.Objective.Metric, "latency.") + " (ms)"
}

// ObjectiveLabel names the line of the objective.
func (s SearchPoints) ObjectiveLabel() string { return "objective: " + s.Objective.String() }

// plotted is the objective that a picture is drawn of: the first on a time, else that
// on the 99th percentile of latency, without a bound.
func plotted(s results.Search) results.Objective {
	for _, o := range s.SLO {
		if m, ok := results.LookupMetric(o.Metric); ok && m.Unit == "ms" {
			return o
		}
	}
	return results.Objective{Metric: "latency.p99", Below: math.Inf(1)}
}
