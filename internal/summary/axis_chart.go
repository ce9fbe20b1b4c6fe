package summary

import (
	"fmt"
	"slices"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/results"
)

// AxisGroups are charts that stand side by side on one scale: those of one metric along
// one axis.
func AxisGroups(all []AxisChart) (groups [][]AxisChart) {
	for i, c := range all {
		if i == 0 || c.Metric != all[i-1].Metric || c.Says != all[i-1].Says || c.Axis != all[i-1].Axis {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], c)
	}
	return groups
}

// AxisParts are the charts of a group, parted where they have more lines than a reader
// can tell apart.
func AxisParts(group []AxisChart) (parts []AxisPart) {
	several := slices.ContainsFunc(group, func(c AxisChart) bool { return c.Load.Name != group[0].Load.Name })
	for _, c := range group {
		firsts := make([]results.Case, len(c.Lines))
		for i, l := range c.Lines {
			firsts[i] = l.Case
		}
		axes := slices.DeleteFunc(results.Varying(firsts), func(axis string) bool { return axis == c.Axis })
		if len(axes) == 0 {
			axes = []string{"target", "protocol"}
		}
		for _, f := range Facets(firsts, axes, MostCurves) {
			part := AxisPart{AxisChart: c, Axes: f.Axes, Names: []string{c.Series, f.Name}}
			part.Lines = nil
			for _, i := range f.Members {
				part.Lines = append(part.Lines, c.Lines[i])
			}
			if several {
				part.Names = append(part.Names, inert.Line(c.Load.Name))
			}
			part.Names = slices.DeleteFunc(part.Names, func(name string) bool { return name == "" })
			parts = append(parts, part)
		}
	}
	return parts
}

// AxisPart is one chart of a group.
type AxisPart struct {
	AxisChart
	Axes  []string // that tell its lines apart
	Names []string // that tell it from the others of the group; none where it is alone
}

// Heading says what charts of a group show.
func (c AxisChart) Heading() string {
	text := fmt.Sprintf("%s (%s) along %s", c.Metric.Name, c.Metric.Unit, c.Axis)
	if c.Says != "" {
		text = c.Says + ": " + text
	}
	return text
}

// Numbers are those that were measured, ascending.
func (c AxisChart) Numbers() (numbers []float64) {
	for _, l := range c.Lines {
		for _, p := range l.Points {
			if place, found := slices.BinarySearch(numbers, p.X); !found {
				numbers = slices.Insert(numbers, place, p.X)
			}
		}
	}
	return numbers
}

// Number is a number on the axis: 64 clients, 64 KiB.
func (c AxisChart) Number(v float64) string {
	if c.Unit != "B" {
		return TickLabel(v)
	}
	for _, unit := range []struct {
		name  string
		bytes float64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if v >= unit.bytes {
			return TrimFloat(v/unit.bytes) + " " + unit.name
		}
	}
	return TrimFloat(v) + " B"
}

// HasBand tells whether every point of a line has an interval.
func (l AxisLine) HasBand() bool {
	return !slices.ContainsFunc(l.Points, func(p AxisPoint) bool { return !p.Range.HasInterval() })
}

// Fit is the straight line of a declared trend, from the first number to the last; ok is
// false where there is none.
func (l AxisLine) Fit() (x, y [2]float64, ok bool) {
	if l.Trend == nil || !(l.Trend.Trend.Per > 0) {
		return x, y, false
	}
	slope := l.Trend.Slope.Estimate / l.Trend.Trend.Per
	for i, p := range []AxisPoint{l.Points[0], l.Points[len(l.Points)-1]} {
		x[i], y[i] = p.X, l.Trend.Intercept.Estimate+slope*p.X
		if !Finite(x[i]) || !Finite(y[i]) {
			return x, y, false
		}
	}
	return x, y, true
}
