package verdict

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// rerun is hello, measured so many times; runs of different seeds are runs of
// different days, the second on a machine half as fast.
func rerun(seed uint64, blocks int, noise float64) Side {
	s := hello()
	s.Claims = nil
	s.Requests = []scenarios.Request{{Method: "GET", Path: "/", Expect: scenarios.Expect{Status: 200}}}
	p := planOf(s, blocks, blocks)
	p.Warmup, p.Duration = 100*time.Millisecond, 300*time.Millisecond
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).AddDate(0, 0, int(seed))
	trials := newLab(seed, 1.2, noise).trials(p, blocks)
	for i := range trials {
		trials[i].Counts.Sent = trials[i].Counts.Correct
		trials[i].Start = start.Add(time.Duration(i) * time.Second)
	}
	return Side{
		Run: results.Run{
			Schema: results.SchemaVersion, ID: fmt.Sprintf("run-%d", seed), Seed: seed, Start: start, End: start.Add(time.Hour),
			Plan: p, Tool: "gwbench", Environment: results.Environment{Hostname: "d34db33f", Kernel: "6.1.0", CPUs: 2},
		},
		Trials: trials, Scenario: s,
	}
}

// slower makes the cases that match so many times worse in every metric.
func (s Side) slower(factor float64, selector scenarios.Selector) Side {
	s.Trials = slices.Clone(s.Trials)
	for i := range s.Trials {
		t := &s.Trials[i]
		if c, _ := results.ParseCaseID(t.Case); !matches(c, selector) {
			continue
		}
		t.Metrics = maps.Clone(t.Metrics)
		for name, v := range t.Metrics {
			if m, _ := results.LookupMetric(name); m.Higher {
				t.Metrics[name] = v / factor
			} else {
				t.Metrics[name] = v * factor
			}
		}
	}
	return s
}

func compare(t *testing.T, base, new Side, o CompareOptions) *Changes {
	t.Helper()
	changes, err := Compare(base, new, o)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

// of returns the change of a metric of the only case that matches.
func (c Changes) of(t *testing.T, metric string, selector scenarios.Selector) Change {
	t.Helper()
	var found []Change
	for _, change := range c.Changes {
		if change.Metric == metric && matches(change.New, selector) {
			found = append(found, change)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d changes of %s match %s, want one", len(found), metric, selector)
	}
	return found[0]
}

var (
	uwsgi    = scenarios.Selector{"protocol": "uwsgi", "load": "saturate"}
	capacity = CompareOptions{Metrics: []string{"capacity"}}
)
