package main

import (
	"fmt"
	"strings"

	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/scenarios"
)

// parseSelector reads "target=old,connection=keep-alive".
func parseSelector(flag, text string) (scenarios.Selector, error) {
	selector := scenarios.Selector{}
	for part := range strings.SplitSeq(text, ",") {
		axis, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		axis, value = strings.TrimSpace(axis), strings.TrimSpace(value)
		if !ok || axis == "" || value == "" {
			return nil, fmt.Errorf("%s %q: write it as axis=value, such as target=old,connection=keep-alive", flag, text)
		}
		if _, twice := selector[axis]; twice {
			return nil, fmt.Errorf("%s %q: it names %s twice", flag, text, axis)
		}
		selector[axis] = value
	}
	return selector, nil
}

// parseThresholds reads "5%", "throughput=5%,latency.p99=10%" or both:
// thresholds by metric, and the one of all others, nil where there is none.
func parseThresholds(text string) (byMetric map[string]float64, others *float64, err error) {
	if text == "" {
		return nil, nil, nil
	}
	byMetric = map[string]float64{}
	for part := range strings.SplitSeq(text, ",") {
		metric, size, named := strings.Cut(strings.TrimSpace(part), "=")
		if !named {
			metric, size = "", metric
		}
		share, err := parsePercent(size)
		if err != nil {
			return nil, nil, fmt.Errorf("--threshold %q: %w, or as throughput=5%%,latency.p99=10%%", text, err)
		}
		metric = strings.TrimSpace(metric)
		_, twice := byMetric[metric]
		switch {
		case !named && others != nil, twice:
			return nil, nil, fmt.Errorf("--threshold %q: it sets one of them twice", text)
		case !named:
			others = &share
		case metric == verdict.Errors:
			return nil, nil, fmt.Errorf("--threshold %q: errors have none: whether responses fail is judged by a rule of its own, in docs/compare.md", text)
		default:
			byMetric[metric] = share
		}
	}
	return byMetric, others, nil
}
