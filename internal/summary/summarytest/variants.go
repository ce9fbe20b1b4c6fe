package summarytest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// withCases is hello with other cases, measured anew and without claims.
func withCases(t testing.TB, cases []results.Case) summary.Data {
	t.Helper()
	return measured(t, cases, 10)
}

// measured is withCases over so many blocks.
func measured(t testing.TB, cases []results.Case, blocks int) summary.Data {
	t.Helper()
	d := Hello(t)
	d.Run.Plan.Cases = cases
	d.Trials = fakeTrials(t, d.Run.Plan, blocks)
	d.Claims = nil
	return d
}

// Long is the shipped scenario hello as a run of 24 blocks on a machine that has
// uwsgi: 20 cases, 481 trials, claims as in Hello.
func Long(t testing.TB) summary.Data {
	t.Helper()
	hello := Hello(t)
	cases := slices.Clone(hello.Run.Plan.Cases)
	for _, c := range hello.Run.Plan.Cases {
		if c.Connection == results.PerRequest {
			c.Target = "uwsgi"
			cases = append(cases, c)
		}
	}
	d := measured(t, cases, 24)
	d.Claims = hello.Claims
	return d
}

// Longest is ThirtyCases over 24 blocks.
func Longest(t testing.TB) summary.Data {
	t.Helper()
	return measured(t, ThirtyCases(t).Run.Plan.Cases, 24)
}

// OneCase is the smallest run there is.
func OneCase(t testing.TB) summary.Data {
	t.Helper()
	return withCases(t, Hello(t).Run.Plan.Cases[:1])
}

// ThirtyCases is five targets under one closed load.
func ThirtyCases(t testing.TB) summary.Data {
	t.Helper()
	var cases []results.Case
	for _, target := range []string{"builtin", "uwsgi", "gunicorn", "net-http-fcgi", "twisted"} {
		for _, c := range Hello(t).Run.Plan.Cases[:6] {
			c.Target = target
			cases = append(cases, c)
		}
	}
	return withCases(t, cases)
}

// NothingValid is hello on a host that disturbed every trial.
func NothingValid(t testing.TB) summary.Data {
	t.Helper()
	d := Hello(t)
	for i := range d.Trials {
		d.Trials[i].Valid = false
		d.Trials[i].Invalid = []string{"the hypervisor took 40 % of the CPU time"}
		d.Trials[i].Counts.Correct /= 2
		d.Trials[i].Errors = []results.ErrorCount{{Kind: "timeout", Count: 10, Sample: "read tcp 127.0.0.1:1->127.0.0.1:2: i/o timeout"}}
	}
	for i := range d.Claims {
		d.Claims[i].Outcome = verdict.Inconclusive
		for j := range d.Claims[i].Verdicts {
			v := &d.Claims[i].Verdicts[j]
			*v = verdict.Verdict{Comparison: v.Comparison, Outcome: verdict.Inconclusive}
			v.Ratio.High = math.Inf(1)
			v.Ratio.Confidence = 0.9967
			v.MinDetectable = math.Inf(1)
		}
	}
	return d
}

// Extreme is hello with ratios beyond all measure, and one without interval.
func Extreme(t testing.TB) summary.Data {
	t.Helper()
	d := Hello(t)
	for i := range d.Claims {
		for j := range d.Claims[i].Verdicts {
			v := &d.Claims[i].Verdicts[j]
			e := math.Pow(10, float64(4*j-8))
			v.Ratio.Estimate, v.Ratio.Low, v.Ratio.High = e, e/30, e*30
			v.Outcome = []verdict.Outcome{verdict.Supported, verdict.Refuted, verdict.Inconclusive}[j%3]
		}
	}
	v := &d.Claims[0].Verdicts[2]
	v.Ratio.Low, v.Ratio.High, v.Ratio.Achieved = 0, math.Inf(1), 0
	return d
}

// HostileText tries what text can do to a terminal, a table and a page.
const HostileText = "a|b`c`<script>alert(1)</script>\n# [x](javascript:1) ![y](http://evil) \x1b[31mred\x1b[0m\r\u202e\x00 &lt; **b** www.evil.example \xff"

// Hostile is hello with that text wherever text comes from outside.
func Hostile(t testing.TB) summary.Data {
	t.Helper()
	d := Hello(t)
	long := strings.Repeat("long-", 2000)
	rename := map[string]string{}
	for i := range d.Run.Plan.Cases {
		c := &d.Run.Plan.Cases[i]
		old := c.ID()
		c.Target = fmt.Sprintf("%s %d", HostileText, i)
		if i == 0 {
			c.Target = long
		}
		rename[old] = c.ID()
	}
	for i := range d.Trials {
		d.Trials[i].Case = rename[d.Trials[i].Case]
		d.Trials[i].Bottleneck = HostileText
		d.Trials[i].Notes = []results.Note{{Kind: HostileText, Text: HostileText}}
		d.Trials[i].Errors = []results.ErrorCount{{Kind: HostileText, Count: 1, Sample: HostileText}}
		if !d.Trials[i].Valid {
			d.Trials[i].Invalid = []string{HostileText, long}
		}
	}
	d.Run.ID, d.Run.Tool, d.Run.Partial = HostileText, HostileText, HostileText
	d.Run.Scenario = results.Source{Name: HostileText, File: HostileText}
	d.Run.Environment.CPU, d.Run.Environment.Kernel = HostileText, HostileText
	d.Run.Warnings = []string{HostileText, long}
	d.Run.Skipped = []results.Skip{{What: HostileText, Why: HostileText}}
	d.Run.Targets = []results.Server{{Name: HostileText, Version: HostileText}}
	d.Run.Fronts = d.Run.Targets
	d.Run.Exceptions = []results.Exception{{Case: HostileText, Differs: HostileText, Why: HostileText}, {Case: d.Run.Plan.Cases[1].ID(), Differs: long, Why: HostileText}}
	d.Trends = []verdict.TrendResult{{
		Trend: scenarios.Trend{Name: HostileText, Says: HostileText, Metric: HostileText, Along: HostileText, Unit: HostileText},
		Group: HostileText, Unit: HostileText, Blocks: 1, Sentence: HostileText, Warnings: []string{HostileText},
	}}
	d.Scenario.About = HostileText
	d.Claims = []verdict.ClaimResult{tenTimes(d.Run.Plan)}
	d.Claims[0].Claim.Says, d.Claims[0].Claim.Name = HostileText, HostileText
	for i := range d.Claims[0].Verdicts {
		v := &d.Claims[0].Verdicts[i]
		v.Metric, v.Sentence, v.Warnings, v.Explanation = HostileText, HostileText, []string{HostileText}, HostileText
		v.Parts = []verdict.Part{{Axis: HostileText, From: HostileText, To: HostileText}}
	}
	return d
}
