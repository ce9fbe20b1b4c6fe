package plots

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// mostWorks is of how many kinds of work under one load extremes are named.
const mostWorks = 2

// ranking names the cases with the highest and the lowest figure of each load, for
// those who do not see a picture; the tables hold the rest.
type ranking struct {
	axes  []string
	unit  string
	of    func(summary.Case) (v float64, ok bool)
	bound func(summary.Case) bool // tells whether the figure is a lower bound; nil: none is
}

// extremes ranks by the median of a metric over trials.
func extremes(d summary.Data, groups []summary.Group, metric string) string {
	m, _ := results.LookupMetric(metric)
	r := ranking{axes: summary.CaseAxes(d.Run.Plan), unit: m.Unit, of: func(c summary.Case) (float64, bool) { return c.Median(metric) }}
	if m.Load != "" {
		r.bound = summary.Case.GeneratorBound
	}
	return r.text(groups)
}

// extremes ranks by the median over trials, as tables and answers do: of all requests
// together, of which curves are drawn, another case may be the slowest.
func (t timed) extremes(metric string) string { return extremes(t.Data, t.groups(), metric) }

func (r ranking) text(groups []summary.Group) string {
	var parts []string
	for _, g := range groups {
		works := g.ByWork()
		for i, work := range works {
			if i == mostWorks {
				parts = append(parts, inert.Line(g.Load.Name)+", other requests: in the tables.")
				break
			}
			name := inert.Line(g.Load.Name)
			if len(works) > 1 {
				name += ", " + summary.Label(work.Cases[0].Case, summary.WorkAxes(r.axes), mostName)
			}
			parts = append(parts, name+": "+r.span(work.Cases)+".")
		}
	}
	return strings.Join(parts, " ")
}

func (r ranking) span(cases []summary.Case) string {
	known := slices.DeleteFunc(slices.Clone(cases), func(c summary.Case) bool { _, ok := r.of(c); return !ok })
	if len(known) == 0 {
		return "unknown"
	}
	byFigure := func(a, b summary.Case) int {
		x, _ := r.of(a)
		y, _ := r.of(b)
		return cmp.Compare(x, y)
	}
	name := func(c summary.Case) string {
		v, _ := r.of(c)
		figure := summary.Significant(v)
		if r.bound != nil && r.bound(c) {
			figure = summary.AtLeast + figure
		}
		return fmt.Sprintf("%s, %s %s", summary.Label(c.Case, r.axes, mostName), figure, r.unit)
	}
	if len(known) == 1 {
		return name(known[0])
	}
	return fmt.Sprintf("highest %s; lowest %s", name(slices.MaxFunc(known, byFigure)), name(slices.MinFunc(known, byFigure)))
}
