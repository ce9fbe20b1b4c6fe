package plots

import (
	"fmt"
	"slices"

	"github.com/gwbench/gwbench/internal/summary"
)

// capacityPage shows the capacity under every load that any case knows it of. ok is
// false where none does.
func capacityPage(d summary.Data) (p Picture, ok bool) {
	groups := slices.DeleteFunc(summary.ByLoad(summary.Cases(d)), func(g summary.Group) bool { return !knows(g, "capacity") })
	if len(groups) == 0 {
		return Picture{}, false
	}
	trials := trialsOf{metric: "capacity", key: "median, spread", figures: func(c summary.Case) (value, remark string) {
		spread := summary.SpreadCell(c.Metrics["capacity"])
		if spread != summary.Unknown {
			spread += " %"
		}
		return summary.FigureCell("capacity")(c), spread
	}}
	return Picture{
		Name:     "capacity",
		Title:    fmt.Sprintf("%s: capacity", summary.ScenarioName(d)),
		subtitle: "Correct responses per second of the servers' CPU time, whatever the load was. " + readTrials,
		Alt:      "Capacity of each case, every trial a dot.",
		Facts:    "Median, " + extremes(d, groups, "capacity"),
		panels:   trials.panels(d, groups),
		notes:    []string{"Spread: the width of the box relative to the median."},
	}, true
}

// knows tells whether any case of the group knows that metric.
func knows(g summary.Group, metric string) bool {
	return slices.ContainsFunc(g.Cases, func(c summary.Case) bool { _, ok := c.Median(metric); return ok })
}
