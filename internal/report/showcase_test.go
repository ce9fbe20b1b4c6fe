package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

const showcase = "../../results/showcase"

// TestShowcaseIsWhatItsRecordsGive rebuilds the reports of runs that were made long
// ago: what is beside their records is what Files makes of them now, byte by byte. A
// change that is meant is written there by
//
//	go test ./internal/report -run Showcase -update
func TestShowcaseIsWhatItsRecordsGive(t *testing.T) {
	runs, err := filepath.Glob(filepath.Join(showcase, "*", results.RunFile))
	if err != nil || len(runs) == 0 {
		t.Fatalf("no runs in %s: %v", showcase, err)
	}
	for _, run := range runs {
		folder := filepath.Dir(run)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			formats := []Format{Markdown, SVG}
			if _, err := os.Stat(filepath.Join(folder, htmlFile)); err == nil {
				formats = append(formats, HTML)
			}
			made := t.TempDir()
			names, err := Files(made, recorded(t, folder), formats)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string][]byte{}
			for _, name := range names {
				files[name] = summarytest.ReadFile(t, made, name)
			}
			summarytest.GoldenFolder(t, folder, files, func(name string) bool {
				return name == markdownFile || name == htmlFile || strings.HasSuffix(name, ".svg")
			})
		})
	}
}

// recorded is a run with its claims judged and its trends measured, as gwbench report
// reads it.
func recorded(t *testing.T, folder string) summary.Data {
	t.Helper()
	run, trials, err := results.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	words := bench.Vocabulary()
	words.Stored = true
	scenario, err := scenarios.Parse(run.Scenario.File, []byte(run.Scenario.YAML), words)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := verdict.Evaluate(scenario, run.Plan, trials)
	if err != nil {
		t.Fatal(err)
	}
	trends, err := verdict.Trends(scenario, run.Plan, trials)
	if err != nil {
		t.Fatal(err)
	}
	return summary.Data{Run: run, Scenario: scenario, Trials: trials, Claims: claims, Trends: trends}
}
