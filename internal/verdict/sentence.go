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
// Of a metric where lower is better it says how many times faster, or how many
// times less; and where Of is the worse, how many times slower or more, with
// the interval turned round too, because nobody is "0.71 times faster".
func sentence(v Verdict, n names) string {
	metric, _ := results.LookupMetric(v.Metric)
	of, over := n.side(v.Of), n.side(v.Over)
	if v.Ratio.N == 0 {
		return fmt.Sprintf("%s%s and %s could not be compared in %s: %s; %s.",
			n.scope(v.Of), of, over, describe(v.Metric), whyNoRatio(v), ending(v, metric))
	}
	limit := ""
	if v.GeneratorBound {
		limit = ", measured at the load generator's limit"
	}
	return fmt.Sprintf("%s%s %s over %s%s; %s.",
		n.scope(v.Of), finding(of, over, v.Ratio, metric), confidence(v.Ratio), count(v.Ratio.N, "block"), limit, ending(v, metric))
}

func whyNoRatio(v Verdict) string {
	if v.Blocks == 0 {
		return "no block has a valid trial of both that knows it"
	}
	return "a ratio takes numbers above zero"
}

// finding is "a had 1.05 times the throughput of b [1.01, 1.09]".
func finding(of, over string, r stats.Ratio, metric results.Metric) string {
	what := describe(metric.Name)
	if metric.Higher {
		return fmt.Sprintf("%s had %s times the %s of %s%s", of, significant(r.Estimate), what, over, ends(r.Low, r.High, r))
	}
	better, worse := comparatives(metric)
	times, word, bounds := r.Estimate, better, ends(r.Low, r.High, r)
	if r.Estimate < 1 {
		times, word, bounds = 1/r.Estimate, worse, ends(1/r.High, 1/r.Low, r)
	}
	switch {
	case significant(times) == "1.00":
		return fmt.Sprintf("%s and %s were about equal in %s, 1.00 times %s%s", of, over, what, word, bounds)
	case timed(metric):
		return fmt.Sprintf("%s was %s times %s than %s in %s%s", of, significant(times), word, over, what, bounds)
	}
	return fmt.Sprintf("%s had %s times %s %s than %s%s", of, significant(times), word, what, over, bounds)
}

func ends(low, high float64, r stats.Ratio) string {
	if !r.HasInterval() {
		return ""
	}
	return " " + Interval(low, high)
}

// timed tells whether a metric is a duration that somebody waits for.
func timed(metric results.Metric) bool { return metric.Unit == "ms" }

// comparatives are the words for better and worse in a metric where lower is
// better.
func comparatives(metric results.Metric) (better, worse string) {
	if timed(metric) {
		return "faster", "slower"
	}
	return "less", "more"
}

func confidence(r stats.Ratio) string {
	if !r.HasInterval() {
		return "without an interval"
	}
	return "with " + percent(r.Confidence) + " % confidence"
}

// ending is "the claim was at least 10 times: refuted".
func ending(v Verdict, metric results.Metric) string {
	kind := "claim"
	if v.Gate {
		kind = "gate"
	}
	return fmt.Sprintf("the %s was %s: %s%s", kind, bound(v.Factor, metric), v.Outcome, whyInconclusive(v))
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

// bound is a factor in the words of finding: "at least 10 times", "at most
// 1.05 times slower".
func bound(f scenarios.Factor, metric results.Metric) string {
	least, most := "at least", "at most"
	if f.Op == scenarios.AtMost {
		least, most = most, least
	}
	if metric.Higher {
		return fmt.Sprintf("%s %s times", least, plain(f.Value))
	}
	better, worse := comparatives(metric)
	switch {
	case f.Value < 1:
		return fmt.Sprintf("%s %s times %s", most, strings.TrimSuffix(significant(1/f.Value), ".00"), worse)
	case f.Value == 1 && least == "at least":
		return "not " + worse
	case f.Value == 1:
		return "not " + better
	}
	return fmt.Sprintf("%s %s times %s", least, plain(f.Value), better)
}
