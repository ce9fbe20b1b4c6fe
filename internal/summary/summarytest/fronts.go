package summarytest

import (
	"math"
	"slices"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// Fronts is a run of 40 cases: two servers behind two fronts and behind none,
// over three protocols, with a claim that crosses server and protocol; and a
// middleware of five depths, with a trend. Verdicts and trends are worked out
// as in a real run.
func Fronts(t testing.TB) summary.Data {
	t.Helper()
	d := Hello(t)
	plan := &d.Run.Plan
	plan.Cases, plan.Family = nil, 0
	c := results.Case{Network: "tcp", Connection: results.PerRequest, Application: "middleware-0", Load: "saturate", Front: "none"}
	for _, target := range []string{"uwsgi", "pygateway"} {
		for _, front := range []string{"none", "nginx", "apache"} {
			for _, protocol := range []string{"http", "uwsgi", "fastcgi", "scgi"} {
				c.Target, c.Protocol, c.Front = target, protocol, front
				plan.Cases = append(plan.Cases, c)
			}
		}
		c.Front, c.Protocol = "none", "http"
		for _, application := range []string{"middleware-1", "middleware-4", "middleware-16", "middleware-64"} {
			deep := c
			deep.Application = application
			for _, connection := range []string{results.PerRequest, results.KeepAlive} {
				deep.Connection = connection
				plan.Cases = append(plan.Cases, deep)
			}
		}
	}
	d.Scenario = frontScenario()
	d.Trials = fakeTrials(t, *plan, 10)
	reshape(&d)
	var err error
	if d.Claims, err = verdict.Evaluate(d.Scenario, *plan, d.Trials); err != nil {
		t.Fatal(err)
	}
	if d.Trends, err = verdict.Trends(d.Scenario, *plan, d.Trials); err != nil {
		t.Fatal(err)
	}
	d.Run.ID, d.Run.Scenario = "20260102T030405Z-fronts", results.Source{Name: "fronts", File: "scenarios/fronts.yaml"}
	d.Run.Targets = []results.Server{{Name: "uwsgi", Version: "2.0.21"}, {Name: "pygateway", Version: "Python 3.11.2"}}
	d.Run.Fronts = []results.Server{{Name: "nginx", Version: "nginx/1.22.1"}, {Name: "apache", Version: "Apache/2.4.62"}}
	d.Run.Unverified = true
	why := "mod_proxy_uwsgi sends the path with its percent signs"
	for _, c := range plan.Cases {
		if c.Front == "apache" && c.Protocol == "uwsgi" {
			d.Run.Exceptions = append(d.Run.Exceptions, results.Exception{Case: c.ID(), Differs: "path_info", Why: why})
		}
	}
	d.Run.Warnings = append(d.Run.Warnings, "pygateway: a gateway in plain Python, for comparison and not for use.")
	return d
}

func frontScenario() *scenarios.Scenario {
	return &scenarios.Scenario{
		Name: "fronts", About: "Servers behind fronts, and what a middleware costs.",
		Targets:      []scenarios.TargetRef{{Name: "uwsgi"}, {Name: "pygateway"}},
		Protocols:    []string{"http", "uwsgi", "fastcgi", "scgi"},
		Applications: []string{"middleware-0", "middleware-1", "middleware-4", "middleware-16", "middleware-64"},
		Fronts:       []string{"none", "nginx", "apache"},
		Connections:  []string{results.PerRequest, results.KeepAlive},
		Load:         []scenarios.Load{{Name: "saturate", Clients: 16}},
		Claims: []scenarios.Claim{{
			Name: "origin", Says: "nginx and uWSGI over uwsgi is 10 times faster than nginx and Python over FastCGI",
			Metrics: []string{"throughput", "capacity"},
			Of:      scenarios.Selector{"target": "uwsgi", "protocol": "uwsgi", "front": "nginx", "application": "middleware-0"},
			Over:    scenarios.Selector{"target": "pygateway", "protocol": "fastcgi", "front": "nginx", "application": "middleware-0"},
			Factor:  scenarios.Factor{Op: scenarios.AtLeast, Value: 10}, Line: 30,
		}},
		Trends: []scenarios.Trend{{
			Name: "cost-per-layer", Says: "One more WSGI middleware costs", Metric: "server_cpu", Along: "application",
			Where: scenarios.Selector{"protocol": "http", "connection": results.PerRequest, "front": "none"}, Per: 1, Unit: "layer", Line: 40,
		}},
	}
}

// reshape makes pygateway slow, layers cost, and fronts take their share.
func reshape(d *summary.Data) {
	for i, t := range d.Trials {
		c := caseOf(d.Run.Plan, t)
		target := t.Metrics["server_cpu"]
		if c.Target == "pygateway" {
			target *= 7
		}
		depth, _ := d.Scenario.Number("application", c.Application)
		target += 0.42 * depth
		front := 0.0
		if c.Front != "none" {
			front = 0.3 * t.Metrics["server_cpu"]
			t.Metrics["server_cpu.front"] = front
		}
		m := d.Trials[i].Metrics
		m["server_cpu.target"], m["server_cpu"] = target, target+front
		m["capacity"] = 1e6 / m["server_cpu"]
		m["throughput"] = math.Min(25000, m["capacity"])
	}
}

func caseOf(plan results.Plan, t results.Trial) results.Case {
	i := slices.IndexFunc(plan.Cases, func(c results.Case) bool { return c.ID() == t.Case })
	return plan.Cases[i]
}
