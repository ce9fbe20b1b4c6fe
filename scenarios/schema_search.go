package scenarios

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// What a search takes unless the file says otherwise.
const (
	defaultFrom      = 100 // per second
	defaultPrecision = 0.05
	// Latency is that of correct responses: without a bound on the others, a server
	// that refuses quickly would hold any objective.
	defaultErrors = 0.001
)

// leastPrecision is what a search can tell apart within a reasonable time.
const leastPrecision = 0.01

// search decodes the goal of a search.
func (d *decoder) search(n ast.Node) *Search {
	s := &Search{From: defaultFrom, Precision: defaultPrecision}
	if slo, ok := n.(*ast.StringNode); ok {
		d.reject(n, "a search must be a mapping (key: value), not a text", fmt.Sprintf("write {slo: %q}", slo.Value))
		return s
	}
	d.mapping(n, "a search",
		field{"slo", `slo: "p99 < 10ms, errors < 0.1%"`, func(n ast.Node) { s.SLO = d.slo(n) }},
		field{"from", "", func(n ast.Node) { s.From = quantity(d, n, "from", "a rate such as 100/s", parseRate) }},
		field{"precision", "", func(n ast.Node) {
			s.Precision = quantity(d, n, "precision", "a percentage such as 5%", parseSearchPrecision)
		}},
	)
	return s
}

// parseSearchPrecision reads a percentage that a search can reach.
func parseSearchPrecision(s string) (float64, error) {
	share, err := parsePercent(s)
	if err == nil && share < leastPrecision {
		return 0, invalid("write 1% or more", "%s is finer than a search can tell", s)
	}
	return share, err
}

// slo decodes the objectives of a search. One on errors is added where there is
// none.
func (d *decoder) slo(n ast.Node) []Objective {
	valid := d.objectiveMetrics()
	list := quantity(d, n, "slo", "a text such as \"p99 < 10ms, errors < 0.1%\"", func(s string) ([]Objective, error) { return parseSLO(s, valid) })
	if len(list) > 0 && !slices.ContainsFunc(list, func(o Objective) bool { return o.Metric == errorsMetric }) {
		list = append(list, Objective{errorsMetric, defaultErrors})
	}
	return list
}

const (
	errorsMetric  = "errors"
	latencyPrefix = "latency."
	servicePrefix = "service."
)

// objectiveMetrics lists the metrics that an objective can bound: those that
// every probe of a search knows.
func (d *decoder) objectiveMetrics() []string {
	return slices.DeleteFunc(slices.Clone(d.vocabulary.Metrics), func(name string) bool {
		return name != errorsMetric && !strings.HasPrefix(name, latencyPrefix) && !strings.HasPrefix(name, servicePrefix)
	})
}

// objectivePattern is a metric, an operator and a bound, each of which is
// judged by itself.
var objectivePattern = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_.]*) *([<>=]+) *([^<>= ].*)$`)

const sloExample = `write "p99 < 10ms, errors < 0.1%"`

// parseSLO reads "p99 < 10ms, errors < 0.1%". valid holds the full names of
// metrics; latency. may be left out.
func parseSLO(s string, valid []string) (list []Objective, err error) {
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		o, err := parseObjective(part, valid)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(list, func(other Objective) bool { return other.Metric == o.Metric }) {
			return nil, invalid("keep the smaller bound", "%s is bounded twice", o.Metric)
		}
		list = append(list, o)
	}
	return list, nil
}

func parseObjective(s string, valid []string) (Objective, error) {
	m := objectivePattern.FindStringSubmatch(s)
	switch {
	case s == "":
		return Objective{}, invalid(sloExample, "an objective is empty")
	case m == nil:
		return Objective{}, invalid(sloExample, "%q is not an objective", s)
	case m[2] != "<":
		return Objective{}, invalid(fmt.Sprintf("an objective is an upper bound: write %s < %s", m[1], m[3]), "%q has the operator %s", s, m[2])
	}
	metric, ok := objectiveMetric(m[1], valid)
	if !ok {
		return Objective{}, invalid(suggest(m[1], shortNames(valid)), "an objective cannot be about %q", m[1])
	}
	if metric == errorsMetric {
		share, err := parsePercent(m[3])
		if err == nil && share == 0 {
			err = invalid("write 0.1%", "%q can never hold", s)
		}
		return Objective{metric, share}, err
	}
	bound, err := parseDuration(m[3])
	return Objective{metric, float64(bound) / float64(time.Millisecond)}, err
}

// objectiveMetric returns the full name of a metric: latency.p99_9 for p99.9.
func objectiveMetric(name string, valid []string) (metric string, ok bool) {
	name = strings.Replace(name, "p99.9", "p99_9", 1)
	for _, metric := range []string{name, latencyPrefix + name} {
		if slices.Contains(valid, metric) {
			return metric, true
		}
	}
	return "", false
}

// shortNames are the metrics as an objective is mostly written.
func shortNames(metrics []string) []string {
	names := make([]string, len(metrics))
	for i, metric := range metrics {
		names[i] = strings.TrimPrefix(metric, latencyPrefix)
	}
	return names
}
