package export

import (
	"bytes"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/results"
)

func TestChoose(t *testing.T) {
	for list, want := range map[string]string{
		"":                       strings.Join(mainMetrics, " "),
		"all":                    strings.Join(results.MetricNames(), " "),
		"latency.p99, capacity":  "latency.p99 capacity",
		"errors,errors,capacity": "errors capacity",
	} {
		metrics, err := Choose(list)
		if err != nil {
			t.Fatal(err)
		}
		names := make([]string, len(metrics))
		for i, m := range metrics {
			names[i] = m.Name
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%q chooses %s, want %s", list, got, want)
		}
	}
}

func TestUnknownNamesHaveHints(t *testing.T) {
	if _, err := Choose("capacity,latency.p98"); err == nil || !strings.Contains(err.Error(), `there is no metric "latency.p98": did you mean latency.p90? choose from throughput, `) {
		t.Error(err)
	}
	if _, err := Choose("speed of light"); err == nil || strings.Contains(err.Error(), "did you mean") {
		t.Error(err)
	}
	if _, err := Lookup("jnuit"); err == nil || !strings.Contains(err.Error(), `there is no format "jnuit": did you mean junit? choose from json, csv, `) {
		t.Error(err)
	}
	if _, err := Lookup("yaml files"); err == nil || strings.Contains(err.Error(), "did you mean") {
		t.Error(err)
	}
	for _, name := range Names() {
		if f, err := Lookup(name); err != nil || f.Name != name || f.About == "" || !strings.HasPrefix(f.Extension, ".") {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

// A metric of closed loads, or of searches, says nothing of other loads,
// whatever was recorded.
func TestMetricsOfOtherLoadsAreLeftOut(t *testing.T) {
	d := small(t)
	throughput, _ := results.LookupMetric("throughput")
	saturation, _ := results.LookupMetric("saturation")
	for i := range d.Trials {
		d.Trials[i].Metrics["saturation"] = 1000
	}
	for _, f := range figures(d) {
		if _, ok := f.of(throughput); ok != (f.Case.Load == "saturate") {
			t.Errorf("%s: throughput is known: %v", f.Case.ID(), ok)
		}
		if _, ok := f.of(saturation); ok {
			t.Errorf("%s: saturation is known of a load that does not search", f.Case.ID())
		}
	}
	search := d.Run.Plan.Loads["steady"]
	search.Rate, search.Search = 0, &results.Search{From: 100}
	d.Run.Plan.Loads["steady"] = search
	for _, f := range figures(d) {
		if s, ok := f.of(saturation); ok != (f.Case.Load == "steady") || ok && s.Median != 1000 {
			t.Errorf("%s: saturation %v, %v", f.Case.ID(), s, ok)
		}
	}
}

// An export with nothing in it would pass for a good run.
func TestNothingIsNoExport(t *testing.T) {
	failed := lacking(t)
	for i := range failed.Trials {
		failed.Trials[i].Valid = false
	}
	for _, test := range []struct {
		format  string
		d       Data
		metrics string
		want    string // "": there is something
	}{
		{"gobench", small(t), "errors", "its lines are valid trials, which have no errors"},
		{"gobench", small(t), "errors,saturation", "no case has a figure of saturation"},
		{"gobench", failed, "", "no case has a figure of throughput, saturation, capacity, "},
		{"bmf", small(t), "saturation,server_cpu.front", "no case has a figure of saturation, server_cpu.front: choose other metrics"},
		{"bmf", Data{}, "", "no case has a figure of throughput, "},
		{"bmf", failed, "", ""}, // its errors
		{"github-action-benchmark-bigger", failed, "", "no case has a figure of throughput, saturation, capacity: "},
		{"github-action-benchmark-smaller", failed, "", ""},
		{"junit", failed, "", ""},
		{"github", failed, "", ""},
	} {
		f, err := Lookup(test.format)
		if err != nil {
			t.Fatal(err)
		}
		metrics, err := Choose(test.metrics)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err = f.Write(&out, test.d, metrics)
		if test.want == "" && (err != nil || out.Len() == 0) {
			t.Errorf("%s: %v", test.format, err)
		}
		if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || out.Len() > 0) {
			t.Errorf("%s of %q: %v and %d bytes, want %q", test.format, test.metrics, err, out.Len(), test.want)
		}
	}
}

func TestCasesWithoutFiguresAreMissing(t *testing.T) {
	d := lacking(t)
	missing := Missing(d)
	if len(missing) != 2 || missing[0] != d.Run.Plan.Cases[0] || missing[1] != d.Run.Plan.Cases[1] {
		t.Errorf("%v", missing)
	}
	metrics, _ := Choose("all")
	for i, f := range figures(d)[:2] {
		for _, m := range metrics {
			// That requests failed is known of a case that was tried.
			s, ok := f.of(m)
			if ok != (i == 0 && m.Name == "errors") || ok && (s.Median < 0.66 || s.Median > 0.67) {
				t.Errorf("%s: %s is %v", f.Case.ID(), m.Name, s)
			}
		}
	}
}
