package verdict

import (
	"fmt"
	"strings"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// sentence says a verdict in plain words:
//
//	uwsgi per-request had 1.05 times the throughput of fastcgi per-request
//	[1.01, 1.09] with 99.5 % confidence over 20 blocks; the claim was at least
//	10 times: refuted.
//
// A throughput that is the load generator's is "measured at the load generator's
// limit".
//
// Of a duration it says how many times faster; and where Of is the worse, how
// many times slower, with the interval turned round too, because nobody is "0.71
// times faster". Of anything else of which less is better it says of the side
// that has more how many times as much that is, as nothing is "1.6 times less".
func sentence(v Verdict, n names) string {
	metric, _ := results.LookupMetric(v.Metric)
	of, over := n.side(v.Of), n.side(v.Over)
	if v.Ratio.N == 0 {
		return fmt.Sprintf("%s%s and %s could not be compared in %s: %s; %s.",
			n.scope(v.Of), of, over, describe(v.Metric), whyNoRatio(v), ending(v, metric, false))
	}
	finding, swapped := finding(of, over, v.Ratio, metric)
	limit := ""
	if v.GeneratorBound {
		limit = ", measured at the load generator's limit"
	}
	return fmt.Sprintf("%s%s %s over %s%s; %s.",
		n.scope(v.Of), finding, confidence(v.Ratio), count(v.Ratio.N, "block"), limit, ending(v, metric, swapped))
}

func whyNoRatio(v Verdict) string {
	if v.Blocks == 0 {
		return "no block has a valid trial of both that knows it"
	}
	return "a ratio takes numbers above zero"
}

// finding is "a had 1.05 times the throughput of b [1.01, 1.09]". swapped tells that
// the other side is its subject.
func finding(of, over string, r stats.Ratio, metric results.Metric) (text string, swapped bool) {
	what := describe(metric.Name)
	times, bounds := r.Estimate, ends(r.Low, r.High, r)
	inverse, inverseBounds := 1/r.Estimate, ends(1/r.High, 1/r.Low, r)
	had := func(one string, times float64, other, bounds string) string {
		return fmt.Sprintf("%s had %s times the %s of %s%s", one, significant(times), what, other, bounds)
	}
	switch {
	case metric.Higher:
		return had(of, times, over, bounds), false
	case !timed(metric) && r.Estimate < 1:
		return had(of, inverse, over, inverseBounds), false
	case !timed(metric):
		return had(over, times, of, bounds), true
	}
	word := "faster"
	if r.Estimate < 1 {
		times, word, bounds = inverse, "slower", inverseBounds
	}
	if significant(times) == "1.00" {
		return fmt.Sprintf("%s and %s were about equal in %s, 1.00 times %s%s", of, over, what, word, bounds), false
	}
	return fmt.Sprintf("%s was %s times %s than %s in %s%s", of, significant(times), word, over, what, bounds), false
}

func ends(low, high float64, r stats.Ratio) string {
	if !r.HasInterval() {
		return ""
	}
	return " " + Interval(low, high)
}

// timed tells whether a metric is a duration that somebody waits for.
func timed(metric results.Metric) bool { return metric.Unit == "ms" }

func confidence(r stats.Ratio) string {
	if !r.HasInterval() {
		return "without an interval"
	}
	return "with " + percent(r.Confidence) + " % confidence"
}

// ending is "the claim was at least 10 times: refuted". swapped is that of finding.
func ending(v Verdict, metric results.Metric, swapped bool) string {
	kind := "claim"
	if v.Gate {
		kind = "gate"
	}
	return fmt.Sprintf("the %s was %s: %s%s", kind, bound(v.Factor, metric, swapped), v.Outcome, whyInconclusive(v))
}

func whyInconclusive(v Verdict) string {
	switch {
	case v.Outcome != Inconclusive || v.Ratio.N == 0:
		return ""
	case !v.Ratio.HasInterval():
		return fmt.Sprintf(", because an interval with %s %% confidence takes %s",
			percent(v.Ratio.Confidence), count(stats.MinBlocks(v.Alpha), "block"))
	}
	return ", because the interval lies on both sides of that"
}

// bound is a factor in the words of finding, and of its subject: "at least 10
// times", "at most 1.05 times slower", "at most 0.5 times as much".
func bound(f scenarios.Factor, metric results.Metric, swapped bool) string {
	least, most := "at least", "at most"
	if f.Op == scenarios.AtMost {
		least, most = most, least
	}
	inverse := strings.TrimSuffix(significant(1/f.Value), ".00")
	switch {
	case metric.Higher:
		return fmt.Sprintf("%s %s times", least, plain(f.Value))
	case timed(metric) && f.Value < 1:
		return fmt.Sprintf("%s %s times slower", most, inverse)
	case timed(metric) && f.Value == 1:
		return map[string]string{"at least": "not slower", "at most": "not faster"}[least]
	case timed(metric):
		return fmt.Sprintf("%s %s times faster", least, plain(f.Value))
	case f.Value == 1 && (least == "at least") == swapped:
		return "not less"
	case f.Value == 1:
		return "not more"
	case swapped:
		return fmt.Sprintf("%s %s times as much", least, plain(f.Value))
	}
	return fmt.Sprintf("%s %s times as much", most, inverse)
}
