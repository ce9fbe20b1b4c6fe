package summary

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/verdict"
)

// TrendText is a trend's sentence, else what it would have said.
func TrendText(t verdict.TrendResult) string {
	return cmp.Or(inert.Line(t.Sentence), trendName(t)+": "+Unknown)
}

func trendName(t verdict.TrendResult) string {
	return cmp.Or(inert.Line(t.Trend.Says), inert.Line(t.Trend.Name), Unknown)
}

// trendGroup says of which cases it is.
func trendGroup(t verdict.TrendResult) string { return cmp.Or(inert.Line(t.Group), "all cases") }

// TrendCaveats are those of all trends, each with what it is about.
func TrendCaveats(trends []verdict.TrendResult) []string {
	var lines []string
	for _, t := range trends {
		for _, w := range CleanAll(t.Warnings) {
			lines = append(lines, trendName(t)+" ("+trendGroup(t)+"): "+w)
		}
	}
	return lines
}

// TrendColumn is one of the table of slopes.
type TrendColumn struct {
	Head   string
	Number bool
	of     func(verdict.TrendResult) string
}

// TrendColumns are those of the table of slopes; the first names the trend.
var TrendColumns = []TrendColumn{
	{"trend", false, trendName},
	{"cases", false, trendGroup},
	{"metric", false, func(t verdict.TrendResult) string { return inert.Line(t.Trend.Metric) }},
	{"slope", true, func(t verdict.TrendResult) string { return Significant(t.Slope.Estimate) + " " + inert.Line(t.Unit) }},
	{"95 % interval", true, func(t verdict.TrendResult) string {
		if !t.Slope.HasInterval() {
			return "no interval"
		}
		return verdict.Interval(t.Slope.Low, t.Slope.High)
	}},
	{"per", false, func(t verdict.TrendResult) string {
		return strings.TrimSpace(TrimFloat(t.Trend.Per) + " " + cmp.Or(inert.Line(t.Trend.Unit), "of "+inert.Line(t.Trend.Along)))
	}},
	{"at 0", true, func(t verdict.TrendResult) string {
		return Significant(t.Intercept.Estimate) + " " + inert.Line(t.Unit)
	}},
	{"R2", true, func(t verdict.TrendResult) string {
		if t.R2 == nil {
			return Unknown
		}
		return fmt.Sprintf("%.3f", math.Floor(*t.R2*1000)/1000) // never rounded up to 1
	}},
	{"blocks", true, func(t verdict.TrendResult) string { return fmt.Sprint(t.Blocks) }},
}

// TrendRows are the cells of TrendColumns, of the trends that any block tells.
func TrendRows(trends []verdict.TrendResult) [][]string {
	var rows [][]string
	for _, t := range trends {
		if t.Blocks == 0 {
			continue
		}
		row := make([]string, len(TrendColumns))
		for i, c := range TrendColumns {
			row[i] = c.of(t)
		}
		rows = append(rows, row)
	}
	return rows
}
