package summary

import (
	"fmt"
	"slices"

	"github.com/gwbench/gwbench/internal/stats"
)

// SpreadMetric is the metric whose spread the table shows: what was searched for
// where all loads search, else capacity, which holds even where the generator is
// the bottleneck, else throughput.
func SpreadMetric(cases []Case) string {
	if len(cases) > 0 && !slices.ContainsFunc(cases, func(c Case) bool { return c.Load.Search == nil }) {
		return "saturation"
	}
	for _, c := range cases {
		if _, ok := c.Metrics["capacity"]; ok {
			return "capacity"
		}
	}
	return "throughput"
}

// UnitLines say what the names and units of figures mean, to those who do not measure
// every day.
var UnitLines = []string{
	"p50: the latency that half of the requests of a trial stayed below; p99: what 99 of 100 stayed below.",
	"server CPU: CPU time of the servers for a correct response, in microseconds; req/cpu-s: responses per second of that time.",
}

// What else tables say of their figures.
const (
	BestNote     = "Bold: the best median of a load, among cases that do the same work. A best value is not a verdict."
	CapacityNote = "correct responses per second of server CPU time; it holds even where the load generator is the bottleneck."
	AtLeastNote  = "where the load generator was the bottleneck in most trials: the server can do at least as much."
	UnknownNote  = "unknown: not measured, not recorded, or a percentile for which there were too few requests."
)

// AtLeast marks a rate that is a lower bound.
const AtLeast = ">"

// FigureCell shows the median of a metric as every table does: Unknown where there is
// none, "-" where there can be none (of a load that does not search, of a front where
// nothing stands between load and target), and AtLeast before a rate that the load
// generator was the limit of.
func FigureCell(metric string) func(Case) string {
	return func(c Case) string {
		searched := c.Load.Search != nil
		switch {
		case metric == "saturation" && !searched,
			metric == "server_cpu.front" && !c.hasFront():
			return "-"
		}
		v, ok := c.Median(metric)
		if !ok {
			return Unknown
		}
		if (metric == "saturation" || metric == "throughput" && !searched) && c.GeneratorBound() {
			return AtLeast + Significant(v)
		}
		return Significant(v)
	}
}

// UserCPUCell and SystemCPUCell show how the servers' CPU time divides, as Cost does:
// every table and picture says the same of it.
func UserCPUCell(c Case) string {
	user, _, ok := c.Cost().ServerCPU()
	return cpuCell(user, ok)
}

func SystemCPUCell(c Case) string {
	_, system, ok := c.Cost().ServerCPU()
	return cpuCell(system, ok)
}

func cpuCell(v float64, ok bool) string {
	if !ok {
		return Unknown
	}
	return Significant(v)
}

func ErrorCell(c Case) string {
	share, ok := c.ErrorShare()
	if !ok {
		return Unknown
	}
	return Percent(share)
}

// BottleneckCell names the most frequent bottleneck, and how frequent it was
// where trials differ.
func BottleneckCell(c Case) string {
	switch len(c.Bottleneck) {
	case 0:
		return Unknown
	case 1:
		return c.Bottleneck[0].Name
	}
	return fmt.Sprintf("%s %d/%d", c.Bottleneck[0].Name, c.Bottleneck[0].N, len(c.Valid))
}

func SpreadCell(s stats.Summary) string {
	if s.N < 2 || !Finite(s.Spread) {
		return Unknown
	}
	return Percent(s.Spread)
}
