package benchmarks

import (
	"testing"
	"time"

	"github.com/gwbench/gwbench/internal/stats"
)

// alpha is the error rate of the reported intervals.
const alpha = 0.05

// compare runs ours and theirs in turn and reports how many times longer
// theirs takes. Both return what one operation of that round took.
func compare(b *testing.B, ours, theirs func() time.Duration) {
	b.Helper()
	a, z := rounds(b, func() float64 { return float64(ours()) }, func() float64 { return float64(theirs()) })
	report(b, "ns", a, z, stats.PairedRatio(z, a, alpha))
}

// compareRates is compare for rates, of which more is better: it reports how
// many times more ours does.
func compareRates(b *testing.B, unit string, ours, theirs func() float64) {
	b.Helper()
	a, z := rounds(b, ours, theirs)
	report(b, unit, a, z, stats.PairedRatio(a, z, alpha))
}

// rounds runs both once for each iteration of the benchmark, after a round
// that does not count; who goes first alternates.
func rounds(b *testing.B, ours, theirs func() float64) (a, z []float64) {
	b.Helper()
	ours()
	theirs()
	for b.Loop() {
		if len(a)%2 == 0 {
			a = append(a, ours())
			z = append(z, theirs())
		} else {
			z = append(z, theirs())
			a = append(a, ours())
		}
	}
	return a, z
}

// report replaces the useless time of a round by what the rounds found out:
// the medians, the Hodges-Lehmann estimate of the ratio, and its exact
// signed-rank interval where there are rounds enough (-benchtime 12x).
func report(b *testing.B, unit string, ours, theirs []float64, ratio stats.Ratio) {
	b.Helper()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(stats.Describe(ours).Median, "ours-"+unit)
	b.ReportMetric(stats.Describe(theirs).Median, "theirs-"+unit)
	b.ReportMetric(ratio.Estimate, "ratio")
	if ratio.Achieved > 0 {
		b.ReportMetric(ratio.Low, "ratio-low")
		b.ReportMetric(ratio.High, "ratio-high")
	}
}
