package plots

import (
	"fmt"
	"slices"

	"github.com/gwbench/gwbench/internal/summary"
)

// throughputPage shows the throughput under the closed loads. Open loads are left
// out: their rate sets the throughput. ok is false where the plan has no closed
// load.
func throughputPage(d summary.Data) (p Picture, ok bool) {
	all := summary.ByLoad(summary.Cases(d))
	groups := slices.DeleteFunc(slices.Clone(all), func(g summary.Group) bool { return !g.Load.Closed() })
	if len(groups) == 0 {
		return Picture{}, false
	}
	trials := trialsOf{metric: "throughput", key: "median, bottleneck", figures: func(c summary.Case) (value, remark string) {
		return summary.FigureCell("throughput")(c), summary.BottleneckCell(c)
	}}
	p = Picture{
		Name:     "throughput",
		Title:    fmt.Sprintf("%s: throughput under closed load", summary.ScenarioName(d)),
		subtitle: readTrials,
		Alt:      "Throughput of each case, every trial a dot.",
		Facts:    "Median, " + extremes(d, groups, "throughput"),
		panels:   trials.panels(d, groups),
	}
	if slices.ContainsFunc(groups, func(g summary.Group) bool { return slices.ContainsFunc(g.Cases, summary.Case.GeneratorBound) }) {
		p.notes = append(p.notes, summary.AtLeast+" where the load generator was the bottleneck in most trials: the server can do at least as much.")
	}
	if len(all) > len(groups) {
		p.notes = append(p.notes, "Open loads are left out: the rate they ask for sets their throughput.")
	}
	return p, true
}
