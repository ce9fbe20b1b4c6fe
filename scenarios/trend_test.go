package scenarios

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTrends(t *testing.T) {
	text := minimal + `
application: [hello, middleware-0, middleware-4]
trends:
  - {name: least, metric: capacity, along: application}
  - name: all
    says: each layer costs the same
    metric: latency.p50
    along: application
    where: {protocol: http, load: one}
    per: 0.5
    unit: layer
`
	s, err := Parse("x.yaml", []byte(text), vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	want := []Trend{
		{Name: "least", Says: "least", Metric: "capacity", Along: "application", Per: 1, Line: 9},
		{
			Name: "all", Says: "each layer costs the same", Metric: "latency.p50", Along: "application",
			Where: Selector{"protocol": "http", "load": "one"}, Per: 0.5, Unit: "layer", Line: 10,
		},
	}
	if diff := cmp.Diff(want, s.Trends); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestTrendAlongEveryKindOfAxis checks that loads, requests and targets can
// carry numbers too.
func TestTrendAlongEveryKindOfAxis(t *testing.T) {
	text := `
name: sweep
protocols: [http]
targets:
  - {name: threads-1, recipe: uwsgi}
  - {name: threads-2, recipe: uwsgi, args: [--threads, "2"]}
load: [{name: few, clients: 1}, {name: many, clients: 64}]
request:
  - {name: down-1, path: /bytes/1}
  - {name: down-1024, path: /bytes/1024}
trends:
  - {name: a, metric: capacity, along: target}
  - {name: b, metric: capacity, along: load}
  - {name: c, metric: capacity, along: request, per: 1024, unit: KiB}
`
	if _, err := Parse("x.yaml", []byte(text), vocabulary); err != nil {
		t.Fatal(err)
	}
}

func TestNumber(t *testing.T) {
	s := &Scenario{Load: []Load{{Name: "x-9", Clients: 16}, {Name: "steady", Rate: 0.5}}}
	for _, test := range []struct {
		axis, value string
		want        float64
		ok          bool
	}{
		{"load", "x-9", 16, true},
		{"load", "steady", 0.5, true},
		{"load", "other-1", 0, false},
		{"application", "middleware-4", 4, true},
		{"application", "middleware-64", 64, true},
		{"application", "hello", 0, false},
		{"application", "v2-hello", 0, false},
		{"request", "down-1024", 1024, true},
		{"request", "0", 0, true},
		{"request", "ratio-1.25", 1.25, true},
		{"request", "down-64KiB", 0, false},
		{"request", "", 0, false},
		{"target", "a1b22", 22, true},
	} {
		got, ok := s.Number(test.axis, test.value)
		if got != test.want || ok != test.ok {
			t.Errorf("%s %q is %v, %v; want %v, %v", test.axis, test.value, got, ok, test.want, test.ok)
		}
	}
}

func TestSeries(t *testing.T) {
	s := &Scenario{Load: []Load{{Name: "x-9", Clients: 16}}}
	for _, test := range []struct{ axis, value, want string }{
		{"load", "x-9", ""},
		{"application", "middleware-4", "middleware"},
		{"request", "down-1024", "down"},
		{"request", "up_1.5", "up"},
		{"request", "16", ""},
		{"application", "hello", "hello"},
	} {
		if got := s.Series(test.axis, test.value); got != test.want {
			t.Errorf("%s %q: %q, want %q", test.axis, test.value, got, test.want)
		}
	}
}
