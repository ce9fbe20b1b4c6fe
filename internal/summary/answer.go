package summary

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
)

// Answer is one paragraph of what a run means for a reader who was not there.
// Both are inert texts.
type Answer struct{ Heading, Text string }

// Answers says in plain words what the run tells, what it does not, and how far
// to trust it: a handful of paragraphs, each only where there are records for it.
// A difference is given with its interval, and only where that excludes 1x is it
// called one. Without any valid trial the last paragraph alone is left.
func Answers(d Data) []Answer {
	cases := Cases(d)
	var answers []Answer
	for _, a := range []Answer{
		{"What became of the claims", claimsAnswer(d)},
		{"Does the protocol matter?", protocolAnswer(d)},
		{"What matters most", axesAnswer(d)},
		{"What was the limit", limitAnswer(d)},
		{"Where the cost lies", costAnswer(d, cases)},
		{"How long a request takes", latencyAnswer(d, cases)},
		{"Waiting before the send", waitingAnswer(d, cases)},
		{rangeHeading(d), rangeAnswer(d, cases)},
		{"How far to trust this", trustAnswer(d, cases)},
	} {
		if a.Text != "" {
			answers = append(answers, a)
		}
	}
	explainOnce(answers)
	return answers
}

// explainOnce leaves what capacity is where it is said first.
func explainOnce(answers []Answer) {
	said := false
	for i := range answers {
		head, tail := "", answers[i].Text
		if before, after, found := strings.Cut(tail, capacityMeans); found && !said {
			said = true
			head, tail = before+capacityMeans, after
		}
		answers[i].Text = head + strings.ReplaceAll(tail, capacityMeans, "")
	}
}

// mostAnswered bounds how many claims, servers or comparisons a paragraph goes
// through one by one.
const mostAnswered = 4

// claimsAnswer says what became of each claim, in the metric that tells most.
func claimsAnswer(d Data) string {
	var sentences []string
	for i, c := range d.Claims {
		if i == mostAnswered {
			sentences = append(sentences, fmt.Sprintf("%s more are among the verdicts.", Plural(len(d.Claims)-i, "claim or gate")))
			break
		}
		sentences = append(sentences, claimSentence(d, c))
	}
	text := strings.Join(sentences, " ")
	if strings.Contains(text, "x [") {
		text += fmt.Sprintf(" The intervals are those of the verdicts, which share an error rate of %s %%.", TrimFloat(100*verdict.Alpha))
	}
	return text
}

// caseName is the label of a case in a sentence.
func caseName(d Data, c Case) string { return Label(c.Case, CaseAxes(d.Run.Plan), 0) }

var outcomeWords = map[verdict.Outcome]string{
	verdict.Supported:    "holds here",
	verdict.Refuted:      "does not hold here",
	verdict.Inconclusive: "cannot be decided from this run",
}

// claimSentence is
//
//	"uwsgi is 10 times faster than FastCGI" does not hold here. It says at least 10x;
//	measured in capacity there was 1.88x [1.70, 2.28] (uwsgi over fastcgi, saturate).
func claimSentence(d Data, c verdict.ClaimResult) string {
	outcome, known := outcomeWords[c.Outcome]
	if !known {
		outcome = outcomeWords[verdict.Inconclusive]
	}
	says := inert.Line(c.Claim.Says)
	if says == "" {
		says = inert.Line(c.Claim.Name)
	}
	if says == "" {
		says = Unknown
	}
	text := `"` + says + `" ` + outcome
	telling, ok := Telling(c)
	if !ok {
		return text + ": nothing was compared."
	}
	var told, untold []verdict.Verdict
	without := 0
	for _, v := range InOrder(c) {
		switch {
		case v.Metric != telling.Metric:
		case !HasInterval(v):
			without++
		case v.Ratio.Above(1) || v.Ratio.Below(1):
			told = append(told, v)
		default:
			untold = append(untold, v)
		}
	}
	scope := func(v verdict.Verdict) string { return Scope(d.Run.Plan.Cases, v.Of, v.Over, 0) }
	var parts []string
	switch {
	case len(told) > mostAnswered:
		least, most := extremeVerdicts(told)
		parts = append(parts, fmt.Sprintf("from %s (%s) to %s (%s) in %d comparisons",
			ratioWithInterval(least.Ratio), scope(least), ratioWithInterval(most.Ratio), scope(most), len(told)))
	default:
		for _, v := range told {
			parts = append(parts, fmt.Sprintf("%s (%s)", ratioWithInterval(v.Ratio), scope(v)))
		}
	}
	switch len(untold) {
	case 0:
	case 1:
		parts = append(parts, fmt.Sprintf("%s (%s), which cannot be told from no difference", ratioWithInterval(untold[0].Ratio), scope(untold[0])))
	default:
		least, most := extremeVerdicts(untold)
		parts = append(parts, fmt.Sprintf("no difference that can be told from noise in %d comparisons (%s to %s)",
			len(untold), ratioWithInterval(least.Ratio), ratioWithInterval(most.Ratio)))
	}
	if without > 0 {
		parts = append(parts, fmt.Sprintf("no interval in %s, for want of blocks", Plural(without, "comparison")))
	}
	return fmt.Sprintf("%s. It says %s; measured in %s there was %s.", text, FactorText(c.Claim.Factor), inWords(telling.Metric), strings.Join(parts, "; "))
}

func extremeVerdicts(vs []verdict.Verdict) (least, most verdict.Verdict) {
	by := func(a, b verdict.Verdict) int {
		switch {
		case a.Ratio.Estimate < b.Ratio.Estimate:
			return -1
		case a.Ratio.Estimate > b.Ratio.Estimate:
			return 1
		}
		return 0
	}
	return slices.MinFunc(vs, by), slices.MaxFunc(vs, by)
}

// ratioWithInterval is "1.05x [1.01, 1.09]".
func ratioWithInterval(r stats.Ratio) string {
	text := RatioText(r.Estimate)
	if !r.HasInterval() || !Finite(r.Low) || !Finite(r.High) || r.Low <= 0 {
		return text
	}
	return text + " " + verdict.Interval(r.Low, r.High)
}

const capacityMeans = " (responses per second of server CPU time)"

// metricWords are the names of metrics in a sentence.
var metricWords = map[string]string{
	"throughput":        "throughput",
	"saturation":        "the highest rate that holds",
	"capacity":          "capacity" + capacityMeans,
	"server_cpu":        "server CPU time per request",
	"server_cpu.target": "CPU time of the target per request",
	"server_cpu.front":  "CPU time of the front per request",
	"latency.p50":       "median latency",
	"latency.p90":       "90th percentile of latency",
	"latency.p99":       "99th percentile of latency",
	"latency.p99_9":     "99.9th percentile of latency",
}

// inWords names a metric in a sentence; one without a name in words keeps
// its own.
func inWords(metric string) string {
	if words, ok := metricWords[metric]; ok {
		return words
	}
	metric = inert.Line(metric)
	if metric == "" {
		return Unknown
	}
	return metric
}
