package scenarios

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// minimal is a scenario of nothing but what is required.
const minimal = `
name: least
targets: [builtin]
protocols: [http]
load: [{name: one, clients: 1}]
`

func TestDefaults(t *testing.T) {
	got, err := Parse("least.yaml", []byte(minimal), vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	want := &Scenario{
		Name:         "least",
		Applications: []string{"hello"},
		Targets:      []TargetRef{{Name: "builtin"}},
		Protocols:    []string{"http"},
		Networks:     []string{"tcp"},
		Connections:  []string{"per-request"},
		Fronts:       []string{"none"},
		Workers:      1,
		Client:       "gwbench",
		Load:         []Load{{Name: "one", Clients: 1}},
		Requests:     []Request{{Method: "GET", Path: "/", Expect: Expect{Status: 200}}},
		Warmup:       150 * time.Millisecond,
		Duration:     300 * time.Millisecond,
		Timeout:      5 * time.Second,
		Blocks:       Blocks{Min: 10, Max: 30, Precision: 0.05},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEveryKey(t *testing.T) {
	text := `
name: all
about: |
  Two lines
  of text.
application: probe
targets: [builtin, {name: mine, url: "uwsgi://127.0.0.1:3031/"}]
protocols: [uwsgi, "fastcgi"]
networks: [tcp, unix]
connections: [keep-alive]
fronts: [none, nginx]
workers: 4
client: net/http
load:
  - {name: closed, clients: 10000}
  - {name: even, rate: 120/m}
  - name: bursty
    rate: 2000
    arrivals: poisson
  - {name: knee, search: {slo: "p99.9 < 20ms,service.p50<1.5ms, errors < 1%", from: 2000/s, precision: 2%}, arrivals: poisson}
request:
  method: POST
  path: /form?a=%20b
  headers: {X-Quoted: "a: b", Accept: '*/*'}
  body: "a\tb\n"
expect: {status: 404, body: ""}
warmup: 1.5s
duration: 1m30s
timeout: 2s
blocks: {min: 3, max: 3, precision: 0}
placement: {servers: [1, 3], generator: [0]}
claims:
  - name: first
    metrics: [capacity]
    of: {target: mine, load: even}
    over: {target: builtin, load: even}
    factor: "<=1.05"
gates:
  - {name: second, says: it holds, metrics: [throughput, latency.p50],
     of: {protocol: uwsgi, application: probe}, over: {protocol: fastcgi, front: nginx}, factor: ">= 0.9"}
`
	got, err := Parse("all.yaml", []byte(text), vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	empty := ""
	want := &Scenario{
		Name:         "all",
		About:        "Two lines\nof text.\n",
		Applications: []string{"probe"},
		Targets:      []TargetRef{{Name: "builtin"}, {Name: "mine", URL: "uwsgi://127.0.0.1:3031/"}},
		Protocols:    []string{"uwsgi", "fastcgi"},
		Networks:     []string{"tcp", "unix"},
		Connections:  []string{"keep-alive"},
		Fronts:       []string{"none", "nginx"},
		Workers:      4,
		Client:       "net/http",
		Load: []Load{
			{Name: "closed", Clients: 10000},
			{Name: "even", Rate: 2, Arrivals: Constant},
			{Name: "bursty", Rate: 2000, Arrivals: Poisson},
			{Name: "knee", Search: &Search{
				SLO:  []Objective{{"latency.p99_9", 20}, {"service.p50", 1.5}, {"errors", 0.01}},
				From: 2000, Precision: 0.02,
			}, Arrivals: Poisson},
		},
		Requests: []Request{{
			Method:  "POST",
			Path:    "/form?a=%20b",
			Headers: map[string]string{"X-Quoted": "a: b", "Accept": "*/*"},
			Body:    "a\tb\n",
			Expect:  Expect{Status: 404, Body: &empty},
		}},
		Warmup:    1500 * time.Millisecond,
		Duration:  90 * time.Second,
		Timeout:   2 * time.Second,
		Blocks:    Blocks{Min: 3, Max: 3, Precision: 0},
		Placement: &Placement{Servers: []int{1, 3}, Generator: []int{0}},
		Claims: []Claim{{
			Name: "first", Says: "first", Metrics: []string{"capacity"},
			Of:     Selector{"target": "mine", "load": "even"},
			Over:   Selector{"target": "builtin", "load": "even"},
			Factor: Factor{AtMost, 1.05}, Line: 33,
		}},
		Gates: []Claim{{
			Name: "second", Says: "it holds", Metrics: []string{"throughput", "latency.p50"},
			Of:     Selector{"protocol": "uwsgi", "application": "probe"},
			Over:   Selector{"protocol": "fastcgi", "front": "nginx"},
			Factor: Factor{AtLeast, 0.9}, Line: 39,
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPlacementNone(t *testing.T) {
	s, err := Parse("x", []byte(minimal+"placement: none\n"), vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	if s.Placement == nil || len(s.Placement.Servers) > 0 || len(s.Placement.Generator) > 0 {
		t.Errorf("placement: none gave %+v, want one that pins nothing", s.Placement)
	}
}

// TestOneBound checks that giving one bound of the blocks never conflicts with
// the default of the other.
func TestOneBound(t *testing.T) {
	for text, want := range map[string]Blocks{
		"{min: 12}":       {12, 30, 0.05},
		"{min: 100}":      {100, 100, 0.05},
		"{max: 20}":       {10, 20, 0.05},
		"{max: 4}":        {4, 4, 0.05},
		"{precision: 1%}": {10, 30, 0.01},
	} {
		s, err := Parse("x", []byte(minimal+"blocks: "+text+"\n"), vocabulary)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if s.Blocks != want {
			t.Errorf("%s: %+v, want %+v", text, s.Blocks, want)
		}
	}
}

// TestQuotedTextOfSeveralLines guards against the parser listing keys twice:
// go-yaml v1.19.2 does after a quoted text that spans lines and follows one
// with an escape.
func TestQuotedTextOfSeveralLines(t *testing.T) {
	text := "about: \"a\\tb\"\nrequest: {body: \"one\n  two\"}\n" + minimal[1:]
	s, err := Parse("x", []byte(text), vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	if s.Requests[0].Body != "one two" {
		t.Errorf("body %q, want the lines folded", s.Requests[0].Body)
	}
}

func TestSourceOfErrorsIsALineOfTheFile(t *testing.T) {
	text := minimal + "expect: {status: 99}\r\n"
	_, err := Parse("x.yaml", []byte(text), vocabulary)
	e, ok := err.(*Error)
	if !ok {
		t.Fatalf("%T, want *Error", err)
	}
	want := Error{
		File: "x.yaml", Line: 6, Column: 18, Source: "expect: {status: 99}",
		Problem: "status is 99, outside of 200 to 599",
	}
	if diff := cmp.Diff(want, *e); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSizeIsLimited(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{minimal + strings.Repeat("# filler\n", maxFile/8), "larger than"},
		{minimal + "fronts: [" + strings.Repeat("none, ", maxTokens) + "none]\n", "too many"},
		{strings.Repeat("[", maxFile), "too many"},
		{strings.Repeat("- ", maxTokens/2), "nested too deeply"},
		{strings.Repeat("? ", maxTokens/2), "nested too deeply"},
	} {
		_, err := Parse("x", []byte(test.text), vocabulary)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.20q...: %v, want an error with %q", test.text, err, test.want)
		}
	}
}

// TestOneLoad checks that a single load may stand without a list and a name.
func TestOneLoad(t *testing.T) {
	for text, want := range map[string]Load{
		"{clients: 16}":                 {Name: "clients", Clients: 16},
		"{rate: 2000/s}":                {Name: "rate", Rate: 2000, Arrivals: Constant},
		`{search: {slo: "p99 < 10ms"}}`: {Name: "search", Search: &Search{SLO: []Objective{{"latency.p99", 10}, {"errors", 0.001}}, From: 100, Precision: 0.05}, Arrivals: Constant},
		`{name: mine, search: {slo: "errors < 0.2"}, arrivals: poisson}`: {Name: "mine", Search: &Search{SLO: []Objective{{"errors", 0.2}}, From: 100, Precision: 0.05}, Arrivals: Poisson},
	} {
		got, err := Parse("one.yaml", []byte("name: n\nprotocols: [http]\ntargets: [builtin]\nduration: 2s\nload: "+text+"\n"), vocabulary)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff([]Load{want}, got.Load); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}
