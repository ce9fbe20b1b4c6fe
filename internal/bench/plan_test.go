package bench

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// hello is the shipped scenario's shape in small: two protocols that differ in
// what they can do with a connection.
func hello(t *testing.T, edit func(*scenarios.Scenario)) *scenarios.Scenario {
	t.Helper()
	body := "<h1>Hello, web!</h1>"
	s := &scenarios.Scenario{
		Name: "hello", Applications: []string{"hello"}, Targets: []scenarios.TargetRef{{Name: "builtin"}},
		Protocols: []string{"http", "uwsgi"}, Networks: []string{"tcp"},
		Connections: []string{results.PerRequest, results.KeepAlive}, Fronts: []string{"none"}, Workers: 1, Client: "gwbench",
		Load:     []scenarios.Load{{Name: "saturate", Clients: 2}, {Name: "steady", Rate: 200}},
		Requests: []scenarios.Request{{Method: "GET", Path: "/", Expect: scenarios.Expect{Status: 200, Body: &body}}},
		Warmup:   20 * time.Millisecond, Duration: 50 * time.Millisecond, Timeout: 5 * time.Second,
		Blocks: scenarios.Blocks{Min: 2, Max: 2},
	}
	if edit != nil {
		edit(s)
	}
	return s
}

func ids(cases []results.Case) []string {
	var list []string
	for _, c := range cases {
		list = append(list, c.ID())
	}
	return list
}

func TestNewPlanLeavesOutWhatCannotExist(t *testing.T) {
	plan, err := NewPlan(hello(t, nil), Choices{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"builtin/http/tcp/per-request/none/hello/saturate", "builtin/http/tcp/per-request/none/hello/steady",
		"builtin/http/tcp/keep-alive/none/hello/saturate", "builtin/http/tcp/keep-alive/none/hello/steady",
		"builtin/uwsgi/tcp/per-request/none/hello/saturate", "builtin/uwsgi/tcp/per-request/none/hello/steady",
	}
	if diff := cmp.Diff(want, ids(plan.Cases)); diff != "" {
		t.Errorf("cases (-want +got):\n%s", diff)
	}
	if len(plan.Skipped) != 1 || !strings.Contains(plan.Skipped[0].What, "uwsgi keep-alive") {
		t.Errorf("skipped %v, want uwsgi keep-alive with its reason", plan.Skipped)
	}
	if groups := plan.servers(); len(groups) != 3 || len(groups[0]) != 2 {
		t.Errorf("%d server groups %v, want three that share two loads each", len(groups), groups)
	}
}

func TestNewPlanRefuses(t *testing.T) {
	tests := []struct {
		name    string
		edit    func(*scenarios.Scenario)
		choices Choices
		want    []string // all of them in the message
	}{
		{
			name: "a plan without cases",
			edit: func(s *scenarios.Scenario) {
				s.Protocols, s.Connections = []string{"uwsgi"}, []string{results.KeepAlive}
			},
			want: []string{"no case is left", "uwsgi keep-alive: a uwsgi connection carries one request"},
		},
		{
			name:    "a pattern that matches nothing",
			choices: Choices{Only: "ajp"},
			want:    []string{`--only "ajp" matches no case`, "builtin/http/tcp/keep-alive/none/hello/steady"},
		},
		{
			name:    "a pattern that is none",
			choices: Choices{Only: "[a"},
			want:    []string{"[a", "not a valid pattern"},
		},
		{
			name: "an unknown target",
			edit: func(s *scenarios.Scenario) { s.Targets[0].Name = "builtn" },
			want: []string{"builtn", "builtin"},
		},
		{
			name: "a server of the user's that is not there",
			edit: func(s *scenarios.Scenario) {
				s.Targets = append(s.Targets, scenarios.TargetRef{Name: "mine", Recipe: scenarios.RecipeRef{YAML: gone, Line: 1}})
			},
			choices: Choices{Quick: true},
			want:    []string{"scenario hello: target mine needs no-such-server", "executable file not found in $PATH", "--only"},
		},
		{
			name: "a program of the user's that is not there",
			edit: func(s *scenarios.Scenario) {
				s.Targets = append(s.Targets, scenarios.TargetRef{Name: "old", Recipe: scenarios.RecipeRef{Name: "builtin", Program: "./server-old"}})
			},
			choices: Choices{File: "/no/such/folder/gate.yaml"},
			want:    []string{"target old needs /no/such/folder/server-old"},
		},
		{
			name: "load on somebody else's machine",
			edit: func(s *scenarios.Scenario) {
				s.Targets = []scenarios.TargetRef{{Name: "far", URL: "uwsgi://192.0.2.1:3031/"}}
			},
			want: []string{"192.0.2.1", "--allow-remote"},
		},
		{
			name: "a CPU that does not exist",
			edit: func(s *scenarios.Scenario) {
				s.Placement = &scenarios.Placement{Servers: []int{9999}, Generator: []int{0}}
			},
			want: []string{"placement: there is no usable CPU 9999", "may use ["},
		},
		{
			name: "claims that can never be decided",
			edit: func(s *scenarios.Scenario) {
				s.Claims = []scenarios.Claim{{
					Name: "c", Metrics: []string{"capacity"}, Factor: scenarios.Factor{Op: ">=", Value: 2},
					Of:   scenarios.Selector{"protocol": "uwsgi", "connection": results.PerRequest},
					Over: scenarios.Selector{"protocol": "http", "connection": results.PerRequest},
				}}
			},
			want: []string{"blocks"},
		},
		{
			name: "a gate that would stay untested",
			edit: func(s *scenarios.Scenario) { s.Gates = untestable },
			want: []string{`gate "g"`, "all cases that match of", "uwsgi keep-alive: a uwsgi connection carries one request"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := NewPlan(hello(t, test.edit), test.choices)
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not mention %q", err, part)
				}
			}
		})
	}
}

// gone is the recipe of a server that is not installed.
const gone = `
program: no-such-server
serves: [{protocols: [http], networks: [tcp], connections: [per-request], command: ["{program}", "{port}"]}]
`

// TestOnlyLeavesOutAMissingServer: the run is not about it then.
func TestOnlyLeavesOutAMissingServer(t *testing.T) {
	scenario := hello(t, func(s *scenarios.Scenario) {
		s.Targets = append(s.Targets, scenarios.TargetRef{Name: "mine", Recipe: scenarios.RecipeRef{YAML: gone, Line: 1}})
	})
	plan, err := NewPlan(scenario, Choices{Only: "builtin/http"})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Cases) != 4 {
		t.Errorf("cases %q", ids(plan.Cases))
	}
}

// TestProgramsStartFromTheScenariosFolder: as the files of recipes do, whatever
// folder this process is in.
func TestProgramsStartFromTheScenariosFolder(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"there/server-old", "elsewhere/server-new"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	recipe := strings.Replace("name: mine"+gone, "no-such-server", "./server-new", 1)
	if err := os.WriteFile("elsewhere/mine.yaml", []byte(recipe), 0o600); err != nil {
		t.Fatal(err)
	}
	text := `
name: gate
targets:
  - {name: old, recipe: ../elsewhere/mine.yaml, program: ./server-old}
  - {name: new, recipe: ../elsewhere/mine.yaml}
  - {name: same, recipe: ../elsewhere/mine.yaml, program: "{recipe}/server-new"}
protocols: [http]
load: {clients: 1}
`
	for _, file := range []string{"there/gate.yaml", filepath.Join(dir, "there", "gate.yaml")} {
		scenario, err := scenarios.Parse(file, []byte(text), Vocabulary())
		if err != nil {
			t.Fatal(err)
		}
		plan, err := NewPlan(scenario, Choices{File: file})
		if err != nil {
			t.Fatal(err)
		}
		if len(plan.Cases) != 3 {
			t.Errorf("cases %q", ids(plan.Cases))
		}
	}
}

// untestable is a gate about cases that no plan has.
var untestable = []scenarios.Claim{{
	Name: "g", Metrics: []string{"capacity"}, Factor: scenarios.Factor{Op: ">=", Value: 1},
	Of:   scenarios.Selector{"protocol": "uwsgi", "connection": results.KeepAlive},
	Over: scenarios.Selector{"protocol": "http", "connection": results.KeepAlive},
}}

// TestUntestedGatesAreAChoice: whoever picks cases, or only wants to see that
// everything works, gets a warning.
func TestUntestedGatesAreAChoice(t *testing.T) {
	for _, choices := range []Choices{{Only: "uwsgi,http/keep-alive"}, {Quick: true}} {
		p, err := NewPlan(hello(t, func(s *scenarios.Scenario) { s.Gates = untestable }), choices)
		if err != nil {
			t.Errorf("%+v: %v", choices, err)
			continue
		}
		if !slices.ContainsFunc(p.Warnings, func(w string) bool { return strings.Contains(w, `gate "g"`) }) {
			t.Errorf("%+v: no warning in %q", choices, p.Warnings)
		}
	}
}

func TestOnlyKeepsWhatMatches(t *testing.T) {
	tests := []struct {
		only string
		want int
	}{
		{"uwsgi", 2},
		{"keep-alive/steady", 1},
		{"http per-request", 2},
		{"uwsgi,http/saturate", 4},
		{"per-*", 4},
		{"*", 6},
		{"builtin/http/tcp/keep-alive/none/hello/saturate", 1},
	}
	for _, test := range tests {
		t.Run(test.only, func(t *testing.T) {
			plan, err := NewPlan(hello(t, nil), Choices{Only: test.only})
			if err != nil {
				t.Fatal(err)
			}
			if len(plan.Cases) != test.want {
				t.Errorf("%d cases %v, want %d", len(plan.Cases), ids(plan.Cases), test.want)
			}
		})
	}
}

func TestQuickPlanIsShortAndSaysSo(t *testing.T) {
	plan, err := NewPlan(hello(t, func(s *scenarios.Scenario) {
		s.Duration, s.Blocks = time.Minute, scenarios.Blocks{Min: 10, Max: 30}
	}), Choices{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Duration != quickDuration || plan.MaxBlocks != quickBlocks || !slices.Equal(plan.Looks, []int{quickBlocks}) {
		t.Errorf("duration %s, at most %d blocks, looks %v", plan.Duration, plan.MaxBlocks, plan.Looks)
	}
	if !slices.ContainsFunc(plan.Warnings, func(w string) bool { return strings.Contains(w, "quick") }) {
		t.Errorf("warnings %v do not say that it is a quick run", plan.Warnings)
	}
}
