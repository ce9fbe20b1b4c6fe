package verdict

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
)

// caseNames tells how to speak of the cases of a comparison: by the axes on
// which they differ.
type caseNames struct{ axes []string }

func newCaseNames(cases []results.Case) caseNames {
	axes := results.Varying(cases)
	if len(axes) == 0 {
		axes = []string{"target", "protocol"}
	}
	return caseNames{axes}
}

func (n caseNames) label(c results.Case) string { return Label(c, n.axes) }

// shortly is what a metric measures, without the explanation that describe
// gives of some.
func shortly(metric string) string {
	short, _, _ := strings.Cut(describe(metric), " (")
	return short
}

// sentence says a change in plain words, subject first: what of its size is
// known, even where the outcome is open. family is the number of changes that
// share the error rate.
//
//	fastcgi keep-alive, capacity: 8.1 % lower, between 5.9 and 10.2 %, with 99.8 %
//	confidence over 16 and 16 blocks: worse, by more than 5 %.
func (x *contest) sentence(subject string, family int) string {
	c := x.change
	subject += ", " + shortly(c.Metric)
	if c.Method == Normalised && x.ruled == "" {
		subject += " next to the reference"
	}
	subject += ": "
	switch {
	case c.Reason != "":
		return subject + "cannot be compared: " + c.Reason + "."
	case x.ruled != "":
		return fmt.Sprintf("%s%s: %s.", subject, x.ruling, c.Outcome)
	case c.Ratio.N == 0:
		return subject + "cannot be compared: " + x.nothingKnown() + "."
	case !c.Ratio.HasInterval():
		return fmt.Sprintf("%s%s over %s: too few for an interval, as %s share an error rate of %s %%%s.",
			subject, changeWords(x.metric, c.Ratio.Estimate), x.blockWords(), count(family, "change"), percent(Alpha), x.further())
	}
	return fmt.Sprintf("%s%s, %s, with %s %% confidence over %s: %s.", subject, changeWords(x.metric, c.Ratio.Estimate),
		rangeWords(x.metric, c.Ratio), percent(c.Ratio.Confidence), x.blockWords(), x.ending())
}

func (x *contest) nothingKnown() string {
	of := "a valid trial that knows it"
	if x.change.Method == Normalised {
		of += ", and one of its reference"
	}
	switch {
	case x.paired:
		return "no block has a valid trial of both that knows it"
	case x.change.BaseBlocks == 0:
		return "no block of BASE has " + of
	}
	return "no block of NEW has " + of
}

func (x *contest) blockWords() string {
	if x.paired {
		return count(x.change.Ratio.N, "block")
	}
	return fmt.Sprintf("%d and %s", x.change.BaseBlocks, count(x.change.NewBlocks, "block"))
}

// ending is the outcome, and where it is open what is known all the same.
func (x *contest) ending() string {
	c := x.change
	by, within := " by more than "+percent(c.Threshold)+" %", " within "+percent(c.Threshold)+" %"
	if c.Threshold == 0 {
		by, within = "", ""
	}
	switch c.Outcome {
	case Same:
		return "the same" + within
	case Worse, Better:
		return string(c.Outcome) + by
	}
	return "inconclusive: " + x.open(by) + x.further()
}

// open says what cannot be told.
func (x *contest) open(by string) string {
	c := x.change
	low, high := c.Band()
	r := c.Ratio
	switch mayBeWorse, mayBeBetter := !r.AtLeast(low), !r.AtMost(high); {
	case x.disputed != "":
		return fmt.Sprintf("the interval says %s, and the rank-sum test does not agree", x.disputed)
	case mayBeWorse && mayBeBetter && by == "":
		return "it may be better or worse"
	case mayBeWorse && mayBeBetter:
		return "it may be better or worse" + by + ", or neither"
	case r.Below(1):
		return "worse, and it cannot be told whether" + by
	case r.Above(1):
		return "better, and it cannot be told whether" + by
	case mayBeWorse:
		return "not better" + by + ", and it cannot be told whether worse"
	}
	return "not worse" + by + ", and it cannot be told whether better"
}

// further says how many blocks it would take.
func (x *contest) further() string {
	side := " on each side"
	if x.paired {
		side = ""
	}
	const most = 1000 // as far as such a forecast is worth its digits
	switch n := x.change.BlocksNeeded; {
	case n == 0:
		return ""
	case n > most:
		return fmt.Sprintf("; more than %s%s would be needed", count(most, "block"), side)
	default:
		return fmt.Sprintf("; about %s%s would tell", count(n, "block"), side)
	}
}

// Relative is how the metric itself changed, next to the reference where the
// change is normalised: 0.1 where it grew by 10 %, whether that is good or bad.
// The ends of the interval are in the order of numbers. It is zero where the
// ratio is not known, and so are low and high where there is no interval.
func (c Change) Relative() (estimate, low, high float64) {
	m, _ := results.LookupMetric(c.Metric)
	if c.Ratio.N > 0 {
		estimate = relative(m, c.Ratio.Estimate)
	}
	if c.Ratio.HasInterval() {
		low, high = relative(m, c.Ratio.Low), relative(m, c.Ratio.High)
	}
	return estimate, min(low, high), max(low, high)
}

// relative is how the metric itself changed, where New is so many times better:
// 0.1 where it grew by 10 %, whether that is good or bad.
func relative(m results.Metric, ratio float64) float64 {
	if m.Higher {
		return ratio - 1
	}
	return 1/ratio - 1
}

// directions are the words for less and more of a metric.
func directions(m results.Metric) (less, more string) {
	if timed(m) {
		return "shorter", "longer"
	}
	return "lower", "higher"
}

// changeWords is "8.1 % lower".
func changeWords(m results.Metric, ratio float64) string {
	return relativeWords(m, relative(m, ratio), math.Round)
}

// LargestPercent is as far as a relative change is told in percent: 10 is 1000 %. What
// grew by more is told as a factor.
const LargestPercent = 10

func relativeWords(m results.Metric, change float64, round func(float64) float64) string {
	less, more := directions(m)
	if change >= LargestPercent {
		as := map[bool]string{true: "long", false: "high"}[timed(m)]
		return strconv.FormatFloat(round((1+change)*10)/10, 'f', 1, 64) + " times as " + as
	}
	text := tenths(change, round)
	switch {
	case text == "0.0":
		return "unchanged"
	case change < 0:
		return text + " % " + less
	}
	return text + " % " + more
}

// tenths writes the size of a relative change in percent, with one decimal.
func tenths(change float64, round func(float64) float64) string {
	return strconv.FormatFloat(round(math.Abs(change)*1e3*(1+1e-12))/10, 'f', 1, 64)
}

// rangeWords are the ends of the interval, rounded outwards: "between 5.9 and
// 10.2 %" in the direction that changeWords names, or "from 1.2 % lower to 2.0 %
// higher".
func rangeWords(m results.Metric, r stats.Ratio) string {
	low, high := relative(m, r.Low), relative(m, r.High)
	if low > high {
		low, high = high, low
	}
	if low < 0 == (high < 0) && changeWords(m, r.Estimate) != "unchanged" && high < LargestPercent {
		return fmt.Sprintf("between %s and %s %%", tenths(min(math.Abs(low), math.Abs(high)), math.Floor), tenths(max(math.Abs(low), math.Abs(high)), math.Ceil))
	}
	outward := func(change float64, end float64) string {
		if change*end < 0 {
			return relativeWords(m, change, math.Floor)
		}
		return relativeWords(m, change, math.Ceil)
	}
	return fmt.Sprintf("from %s to %s", outward(low, -1), outward(high, 1))
}
