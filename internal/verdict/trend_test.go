package verdict

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// layers is two targets under so many layers of middleware, and a trend of
// what a layer costs.
func layers(applications ...string) (*scenarios.Scenario, results.Plan) {
	s := hello()
	s.Trends = []scenarios.Trend{{
		Name: "cost-per-layer", Says: "One more WSGI middleware costs", Metric: "server_cpu",
		Along: "application", Per: 1, Unit: "layer", Line: 20,
	}}
	plan := results.Plan{Loads: map[string]results.Load{"saturate": {Name: "saturate", Clients: 16}, "steady": {Name: "steady", Rate: 2000}}}
	for _, target := range []string{"uwsgi", "gunicorn"} {
		for _, application := range applications {
			plan.Cases = append(plan.Cases, results.Case{
				Target: target, Protocol: "http", Network: "tcp", Connection: "keep-alive",
				Front: "none", Application: application, Load: "saturate",
			})
		}
	}
	return s, plan
}

// cost is 50 us and 0.42 for each layer, and twice that with gunicorn.
func cost(c results.Case) float64 {
	s := scenarios.Scenario{}
	n, _ := s.Number("application", c.Application)
	us := 50 + 0.42*n
	if c.Target == "gunicorn" {
		us *= 2
	}
	return us
}

func trends(t *testing.T, s *scenarios.Scenario, plan results.Plan, trials []results.Trial) []TrendResult {
	t.Helper()
	found, err := Trends(s, plan, trials)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// measured makes trials with noise that is added, without a change from block
// to block.
func measured(plan results.Plan, blocks int, noise float64, value func(results.Case) float64) []results.Trial {
	trials := measure(plan, blocks, "server_cpu", noise, func(results.Case) float64 { return 1 })
	byID := map[string]results.Case{}
	for _, c := range plan.Cases {
		byID[c.ID()] = c
	}
	hosts := map[int]float64{}
	for i := range trials {
		m := trials[i].Metrics
		if hosts[trials[i].Block] == 0 {
			hosts[trials[i].Block] = m["server_cpu"]
		}
		m["server_cpu"] = value(byID[trials[i].Case]) + noise*math.Log(m["server_cpu"]/hosts[trials[i].Block])/max(noise, 1e-12)
	}
	return trials
}

func TestTrendOfALine(t *testing.T) {
	// The order of the plan does not matter.
	s, plan := layers("middleware-16", "middleware-0", "middleware-4", "middleware-1", "middleware-64")
	found := trends(t, s, plan, measured(plan, 10, 0.2, cost))
	if len(found) != 2 {
		t.Fatalf("%d groups, want one per target", len(found))
	}
	for i, want := range []struct {
		group            string
		slope, intercept float64
	}{{"target uwsgi", 0.42, 50}, {"gunicorn", 0.84, 100}} {
		g := found[i]
		if g.Group != want.group || g.Blocks != 10 || g.Unit != "us/req" || len(g.Warnings) > 0 {
			t.Errorf("%+v", g)
		}
		if math.Abs(g.Slope.Estimate-want.slope) > 0.02 || !(g.Slope.Low <= want.slope && want.slope <= g.Slope.High) {
			t.Errorf("%s: slope %+v, want %g", want.group, g.Slope, want.slope)
		}
		if math.Abs(g.Intercept.Estimate-want.intercept) > 0.5 {
			t.Errorf("%s: intercept %+v, want %g", want.group, g.Intercept, want.intercept)
		}
		if !slices.Equal(g.X, []float64{0, 1, 4, 16, 64}) || g.Cases[4].Application != "middleware-64" || g.R2 == nil || !(*g.R2 > 0.99) {
			t.Errorf("%s: %v, %v, R2 %v", want.group, g.X, g.Cases, g.R2)
		}
	}
}

func TestTrendSentence(t *testing.T) {
	s, plan := layers("middleware-0", "middleware-16", "middleware-64")
	want := "One more WSGI middleware costs: 0.420 us/req [0.420, 0.420] of server CPU time per layer (target uwsgi; R2 1; 10 blocks)."
	if got := trends(t, s, plan, measured(plan, 10, 0, cost))[0].Sentence; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	s.Trends[0].Per, s.Trends[0].Unit, s.Trends[0].Where = 16, "", scenarios.Selector{"target": "gunicorn"}
	found := trends(t, s, plan, measured(plan, 3, 0, cost))
	if len(found) != 1 || found[0].Group != "" || math.Abs(found[0].Slope.Estimate-13.44) > 1e-6 {
		t.Fatalf("%+v", found)
	}
	if got := found[0].Sentence; !strings.Contains(got, "13.4 us/req of server CPU time per 16 of application (R2 ") || !strings.HasSuffix(got, "; 3 blocks).") {
		t.Error(got)
	}
	s.Trends[0].Unit = "layers"
	if got := trends(t, s, plan, measured(plan, 3, 0, cost))[0].Sentence; !strings.Contains(got, " per 16 layers (") {
		t.Error(got)
	}
}

func TestTrendCaveats(t *testing.T) {
	flat := func(results.Case) float64 { return 50 }
	for _, c := range []struct {
		name         string
		applications []string
		blocks       int
		noise        float64
		value        func(results.Case) float64
		change       func(plan results.Plan, trials []results.Trial)
		want         []string // each in the warning at its place
	}{
		{name: "few blocks", applications: []string{"m-0", "m-1", "m-2"}, blocks: 5, value: cost, want: []string{"there is no interval: it takes 6 blocks"}},
		{name: "two points", applications: []string{"m-0", "m-1"}, blocks: 10, value: cost, want: []string{"two points always lie on a line"}},
		{name: "no trend", applications: []string{"m-0", "m-1", "m-2"}, blocks: 10, noise: 1, value: flat, want: []string{"no clear trend"}},
		{
			name: "a curve", applications: []string{"m-0", "m-1", "m-2", "m-3", "m-4"}, blocks: 10,
			value: func(c results.Case) float64 { return 100 - math.Pow(cost(c)/0.42-120.2, 2) }, want: []string{"not linear (R2 0."},
		},
		{
			name: "blocks that lack a case", applications: []string{"m-0", "m-1", "m-2"}, blocks: 10, value: cost,
			change: func(plan results.Plan, trials []results.Trial) {
				for i := range trials {
					if trials[i].Block == 4 && trials[i].Case == plan.Cases[1].ID() {
						trials[i].Valid = false
					}
				}
			},
			want: []string{"1 of 10 blocks were not used"},
		},
		{
			name: "a case without a trial", applications: []string{"m-0", "m-1", "m-2"}, blocks: 10, value: cost,
			change: func(plan results.Plan, trials []results.Trial) {
				for i := range trials {
					if trials[i].Case == plan.Cases[1].ID() {
						delete(trials[i].Metrics, "server_cpu")
					}
				}
			},
			want: []string{"10 of 10 blocks were not used", "not measured: no block has a valid trial of all the cases"},
		},
	} {
		s, plan := layers(c.applications...)
		s.Trends[0].Where = scenarios.Selector{"target": "uwsgi"}
		trials := measured(plan, c.blocks, c.noise, c.value)
		if c.change != nil {
			c.change(plan, trials)
		}
		g := trends(t, s, plan, trials)[0]
		if len(g.Warnings) != len(c.want) {
			t.Errorf("%s: %q", c.name, g.Warnings)
			continue
		}
		for i, want := range c.want {
			if !strings.Contains(g.Warnings[i], want) {
				t.Errorf("%s: %q, want %q", c.name, g.Warnings[i], want)
			}
		}
		if _, err := json.Marshal(g); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestTrendsAndWhatIsNotThere(t *testing.T) {
	s, plan := layers("middleware-0", "hello", "middleware-4")
	// What has no number takes no part.
	if found := trends(t, s, plan, measured(plan, 10, 0, cost)); len(found) != 2 || len(found[0].Cases) != 2 {
		t.Errorf("%+v", found)
	}
	found := trends(t, s, without(plan, "application", "middleware-4"), nil)
	if len(found) != 1 || len(found[0].Cases) != 0 || found[0].Sentence != "" || !strings.Contains(found[0].Warnings[0], "differ in application alone") {
		t.Errorf("%+v", found)
	}
	// A throughput under an open load is set by its rate.
	s.Trends[0].Metric = "throughput"
	for i := range plan.Cases {
		plan.Cases[i].Load = "steady"
	}
	if found := trends(t, s, plan, nil); len(found) != 1 || len(found[0].Cases) != 0 {
		t.Errorf("%+v", found)
	}
}

// A load's number is its clients: the cases still differ in the load alone.
func TestTrendAlongTheLoad(t *testing.T) {
	s, plan := layers("hello")
	s.Load = []scenarios.Load{{Name: "few", Clients: 2}, {Name: "some", Clients: 8}, {Name: "many", Clients: 32}}
	s.Trends[0].Along, s.Trends[0].Unit = "load", "client"
	var cases []results.Case
	for _, l := range s.Load {
		plan.Loads[l.Name] = results.Load{Name: l.Name, Clients: l.Clients}
		for _, c := range plan.Cases {
			c.Load = l.Name
			cases = append(cases, c)
		}
	}
	plan.Cases = cases
	found := trends(t, s, plan, measured(plan, 6, 0, func(c results.Case) float64 { return 10 + 3*float64(plan.Loads[c.Load].Clients) }))
	if len(found) != 2 || math.Abs(found[0].Slope.Estimate-3) > 1e-9 || !slices.Equal(found[0].X, []float64{2, 8, 32}) {
		t.Errorf("%+v", found)
	}
}

func TestMistakesInTrends(t *testing.T) {
	for _, c := range []struct {
		change func(*scenarios.Trend)
		want   string
	}{
		{func(t *scenarios.Trend) { t.Metric = "speed" }, `trend "cost-per-layer" (line 20): there is no metric "speed"`},
		{func(t *scenarios.Trend) { t.Along = "depth" }, `along names the axis "depth"`},
		{func(t *scenarios.Trend) { t.Per = 0 }, "per is 0"},
		{func(t *scenarios.Trend) { t.Where = scenarios.Selector{"target": "apache"} }, `where {target: apache} matches no case`},
	} {
		s, plan := layers("middleware-0", "middleware-1")
		c.change(&s.Trends[0])
		if _, err := Trends(s, plan, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// TestSeriesHaveSlopesOfTheirOwn has two kinds of requests with the same
// numbers.
func TestSeriesHaveSlopesOfTheirOwn(t *testing.T) {
	s := hello()
	s.Trends = []scenarios.Trend{{Name: "kib", Says: "each KiB", Metric: "server_cpu", Along: "request", Per: 1024, Unit: "KiB"}}
	plan := results.Plan{Loads: map[string]results.Load{"saturate": {Name: "saturate", Clients: 16}}}
	for _, request := range []string{"down-1024", "down-65536", "up-1024", "up-65536", "neither"} {
		plan.Cases = append(plan.Cases, results.Case{
			Target: "builtin", Protocol: "http", Network: "tcp", Connection: "keep-alive", Front: "none", Application: "probe", Load: "saturate", Request: request,
		})
	}
	found := trends(t, s, plan, measured(plan, 8, 0, func(c results.Case) float64 {
		n, _ := s.Number("request", c.Request)
		if strings.HasPrefix(c.Request, "up") {
			n *= 2
		}
		return 50 + n/1024
	}))
	if len(found) != 2 || found[0].Group != "down" || found[1].Group != "up" {
		t.Fatalf("%+v", found)
	}
	for i, want := range []float64{1, 2} {
		if got := found[i].Slope.Estimate; math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %v for each KiB, want %v", found[i].Group, got, want)
		}
	}
}
