package verdict

import (
	"slices"
	"strings"

	"github.com/gwbench/gwbench/results"
)

// names tells how to speak of the cases of one claim.
type names struct {
	sides  []string // axes that a selector names: they tell Of from Over
	shared []string // other axes that vary among the claim's comparisons
}

func newNames(t test) names {
	var n names
	cases := make([]results.Case, len(t.comparisons))
	for i, c := range t.comparisons {
		cases[i] = c.Of
	}
	for _, axis := range results.Axes {
		_, of := t.claim.Of[axis]
		_, over := t.claim.Over[axis]
		if of || over {
			n.sides = append(n.sides, axis)
		}
	}
	for _, axis := range results.Varying(cases) {
		if !slices.Contains(n.sides, axis) {
			n.shared = append(n.shared, axis)
		}
	}
	return n
}

// side is "uwsgi per-request".
func (n names) side(c results.Case) string { return Label(c, n.sides) }

// scope is "With target builtin and load steady, ", or "" where all
// comparisons of the claim share everything.
func (n names) scope(c results.Case) string {
	if len(n.shared) == 0 {
		return ""
	}
	parts := make([]string, len(n.shared))
	for i, axis := range n.shared {
		parts[i] = axis + " " + c.Value(axis)
	}
	return "With " + Enumeration(parts) + ", "
}

// words says what a metric measures, in the middle of a sentence.
var words = map[string]string{
	"throughput":        "throughput",
	"capacity":          "capacity (responses per second of server CPU time)",
	"server_cpu":        "server CPU time per request",
	"server_cpu.user":   "server CPU time in user mode per request",
	"server_cpu.system": "server CPU time in the kernel per request",
	"server_cpu.target": "server CPU time of the target per request",
	"server_cpu.front":  "server CPU time of the front per request",
	"client_cpu":        "load generator CPU time per request",
	"errors":            "share of failed responses",
	"bytes_sent":        "bytes sent per request",
	"bytes_received":    "bytes received per request",
	"dials":             "connections opened per request",
	"server_rss":        "peak server memory",
}

// quantities are the first parts of dotted names, statistics the second.
var (
	quantities = map[string]string{"latency": "latency", "service": "service time", "lag": "load generator lag"}
	statistics = map[string]string{
		"mean": "mean ", "max": "longest ", "p50": "median ", "p90": "90th percentile of ",
		"p99": "99th percentile of ", "p99_9": "99.9th percentile of ",
	}
)

// describe is "median latency" for latency.p50, and the name itself of a
// metric it does not know.
func describe(metric string) string {
	if w, ok := words[metric]; ok {
		return w
	}
	quantity, statistic, _ := strings.Cut(metric, ".")
	q, ok := quantities[quantity]
	s, ok2 := statistics[statistic]
	if !ok || !ok2 {
		return metric
	}
	return s + q
}
