package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func TestSearchGoldens(t *testing.T) {
	d := summarytest.Searched(t)
	summarytest.Golden(t, "terminal-search.txt", terminal(t, d, Style{Width: 100}))
	markdown, err := markdownReport(d, nil, SVG)
	if err != nil {
		t.Fatal(err)
	}
	summarytest.Golden(t, "report-search.md", markdown)
}

// TestSearchesAlone shows no throughput, which the search sets.
func TestSearchesAlone(t *testing.T) {
	d := summarytest.Searched(t)
	d.Run.Plan.Cases = d.Run.Plan.Cases[6:]
	table := newTable(d, false)
	if !table.has("saturation") || table.has("throughput") || table.spread != "saturation" {
		t.Errorf("saturation %t, throughput %t, spread of %s", table.has("saturation"), table.has("throughput"), table.spread)
	}
	d = summarytest.Hello(t)
	table = newTable(d, false)
	if table.has("saturation") {
		t.Error("a saturation of loads that do not search")
	}
}

func TestSearchJSON(t *testing.T) {
	var out bytes.Buffer
	if err := JSON(&out, summarytest.Searched(t)); err != nil {
		t.Fatal(err)
	}
	var summary struct {
		Run struct {
			Loads map[string]json.RawMessage
		}
	}
	if err := json.Unmarshal(out.Bytes(), &summary); err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, summary.Run.Loads["steady"]); err != nil {
		t.Fatal(err)
	}
	want := `{"clients":null,"rate_per_s":null,"arrivals":"constant","search":{"slo":[{"metric":"latency.p99","below":10},{"metric":"errors","below":0.001}],"from_per_s":100,"precision":0.05}}`
	if diff := cmp.Diff(want, compact.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if strings.Contains(string(summary.Run.Loads["saturate"]), "search") {
		t.Errorf("a closed load searches: %s", summary.Run.Loads["saturate"])
	}
}
