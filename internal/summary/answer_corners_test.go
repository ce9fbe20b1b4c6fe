package summary_test

import (
	"math"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

// What answers say where much is missing.
func TestAnswersWhereMuchIsMissing(t *testing.T) {
	hello := func(change func(*results.Trial)) summary.Data {
		d := summarytest.Hello(t)
		for i := range d.Trials {
			change(&d.Trials[i])
		}
		return d
	}
	invalid := func(prefix string) func(*results.Trial) {
		return func(trial *results.Trial) {
			if strings.HasPrefix(trial.Case, prefix) {
				trial.Valid = false
			}
		}
	}
	steady := func(change func(n int, trial *results.Trial)) summary.Data {
		n := 0
		return lab{
			cases: grid("steady", []string{"builtin"}, []string{results.PerRequest}), loads: openLoad, blocks: 12, good: capacities(nil),
			trial: func(trial *results.Trial) { change(n, trial); n++ },
		}.data()
	}
	one := summarytest.Hello(t).Run.Plan.Cases[5]
	for _, test := range []struct {
		name, heading string
		data          summary.Data
		want          string // "" for no such answer
	}{
		{"a case without a valid trial", trustHeading, hello(invalid(one.ID())), "0 complete blocks of 12 cases, as too few trials are valid of scgi per-request saturate; the other cases have valid trials in 6 blocks or more, as many as an"},
		{"nothing valid", trustHeading, hello(invalid("")), "0 complete blocks of 12 cases, which is too few: an interval with 95 % confidence takes 6. Invalid: "},
		{"no trial", trustHeading, func() summary.Data { d := hello(invalid("")); d.Trials = nil; return d }(), "There is no trial."},
		{"latency of nothing valid", durationHeading, hello(invalid("")), ""},
		{"latency that is unknown", durationHeading, hello(func(trial *results.Trial) {
			trial.Metrics = results.Metrics{"throughput": trial.Metrics["throughput"]}
		}), ""},
		{"no rate kept", limitHeading, steady(func(_ int, trial *results.Trial) { trial.Bottleneck = results.BottleneckUnknown }), "Under open load the rate was kept up with in 0 of 24 trials: latency there may be that of a queue that grows."},
		{"rates of which nothing is known", limitHeading, steady(func(n int, trial *results.Trial) {
			trial.Bottleneck = map[bool]string{true: results.BottleneckRate}[n > 0]
		}), "in 23 of 24 trials; of 1 that is not known."},
		{"one request", limitHeading, steady(func(n int, trial *results.Trial) {
			trial.Bottleneck = results.BottleneckRate
			if n == 0 {
				trial.Counts.Dropped = 1
			}
		}), "1 request was never sent, and what it would have waited is in no latency."},
	} {
		got := answered(test.data, test.heading)
		if test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q is not in %q", test.name, test.want, got)
		}
	}
}

// The same small difference is none to speak of where all of its interval is small,
// and may be one where part of it is not.
func TestProtocolAnswerGoesByTheInterval(t *testing.T) {
	for word, scatter := range map[string]float64{"Hardly: ": 0.002, "Somewhat: ": 0.08} {
		n := 0
		d := lab{
			cases: grid("saturate", []string{"builtin"}, []string{results.PerRequest}), loads: closedLoad, blocks: 20,
			good: func(c results.Case) results.Metrics {
				capacity := 10000.0
				if c.Protocol == "http" {
					n++
					capacity *= 1.08 * math.Exp(scatter*float64(n%5-2)/2)
				}
				return results.Metrics{"capacity": capacity}
			},
		}.data()
		if got := answered(d, protocolHeading); !strings.HasPrefix(got, word) {
			t.Errorf("scatter %v: %s", scatter, got)
		}
	}
}
