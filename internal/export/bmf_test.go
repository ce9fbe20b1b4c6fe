package export

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"testing"
)

// strict decodes one JSON value with no key that v does not have, and nothing
// after it.
func strict(t testing.TB, text []byte, v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if _, err := d.Token(); err != io.EOF {
		t.Fatalf("more than one value: %v", err)
	}
}

// bmf is what the schema https://bencher.dev/bmf.json allows: numbers, of which
// the value is required.
type bmf map[string]map[string]struct {
	Value *float64 `json:"value"`
	Lower *float64 `json:"lower_value"`
	Upper *float64 `json:"upper_value"`
}

// measureSlug is what Bencher takes for a measure without changing it.
var measureSlug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func readBMF(t testing.TB, text []byte) bmf {
	t.Helper()
	var got bmf
	strict(t, text, &got)
	for name, measures := range got {
		if name == "" || len(name) > 1024 || len(measures) == 0 {
			t.Errorf("benchmark %q has %d measures", name, len(measures))
		}
		for measure, m := range measures {
			if !measureSlug.MatchString(measure) || len(measure) > 64 || m.Value == nil {
				t.Errorf("%s: measure %q is %+v", name, measure, m)
				continue
			}
			if m.Lower != nil && !(*m.Lower <= *m.Value && *m.Value <= *m.Upper) {
				t.Errorf("%s: %s is not within its bounds", name, measure)
			}
		}
	}
	return got
}

func TestBMF(t *testing.T) {
	got := readBMF(t, written(t, "bmf", small(t), ""))
	if len(got) != 5 {
		t.Fatalf("%d benchmarks", len(got))
	}
	m := got["hello/builtin/uwsgi/tcp/per-request/none/hello/saturate"]
	if *m["capacity"].Value != 19661.9 || *m["capacity"].Lower != 18267.8 || *m["capacity"].Upper != 21675.5 || m["errors"].Lower != nil {
		t.Errorf("%+v", m)
	}
	if _, ok := got["hello/builtin/uwsgi/tcp/per-request/none/hello/steady"]["throughput"]; ok {
		t.Error("the throughput of an open load is what the load set")
	}
	if all := readBMF(t, written(t, "bmf", small(t), "all")); len(all["hello/builtin/uwsgi/tcp/per-request/none/hello/steady"]) < 20 {
		t.Errorf("all metrics are %v", all)
	}
}

func TestBMFOfWhatIsMissing(t *testing.T) {
	got := readBMF(t, written(t, "bmf", lacking(t), ""))
	if len(got) != 4 {
		t.Errorf("%d benchmarks; one case was not measured", len(got))
	}
	failed := got["hello/builtin/http/tcp/per-request/none/hello/saturate"]
	if len(failed) != 1 || *failed["errors"].Value < 0.6 {
		t.Errorf("of a case without a valid trial only its errors are known: %+v", failed)
	}
}

func TestSeriesNamesAreDistinct(t *testing.T) {
	d := small(t)
	d.Trials = nil
	names := map[string]string{}
	for _, target := range []string{"a", "a ", "a\n", "a\x00", strings.Repeat("b", 2000), strings.Repeat("b", 2000) + "c", "é" + strings.Repeat("é", 1000)} {
		c := d.Run.Plan.Cases[0]
		c.Target = target
		name := seriesName(d, c)
		if other, ok := names[name]; ok || len(name) > mostName {
			t.Errorf("%q and %q are both called %q", other, target, name)
		}
		names[name] = target
	}
}
