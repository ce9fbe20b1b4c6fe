package verdict

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

func TestSentences(t *testing.T) {
	of := results.Case{Target: "builtin", Protocol: "uwsgi", Network: "tcp", Connection: "per-request", Front: "none", Application: "hello", Load: "steady"}
	over := of
	over.Protocol = "fastcgi"
	here := names{sides: []string{"protocol", "connection"}}
	ratio := func(low, estimate, high float64) stats.Ratio {
		return stats.Ratio{Estimate: estimate, Low: low, High: high, Confidence: 0.9975, Achieved: 0.998, N: 20}
	}
	for _, c := range []struct {
		metric  string
		ratio   stats.Ratio
		op      string
		factor  float64
		outcome Outcome
		gate    bool
		names   names
		want    string
	}{
		{
			"throughput", ratio(1.012, 1.051, 1.0891), ">=", 10, Refuted, false, here,
			"uwsgi per-request had 1.05 times the throughput of fastcgi per-request [1.01, 1.09] with 99.75 % confidence over 20 blocks; the claim was at least 10 times: refuted.",
		},
		{
			"capacity", ratio(0.6996, 0.7142, 0.7501), ">=", 0.95, Refuted, true, here,
			"uwsgi per-request had 0.714 times the capacity (responses per second of server CPU time) of fastcgi per-request [0.699, 0.751] with 99.75 % confidence over 20 blocks; the gate was at least 0.95 times: refuted.",
		},
		{
			"latency.p50", ratio(1.1, 1.2, 1.3), ">=", 1.1, Supported, false, here,
			"uwsgi per-request was 1.20 times faster than fastcgi per-request in median latency [1.10, 1.30] with 99.75 % confidence over 20 blocks; the claim was at least 1.1 times faster: supported.",
		},
		{
			// Turned round: 1/1.25 to 1/0.5 times slower.
			"latency.p99_9", ratio(0.5, 0.625, 0.8), "<=", 0.5, Inconclusive, false, here,
			"uwsgi per-request was 1.60 times slower than fastcgi per-request in 99.9th percentile of latency [1.25, 2.00] with 99.75 % confidence over 20 blocks; the claim was at least 2 times slower: inconclusive, because the interval lies on both sides of that.",
		},
		{
			"server_cpu", ratio(1.5, 1.6, 1.7), ">=", 1, Supported, false, here,
			"fastcgi per-request had 1.60 times the server CPU time per request of uwsgi per-request [1.50, 1.70] with 99.75 % confidence over 20 blocks; the claim was not less: supported.",
		},
		{
			"server_cpu", ratio(1.02, 1.1, 1.2), "<=", 1.05, Inconclusive, false, here,
			"fastcgi per-request had 1.10 times the server CPU time per request of uwsgi per-request [1.02, 1.20] with 99.75 % confidence over 20 blocks; the claim was at most 1.05 times as much: inconclusive, because the interval lies on both sides of that.",
		},
		{
			"server_cpu", ratio(0.5, 0.625, 0.8), ">=", 1, Refuted, false, here,
			"uwsgi per-request had 1.60 times the server CPU time per request of fastcgi per-request [1.25, 2.00] with 99.75 % confidence over 20 blocks; the claim was not more: refuted.",
		},
		{
			"bytes_sent", ratio(0.8, 0.8, 0.8), ">=", 0.95, Refuted, true, here,
			"uwsgi per-request had 1.25 times the bytes sent per request of fastcgi per-request [1.25, 1.25] with 99.75 % confidence over 20 blocks; the gate was at most 1.05 times as much: refuted.",
		},
		{
			"latency.p50", ratio(0.98, 1.001, 1.02), "<=", 1, Inconclusive, false,
			names{sides: []string{"protocol"}, shared: []string{"target", "load"}},
			"With target builtin and load steady, uwsgi and fastcgi were about equal in median latency, 1.00 times faster [0.980, 1.02] with 99.75 % confidence over 20 blocks; the claim was not faster: inconclusive, because the interval lies on both sides of that.",
		},
		{
			"throughput",
			stats.Ratio{Estimate: 1.3, High: math.Inf(1), Confidence: 0.9975, N: 4},
			">=", 2, Inconclusive, false, here,
			"uwsgi per-request had 1.30 times the throughput of fastcgi per-request without an interval over 4 blocks; the claim was at least 2 times: inconclusive, because an interval with 99.75 % confidence takes 10 blocks.",
		},
		{
			"throughput",
			stats.Ratio{High: math.Inf(1)},
			">=", 2, Inconclusive, false, here,
			"uwsgi per-request and fastcgi per-request could not be compared in throughput: no block has a valid trial of both that knows it; the claim was at least 2 times: inconclusive.",
		},
	} {
		v := Verdict{
			Comparison: Comparison{Metric: c.metric, Of: of, Over: over, Factor: scenarios.Factor{Op: c.op, Value: c.factor}, Gate: c.gate},
			Outcome:    c.outcome, Ratio: c.ratio, Alpha: 0.0025, Blocks: c.ratio.N,
		}
		if got := sentence(v, c.names); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestSentenceOfZeros(t *testing.T) {
	s := single("errors", ">=", 2)
	plan := planOf(s, 10, 10)
	trials := newLab(1, 1, 0.1).trials(plan, 10)
	for i := range trials {
		trials[i].Metrics["errors"] = 0
	}
	v := only(t, evaluate(t, s, plan, trials))
	want := "uwsgi per-request saturate and fastcgi per-request saturate could not be compared in share of failed responses: a ratio takes numbers above zero; the claim was at most 0.500 times as much: inconclusive."
	if v.Sentence != want {
		t.Errorf("got  %s\nwant %s", v.Sentence, want)
	}
}

func TestEveryMetricHasWords(t *testing.T) {
	for _, m := range results.MetricList {
		if w := describe(m.Name); strings.ContainsAny(w, "._") && m.Name != "latency.p99_9" && m.Name != "service.p99_9" {
			t.Errorf("%s is called %q", m.Name, w)
		}
	}
	if got := describe("novel.thing"); got != "novel.thing" {
		t.Errorf("a metric without words is called %q", got)
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{significant(0), "0"},
		{significant(0.0123456), "0.0123"},
		{significant(0.71428), "0.714"},
		{significant(1), "1.00"},
		{significant(9.876), "9.88"},
		{significant(98.76), "98.8"},
		{significant(98765), "98765"},
		{Interval(1.0499, 1.0501), "[1.04, 1.06]"},
		{Interval(0.9996, 1.0001), "[0.999, 1.01]"},
		{Interval(2-1e-12, 2+1e-12), "[2.00, 2.00]"},
		{Interval(-0.42, 0.42), "[-0.420, 0.420]"},
		{Interval(-1.0501, -1.0499), "[-1.06, -1.04]"},
		{Interval(0, 0), "[0, 0]"},
		{Interval(1.0004, 1.1), "[1.0004, 1.10]"},
		{Interval(0.5, 0.9996), "[0.500, 0.9996]"},
		{Interval(1+1e-13, 1.1), "[1.00, 1.10]"},
		{Interval(1+1e-8, 1.1), "[1.00000001, 1.10]"},
		{Interval(0.00001234, 12345678), "[1.23e-05, 1.24e+07]"},
		{Interval(9.999e-5, 9.9999e6), "[9.99e-05, 1.00e+07]"},
		{percent(0.9975), "99.75"},
		{percent(0.99995), "99.99"},
		{percent(0.95), "95"},
		{percent(1 - 0.05/6), "99.16"},
		{count(1, "block"), "1 block"},
		{list([]int{10}), "10"},
		{list([]int{10, 15, 20}), "10, 15 and 20"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// What is printed must hold what was computed.
func TestPrintedIntervalsReachOutwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := math.Exp(rapid.Float64Range(-16, 20).Draw(t, "low"))
		high := low * math.Exp(rapid.Float64Range(0, 3).Draw(t, "length"))
		text := Interval(low, high)
		first, second, _ := strings.Cut(strings.Trim(text, "[]"), ", ")
		printedLow, err := strconv.ParseFloat(first, 64)
		printedHigh, err2 := strconv.ParseFloat(second, 64)
		if err != nil || err2 != nil || printedLow > low*(1+1e-8) || printedHigh < high*(1-1e-8) ||
			printedLow < low*0.98 || printedHigh > high*1.02 {
			t.Fatalf("%s for [%g, %g]", text, low, high)
		}
	})
}
