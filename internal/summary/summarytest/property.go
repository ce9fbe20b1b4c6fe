package summarytest

import (
	"bytes"
	"math"
	"regexp"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// Generators of records that nothing but their types restrains.
var (
	anyText  = rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "http", "uwsgi", results.KeepAlive, "a b", HostileText, strings.Repeat("x", 300)}))
	anyFloat = rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64}))
	anyTexts = rapid.SliceOfN(anyText, 0, 3)
	anyCase  = rapid.Custom(func(t *rapid.T) results.Case {
		return results.Case{
			Target: anyText.Draw(t, "target"), Protocol: anyText.Draw(t, "protocol"), Network: anyText.Draw(t, "network"),
			Connection: anyText.Draw(t, "connection"), Front: anyText.Draw(t, "front"), Load: anyText.Draw(t, "load"),
			Request: rapid.SampledFrom([]string{"", "down-0", "down-1", "down-1024", "up-99999999999999999999", HostileText}).Draw(t, "request"),
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
		for _, name := range []string{"throughput", "capacity", "latency.p50", "latency.p99", "server_cpu", "saturation"} {
			if rapid.Bool().Draw(t, name+" known") {
				trial.Metrics[name] = anyFloat.Draw(t, name)
			}
		}
		for range rapid.IntRange(0, 3).Draw(t, "probes") {
			trial.Probes = append(trial.Probes, results.Probe{
				Rate: anyFloat.Draw(t, "probed rate"), Metrics: results.Metrics{"latency.p99": anyFloat.Draw(t, "probed latency")},
				Outcome: rapid.OneOf(anyText, rapid.Just(results.ProbeHeld)).Draw(t, "outcome"),
			})
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
	AnyData = rapid.Custom(func(t *rapid.T) summary.Data {
		d := summary.Data{Run: results.Run{
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
			load := results.Load{Name: c.Load, Clients: rapid.Int().Draw(t, "clients"), Rate: anyFloat.Draw(t, "rate")}
			if rapid.Bool().Draw(t, "search") {
				load.Search = &results.Search{SLO: []results.Objective{{Metric: "latency.p99", Below: rapid.Float64Range(0, 1e6).Draw(t, "below")}}}
			}
			d.Run.Plan.Loads[c.Load] = load
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

// coordinate is the beginning of an attribute that is a coordinate or a measure, up to a
// place within its value.
var coordinate = regexp.MustCompile(`\b(c?[xy]|[xy][12]|r[xy]?|d|width|height|transform|viewBox|points|textLength|font-size|stroke-(?:width|dasharray|dashoffset)|(?:fill-|stroke-)?opacity)="$`)

// NoNumber is a coordinate or a measure of a drawing that is not finite; none where all
// are. Pages are large, and expressions slow: it looks only around what may be one.
func NoNumber(drawing []byte) string {
	const longest = 32 // names of attributes are shorter
	for _, word := range []string{"NaN", "Inf"} {
		for at := 0; ; at += len(word) {
			next := bytes.Index(drawing[at:], []byte(word))
			if next < 0 {
				break
			}
			at += next
			value := bytes.LastIndexByte(drawing[:at], '"') + 1
			if name := drawing[max(0, value-longest):value]; coordinate.Match(name) {
				end := bytes.IndexByte(drawing[at:], '"')
				return string(drawing[value-min(longest, value) : at+max(end, 0)])
			}
		}
	}
	return ""
}
