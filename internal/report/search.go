package report

import (
	"github.com/gwbench/gwbench/results"
)

// searchJSON is the goal of a search in the summary.
type searchJSON struct {
	SLO       []objectiveJSON `json:"slo"`
	From      number          `json:"from_per_s"`
	Precision number          `json:"precision"`
}

type objectiveJSON struct {
	Metric string `json:"metric"`
	Below  number `json:"below"` // in the metric's unit
}

// newSearchJSON is nil for a load that does not search.
func newSearchJSON(s *results.Search) *searchJSON {
	if s == nil {
		return nil
	}
	j := &searchJSON{SLO: []objectiveJSON{}, From: number(s.From), Precision: number(s.Precision)}
	for _, o := range s.SLO {
		j.SLO = append(j.SLO, objectiveJSON{o.Metric, number(o.Below)})
	}
	return j
}
