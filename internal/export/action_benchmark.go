package export

import (
	"fmt"
	"io"
	"strings"

	"github.com/gwbench/gwbench/results"
)

// actionBenchmark is what the action github-action-benchmark
// (https://github.com/benchmark-action/github-action-benchmark) takes for one
// value. Range and extra are shown, and nothing is computed from them.
type actionBenchmark struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit"`
	Value float64 `json:"value"`
	Range string  `json:"range,omitempty"`
	Extra string  `json:"extra,omitempty"`
}

// writeBiggerIsBetter and writeSmallerIsBetter are the two custom formats of
// the action: it takes one direction at a time.
func writeBiggerIsBetter(w io.Writer, d Data, metrics []results.Metric) error {
	return writeActionBenchmarks(w, d, metrics, true)
}

func writeSmallerIsBetter(w io.Writer, d Data, metrics []results.Metric) error {
	return writeActionBenchmarks(w, d, metrics, false)
}

func writeActionBenchmarks(w io.Writer, d Data, metrics []results.Metric, bigger bool) error {
	var chosen []results.Metric
	for _, m := range metrics {
		if m.Higher == bigger {
			chosen = append(chosen, m)
		}
	}
	if len(chosen) == 0 {
		word, other := "less", "bigger"
		if bigger {
			word, other = "more", "smaller"
		}
		return fmt.Errorf("of none of the chosen metrics %s is better: take the format github-action-benchmark-%s, or other metrics", word, other)
	}
	var all []actionBenchmark
	for _, f := range figures(d) {
		for _, m := range chosen {
			s, ok := f.of(m)
			if !ok {
				continue
			}
			b := actionBenchmark{
				Name:  seriesName(d, f.Case) + " " + m.Name,
				Unit:  m.Unit,
				Value: rounded(s.Median),
				Extra: trialsExtra(f),
			}
			if s.N > 1 {
				b.Range = "quartiles " + number(rounded(s.Q1)) + " to " + number(rounded(s.Q3))
			}
			all = append(all, b)
		}
	}
	if len(all) == 0 {
		return noFigures(chosen)
	}
	return writeJSON(w, all)
}

// trialsExtra says what a value rests on.
func trialsExtra(f caseFigures) string {
	texts := []string{fmt.Sprintf("%d of %d trials valid", len(f.Valid), f.Trials)}
	counts := map[string]int{}
	var order []string
	for _, t := range f.Valid {
		if counts[t.Bottleneck] == 0 {
			order = append(order, t.Bottleneck)
		}
		counts[t.Bottleneck]++
	}
	for _, b := range order {
		texts = append(texts, fmt.Sprintf("bottleneck %s in %d", b, counts[b]))
	}
	return strings.ReplaceAll(lines(texts), "\n", "; ")
}
