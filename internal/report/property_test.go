package report

import (
	"encoding/json"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// Generators of records that nothing but their types restrains.
var (
	anyText  = rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "http", "uwsgi", results.KeepAlive, "a b", hostileText, strings.Repeat("x", 300)}))
	anyFloat = rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64}))
	anyTexts = rapid.SliceOfN(anyText, 0, 3)
	anyCase  = rapid.Custom(func(t *rapid.T) results.Case {
		return results.Case{
			Target: anyText.Draw(t, "target"), Protocol: anyText.Draw(t, "protocol"), Network: anyText.Draw(t, "network"),
			Connection: anyText.Draw(t, "connection"), Front: anyText.Draw(t, "front"), Load: anyText.Draw(t, "load"),
		}
	})
	anyTrial = rapid.Custom(func(t *rapid.T) results.Trial {
		trial := results.Trial{
			Block: rapid.Int().Draw(t, "block"), Valid: rapid.Bool().Draw(t, "valid"), Invalid: anyTexts.Draw(t, "invalid"),
			Metrics: results.Metrics{}, Bottleneck: anyText.Draw(t, "bottleneck"), Latency: anyText.Draw(t, "latency from"),
			Counts:     results.Counts{Sent: rapid.Int64().Draw(t, "sent"), Correct: rapid.Int64().Draw(t, "correct")},
			Errors:     []results.ErrorCount{{Kind: anyText.Draw(t, "kind"), Count: rapid.Int64().Draw(t, "count"), Sample: anyText.Draw(t, "sample")}},
			Histograms: results.Histograms{Latency: anyText.Draw(t, "histogram")},
			Notes:      []results.Note{{Kind: anyText.Draw(t, "note")}},
		}
		for _, name := range []string{"throughput", "capacity", "latency.p50", "latency.p99", "server_cpu"} {
			if rapid.Bool().Draw(t, name+" known") {
				trial.Metrics[name] = anyFloat.Draw(t, name)
			}
		}
		return trial
	})
	anyVerdict = rapid.Custom(func(t *rapid.T) verdict.Verdict {
		return verdict.Verdict{
			Comparison: verdict.Comparison{
				Metric: anyText.Draw(t, "metric"), Of: anyCase.Draw(t, "of"), Over: anyCase.Draw(t, "over"),
				Factor: scenarios.Factor{Op: anyText.Draw(t, "op"), Value: anyFloat.Draw(t, "factor")},
			},
			Outcome: verdict.Outcome(anyText.Draw(t, "outcome")),
			Ratio: stats.Ratio{
				Estimate: anyFloat.Draw(t, "estimate"), Low: anyFloat.Draw(t, "low"), High: anyFloat.Draw(t, "high"),
				Confidence: anyFloat.Draw(t, "confidence"), Achieved: anyFloat.Draw(t, "achieved"), N: rapid.Int().Draw(t, "n"), P: anyFloat.Draw(t, "p"),
				Warnings: anyTexts.Draw(t, "ratio warnings"),
			},
			Alpha: anyFloat.Draw(t, "alpha"), Blocks: rapid.Int().Draw(t, "blocks"), MinDetectable: anyFloat.Draw(t, "detectable"),
			OfMedian: anyFloat.Draw(t, "of median"), OverMedian: anyFloat.Draw(t, "over median"),
			BlocksNeeded: rapid.Int().Draw(t, "needed"), Warnings: anyTexts.Draw(t, "warnings"), Sentence: anyText.Draw(t, "sentence"),
		}
	})
	anyData = rapid.Custom(func(t *rapid.T) Data {
		d := Data{Run: results.Run{
			ID: anyText.Draw(t, "id"), Partial: anyText.Draw(t, "partial"), Warnings: anyTexts.Draw(t, "warnings"),
			Scenario:    results.Source{Name: anyText.Draw(t, "scenario")},
			Environment: results.Environment{CPU: anyText.Draw(t, "cpu"), CPUs: rapid.Int().Draw(t, "cpus")},
			Placement:   results.Placement{Servers: rapid.SliceOfN(rapid.Int(), 0, 3).Draw(t, "servers")},
			Plan: results.Plan{
				Cases: rapid.SliceOfN(anyCase, 0, 4).Draw(t, "cases"), Loads: map[string]results.Load{},
				Duration: time.Duration(rapid.Int64().Draw(t, "duration")), MinBlocks: rapid.Int().Draw(t, "min"), MaxBlocks: rapid.Int().Draw(t, "max"),
			},
		}}
		for _, c := range d.Run.Plan.Cases {
			d.Run.Plan.Loads[c.Load] = results.Load{Name: c.Load, Clients: rapid.Int().Draw(t, "clients"), Rate: anyFloat.Draw(t, "rate")}
			for _, trial := range rapid.SliceOfN(anyTrial, 0, 3).Draw(t, "trials") {
				trial.Case = c.ID()
				d.Trials = append(d.Trials, trial)
			}
		}
		d.Trials = append(d.Trials, rapid.SliceOfN(anyTrial, 0, 1).Draw(t, "trials of no case")...)
		for range rapid.IntRange(0, 2).Draw(t, "claims") {
			d.Claims = append(d.Claims, verdict.ClaimResult{
				Claim: scenarios.Claim{Name: anyText.Draw(t, "name"), Says: anyText.Draw(t, "says"), Factor: scenarios.Factor{Value: anyFloat.Draw(t, "claimed")}},
				Gate:  rapid.Bool().Draw(t, "gate"), Outcome: verdict.Outcome(anyText.Draw(t, "claim outcome")),
				Verdicts: rapid.SliceOfN(anyVerdict, 0, 3).Draw(t, "verdicts"),
			})
		}
		return d
	})
)

func TestAnyRecordsCanBeShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyData.Draw(t, "data")
		s := Style{Width: rapid.IntRange(0, 200).Draw(t, "width"), Color: rapid.Bool().Draw(t, "colour")}
		if err := Terminal(io.Discard, d, s); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := JSON(&out, d); err != nil {
			t.Fatal(err)
		}
		if !json.Valid([]byte(out.String())) {
			t.Fatalf("not JSON: %s", out.String())
		}
	})
}

// noNumber finds a coordinate or a measure that is not finite.
var noNumber = regexp.MustCompile(`\b(x|y|d|width|height|transform)="[^"]*(NaN|Inf)[^"]*"`)

func TestAnyRecordsCanBeDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyData.Draw(t, "data")
		pages := plots(d)
		for _, p := range pages {
			svg, err := p.svg()
			if err != nil {
				t.Fatal(err)
			}
			if at := noNumber.Find(svg); at != nil {
				t.Fatalf("%s.svg has a place that is no number: %s", p.name, at)
			}
		}
		if _, err := markdownReport(d, pages); err != nil {
			t.Fatal(err)
		}
	})
}

// TestTheTableFitsTheTerminal: from the width at which the figures that stay
// longest fit, no line of the table is wider than the terminal.
func TestTheTableFitsTheTerminal(t *testing.T) {
	d := hello(t)
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(24, 160).Draw(t, "width")
		table := newTable(d)
		lines, err := table.render(Style{Width: width, Color: false})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if got := twwidth.Width(line); got > width {
				t.Fatalf("%d columns in a terminal of %d: %s", got, width, line)
			}
		}
	})
}

func TestHelloFitsEightyColumns(t *testing.T) {
	for i, line := range strings.Split(string(terminal(t, hello(t), Style{Width: 80})), "\n") {
		if got := twwidth.Width(line); got > 80 {
			t.Errorf("line %d has %d columns: %s", i+1, got, line)
		}
	}
}

func TestColourChangesNoWord(t *testing.T) {
	for _, width := range []int{0, 80} {
		plain := string(terminal(t, hello(t), Style{Width: width}))
		coloured := string(terminal(t, hello(t), Style{Width: width, Color: true}))
		for _, code := range []string{ansiBold, ansiRed, ansiGreen, ansiYellow, ansiReset} {
			coloured = strings.ReplaceAll(coloured, code, "")
		}
		if plain != coloured {
			t.Errorf("width %d: without colour\n%s\nwith colour\n%s", width, plain, coloured)
		}
	}
}

func TestLogTicksLieWithinTheAxisAndAreLabelled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := math.Pow(10, rapid.Float64Range(-9, 9).Draw(t, "exponent"))
		low, high := logRange(low, low*math.Pow(10, rapid.Float64Range(0, 12).Draw(t, "decades")))
		labels := 0
		for _, tick := range logTicks(low, high) {
			if tick.Value < low*(1-1e-6) || tick.Value > high*(1+1e-6) {
				t.Fatalf("tick %v outside [%v, %v]", tick.Value, low, high)
			}
			if tick.Label != "" {
				labels++
			}
		}
		if labels < 2 || labels > 12 {
			t.Fatalf("%d labels from %v to %v", labels, low, high)
		}
	})
}

func TestStepTicksAreFewAndBeginAtZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		greatest := math.Pow(10, rapid.Float64Range(-6, 12).Draw(t, "exponent"))
		ticks := stepTicks(0, greatest, 8)
		if len(ticks) < 2 || len(ticks) > 9 {
			t.Fatalf("%d ticks up to %v", len(ticks), greatest)
		}
		if ticks[0].Value != 0 {
			t.Fatalf("the axis begins at %v", ticks[0].Value)
		}
	})
}
