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
			hint := ""
			if near := spelling.Nearest(name, results.MetricNames()); near != "" {
				hint = fmt.Sprintf("did you mean %s? ", near)
			}
			return nil, fmt.Errorf("there is no metric %q: %schoose from %s, or all", name, hint, strings.Join(results.MetricNames(), ", "))
		}
		if !slices.Contains(metrics, m) {
			metrics = append(metrics, m)
		}
	}
	return metrics, nil
}

// says tells whether a metric says something of cases under a load: a
// throughput that the load set, for one, says nothing of the server.
func says(m results.Metric, l results.Load) bool {
	switch m.Load {
	case "closed":
		return l.Closed()
	case "search":
		return l.Search != nil
	}
	return true
}
