package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/spelling"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// Errors is the metric that Compare and ComparePaired always judge, by whether
// responses failed and not by how many: a share that is zero has no ratio.
const Errors = "errors"

// defaultMetrics are compared unless others are asked for: what a server does,
// at which cost, and how long that takes. The ones that a load says nothing of
// are passed over.
var defaultMetrics = []string{"throughput", "saturation", "capacity", "latency.p50", "latency.p99"}

// DefaultThreshold is the relative change from which on one of a metric counts.
// Latency varies more than capacity does, and its tail more than its middle.
func DefaultThreshold(metric string) float64 {
	switch metric {
	case "throughput", "saturation", "capacity":
		return 0.05
	case "latency.p99", "latency.p99_9", "latency.max":
		return 0.25
	}
	return 0.10
}

// CompareOptions says what is compared, and how. The zero value takes the
// defaults.
type CompareOptions struct {
	// Method is Normalised or Absolute; "" takes the former where the runs have a
	// reference in common, else the latter.
	Method Method
	// Metrics are judged; nil stands for the default ones, and for those that
	// Thresholds names. Errors are judged whether they are among them or not; where
	// they are, cases without any are listed too.
	Metrics []string
	// Thresholds are in place of the default ones: 0.05 for 5 %.
	Thresholds map[string]float64
	// Threshold is that of the metrics that Thresholds does not name; nil stands
	// for DefaultThreshold.
	Threshold *float64
	// Reference changes the axes of the case that others are divided by; those it
	// does not name are those of the default reference. Only a normalised comparison
	// has one: with any other Method it is an error, and so is one that no case can
	// be divided by.
	Reference scenarios.Selector
	// Only leaves out the cases for which it is false; nil keeps all.
	Only func(results.Case) bool
	// Seed is that of the resampling: equal seeds give equal intervals.
	Seed uint64
}

// metrics returns what is judged, in the order of results.MetricList.
func (o CompareOptions) metrics() ([]results.Metric, error) {
	names := o.Metrics
	if names == nil {
		names = slices.Clone(defaultMetrics)
		for name := range o.Thresholds {
			names = append(names, name)
		}
	}
	for _, name := range slices.Sorted(slices.Values(names)) {
		if err := CheckComparable(name); err != nil {
			return nil, err
		}
	}
	for name, threshold := range o.Thresholds {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("there is a threshold for %s, which is not among the metrics to compare: %s", name, strings.Join(names, ", "))
		}
		if !(threshold >= 0) {
			return nil, fmt.Errorf("the threshold of %s is %g: it is a share that is not negative", name, threshold)
		}
	}
	var metrics []results.Metric
	for _, m := range results.MetricList {
		if m.Name != Errors && slices.Contains(names, m.Name) {
			metrics = append(metrics, m)
		}
	}
	return metrics, nil
}

// wantsErrors tells whether errors were asked for by name.
func (o CompareOptions) wantsErrors() bool { return slices.Contains(o.Metrics, Errors) }

// CheckComparable refuses a metric that does not exist.
func CheckComparable(name string) error {
	if _, ok := results.LookupMetric(name); ok {
		return nil
	}
	names := results.MetricNames()
	if near := spelling.Nearest(name, names); near != "" {
		return fmt.Errorf("there is no metric %q: did you mean %s?", name, near)
	}
	return fmt.Errorf("there is no metric %q: choose from %s", name, strings.Join(names, ", "))
}

func (o CompareOptions) threshold(metric string) float64 {
	if t, ok := o.Thresholds[metric]; ok {
		return t
	}
	if o.Threshold != nil {
		return *o.Threshold
	}
	return DefaultThreshold(metric)
}

// comparableUnder tells whether a metric may be compared under a load: of a
// search only its answer, as the rest was seen at whatever rate that is.
func comparableUnder(m results.Metric, load results.Load) bool {
	return m.Says(load) && (load.Search == nil || m.Load == "search")
}
