package export

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

const exportsPage = "../../docs/exports.md"

// sampleBlock is a fenced block of docs/exports.md with its name before it.
var sampleBlock = regexp.MustCompile("(?s)<!-- sample: ([a-z]+) -->\n```[a-z]*\n(.*?)```\n")

// TestSamplesOfTheGuideAreTrue makes the samples of docs/exports.md anew.
func TestSamplesOfTheGuideAreTrue(t *testing.T) {
	d := measured(t)
	junit := cut(written(t, "junit", d, ""))
	annotations := cut([]byte(annotated(t, d)))
	samples := map[string][]string{
		"names": names(),
		"json":  cut(written(t, "json", d, ""))[:12],
		"csv":   cut(written(t, "csv", d, ""))[:3],
		"benchstat": cut([]byte(benchstat(t, "-filter", "/load:saturate /connection:per-request .unit:(capacity-req/cpu-s OR latency-p50-sec)",
			"-row", ".name", "-col", "/protocol", goBenchFile(t, d)))),
		"gobench":     cut(written(t, "gobench", d, ""))[:18],
		"junit":       junit[:slices.IndexFunc(junit, func(l string) bool { return l == "  </testsuite>" })+1],
		"annotations": annotations,
		"summary":     cut(written(t, "github", d, "throughput,capacity,latency.p99")),
		"bmf":         cut(written(t, "bmf", d, "capacity,latency.p99,errors"))[:15],
		"bigger":      cut(written(t, "github-action-benchmark-bigger", d, ""))[:8],
	}
	page, err := os.ReadFile(exportsPage)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	anew := sampleBlock.ReplaceAllFunc(page, func(block []byte) []byte {
		part := sampleBlock.FindSubmatch(block)
		name, old := string(part[1]), string(part[2])
		sample, ok := samples[name]
		if !ok || seen[name] {
			t.Errorf("sample %s: unknown, or there twice", name)
		}
		seen[name] = true
		text := strings.Join(sample, "\n") + "\n"
		if diff := cmp.Diff(old, text); diff != "" && !summarytest.Updating() {
			t.Errorf("docs/exports.md, sample %s (-there +true); go test -update writes it anew\n%s", name, diff)
		}
		return bytes.Replace(block, []byte(old+"```\n"), []byte(text+"```\n"), 1)
	})
	if len(seen) != len(samples) {
		t.Errorf("samples in the page: %v", seen)
	}
	if summarytest.Updating() {
		if err := os.WriteFile(exportsPage, anew, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range Names() {
		if !regexp.MustCompile(`(?m)^## (.*, )?` + name + `(,|$)`).Match(page) {
			t.Errorf("docs/exports.md has no section on %s", name)
		}
	}
}

// widest is what a page shows of a line.
const widest = 150 // characters

// cut returns the lines of an export, the long ones shortened.
func cut(text []byte) []string {
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), "\n")
	for i, l := range lines {
		if utf8.RuneCountInString(l) > widest {
			lines[i] = strings.TrimRight(string([]rune(l)[:widest]), " ") + "..."
		}
	}
	return lines
}

// names is the table of what a metric is called where.
func names() []string {
	rows := []string{fmt.Sprintf("%-18s %-10s %-7s %-27s %s", "metric", "unit", "better", "unit in gobench", "measure in bmf")}
	for _, m := range results.MetricList {
		better := "lower"
		if m.Higher {
			better = "higher"
		}
		unit, _ := benchmarkUnit(m)
		if m.Name == "errors" {
			unit = "-"
		}
		rows = append(rows, fmt.Sprintf("%-18s %-10s %-7s %-27s %s", m.Name, m.Unit, better, unit, slug(m)))
	}
	return rows
}
