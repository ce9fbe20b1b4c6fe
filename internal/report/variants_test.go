package report

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// withCases is hello with other cases, measured anew and without claims.
func withCases(t testing.TB, cases []results.Case) Data {
	t.Helper()
	d := hello(t)
	d.Run.Plan.Cases = cases
	d.Trials = fakeTrials(t, d.Run.Plan, 10)
	d.Claims = nil
	return d
}

// oneCase is the smallest run there is.
func oneCase(t testing.TB) Data {
	t.Helper()
	return withCases(t, hello(t).Run.Plan.Cases[:1])
}

// thirtyCases is five targets under one closed load.
func thirtyCases(t testing.TB) Data {
	t.Helper()
	var cases []results.Case
	for _, target := range []string{"builtin", "uwsgi", "gunicorn", "net-http-fcgi", "twisted"} {
		for _, c := range hello(t).Run.Plan.Cases[:6] {
			c.Target = target
			cases = append(cases, c)
		}
	}
	return withCases(t, cases)
}

// nothingValid is hello on a host that disturbed every trial.
func nothingValid(t testing.TB) Data {
	t.Helper()
	d := hello(t)
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

// extreme is hello with ratios beyond all measure, and one without interval.
func extreme(t testing.TB) Data {
	t.Helper()
	d := hello(t)
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

// hostileText tries what text can do to a terminal, a table and a page.
const hostileText = "a|b`c`<script>alert(1)</script>\n# [x](javascript:1) ![y](http://evil) \x1b[31mred\x1b[0m\r\u202e\x00 &lt; **b** www.evil.example \xff"

// hostile is hello with that text wherever text comes from outside.
func hostile(t testing.TB) Data {
	t.Helper()
	d := hello(t)
	long := strings.Repeat("long-", 2000)
	rename := map[string]string{}
	for i := range d.Run.Plan.Cases {
		c := &d.Run.Plan.Cases[i]
		old := c.ID()
		c.Target = fmt.Sprintf("%s %d", hostileText, i)
		if i == 0 {
			c.Target = long
		}
		rename[old] = c.ID()
	}
	for i := range d.Trials {
		d.Trials[i].Case = rename[d.Trials[i].Case]
		d.Trials[i].Bottleneck = hostileText
		d.Trials[i].Notes = []results.Note{{Kind: hostileText, Text: hostileText}}
		d.Trials[i].Errors = []results.ErrorCount{{Kind: hostileText, Count: 1, Sample: hostileText}}
		if !d.Trials[i].Valid {
			d.Trials[i].Invalid = []string{hostileText, long}
		}
	}
	d.Run.ID, d.Run.Tool, d.Run.Partial = hostileText, hostileText, hostileText
	d.Run.Scenario = results.Source{Name: hostileText, File: hostileText}
	d.Run.Environment.CPU, d.Run.Environment.Kernel = hostileText, hostileText
	d.Run.Warnings = []string{hostileText, long}
	d.Run.Skipped = []results.Skip{{What: hostileText, Why: hostileText}}
	d.Run.Targets = []results.Server{{Name: hostileText, Version: hostileText}}
	d.Run.Fronts = d.Run.Targets
	d.Run.Exceptions = []results.Exception{{Case: hostileText, Differs: hostileText, Why: hostileText}, {Case: d.Run.Plan.Cases[1].ID(), Differs: long, Why: hostileText}}
	d.Trends = []verdict.TrendResult{{
		Trend: scenarios.Trend{Name: hostileText, Says: hostileText, Metric: hostileText, Along: hostileText, Unit: hostileText},
		Group: hostileText, Unit: hostileText, Blocks: 1, Sentence: hostileText, Warnings: []string{hostileText},
	}}
	d.Scenario.About = hostileText
	d.Claims = []verdict.ClaimResult{tenTimes(d.Run.Plan)}
	d.Claims[0].Claim.Says, d.Claims[0].Claim.Name = hostileText, hostileText
	for i := range d.Claims[0].Verdicts {
		v := &d.Claims[0].Verdicts[i]
		v.Metric, v.Sentence, v.Warnings, v.Explanation = hostileText, hostileText, []string{hostileText}, hostileText
		v.Parts = []verdict.Part{{Axis: hostileText, From: hostileText, To: hostileText}}
	}
	return d
}
