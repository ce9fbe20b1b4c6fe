package export

import (
	"encoding/json"
	"io"

	"github.com/gwbench/gwbench/results"
)

// bmfMetric is a value with its bounds. The bounds are the quartiles of the
// valid trials, so that Bencher's plots show how far apart the middle half of
// them was.
type bmfMetric struct {
	Value float64  `json:"value"`
	Lower *float64 `json:"lower_value,omitempty"`
	Upper *float64 `json:"upper_value,omitempty"`
}

// writeBMF writes Bencher Metric Format
// (https://bencher.dev/docs/reference/bencher-metric-format), an object of
// benchmarks, each an object of measures. A benchmark is a case, a measure a
// metric, by its name with dashes; Bencher's own measure throughput is in
// operations per second, as ours is. A case of which nothing is known is left
// out.
func writeBMF(w io.Writer, d Data, metrics []results.Metric) error {
	benchmarks := map[string]map[string]bmfMetric{}
	for _, f := range figures(d) {
		measures := map[string]bmfMetric{}
		for _, m := range metrics {
			s, ok := f.of(m)
			if !ok {
				continue
			}
			metric := bmfMetric{Value: rounded(s.Median)}
			if s.N > 1 {
				lower, upper := rounded(s.Q1), rounded(s.Q3)
				metric.Lower, metric.Upper = &lower, &upper
			}
			measures[slug(m)] = metric
		}
		if len(measures) > 0 {
			benchmarks[seriesName(d, f.Case)] = measures
		}
	}
	if len(benchmarks) == 0 {
		return noFigures(metrics)
	}
	return writeJSON(w, benchmarks)
}

// writeJSON writes indented JSON in which what matters in HTML only stays
// readable.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
