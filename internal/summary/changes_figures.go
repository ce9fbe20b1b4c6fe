package summary

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/verdict"
)

// ChangeAxis is a case's value, or both where two cases of one run are compared.
func ChangeAxis(change verdict.Change, axis string) string {
	base, next := change.Base.Value(axis), change.New.Value(axis)
	if base == next {
		return next
	}
	return base + " -> " + next
}

// WantsBlocks tells whether a change rests on too few blocks to have an interval.
func WantsBlocks(change verdict.Change) bool {
	return change.Ratio.N > 0 && !change.Ratio.HasInterval()
}

// ChangeText is the change with its unit: "+8.1 %", "11.7x"; "" where it is not known.
func ChangeText(change verdict.Change) string {
	text := ChangeFigures(change)[2]
	if text == "" || strings.HasSuffix(text, "x") {
		return text
	}
	return text + " %"
}

// ChangeFigures are base, new, change, interval, and the blocks of base and new that
// these rest on.
func ChangeFigures(change verdict.Change) []string {
	show := func(v float64, blocks int) string {
		if change.Metric == verdict.Errors && blocks > 0 {
			return Percent(v) + "%"
		}
		return figureText(v, blocks > 0 || v > 0)
	}
	estimate, low, high := change.Relative()
	figures := []string{show(change.BaseMedian, change.BaseBlocks), show(change.NewMedian, change.NewBlocks), "", "", fmt.Sprintf("%d, %d", change.BaseBlocks, change.NewBlocks)}
	if change.Ratio.N > 0 {
		figures[2] = signed(estimate, math.Round)
	}
	switch {
	case WantsBlocks(change):
		figures[3] = tooFewBlocks
	case change.Ratio.HasInterval():
		figures[3] = fmt.Sprintf("[%s, %s]", signed(low, math.Floor), signed(high, math.Ceil))
	}
	return figures
}

// tooFewBlocks stands where an interval would.
const tooFewBlocks = "too few blocks"

// signed writes a relative change in percent with its sign: +12.1, -8.0, 0.0. One that is
// too large for percent to be read is a factor: 11.7x.
func signed(v float64, round func(float64) float64) string {
	if Finite(v) && v >= verdict.LargestPercent {
		return strconv.FormatFloat(round((1+v)*10)/10, 'f', 1, 64) + "x"
	}
	// A hair is taken off, so that the rounding of a logarithm is no digit.
	tenths := round(math.Round(v*1e9) / 1e6)
	if !Finite(tenths) {
		return Unknown
	}
	if tenths == 0 {
		return "0.0"
	}
	sign := "+"
	if tenths < 0 {
		sign = "-"
	}
	return sign + strconv.FormatFloat(math.Abs(tenths)/10, 'f', 1, 64)
}

// ChangesLegend says what a change is, and from where on it counts; "" without any
// that has a threshold.
func ChangesLegend(c verdict.Changes) string {
	var thresholds, metrics []string
	for _, change := range c.Changes {
		if change.Metric == verdict.Errors || slices.Contains(metrics, change.Metric) {
			continue
		}
		metrics = append(metrics, change.Metric)
		thresholds = append(thresholds, fmt.Sprintf("%s %s %%", inert.Line(change.Metric), TrimFloat(change.Threshold*100)))
	}
	change := "change: from base to new, which are medians, with its interval"
	switch c.Method {
	case verdict.Normalised:
		change = "change: of each case next to the reference, with its interval; base and new are the medians themselves"
	case verdict.Paired:
		change = "change: within the blocks of the run, with its interval; base and new are medians"
	}
	if len(thresholds) == 0 {
		return ""
	}
	if slices.ContainsFunc(c.Changes, WantsBlocks) {
		change += "; " + tooFewBlocks + ": it has none"
	}
	if slices.ContainsFunc(c.Changes, func(c verdict.Change) bool { return strings.HasSuffix(ChangeFigures(c)[2], "x") }) {
		change += "; a factor, such as 12.0x, stands for a change of 1,000 % and more"
	}
	return change + ". A change counts from its threshold on: " + strings.Join(thresholds, ", ") + "."
}
