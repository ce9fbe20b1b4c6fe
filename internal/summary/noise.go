package summary

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// NoiseFigure is what was measured of the machine in each trial.
type NoiseFigure struct {
	Name, Unit, About string // unit "%" is of a share
	of                func(results.Usage) *float64
	lowIsWorse        bool
	Summary           stats.Summary // over all trials that know it, invalid ones included
}

// NoiseFigures sums up those that any trial knows.
func NoiseFigures(d Data) []NoiseFigure {
	var known []NoiseFigure
	for _, f := range []NoiseFigure{
		{Name: "steal", Unit: "%", About: results.Note{Kind: "steal"}.About(), of: func(u results.Usage) *float64 { return u.Steal }},
		{Name: "others", Unit: "%", About: results.Note{Kind: "others"}.About(), of: func(u results.Usage) *float64 { return u.Others }},
		{Name: "pressure", Unit: "%", About: "time in which something runnable waited for a CPU; a load that saturates makes it too", of: func(u results.Usage) *float64 { return u.Pressure }},
		{Name: "frequency_mhz", lowIsWorse: true, Unit: "MHz", About: "frequency of the run's CPUs", of: func(u results.Usage) *float64 { return u.Frequency }},
		{Name: "frequency_change", Unit: "%", About: "change of that within a trial, up or down", of: func(u results.Usage) *float64 { return magnitude(u.FrequencyChange) }},
	} {
		var values []float64
		for _, t := range d.Trials {
			if v := f.of(t.Usage); v != nil && Finite(*v) {
				values = append(values, *v)
			}
		}
		if len(values) > 0 {
			f.Summary = stats.Describe(values)
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

// Worst is that of the trial that the machine disturbed most.
func (f NoiseFigure) Worst() float64 {
	if f.lowIsWorse {
		return f.Summary.Min
	}
	return f.Summary.Max
}

// Show is a figure with its unit.
func (f NoiseFigure) Show(v float64) string {
	if f.Unit == "%" {
		return Percent(v) + " %"
	}
	return Significant(v) + " " + f.Unit
}

// DisturbedByHost counts the trials that the machine disturbed, those of them that are
// invalid, and the kinds of its notes.
func DisturbedByHost(d Data) (trials, invalid int, kinds []Count) {
	n := map[string]int64{}
	for _, t := range d.Trials {
		if !t.Disturbed() {
			continue
		}
		trials++
		if !t.Valid {
			invalid++
		}
		for _, kind := range hostKinds(t) {
			n[kind]++
		}
	}
	return trials, invalid, SortedCounts(n)
}

// hostKinds are those of the notes on what the machine did to a trial, each once.
func hostKinds(t results.Trial) []string {
	var kinds []string
	for _, note := range t.Notes {
		if note.OfHost() && !slices.Contains(kinds, note.Kind) {
			kinds = append(kinds, note.Kind)
		}
	}
	return kinds
}

// HostText is "The machine disturbed 40 of 221 trials (7 invalid): CPU time taken by
// the hypervisor (40)."
func HostText(d Data) string {
	trials, invalid, kinds := DisturbedByHost(d)
	for i, kind := range kinds {
		kinds[i].Name = results.Note{Kind: kind.Name}.About()
	}
	if trials == 0 {
		return "The machine disturbed no trial."
	}
	left := ""
	if invalid > 0 {
		left = fmt.Sprintf(" (%d invalid)", invalid)
	}
	return fmt.Sprintf("The machine disturbed %d of %s%s: %s.", trials, Plural(len(d.Trials), "trial"), left, CountText(kinds, MostKinds))
}

// NoiseLines are for the terminal: how noisy the machine was where it disturbed
// a trial, and drift where there was some. How many trials that were is in TrialLines.
func NoiseLines(d Data) []string {
	var lines []string
	if trials, _, _ := DisturbedByHost(d); trials > 0 {
		var parts []string
		for _, f := range NoiseFigures(d) {
			if f.Name == "steal" || f.Name == "others" {
				parts = append(parts, fmt.Sprintf("%s: %s in the median trial, %s at most", f.About, f.Show(f.Summary.Median), f.Show(f.Worst())))
			}
		}
		if len(parts) > 0 {
			lines = append(lines, strings.Join(parts, "; ")+".")
		}
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
			Plural(blocks, "block"), strings.Join(told, "; ")))
	}
	return lines
}
