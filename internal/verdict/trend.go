package verdict

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// linear is the share of variance from which the medians count as lying on a
// line.
const linear = 0.9

// TrendResult is the slope of a metric along an axis of numbers, for the cases
// that agree on all other axes. Like Part it describes, at the nominal 95 %,
// and is no member of the family of verdicts.
type TrendResult struct {
	Trend scenarios.Trend `json:"trend"`
	Group string          `json:"group"` // what tells these cases from the trend's others; "" where they are all
	Cases []results.Case  `json:"cases"` // in the order of their numbers
	X     []float64       `json:"x"`     // the number of each case
	// Y is the median of the metric in each case, over the blocks used: what the
	// line is laid through. Empty without blocks.
	Y    []float64 `json:"y"`
	Unit string    `json:"unit"` // of the metric
	// Slope is the change of the metric for each Trend.Per on the axis, in Unit:
	// least squares within each block, and then over the blocks.
	Slope stats.Location `json:"slope"`
	// Intercept is the metric where the number is 0, likewise.
	Intercept stats.Location `json:"intercept"`
	// R2 is the share of the variance of Y that a line through it explains, 0 to
	// 1; nil where that is unknown: with two cases, where any line is perfect,
	// and where all medians are equal.
	R2       *float64 `json:"r2"`
	Blocks   int      `json:"blocks"` // in which each of the cases has a valid trial that knows the metric
	Warnings []string `json:"warnings,omitempty"`
	Sentence string   `json:"sentence"`
}

// Trends measures the trends of a scenario, in its order and the plan's: one
// result for each group of cases that agree on all axes but the trend's own.
// Metrics of closed loads are looked at under closed loads only.
//
// A group that has fewer than two numbers in the plan, because cases were left
// out of the run, is left out too; a trend without any group has one result
// without cases, whose warning says so. An error is a mistake in the scenario,
// and names the trend and its line.
func Trends(s *scenarios.Scenario, plan results.Plan, trials []results.Trial) ([]TrendResult, error) {
	records := index(trials)
	var all []TrendResult
	for _, trend := range s.Trends {
		if err := checkTrend(trend, offeredValues(s, plan)); err != nil {
			return nil, fmt.Errorf("trend %q (line %d): %w", trend.Name, trend.Line, err)
		}
		groups := trendGroups(s, trend, plan)
		for i := range groups {
			records.fit(&groups[i], plan)
		}
		if len(groups) == 0 {
			groups = []TrendResult{{
				Trend: trend, Slope: stats.Locate(nil, partAlpha), Intercept: stats.Locate(nil, partAlpha),
				Warnings: []string{fmt.Sprintf("not measured: a slope takes two cases that differ in %s alone, and the others were left out of the run", trend.Along)},
			}}
		}
		all = append(all, groups...)
	}
	return all, nil
}

func checkTrend(t scenarios.Trend, offered map[string][]string) error {
	if _, ok := results.LookupMetric(t.Metric); !ok {
		return fmt.Errorf("there is no metric %q: choose from %s", t.Metric, strings.Join(results.MetricNames(), ", "))
	}
	if !slices.Contains(results.Axes, t.Along) {
		return fmt.Errorf("along names the axis %q, which does not exist: choose from %s", t.Along, strings.Join(results.Axes, ", "))
	}
	if !(t.Per > 0) || math.IsInf(t.Per, 0) {
		return fmt.Errorf("per is %g: a step is a positive number", t.Per)
	}
	return checkSelector("where", t.Where, offered)
}

// trendGroups sorts the trend's cases into groups that agree on all other
// axes and are of one series along its own, each in the order of its numbers.
// Cases without a number take no part.
func trendGroups(s *scenarios.Scenario, trend scenarios.Trend, plan results.Plan) []TrendResult {
	metric, _ := results.LookupMetric(trend.Metric)
	series := func(c results.Case) string { return s.Series(trend.Along, c.Value(trend.Along)) }
	var groups []TrendResult
	for _, c := range plan.Cases {
		x, ok := s.Number(trend.Along, c.Value(trend.Along))
		if !ok || !matches(c, trend.Where) || !metric.Says(plan.Loads[c.Load]) {
			continue
		}
		at := slices.IndexFunc(groups, func(g TrendResult) bool {
			return agree(c, g.Cases[0], scenarios.Selector{trend.Along: ""}) && series(c) == series(g.Cases[0])
		})
		if at < 0 {
			at = len(groups)
			groups = append(groups, TrendResult{Trend: trend, Unit: metric.Unit})
		}
		g := &groups[at]
		place, _ := slices.BinarySearch(g.X, x)
		g.X, g.Cases = slices.Insert(g.X, place, x), slices.Insert(g.Cases, place, c)
	}
	groups = slices.DeleteFunc(groups, func(g TrendResult) bool { return g.X[0] == g.X[len(g.X)-1] })
	first := make([]results.Case, len(groups))
	for i, g := range groups {
		first[i] = g.Cases[0]
	}
	apart := slices.DeleteFunc(results.Varying(first), func(axis string) bool { return axis == trend.Along })
	several := slices.ContainsFunc(first, func(c results.Case) bool { return series(c) != series(first[0]) })
	for i := range groups {
		var names []string
		if len(apart) > 0 {
			names = append(names, Label(first[i], apart))
		}
		if several {
			names = append(names, series(first[i]))
		}
		groups[i].Group = strings.Join(names, " ")
	}
	return groups
}

// fit lays a line through the group's cases in every block that has them all.
func (r records) fit(g *TrendResult, plan results.Plan) {
	var slopes, intercepts []float64
	values := make([][]float64, len(g.Cases))
	for _, block := range r.blocks {
		y, ok := r.valuesIn(block, g.Cases, g.Trend.Metric)
		if !ok {
			continue
		}
		line, ok := stats.FitLine(g.X, y)
		if !ok {
			continue
		}
		slopes, intercepts = append(slopes, line.Slope*g.Trend.Per), append(intercepts, line.Intercept)
		for i := range y {
			values[i] = append(values[i], y[i])
		}
	}
	g.Blocks = len(slopes)
	g.Slope, g.Intercept = stats.Locate(slopes, partAlpha), stats.Locate(intercepts, partAlpha)
	if g.Blocks > 0 {
		g.Y = make([]float64, len(values))
		for i := range values {
			g.Y[i] = stats.Describe(values[i]).Median
		}
	}
	if line, ok := stats.FitLine(g.X, g.Y); ok && distinct(g.X) > 2 && !math.IsNaN(line.R2) {
		g.R2 = &line.R2
	}
	g.Warnings = g.caveats(len(r.blocks))
	g.Sentence = g.sentence()
}

// distinct counts the different numbers of a sorted list.
func distinct(x []float64) int { return len(slices.Compact(slices.Clone(x))) }

// caveats lists what a reader of the slope has to know.
func (g *TrendResult) caveats(blocks int) []string {
	var found []string
	if unused := blocks - g.Blocks; unused > 0 {
		found = append(found, fmt.Sprintf("%d of %s were not used: they lack a valid trial of one of the cases", unused, count(blocks, "block")))
	}
	switch {
	case g.Blocks == 0:
		return append(found, "not measured: no block has a valid trial of all the cases")
	case !g.Slope.HasInterval():
		found = append(found, fmt.Sprintf("there is no interval: it takes %s", count(stats.MinBlocks(partAlpha), "block")))
	case g.Slope.Sign() == 0:
		found = append(found, "no clear trend: the interval reaches from below 0 to above it")
	}
	switch {
	case distinct(g.X) == 2:
		found = append(found, "two points always lie on a line: whether more would is unknown")
	case g.R2 != nil && *g.R2 < linear && !(g.Slope.HasInterval() && g.Slope.Sign() == 0):
		found = append(found, fmt.Sprintf("not linear (R2 %s): one slope does not describe the whole range; read the medians of the cases", rSquared(*g.R2)))
	}
	return found
}

// sentence is "0.420 us/req [0.400, 0.440] of server CPU time per layer (uwsgi;
// R2 0.998; 10 blocks)", after what the trend says.
func (g *TrendResult) sentence() string {
	if g.Blocks == 0 {
		return ""
	}
	bounds := ""
	if g.Slope.HasInterval() {
		bounds = " " + Interval(g.Slope.Low, g.Slope.High)
	}
	var details []string
	if g.Group != "" {
		details = append(details, g.Group)
	}
	if g.R2 != nil {
		details = append(details, "R2 "+rSquared(*g.R2))
	}
	details = append(details, count(g.Blocks, "block"))
	// The unit has the request in it already.
	what := strings.TrimSuffix(describe(g.Trend.Metric), " per request")
	return fmt.Sprintf("%s: %s %s%s of %s per %s (%s).",
		g.Trend.Says, significant(g.Slope.Estimate), g.Unit, bounds, what, g.step(), strings.Join(details, "; "))
}

// step is what the slope is given for: "layer", "16 KiB", "1 of request".
func (g *TrendResult) step() string {
	switch {
	case g.Trend.Unit == "":
		return plain(g.Trend.Per) + " of " + g.Trend.Along
	case g.Trend.Per == 1:
		return g.Trend.Unit
	}
	return plain(g.Trend.Per) + " " + g.Trend.Unit
}

// rSquared has three decimals, never rounded up to 1.
func rSquared(v float64) string {
	if v > 1-1e-9 {
		return "1"
	}
	return fmt.Sprintf("%.3f", math.Floor(v*1000)/1000)
}
