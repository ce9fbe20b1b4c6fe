package summary

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// Course is how a metric went in the course of a run, each value relative to the
// median of its case: so cases that have nothing else in common share an axis.
type Course struct {
	Metric results.Metric
	Drift  verdict.Drift
	Cases  []CaseCourse // in the order of the plan; those that the drift is of
}

// CaseCourse is the trials of one case.
type CaseCourse struct {
	Case   results.Case
	Median float64       // over the valid trials, in the metric's unit: what 1 stands for
	Points []CoursePoint // in the order of measurement, the invalid trials that know the metric included
}

// CoursePoint is one trial.
type CoursePoint struct {
	Block, Order int
	Value        float64 // in the metric's unit, positive
	Relative     float64 // divided by the median of the case
	Valid        bool
	Disturbed    string // by what the machine disturbed it: "steal", "others, throttle"; "" where it did not
}

// Courses are those of the metrics that verdict.Drifts looks at: throughput of
// closed loads, capacity, and median latency; those that no trial knows are left out.
func Courses(d Data) []Course {
	byCase := map[string][]results.Trial{}
	for _, t := range d.Trials {
		byCase[t.Case] = append(byCase[t.Case], t)
	}
	for _, trials := range byCase {
		slices.SortStableFunc(trials, func(a, b results.Trial) int {
			return cmp.Or(cmp.Compare(a.Block, b.Block), cmp.Compare(a.Order, b.Order), cmp.Compare(a.Attempt, b.Attempt))
		})
	}
	var courses []Course
	for _, drift := range verdict.Drifts(d.Run.Plan, d.Trials) {
		course := Course{Drift: drift}
		course.Metric, _ = results.LookupMetric(drift.Metric)
		for _, c := range verdict.DriftCases(d.Run.Plan, course.Metric) {
			if of := courseOf(c, byCase[c.ID()], drift.Metric); len(of.Points) > 0 {
				course.Cases = append(course.Cases, of)
			}
		}
		if len(course.Cases) > 0 {
			courses = append(courses, course)
		}
	}
	return courses
}

// Names of what cases have in common, in picture and chart.
const (
	LevelLabel = "all cases together"
	TrendLabel = "trend (Theil-Sen)"
)

// Heading says what the course is of, and what drift it shows.
func (c Course) Heading() string {
	return fmt.Sprintf("%s: %s", Plural(len(c.Cases), "case"), c.Drift)
}

// Beyond these shares of a case's median a trial lies at the edge: so one that stalled
// does not squeeze all others into a line.
const (
	leastLevel    = 0.3
	greatestLevel = 3
)

// Span is what an axis of the course has to show, as Relative, with room for marks and a
// step of the axis at the least.
func (c Course) Span() (low, high float64) {
	low, high = 1, 1
	for _, of := range c.Cases {
		for _, p := range of.Points {
			v := min(max(p.Relative, leastLevel), greatestLevel)
			low, high = min(low, v), max(high, v)
		}
	}
	room := max(0.04*(high-low), 0.02)
	return low - room, high + room
}

// CourseAxes tell the cases of courses apart: those of all loads stand together.
func CourseAxes(plan results.Plan) []string {
	axes := CaseAxes(plan)
	if slices.Contains(results.Varying(plan.Cases), "load") {
		axes = append(slices.Clone(axes), "load")
	}
	return axes
}

// courseOf has no points where no valid trial knows the metric.
func courseOf(c results.Case, trials []results.Trial, metric string) CaseCourse {
	course := CaseCourse{Case: c}
	var valid []float64
	for _, t := range trials {
		if v := t.Metrics[metric]; t.Valid && stats.Usable(v) {
			valid = append(valid, v)
		}
	}
	course.Median = stats.Describe(valid).Median
	if !stats.Usable(course.Median) {
		return course
	}
	for _, t := range trials {
		v := t.Metrics[metric]
		if relative := v / course.Median; stats.Usable(v) && stats.Usable(relative) {
			course.Points = append(course.Points, CoursePoint{
				Block: t.Block, Order: t.Order, Value: v, Relative: relative, Valid: t.Valid, Disturbed: strings.Join(hostKinds(t), ", "),
			})
		}
	}
	return course
}

// Line is the drift as a straight line, on a logarithmic axis, through the levels of
// the first block and the last; ok is false where there are no two blocks.
func (c Course) Line() (blocks [2]int, levels [2]float64, ok bool) {
	l := c.Drift.Levels
	if len(l) < 2 {
		return blocks, levels, false
	}
	first, last := l[0].Block, l[len(l)-1].Block
	perBlock := math.Log1p(c.Drift.Change.Estimate) / float64(last-first)
	rest := make([]float64, len(l))
	for i, level := range l {
		rest[i] = math.Log(level.Value) - perBlock*float64(level.Block-first)
	}
	start := stats.Describe(rest).Median
	levels = [2]float64{math.Exp(start), math.Exp(start + perBlock*float64(last-first))}
	return [2]int{first, last}, levels, stats.Usable(levels[0]) && stats.Usable(levels[1])
}
