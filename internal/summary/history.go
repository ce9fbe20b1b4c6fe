package summary

import (
	"time"

	"github.com/gwbench/gwbench/results"
)

// History is a metric of the cases of a scenario over several runs.
type History struct {
	Scenario string
	Metric   results.Metric
	Runs     []PastRun // the oldest first
	Loads    []PastLoad
}

// PastRun is one run of a History.
type PastRun struct {
	Name  string
	Start time.Time
	// Changed is what is another than in the run before, as far as figures depend on it:
	// the machine, or a load. Figures on the two sides of a change do not compare.
	Changed []string
}

// PastLoad is the cases that one load drives.
type PastLoad struct {
	Load  results.Load // as the newest run has it
	Lines []PastCase
}

// PastCase is the metric of one case, by run.
type PastCase struct {
	Case   results.Case
	Label  string
	Points []PastPoint // one for each run
}

// PastPoint is a metric over the valid trials of a case in one run: quartiles and
// median, in the unit of the metric.
type PastPoint struct {
	N            int // of the trials that know it; 0: the figures are unknown
	Low, Mid, Up float64
}

// Known tells whether the run has the figure.
func (p PastPoint) Known() bool { return p.N > 0 && Finite(p.Low) && Finite(p.Mid) && Finite(p.Up) }
