package results

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// metricRow is the row of a metric in README.md.
func metricRow(m Metric) string {
	better, about := "lower", m.About
	if m.Higher {
		better = "higher"
	}
	switch m.Load {
	case "closed":
		about += "; claims look at closed loads only, an open one sets it by its rate"
	case "search":
		about += "; of loads that search only"
	}
	return fmt.Sprintf("| `%s` | %s | %s | %s |\n", m.Name, m.Unit, better, about)
}

func TestReadmeListsTheMetrics(t *testing.T) {
	var rows strings.Builder
	for _, m := range MetricList {
		rows.WriteString(metricRow(m))
	}
	if !strings.Contains(readme(t), "|---|---|---|---|\n"+rows.String()+"\n") {
		t.Errorf("the table of metrics in README.md should be:\n%s", rows.String())
	}
}

func TestReadmeExplainsEveryField(t *testing.T) {
	text := readme(t)
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(typ.Elem())
		case reflect.Struct:
			if typ == reflect.TypeFor[time.Time]() {
				return
			}
			for field := range typ.Fields() {
				name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				if name == "-" {
					continue // is not stored
				}
				if !strings.Contains(text, "`"+name+"`") {
					t.Errorf("README.md does not mention %s.%s, field `%s`", typ.Name(), field.Name, name)
				}
				walk(field.Type)
			}
		}
	}
	walk(reflect.TypeFor[Run]())
	walk(reflect.TypeFor[Trial]())
}

func TestMetricList(t *testing.T) {
	seen := make(map[string]bool)
	for _, name := range MetricNames() {
		m, ok := LookupMetric(name)
		if !ok || m.Name != name || m.Unit == "" || m.About == "" || seen[name] {
			t.Errorf("metric %q: %+v, seen before: %v", name, m, seen[name])
		}
		seen[name] = true
	}
	if m, ok := LookupMetric("latency.p55"); ok {
		t.Errorf("found %+v", m)
	}
}
