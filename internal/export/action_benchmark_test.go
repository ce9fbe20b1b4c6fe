package export

import (
	"bytes"
	"strings"
	"testing"
)

// entry is what the action reads of each value of its custom formats: name,
// unit and value have to be there, range and extra are texts.
type entry struct {
	Name  *string  `json:"name"`
	Unit  *string  `json:"unit"`
	Value *float64 `json:"value"`
	Range *string  `json:"range"`
	Extra *string  `json:"extra"`
}

// readEntries returns the values by name.
func readEntries(t testing.TB, text []byte) map[string]entry {
	t.Helper()
	var list []entry
	strict(t, text, &list)
	entries := map[string]entry{}
	for _, e := range list {
		if e.Name == nil || e.Unit == nil || e.Value == nil {
			t.Fatalf("an entry lacks what is required: %+v", e)
		}
		if _, twice := entries[*e.Name]; twice {
			t.Errorf("%s is there twice: the action would compare one with the other", *e.Name)
		}
		entries[*e.Name] = e
	}
	return entries
}

func TestActionBenchmarks(t *testing.T) {
	const c = "hello/builtin/uwsgi/tcp/per-request/none/hello/saturate "
	bigger := readEntries(t, written(t, "github-action-benchmark-bigger", small(t), ""))
	if len(bigger) != 9 { // the capacity of five cases, the throughput of four
		t.Errorf("%d entries", len(bigger))
	}
	if e := bigger[c+"capacity"]; *e.Value != 19661.9 || *e.Unit != "req/cpu-s" || *e.Range != "quartiles 18267.8 to 21675.5" ||
		*e.Extra != "11 of 11 trials valid; bottleneck generator in 10; bottleneck unknown in 1" {
		t.Errorf("%+v", e)
	}
	smaller := readEntries(t, written(t, "github-action-benchmark-smaller", small(t), ""))
	if e := smaller[c+"latency.p99"]; *e.Value != 1.84525 || *e.Unit != "ms" {
		t.Errorf("%+v", e)
	}
	for name := range smaller {
		if _, ok := bigger[name]; ok {
			t.Errorf("%s is in both", name)
		}
	}
	if e := smaller[c+"errors"]; *e.Value != 0 || e.Range != nil {
		t.Errorf("%+v", e)
	}
}

func TestActionBenchmarksOfWhatIsMissing(t *testing.T) {
	for name := range readEntries(t, written(t, "github-action-benchmark-smaller", lacking(t), "")) {
		if strings.Contains(name, "/http/") && !strings.HasSuffix(name, " errors") || strings.HasSuffix(name, " server_cpu") {
			t.Errorf("%s is not known", name)
		}
	}
	metrics, _ := Choose("latency.p50")
	var out bytes.Buffer
	err := writeBiggerIsBetter(&out, small(t), metrics)
	if err == nil || !strings.Contains(err.Error(), "of none of the chosen metrics more is better: take the format github-action-benchmark-smaller") || out.Len() > 0 {
		t.Errorf("%v, %s", err, &out)
	}
}
