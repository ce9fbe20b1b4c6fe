package summary_test

import (
	"math"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func TestCoursesShowTheDriftOfANoisyMachine(t *testing.T) {
	d := summarytest.Noisy(t)
	courses := summary.Courses(d)
	if len(courses) != 3 {
		t.Fatalf("%d courses, want those of throughput, capacity and median latency", len(courses))
	}
	throughput := courses[0]
	if throughput.Metric.Name != "throughput" || len(throughput.Cases) != 6 {
		t.Fatalf("%s of %d cases, want throughput of the 6 under closed load", throughput.Metric.Name, len(throughput.Cases))
	}
	blocks, levels, ok := throughput.Line()
	if !ok || blocks != [2]int{1, 10} || math.Abs(levels[1]/levels[0]-(1+throughput.Drift.Change.Estimate)) > 1e-9 {
		t.Errorf("line from %v at %v to %v", blocks, levels, throughput.Drift.Change.Estimate)
	}
	if levels[0] <= 1 || levels[1] >= 1 {
		t.Errorf("the line %v does not fall through 1", levels)
	}
	valid, invalid, disturbed := 0, 0, 0
	for _, c := range throughput.Cases {
		last := 0
		for _, p := range c.Points {
			if p.Block < last {
				t.Fatalf("block %d after %d", p.Block, last)
			}
			last = p.Block
			if math.Abs(p.Relative*c.Median/p.Value-1) > 1e-9 {
				t.Errorf("%v is %v times %v", p.Value, p.Relative, c.Median)
			}
			if p.Valid {
				valid++
			} else {
				invalid++
			}
			if p.Disturbed == "others" {
				disturbed++
			}
		}
	}
	// Two blocks of six cases, and three trials of block 2.
	if valid != 60 || invalid != 4 || disturbed != 15 {
		t.Errorf("%d valid trials, %d invalid, %d disturbed; want 60, 4, 15", valid, invalid, disturbed)
	}
	if courses := summary.Courses(summarytest.NothingValid(t)); len(courses) != 0 {
		t.Errorf("a course of nothing: %v", courses)
	}
}
