package viewer

import (
	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// digest is what is remembered of the trials of a run: enough for the list and for the
// history of its metrics. It takes about 1 kB for each case.
type digest struct {
	err                   error // why the trials could not be read, or judged
	trials, valid, blocks int
	unfinished            string // that of summary
	claims                []claim
	cases                 []results.Case
	loads                 map[string]results.Load
	axes                  []string               // that tell the cases apart
	figures               map[string][]quartiles // by metric; one for each case
}

// claim is what became of a claim, or gate.
type claim struct {
	name    string
	gate    bool
	outcome verdict.Outcome
}

// quartiles are those of a metric over the valid trials of a case; n 0: unknown.
type quartiles struct {
	n            int
	low, mid, up float64
}

func newDigest(d summary.Data, err error) *digest {
	if err != nil {
		return &digest{err: err}
	}
	out := &digest{
		trials: len(d.Trials), valid: summary.ValidTrials(d), blocks: summary.CompleteBlocks(d), unfinished: summary.Unfinished(d), cases: d.Run.Plan.Cases, loads: d.Run.Plan.Loads,
		axes: summary.CaseAxes(d.Run.Plan), figures: map[string][]quartiles{},
	}
	for _, c := range d.Claims {
		out.claims = append(out.claims, claim{inert.Line(c.Claim.Name), c.Gate, c.Outcome})
	}
	cases := summary.Cases(d)
	for _, m := range results.MetricList {
		figures := make([]quartiles, len(cases))
		known := false
		for i, c := range cases {
			if s, ok := c.Metrics[m.Name]; ok && m.Says(c.Load) {
				figures[i], known = quartilesOf(s), true
			}
		}
		if known {
			out.figures[m.Name] = figures
		}
	}
	return out
}

func quartilesOf(s stats.Summary) quartiles { return quartiles{s.N, s.Q1, s.Median, s.Q3} }
