package summary

import (
	"fmt"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/results"
)

// RunLines say what was measured, where and how.
func RunLines(d Data) []string {
	plan := d.Run.Plan
	lines := []string{
		fmt.Sprintf("%s: %s, %s, %s (%d valid) of %s after %s of warm-up, seed %d",
			ScenarioName(d), Plural(len(plan.Cases), "case"), BlocksText(d),
			Plural(len(d.Trials), "trial"), ValidTrials(d), DurationText(plan.Duration), DurationText(plan.Warmup), d.Run.Seed),
		machineText(d.Run.Environment) + "; " + placementText(d.Run.Placement),
	}
	if v := versionsText(d.Run.Targets); v != "" {
		lines = append(lines, "targets: "+v)
	}
	if v := versionsText(d.Run.Fronts); v != "" {
		lines = append(lines, "fronts: "+v)
	}
	for _, text := range []string{QuickText(d), UnverifiedText(d), Partial(d)} {
		if text != "" {
			lines = append(lines, text)
		}
	}
	return lines
}

// ValidTrials counts the trials that figures are made of.
func ValidTrials(d Data) int {
	valid := 0
	for _, t := range d.Trials {
		if t.Valid {
			valid++
		}
	}
	return valid
}

// QuickText is said of a rehearsal; "" of any other run.
func QuickText(d Data) string {
	if !d.Run.Plan.Quick {
		return ""
	}
	return "quick: fewer and shorter trials than the scenario asks for; treat the figures as a rehearsal"
}

// UnverifiedText is said of a run that left out the check of equivalence; ""
// of any other.
func UnverifiedText(d Data) string {
	if !d.Run.Unverified {
		return ""
	}
	return "not verified: --no-verify left out the check that all cases serve the same thing"
}

func ScenarioName(d Data) string {
	if name := inert.Line(d.Run.Scenario.Name); name != "" {
		return name
	}
	return "run"
}

// machineText is "Intel Xeon, 2 CPUs, linux 6.1 amd64, kvm".
func machineText(e results.Environment) string {
	parts := []string{"unknown CPU"}
	if cpu := inert.Line(e.CPU); cpu != "" {
		parts[0] = cpu
	}
	if e.CPUs > 0 {
		parts = append(parts, Plural(e.CPUs, "CPU"))
	}
	if system := inert.Line(strings.Join([]string{e.OS, e.Kernel, e.Arch}, " ")); system != "" {
		parts = append(parts, system)
	}
	if v := inert.Line(e.Virtual); v != "" {
		parts = append(parts, v)
	}
	return strings.Join(parts, ", ")
}

// placementText says which CPUs the two sides had.
func placementText(p results.Placement) string {
	text := fmt.Sprintf("servers on %s, load generator on %s", cpuText(p.Servers), cpuText(p.Generator))
	if note := inert.Line(p.Note); note != "" {
		text += " (" + note + ")"
	}
	return text
}

func cpuText(cpus []int) string {
	if len(cpus) == 0 {
		return "all CPUs"
	}
	noun := "CPU "
	if len(cpus) > 1 {
		noun = "CPUs "
	}
	return noun + strings.Trim(strings.ReplaceAll(fmt.Sprint(cpus), " ", ","), "[]")
}

func versionsText(servers []results.Server) string {
	parts := make([]string, 0, len(servers))
	for _, s := range servers {
		version := inert.Line(s.Version)
		if version == "" {
			version = "(version unknown)"
		}
		parts = append(parts, inert.Line(s.Name)+" "+version)
	}
	return strings.Join(parts, ", ")
}

func SkippedLines(d Data) []string {
	lines := make([]string, 0, len(d.Run.Skipped))
	for _, s := range d.Run.Skipped {
		lines = append(lines, inert.Line(s.What)+": "+inert.Line(s.Why))
	}
	return lines
}

func CleanAll(lines []string) []string {
	out := make([]string, 0, len(lines))
	for _, line := range lines {
		out = append(out, inert.Line(line))
	}
	return out
}
