package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/spelling"
	"github.com/gwbench/gwbench/results"
)

// mainMetrics are exported where nobody chooses.
var mainMetrics = []string{
	"throughput", "saturation", "capacity",
	"latency.p50", "latency.p90", "latency.p99", "latency.p99_9",
	"server_cpu", "errors",
}

// Choose returns the metrics of a list such as "capacity,latency.p99", in its
// order. "" stands for the main ones, "all" for every one.
func Choose(list string) ([]results.Metric, error) {
	switch strings.TrimSpace(list) {
	case "":
		return lookup(mainMetrics)
	case "all":
		return results.MetricList, nil
	}
	return lookup(strings.Split(list, ","))
}

func lookup(names []string) ([]results.Metric, error) {
	metrics := make([]results.Metric, 0, len(names))
	for _, name := range names {
		name = strings.TrimSpace(name)
		m, ok := results.LookupMetric(name)
		if !ok {
			all := results.MetricNames()
			return nil, fmt.Errorf("there is no metric %q: %schoose from %s, or all", name, spelling.Hint(name, all), strings.Join(all, ", "))
		}
		if !slices.Contains(metrics, m) {
			metrics = append(metrics, m)
		}
	}
	return metrics, nil
}

// noFigures is the error of an export in which there would be nothing: a system
// that keeps curves would take it for a run in which all went well.
func noFigures(metrics []results.Metric) error {
	names := make([]string, len(metrics))
	for i, m := range metrics {
		names[i] = m.Name
	}
	return fmt.Errorf("there would be nothing in it: no case has a figure of %s: choose other metrics, or see in gwbench report why no trial is valid", strings.Join(names, ", "))
}
