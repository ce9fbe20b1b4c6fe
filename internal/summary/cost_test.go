package summary_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

func ptr(v float64) *float64 { return &v }

// costOf is the cost of a case that had these trials.
func costOf(front string, trials ...results.Trial) summary.Cost {
	c := results.Case{Target: "builtin", Front: front, Load: "saturate"}
	for i := range trials {
		trials[i].Case, trials[i].Block = c.ID(), i+1
	}
	plan := results.Plan{Cases: []results.Case{c}, Loads: closedLoad}
	return summary.Cases(summary.Data{Run: results.Run{Plan: plan}, Trials: trials})[0].Cost()
}

func TestCost(t *testing.T) {
	trial := func(metrics results.Metrics, usage results.Usage) results.Trial {
		return results.Trial{Valid: true, Metrics: metrics, Usage: usage}
	}
	server := func(user, system float64) results.Usage {
		return results.Usage{ServerUser: ptr(user), ServerSystem: ptr(system)}
	}
	behind := func(user, system, frontUser, frontSystem float64) results.Usage {
		return results.Usage{ServerUser: ptr(user), ServerSystem: ptr(system), FrontUser: ptr(frontUser), FrontSystem: ptr(frontSystem)}
	}
	for _, test := range []struct {
		name   string
		front  string
		trials []results.Trial
		want   summary.Cost
	}{
		{
			"medians each by itself", results.NoFront,
			[]results.Trial{
				trial(results.Metrics{"bytes_sent": 40, "bytes_received": 90, "dials": 1}, results.Usage{}),
				trial(results.Metrics{"bytes_sent": 60, "bytes_received": 70, "dials": 0}, results.Usage{}),
				trial(results.Metrics{"bytes_sent": 50}, results.Usage{}),
			},
			summary.Cost{BytesSent: ptr(50), BytesReceived: ptr(80), Dials: ptr(0.5)},
		},
		{
			"user and system of all trials together", results.NoFront,
			[]results.Trial{
				trial(results.Metrics{"server_cpu": 30}, server(0, 0.04)), // a tick that fell to one side
				trial(results.Metrics{"server_cpu": 40}, server(0.01, 0.03)),
				trial(results.Metrics{"server_cpu": 80}, server(0.02, 0)),
			},
			summary.Cost{TargetUser: ptr(12), TargetSystem: ptr(28)},
		},
		{
			"as of schema 1, with a metric for the target", "",
			[]results.Trial{trial(results.Metrics{"server_cpu": 40, "server_cpu.target": 40}, server(0.01, 0.03))},
			summary.Cost{TargetUser: ptr(10), TargetSystem: ptr(30)},
		},
		{
			"a front", "nginx",
			[]results.Trial{trial(results.Metrics{"server_cpu": 100, "server_cpu.target": 40, "server_cpu.front": 60}, behind(0.04, 0.06, 0.01, 0.05))},
			summary.Cost{TargetUser: ptr(30), TargetSystem: ptr(10), FrontUser: ptr(10), FrontSystem: ptr(50)},
		},
		{
			"a front that was read after the whole", "nginx",
			[]results.Trial{trial(results.Metrics{"server_cpu.target": 40, "server_cpu.front": 60}, behind(0.04, 0.06, 0.02, 0.0601))},
			summary.Cost{TargetUser: ptr(40), TargetSystem: ptr(0), FrontUser: ptr(60 * 0.02 / 0.0801), FrontSystem: ptr(60 * 0.0601 / 0.0801)},
		},
		{
			"a front that one trial does not know", "nginx",
			[]results.Trial{
				trial(results.Metrics{"server_cpu.target": 40, "server_cpu.front": 60}, behind(0.04, 0.06, 0.01, 0.05)),
				trial(results.Metrics{"server_cpu": 100}, server(0.9, 0.1)), // whose front's part would be taken for the target's
			},
			summary.Cost{TargetUser: ptr(30), TargetSystem: ptr(10), FrontUser: ptr(10), FrontSystem: ptr(50)},
		},
		{"a front that nobody knows", "nginx", []results.Trial{trial(results.Metrics{"server_cpu": 100}, server(0.04, 0.06))}, summary.Cost{}},
		{"no usage", results.NoFront, []results.Trial{trial(results.Metrics{"server_cpu": 40, "client_cpu": 10}, results.Usage{})}, summary.Cost{}},
		{"no time at all", results.NoFront, []results.Trial{trial(results.Metrics{"server_cpu": 40}, server(0, 0))}, summary.Cost{}},
		{"impossible times", results.NoFront, []results.Trial{trial(results.Metrics{"server_cpu": 40}, server(-1, 2)), trial(results.Metrics{"server_cpu": 40}, server(math.NaN(), 2))}, summary.Cost{}},
		{
			"the load generator", results.NoFront,
			[]results.Trial{trial(results.Metrics{"client_cpu": 10}, results.Usage{ClientUser: ptr(0.02), ClientSystem: ptr(0.08)})},
			summary.Cost{ClientUser: ptr(2), ClientSystem: ptr(8)},
		},
		{"an invalid trial", results.NoFront, []results.Trial{{Metrics: results.Metrics{"server_cpu": 40, "dials": 1}, Usage: server(1, 1)}}, summary.Cost{}},
		{"no trial", results.NoFront, nil, summary.Cost{}},
	} {
		if diff := cmp.Diff(test.want, costOf(test.front, test.trials...), cmpopts.EquateApprox(1e-9, 0)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.name, diff)
		}
	}
}

// byProtocol is a run of these protocols, on what each has of metrics and of user
// time; the whole CPU time is server_cpu.
func byProtocol(blocks int, metrics map[string]results.Metrics, user map[string]float64) summary.Data {
	var cases []results.Case
	for _, c := range grid("saturate", []string{"builtin"}, []string{results.PerRequest}) {
		if metrics[c.Protocol] != nil {
			cases = append(cases, c)
		}
	}
	return lab{cases: cases, loads: closedLoad, blocks: blocks, good: func(c results.Case) results.Metrics {
		m := results.Metrics{}
		for name, v := range metrics[c.Protocol] {
			m[name] = v
		}
		return m
	}, trial: func(trial *results.Trial) {
		c, _ := results.ParseCaseID(trial.Case)
		if share, ok := user[c.Protocol]; ok {
			trial.Usage = results.Usage{ServerUser: ptr(share), ServerSystem: ptr(1 - share)}
		}
	}}.data()
}

func TestCostGroups(t *testing.T) {
	for _, test := range []struct {
		name    string
		blocks  int
		metrics map[string]results.Metrics
		user    map[string]float64
		want    []string
		not     []string
	}{
		{
			"bytes that cost nothing", 12,
			map[string]results.Metrics{"http": {"bytes_sent": 100, "bytes_received": 80, "server_cpu": 50}, "fastcgi": {"bytes_sent": 190, "bytes_received": 82, "server_cpu": 50}},
			map[string]float64{"http": 0.25, "fastcgi": 0.25},
			[]string{"A request over fastcgi is 1.90x as long as over http (190 against 100 B); ", "no difference in server CPU time can be told from noise, the largest is 1.00x [", "; the kernel takes 75 % of it with each."},
			[]string{"response"},
		},
		{
			"a protocol that is dearer", 12,
			map[string]results.Metrics{"http": {"server_cpu": 50}, "fastcgi": {"server_cpu": 75}},
			map[string]float64{"http": 0.4, "fastcgi": 0.2},
			[]string{"A request over fastcgi takes 1.50x [1.", "] the server CPU time of one over http; the kernel takes from 60 % (http) to 80 % (fastcgi) of it."},
			[]string{"as long", "noise", "small"},
		},
		{
			"hardly dearer", 12,
			map[string]results.Metrics{"http": {"server_cpu": 50}, "fastcgi": {"server_cpu": 52}},
			nil,
			[]string{"A request over fastcgi takes 1.04x [1.03, 1.05] the server CPU time of one over http, a small difference."},
			[]string{"kernel", "no more than"},
		},
		{
			"too few blocks", 3,
			map[string]results.Metrics{"http": {"server_cpu": 50}, "fastcgi": {"server_cpu": 75}},
			nil,
			[]string{"Whether the server CPU time differs cannot be told from 3 blocks."},
			[]string{"1.50"},
		},
		{
			"nothing known", 12,
			map[string]results.Metrics{"http": {"throughput": 1}, "fastcgi": {"throughput": 1}},
			nil,
			[]string{"How the server CPU time differs is not known."},
			[]string{";"},
		},
		{
			"connections", 12,
			map[string]results.Metrics{"http": {"dials": 0.1, "bytes_received": 40, "server_cpu": 50}, "fastcgi": {"dials": 1, "bytes_received": 60, "server_cpu": 50}},
			nil,
			[]string{"a response over fastcgi is 1.", "x the connections of one over http (1 against 0.1 for a request)"},
			nil,
		},
	} {
		groups := summary.CostGroups(byProtocol(test.blocks, test.metrics, test.user))
		if len(groups) != 1 || len(groups[0].Cases) != 2 {
			t.Fatalf("%s: %+v", test.name, groups)
		}
		for _, want := range test.want {
			if !strings.Contains(strings.ToLower(groups[0].Text), strings.ToLower(want)) {
				t.Errorf("%s: %q is not in: %s", test.name, want, groups[0].Text)
			}
		}
		for _, not := range test.not {
			if strings.Contains(groups[0].Text, not) {
				t.Errorf("%s: %q is in: %s", test.name, not, groups[0].Text)
			}
		}
	}
}

func TestCostGroupsDifferInTheProtocolAlone(t *testing.T) {
	d := summarytest.Hello(t)
	groups := summary.CostGroups(d)
	var labels []string
	for _, g := range groups {
		labels = append(labels, g.Label)
		for _, c := range g.Cases {
			if c.Load.Name != "saturate" || c.Case != g.Cases[0].Case.With(map[string]string{"protocol": c.Case.Protocol}) {
				t.Errorf("%s has %s", g.Label, c.Case.ID())
			}
		}
	}
	if diff := cmp.Diff([]string{"per-request saturate", "keep-alive saturate"}, labels); diff != "" {
		t.Error(diff)
	}
	if got := summary.CostGroups(summarytest.OneCase(t)); len(got) != 0 {
		t.Errorf("of one case: %+v", got)
	}
}

func TestCostOfKeepingConnectionsOpen(t *testing.T) {
	cases := grid("saturate", []string{"builtin"}, []string{results.PerRequest, results.KeepAlive})
	d := lab{cases: cases, loads: closedLoad, blocks: 12, good: func(c results.Case) results.Metrics {
		cpu := 50.0
		if c.Connection == results.KeepAlive {
			cpu = 10
		}
		return results.Metrics{"server_cpu": cpu, "capacity": 1e6 / cpu}
	}, trial: func(trial *results.Trial) {
		// 10 us of user time each, and 40 of the kernel's without keep-alive.
		user := 0.2
		if strings.Contains(trial.Case, results.KeepAlive) {
			user = 1
		}
		trial.Usage = results.Usage{ServerUser: ptr(user), ServerSystem: ptr(1 - user)}
	}}.data()
	text := answered(d, costHeading)
	for _, want := range []string{
		"The kernel takes from 0 % (http keep-alive) to 80 % (http per-request) of the servers' CPU time",
		"A connection for each request costs them 40.0 us more CPU time per request than one that is kept open, 100 % of that in the kernel: 5.00x [", "the CPU time.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in: %s", want, text)
		}
	}
}

// The same bytes cost much on one server and nothing on the other: neither is left out.
func TestCostOfBytesNamesBoth(t *testing.T) {
	cases := grid("saturate", []string{"builtin", "uwsgi"}, []string{results.PerRequest})
	d := lab{cases: cases, loads: closedLoad, blocks: 12, good: func(c results.Case) results.Metrics {
		m := results.Metrics{"server_cpu": 50, "capacity": 20000, "bytes_sent": 40}
		if c.Protocol == "fastcgi" {
			m["bytes_sent"] = 360
			if c.Target == "uwsgi" {
				m["server_cpu"], m["bytes_sent"] = 100, 240
			}
		}
		return m
	}}.data()
	text := answered(d, costHeading)
	for _, want := range []string{
		"Against one over http a request over fastcgi is 8.9", "builtin) and takes 0.999x [", "no difference that can be told from noise; elsewhere it is 6.00x", "target uwsgi) and takes 2.00x [", "So the bytes alone do not tell the cost.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in: %s", want, text)
		}
	}
	if strings.Contains(text, "at most") {
		t.Errorf("an end of an interval is no fact: %s", text)
	}
}

func TestCostColumns(t *testing.T) {
	for name, c := range map[string]struct {
		d    summary.Data
		want string
	}{
		"without a front": {summarytest.Hello(t), "sent, received, connections, target, user, target, system, client, user, client, system"},
		"with fronts":     {summarytest.Fronts(t), "sent, received, connections, target, user, target, system, front, user, front, system, client, user, client, system"},
	} {
		var heads []string
		for _, column := range summary.CostColumns(c.d.Run.Plan) {
			heads = append(heads, column.Head)
			for _, one := range summary.Cases(c.d) {
				v, ok := column.Value(one)
				if front := strings.HasPrefix(column.Head, "front"); ok && !(v >= 0) || ok && front && one.Case.Front == results.NoFront {
					t.Errorf("%s: %s of %s is %v", name, column.Head, one.Case.ID(), v)
				}
			}
		}
		if got := strings.Join(heads, ", "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
