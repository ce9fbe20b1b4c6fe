package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// disturbances are the kinds of notes that tell of the machine.
var disturbances = []string{"steal", "others", "frequency", "throttle"}

// noiseFigure is what was measured of the machine in each trial.
type noiseFigure struct {
	name, unit, about string // unit "%" is of a share
	of                func(results.Usage) *float64
	lowIsWorse        bool
	summary           stats.Summary // over all trials that know it, invalid ones included
}

// noiseFigures sums up those that any trial knows.
func noiseFigures(d Data) []noiseFigure {
	var known []noiseFigure
	for _, f := range []noiseFigure{
		{name: "steal", unit: "%", about: "CPU time that the hypervisor took", of: func(u results.Usage) *float64 { return u.Steal }},
		{name: "others", unit: "%", about: "time of the run's CPUs that other programs took", of: func(u results.Usage) *float64 { return u.Others }},
		{name: "pressure", unit: "%", about: "time in which something runnable waited for a CPU; a load that saturates makes it too", of: func(u results.Usage) *float64 { return u.Pressure }},
		{name: "frequency_mhz", lowIsWorse: true, unit: "MHz", about: "frequency of the run's CPUs", of: func(u results.Usage) *float64 { return u.Frequency }},
		{name: "frequency_change", unit: "%", about: "change of that within a trial, up or down", of: func(u results.Usage) *float64 { return magnitude(u.FrequencyChange) }},
	} {
		var values []float64
		for _, t := range d.Trials {
			if v := f.of(t.Usage); v != nil && finite(*v) {
				values = append(values, *v)
			}
		}
		if len(values) > 0 {
			f.summary = stats.Describe(values)
			known = append(known, f)
		}
	}
	return known
}

func magnitude(v *float64) *float64 {
	if v == nil {
		return nil
	}
	m := math.Abs(*v)
	return &m
}

// worst is that of the trial that the machine disturbed most.
func (f noiseFigure) worst() float64 {
	if f.lowIsWorse {
		return f.summary.Min
	}
	return f.summary.Max
}

// show is a figure with its unit.
func (f noiseFigure) show(v float64) string {
	if f.unit == "%" {
		return percent(v) + " %"
	}
	return Significant(v) + " " + f.unit
}

// disturbedByHost counts the trials, invalid ones included, that the machine
// disturbed, and by what.
func disturbedByHost(d Data) (trials int, kinds []count) {
	n := map[string]int64{}
	for _, t := range d.Trials {
		found := map[string]bool{}
		for _, note := range t.Notes {
			if slices.Contains(disturbances, note.Kind) {
				found[note.Kind] = true
			}
		}
		for kind := range found {
			n[kind]++
		}
		if len(found) > 0 {
			trials++
		}
	}
	return trials, sortedCounts(n)
}

// noiseLines are for the terminal: how noisy the machine was where it disturbed
// a trial, and drift where there was some.
func noiseLines(d Data) []string {
	var lines []string
	if trials, kinds := disturbedByHost(d); trials > 0 {
		var parts []string
		for _, f := range noiseFigures(d) {
			if f.name == "steal" || f.name == "others" {
				parts = append(parts, fmt.Sprintf("%s %s in the median trial, %s at most", f.name, f.show(f.summary.Median), f.show(f.worst())))
			}
		}
		lines = append(lines, strings.TrimSuffix(fmt.Sprintf("Noise: the machine disturbed %d of %s, by %s; %s",
			trials, plural(len(d.Trials), "trial"), countText(kinds, mostKinds), strings.Join(parts, "; ")), "; ")+".")
	}
	var told []string
	blocks := 0
	for _, drift := range verdict.Drifts(d.Run.Plan, d.Trials) {
		if drift.Told() {
			told = append(told, drift.String())
			blocks = max(blocks, drift.Blocks)
		}
	}
	if len(told) > 0 {
		lines = append(lines, fmt.Sprintf("Drift, of all cases alike, over the %s: %s. Pairs within a block are not touched by it.",
			plural(blocks, "block"), strings.Join(told, "; ")))
	}
	return lines
}

// noise is the section of how quiet the machine was: drift, and what was
// measured in each trial.
func (m *markdown) noise(d Data) {
	drifts, figures := verdict.Drifts(d.Run.Plan, d.Trials), noiseFigures(d)
	if len(drifts) == 0 && len(figures) == 0 {
		return
	}
	m.heading(2, "Noise")
	var items []string
	for _, drift := range drifts {
		items = append(items, inert.Markdown(fmt.Sprintf("Drift of all cases alike, over %s: %s.", plural(drift.Blocks, "block"), drift)))
	}
	if len(figures) > 0 {
		if trials, kinds := disturbedByHost(d); trials > 0 {
			items = append(items, inert.Markdown(fmt.Sprintf("The machine disturbed %d of %s: %s.", trials, plural(len(d.Trials), "trial"), countText(kinds, mostKinds))))
		} else {
			items = append(items, "The machine disturbed no trial.")
		}
	}
	m.items(items)
	if len(figures) == 0 {
		return
	}
	var rows [][]string
	for _, f := range figures {
		rows = append(rows, []string{inert.Markdown(f.name), inert.Markdown(f.about), inert.Markdown(f.show(f.summary.Median)), inert.Markdown(f.show(f.worst())), fmt.Sprint(f.summary.N)})
	}
	l, r := tw.AlignLeft, tw.AlignRight
	m.table([]string{"per trial", "what", "median", "worst", "trials"}, tw.Alignment{l, l, r, r, r}, rows)
}
