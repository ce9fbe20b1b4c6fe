package summarytest

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// Hello is a run of 12 cases and 10 blocks as the shipped scenario of that
// name gives it: every figure is made up, and the same each time.
func Hello(t testing.TB) summary.Data {
	t.Helper()
	plan := results.Plan{
		Loads: map[string]results.Load{
			"saturate": {Name: "saturate", Clients: 16},
			"steady":   {Name: "steady", Rate: 2000, Arrivals: "constant"},
		},
		Warmup: 150 * time.Millisecond, Duration: 300 * time.Millisecond,
		MinBlocks: 10, MaxBlocks: 30, Looks: []int{10, 15, 20, 30}, Precision: 0.05, Family: 3,
	}
	for _, load := range []string{"saturate", "steady"} {
		for _, pc := range [][2]string{
			{"http", results.PerRequest},
			{"http", results.KeepAlive},
			{"uwsgi", results.PerRequest},
			{"fastcgi", results.PerRequest},
			{"fastcgi", results.KeepAlive},
			{"scgi", results.PerRequest},
		} {
			plan.Cases = append(plan.Cases, results.Case{
				Target: "builtin", Protocol: pc[0], Network: "tcp", Connection: pc[1],
				Front: "none", Application: "hello", Load: load,
			})
		}
	}
	d := summary.Data{
		Run: results.Run{
			Schema: results.SchemaVersion, ID: "20260102T030405Z-hello", Tool: "gwbench v1.0.0",
			Start: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), End: time.Date(2026, 1, 2, 3, 6, 7, 0, time.UTC),
			Scenario: results.Source{Name: "hello", File: "scenarios/hello.yaml"},
			Seed:     42, Plan: plan,
			Environment: results.Environment{
				Hostname: "d34db33f", OS: "linux", Kernel: "6.1.0", Arch: "amd64", CPU: "Example CPU @ 2.20GHz", CPUs: 2,
				MemoryMB: 7976, Virtual: "kvm", Go: "go1.26.0", Somaxconn: 4096, PortRange: "32768 60999", FileLimit: 1048576,
			},
			Targets:   []results.Server{{Name: "builtin", Version: "gwbench v1.0.0, go1.26.0"}},
			Skipped:   []results.Skip{{What: "target uwsgi", Why: "not installed: apt-get install uwsgi-core"}, {What: "uwsgi keep-alive", Why: "the protocol carries one request per connection"}},
			Placement: results.Placement{Servers: []int{1}, Generator: []int{0}},
			Warnings:  []string{"The governor is unknown: frequencies may have changed during the run."},
		},
		Scenario: &scenarios.Scenario{Name: "hello", About: "The same hello application over HTTP, uwsgi, FastCGI and SCGI."},
	}
	d.Trials = fakeTrials(t, plan, 10)
	d.Claims = []verdict.ClaimResult{tenTimes(plan), notSlower(plan)}
	return d
}

// faked keeps what fakeTrials made: recording histograms takes most of the
// time of these tests.
var faked struct {
	sync.Mutex // tests run side by side
	trials     map[string][]results.Trial
}

// fakeTrials measures every case in every block, one of them twice because
// the first attempt was disturbed.
func fakeTrials(t testing.TB, plan results.Plan, blocks int) []results.Trial {
	t.Helper()
	key := fmt.Sprint(plan.Cases, plan.Loads, blocks)
	faked.Lock()
	defer faked.Unlock()
	if faked.trials == nil {
		faked.trials = map[string][]results.Trial{}
	}
	if faked.trials[key] == nil {
		faked.trials[key] = measureFakes(t, plan, blocks)
	}
	trials := slices.Clone(faked.trials[key])
	for i := range trials {
		trials[i].Metrics = maps.Clone(trials[i].Metrics)
		trials[i].Invalid, trials[i].Notes = slices.Clone(trials[i].Invalid), slices.Clone(trials[i].Notes)
	}
	return trials
}

func measureFakes(t testing.TB, plan results.Plan, blocks int) []results.Trial {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var trials []results.Trial
	for block := 1; block <= blocks; block++ {
		for i, c := range plan.Cases {
			trial := fakeTrial(t, rng, plan.Loads[c.Load], c)
			trial.Block, trial.Order, trial.Attempt = block, i+1, 1
			if block == 3 && i == 2 {
				disturbed := trial
				disturbed.Valid, disturbed.Invalid = false, []string{"the hypervisor took 12 % of the CPU time"}
				trials = append(trials, disturbed)
				trial.Attempt = 2
			}
			if block == 7 && i == 9 {
				trial.Notes = []results.Note{{Kind: "late", Text: "3 requests were sent more than 1 ms late"}}
			}
			trials = append(trials, trial)
		}
	}
	return trials
}

// serviceTime is the made-up median service time of a case, in microseconds.
func serviceTime(c results.Case) float64 {
	us := map[string]float64{"http": 46, "uwsgi": 38, "fastcgi": 43, "scgi": 39}[c.Protocol]
	if us == 0 {
		us = 50
	}
	if c.Connection == results.PerRequest {
		us += 40
	}
	return us + 3*float64(len(c.Target)-len("builtin"))
}

func fakeTrial(t testing.TB, rng *rand.Rand, load results.Load, c results.Case) results.Trial {
	t.Helper()
	pace := serviceTime(c) * math.Exp(0.04*rng.NormFloat64())
	trial := results.Trial{Case: c.ID(), Seconds: 0.3, Valid: true, Latency: "service", Bottleneck: results.BottleneckServer}
	rate, scale := 1e6/pace, 12.0
	if !load.Closed() {
		rate, scale = load.Rate, 1.5
		trial.Latency, trial.Bottleneck = "intended", results.BottleneckRate
	} else if c.Connection == results.KeepAlive && rng.IntN(3) > 0 {
		trial.Bottleneck = results.BottleneckGenerator
	}
	sent := int64(rate * trial.Seconds)
	trial.Counts = results.Counts{Planned: sent, Sent: sent, Correct: sent}
	h := hdr.New(1, int64(time.Minute), 3)
	for range min(sent, 2000) {
		ns := 1000 * pace * scale * math.Exp(0.35*rng.ExpFloat64())
		if err := h.RecordValue(int64(ns)); err != nil {
			t.Fatal(err)
		}
	}
	encoded, err := h.Encode(hdr.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	trial.Histograms.Latency = string(encoded)
	ms := func(q float64) float64 { return float64(h.ValueAtPercentile(q)) / 1e6 }
	trial.Metrics = results.Metrics{
		"throughput": rate, "capacity": 1e6 / (0.9 * pace), "server_cpu": 0.9 * pace, "client_cpu": 12,
		"latency.p50": ms(50), "latency.p90": ms(90), "latency.p99": ms(99), "latency.p99_9": ms(99.9),
		"latency.max": float64(h.Max()) / 1e6, "latency.mean": h.Mean() / 1e6, "errors": 0,
	}
	return trial
}

// tenTimes is the claim of the shipped scenario, refuted.
func tenTimes(plan results.Plan) verdict.ClaimResult {
	claim := scenarios.Claim{
		Name: "uwsgi-10x-fastcgi", Says: "uwsgi is 10 times faster than FastCGI",
		Factor: scenarios.Factor{Op: ">=", Value: 10},
	}
	result := verdict.ClaimResult{Claim: claim, Outcome: verdict.Refuted}
	for _, x := range []struct {
		metric         string
		load           int
		ratio, lo, hi  float64
		ofMed, overMed float64
	}{
		{"throughput", 0, 1.06, 1.03, 1.09, 12800, 12070},
		{"capacity", 0, 1.06, 1.02, 1.1, 14250, 13400},
		{"capacity", 6, 1.07, 1.03, 1.1, 14200, 13300},
		{"latency.p50", 0, 1.05, 1.02, 1.08, 1.2, 1.26},
		{"latency.p50", 6, 1.05, 1.01, 1.09, 0.15, 0.158},
	} {
		of, over := plan.Cases[x.load+2], plan.Cases[x.load+3]
		result.Verdicts = append(result.Verdicts, verdict.Verdict{
			Comparison: verdict.Comparison{Claim: claim.Name, Metric: x.metric, Of: of, Over: over, Factor: claim.Factor},
			Outcome:    verdict.Refuted,
			Ratio:      stats.Ratio{Estimate: x.ratio, Low: x.lo, High: x.hi, Confidence: 0.9967, Achieved: 0.998, N: 10, P: 0.001953125},
			Alpha:      0.0033, Blocks: 10, OfMedian: x.ofMed, OverMedian: x.overMed, MinDetectable: 1.04,
			Warnings: []string{"the run has one case order per block; carry-over between cases is not modelled"},
			Sentence: fmt.Sprintf("uwsgi per-request had %.2f times the %s of fastcgi per-request [%.2f, %.2f]; the claim was at least 10 times: refuted.", x.ratio, x.metric, x.lo, x.hi),
		})
	}
	return result
}

// notSlower is a gate that ten blocks could not decide.
func notSlower(plan results.Plan) verdict.ClaimResult {
	gate := scenarios.Claim{
		Name: "scgi-keeps-up", Says: "SCGI is at least as fast as uwsgi",
		Factor: scenarios.Factor{Op: ">=", Value: 1},
	}
	v := verdict.Verdict{
		Comparison: verdict.Comparison{Claim: gate.Name, Gate: true, Metric: "capacity", Of: plan.Cases[5], Over: plan.Cases[2], Factor: gate.Factor},
		Outcome:    verdict.Inconclusive,
		Ratio:      stats.Ratio{Estimate: 0.99, Low: 0.95, High: 1.03, Confidence: 0.9967, Achieved: 0.998, N: 10, P: 0.43},
		Alpha:      0.0033, Blocks: 10, OfMedian: 14100, OverMedian: 14250, MinDetectable: 1.05, BlocksNeeded: 38,
		Sentence: "scgi per-request had 0.99 times the capacity of uwsgi per-request [0.95, 1.03]; the claim was at least 1 times: inconclusive.",
	}
	return verdict.ClaimResult{Claim: gate, Gate: true, Outcome: verdict.Inconclusive, Verdicts: []verdict.Verdict{v}}
}
