package summary

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// bottleneckWords say what a trial was limited by, in a sentence.
var bottleneckWords = map[string]string{
	results.BottleneckServer:    "the server",
	results.BottleneckFront:     "the front",
	results.BottleneckGenerator: "the load generator",
	results.BottleneckNetwork:   "the network",
	results.BottleneckRate:      "the rate of the load (kept up with)",
	results.BottleneckUnknown:   "not found",
}

// BottleneckText says which resource limited the cases of a claim:
//
//	Bottleneck: the server in 18 of 20 trials of these cases, the load
//	generator in 2.
//
// Closed and open loads are told apart, since an open one that is kept up with
// is limited by its rate. It is "" where the cases have no valid trial.
func BottleneckText(d Data, c verdict.ClaimResult) string {
	closed, open := ClaimTrials(d, c)
	var parts []string
	if len(closed) > 0 {
		under := ""
		if len(open) > 0 {
			under = " under closed load"
		}
		parts = append(parts, limits(closed, "of these cases"+under))
	}
	if len(open) > 0 {
		of := "of these cases"
		if len(closed) > 0 {
			of = "under open load"
		}
		parts = append(parts, limits(open, of))
	}
	if len(parts) == 0 {
		return ""
	}
	return "Bottleneck: " + strings.Join(parts, "; ") + "." + frontShare(slices.Concat(closed, open))
}

// limits is "the server in 18 of 20 trials of these cases, the load generator
// in 1; in 1 nothing was found to be the limit".
func limits(trials []results.Trial, of string) string {
	all := strings.TrimSuffix(fmt.Sprintf(" of %s %s", Plural(len(trials), "trial"), of), " ")
	var parts []string
	unknown := ""
	for _, n := range CountBottlenecks(trials) {
		if n.Name == results.BottleneckUnknown {
			unknown = fmt.Sprintf("in %d%%s nothing was found to be the limit", n.N)
			continue
		}
		parts = append(parts, fmt.Sprintf("%s in %d%s", cmp.Or(bottleneckWords[n.Name], n.Name), n.N, all))
		all = ""
	}
	switch text := strings.Join(parts, ", "); {
	case unknown == "":
		return text
	case text == "":
		return fmt.Sprintf(unknown, all)
	default:
		return text + "; " + fmt.Sprintf(unknown, "")
	}
}

func CountBottlenecks(trials []results.Trial) []Count {
	n := map[string]int64{}
	for _, t := range trials {
		n[cmp.Or(inert.Line(t.Bottleneck), results.BottleneckUnknown)]++
	}
	return SortedCounts(n)
}

// GeneratorBound tells whether the load generator was the bottleneck in most
// of the case's trials: the server can do more than its throughput shows.
func (c Case) GeneratorBound() bool {
	for _, n := range c.Bottleneck {
		if n.Name == results.BottleneckGenerator {
			return 2*n.N > int64(len(c.Valid))
		}
	}
	return false
}

// ClaimTrials are the valid trials of all cases that a claim compares.
func ClaimTrials(d Data, c verdict.ClaimResult) (closed, open []results.Trial) {
	load := map[string]string{}
	for _, v := range c.Verdicts {
		load[v.Of.ID()], load[v.Over.ID()] = v.Of.Load, v.Over.Load
	}
	for _, t := range d.Trials {
		name, compared := load[t.Case]
		switch {
		case !t.Valid || !compared:
		case d.Run.Plan.Loads[name].Closed():
			closed = append(closed, t)
		default:
			open = append(open, t)
		}
	}
	return closed, open
}

// frontShare says how much of the server's CPU time was the front's: where it
// is most of it, the front is what was compared. "" without a front.
func frontShare(trials []results.Trial) string {
	shares := map[string][]float64{}
	for _, t := range trials {
		front, ok := t.Metrics["server_cpu.front"]
		if all := t.Metrics["server_cpu"]; ok && front >= 0 && all > 0 && Finite(front/all) {
			shares[t.Case] = append(shares[t.Case], front/all)
		}
	}
	if len(shares) == 0 {
		return ""
	}
	least, most := math.Inf(1), 0.0
	for _, of := range shares {
		median := stats.Describe(of).Median
		least, most = min(least, median), max(most, median)
	}
	if from, to := percentRounded(least), percentRounded(most); from != to {
		return fmt.Sprintf(" The front took %s to %s %% of the server's CPU time.", from, to)
	}
	return fmt.Sprintf(" The front took %s %% of the server's CPU time.", percentRounded(most))
}

func percentRounded(share float64) string { return fmt.Sprintf("%.0f", 100*min(share, 1)) }

// HasFronts tells whether anything stands between load and target.
func HasFronts(plan results.Plan) bool {
	return slices.ContainsFunc(plan.Cases, func(c results.Case) bool { return c.Front != results.NoFront && c.Front != "" })
}
