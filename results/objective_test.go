package results

import "testing"

func TestObjectives(t *testing.T) {
	for _, test := range []struct {
		o       Objective
		metrics Metrics
		text    string
		missed  string // "": it held
	}{
		{Objective{"latency.p99", 10}, Metrics{"latency.p99": 9.99}, "p99 < 10 ms", ""},
		{Objective{"latency.p99", 10}, Metrics{"latency.p99": 10}, "p99 < 10 ms", "p99 reached 10 ms"},
		{Objective{"latency.p99_9", 1500}, Metrics{"latency.p99_9": 2345.6}, "p99_9 < 1500 ms", "p99_9 reached 2346 ms"},
		{Objective{"service.p50", 0.25}, Metrics{"service.p50": 0.3333}, "service.p50 < 0.25 ms", "service.p50 reached 0.333 ms"},
		{Objective{"errors", 0.001}, Metrics{"errors": 0}, "errors < 0.1 %", ""},
		{Objective{"errors", 0.001}, Metrics{"errors": 1}, "errors < 0.1 %", "errors reached 100 %"},
		{Objective{"latency.p99", 10}, Metrics{"latency.p50": 1}, "p99 < 10 ms", "p99 is not known: there were too few correct responses"},
	} {
		if got := test.o.String(); got != test.text {
			t.Errorf("%+v is %q, want %q", test.o, got, test.text)
		}
		how, missed := test.o.Missed(test.metrics)
		if how != test.missed || missed != (test.missed != "") {
			t.Errorf("%s of %v: %q, %v, want %q", test.text, test.metrics, how, missed, test.missed)
		}
	}
	s := Search{SLO: []Objective{{"latency.p99", 10}, {"errors", 0.001}}}
	if got, want := s.String(), "p99 < 10 ms, errors < 0.1 %"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestMetricsSaySomethingOfTheirLoads(t *testing.T) {
	closed, open, search := Load{Clients: 1}, Load{Rate: 1}, Load{Search: &Search{}}
	for name, want := range map[string][3]bool{
		"throughput":  {true, false, false},
		"saturation":  {false, false, true},
		"latency.p99": {true, true, true},
	} {
		m, _ := LookupMetric(name)
		if got := [3]bool{m.Says(closed), m.Says(open), m.Says(search)}; got != want {
			t.Errorf("%s says something of closed, open and search: %v, want %v", name, got, want)
		}
	}
}
