package summary_test

import (
	"fmt"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"

	"github.com/gwbench/gwbench/internal/verdict"
)

// payloads is a run of two protocols with bodies of three sizes, down and up.
func payloads(t *testing.T) summary.Data {
	t.Helper()
	d := summarytest.OneCase(t)
	d.Run.Plan.Cases, d.Trials = nil, nil
	for _, protocol := range []string{"http", "uwsgi"} {
		for _, series := range []string{"down", "up"} {
			for _, size := range []int{1, 1024, 1048576} {
				c := results.Case{
					Target: "gunicorn-20", Protocol: protocol, Network: "tcp", Connection: results.KeepAlive, Front: "none",
					Application: "probe", Load: "saturate", Request: fmt.Sprintf("%s-%d", series, size),
				}
				d.Run.Plan.Cases = append(d.Run.Plan.Cases, c)
				for block := 1; block <= 6; block++ {
					cost := 10 + float64(size)/1024 + float64(block)/10
					d.Trials = append(d.Trials, results.Trial{
						Case: c.ID(), Block: block, Valid: true,
						Metrics: results.Metrics{"server_cpu": cost, "capacity": 1e6 / cost, "throughput": 1e5 / cost},
					})
				}
			}
		}
	}
	return d
}

func TestAxesOfNumbersAreFound(t *testing.T) {
	d := payloads(t)
	charts := summary.AxisCharts(d, summary.Cases(d))
	var got []string
	for _, c := range charts {
		got = append(got, fmt.Sprintf("%s %s: %s over %s, %d lines", c.Axis, c.Series, c.Metric.Name, c.XLabel, len(c.Lines)))
	}
	want := "[request down: throughput over N of request down-N, 2 lines request up: throughput over N of request up-N, 2 lines" +
		" request down: capacity over N of request down-N, 2 lines request up: capacity over N of request up-N, 2 lines]"
	if fmt.Sprint(got) != want {
		t.Fatalf("got %v", got)
	}
	line := charts[0].Lines[1]
	if line.Case.Protocol != "uwsgi" || len(line.Points) != 3 || line.Points[2].X != 1048576 {
		t.Errorf("line %+v", line)
	}
	if p := line.Points[0]; !p.Range.HasInterval() || p.Median < p.Range.Low || p.Median > p.Range.High {
		t.Errorf("median %v in %+v", p.Median, p.Range)
	}
	if !charts[0].LogX() || !charts[0].LogY() {
		t.Error("six decades of bodies are no logarithmic axis")
	}
}

func TestDeclaredTrendsComeFirstAndAreNotToldTwice(t *testing.T) {
	d := payloads(t)
	d.Scenario = &scenarios.Scenario{Trends: []scenarios.Trend{{Name: "cost", Says: "what a KiB costs", Metric: "server_cpu", Along: "request", Per: 1024, Unit: "B"}}}
	var err error
	if d.Trends, err = verdict.Trends(d.Scenario, d.Run.Plan, d.Trials); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range summary.AxisCharts(d, summary.Cases(d)) {
		got = append(got, fmt.Sprintf("%s over %s: %q", c.Metric.Name, c.XLabel, c.Says))
		for _, l := range c.Lines {
			if (l.Trend != nil) != (c.Says != "") {
				t.Errorf("%s: a line with trend %v", c.Metric.Name, l.Trend)
			}
		}
	}
	want := `[server_cpu over down (B): "what a KiB costs" server_cpu over up (B): "what a KiB costs" throughput over down (B): "" throughput over up (B): ""]`
	if fmt.Sprint(got) != want {
		t.Errorf("got %v", got)
	}
}

// TestLoadsOfAKindAreAnAxis: clients and rates are not points of one line.
func TestLoadsOfAKindAreAnAxis(t *testing.T) {
	d := summarytest.OneCase(t)
	base := d.Run.Plan.Cases[0]
	trial := d.Trials[0]
	d.Run.Plan.Cases, d.Trials = nil, nil
	add := func(load results.Load) {
		c := base.With(map[string]string{"load": load.Name})
		d.Run.Plan.Cases = append(d.Run.Plan.Cases, c)
		d.Run.Plan.Loads[load.Name] = load
		trial := trial
		trial.Case = c.ID()
		d.Trials = append(d.Trials, trial)
	}
	for _, n := range []int{1, 16, 256} {
		add(results.Load{Name: fmt.Sprintf("clients-%d", n), Clients: n})
	}
	add(results.Load{Name: "steady", Rate: 2000})
	// A case that is driven by one load only is no line.
	alone := base.With(map[string]string{"load": "clients-1", "front": "nginx"})
	d.Run.Plan.Cases = append(d.Run.Plan.Cases, alone)
	trial.Case = alone.ID()
	d.Trials = append(d.Trials, trial)
	charts := summary.AxisCharts(d, summary.Cases(d))
	if len(charts) != 3 {
		t.Fatalf("%d charts, want throughput, capacity and latency", len(charts))
	}
	for _, c := range charts {
		if c.XLabel != "clients" || len(c.Lines) != 1 || len(c.Lines[0].Points) != 3 {
			t.Errorf("%s over %s: %+v", c.Metric.Name, c.XLabel, c.Lines)
		}
		if p := c.Lines[0].Points[0]; p.Range.HasInterval() {
			t.Errorf("one trial has the interval %+v", p.Range)
		}
	}
	if got := summary.AxisCharts(summarytest.Hello(t), summary.Cases(summarytest.Hello(t))); len(got) != 0 {
		t.Errorf("hello has no axis of numbers: %+v", got)
	}
}
