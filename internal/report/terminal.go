package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/results"
)

// Terminal writes what a person wants to see at the end of a run: the run and
// its machine, the table of cases, the verdicts and trends, and what was
// skipped, disturbed or doubtful. With Style.Width set no line is wider, as far as
// words allow; the table first loses columns (and says which), then cuts
// names. An error is that of w.
func Terminal(w io.Writer, d Data, s Style) error {
	t := newTable(d)
	tableLines, err := t.render(s)
	if err != nil {
		return err
	}
	var legend []string
	for _, line := range t.legend() {
		legend = append(legend, s.wrap("  ", line)...)
	}
	sections := [][]string{
		s.wrapAll(summaryLines(d)),
		tableLines,
		s.wrapAll(allSearchLines(d)),
		legend,
		s.wrapAll(slices.Concat(disturbedLines(d), noiseLines(d))),
		verdictLines(d, s),
		trendLines(d, s),
		s.list("Skipped", skippedLines(d)),
		s.list("Known differences", exceptionLines(d)),
		s.list("Warnings", cleanAll(d.Run.Warnings)),
	}
	return writeSections(w, sections)
}

// writeSections writes the sections that have lines, with an empty line between
// them.
func writeSections(w io.Writer, sections [][]string) error {
	var out strings.Builder
	for _, lines := range sections {
		if len(lines) == 0 {
			continue
		}
		if out.Len() > 0 {
			out.WriteByte('\n')
		}
		for _, line := range lines {
			out.WriteString(line)
			out.WriteByte('\n')
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// summaryLines say what was measured, where and how.
func summaryLines(d Data) []string {
	plan := d.Run.Plan
	valid := 0
	for _, t := range d.Trials {
		if t.Valid {
			valid++
		}
	}
	lines := []string{
		fmt.Sprintf("%s: %s, %s, %s (%d valid) of %s after %s of warm-up, seed %d",
			scenarioName(d), plural(len(plan.Cases), "case"), plural(completeBlocks(d), "block"),
			plural(len(d.Trials), "trial"), valid, plan.Duration.Round(time.Millisecond), plan.Warmup.Round(time.Millisecond), d.Run.Seed),
		machineText(d.Run.Environment) + "; " + placementText(d.Run.Placement),
	}
	if v := versionsText(d.Run.Targets); v != "" {
		lines = append(lines, "targets: "+v)
	}
	if v := versionsText(d.Run.Fronts); v != "" {
		lines = append(lines, "fronts: "+v)
	}
	if plan.Quick {
		lines = append(lines, "quick: fewer and shorter trials than the scenario asks for; treat the figures as a rehearsal")
	}
	for _, text := range []string{unverifiedText(d), partial(d)} {
		if text != "" {
			lines = append(lines, text)
		}
	}
	return lines
}

// unverifiedText is said of a run that left out the check of equivalence; ""
// of any other.
func unverifiedText(d Data) string {
	if !d.Run.Unverified {
		return ""
	}
	return "not verified: --no-verify left out the check that all cases serve the same thing"
}

func scenarioName(d Data) string {
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
		parts = append(parts, plural(e.CPUs, "CPU"))
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

func skippedLines(d Data) []string {
	lines := make([]string, 0, len(d.Run.Skipped))
	for _, s := range d.Run.Skipped {
		lines = append(lines, inert.Line(s.What)+": "+inert.Line(s.Why))
	}
	return lines
}

// mostKinds bounds how many kinds of disturbances one line lists.
const mostKinds = 5

// disturbedLines count invalid and noted trials, and failed requests.
func disturbedLines(d Data) []string {
	var lines []string
	invalid := 0
	for _, t := range d.Trials {
		if !t.Valid {
			invalid++
		}
	}
	if invalid > 0 {
		lines = append(lines, fmt.Sprintf("Invalid: %d of %s, left out of every figure but errors: %s.",
			invalid, plural(len(d.Trials), "trial"), countText(countReasons(d.Trials), mostKinds)))
	}
	if noted, kinds := countNotes(d.Trials); noted > 0 {
		lines = append(lines, fmt.Sprintf("Disturbed or limited, but valid: %s: %s.",
			plural(noted, "trial"), countText(kinds, mostKinds)))
	}
	for i, e := range countErrors(d.Trials) {
		if i == mostKinds {
			lines = append(lines, "Errors of further kinds are in the records.")
			break
		}
		lines = append(lines, fmt.Sprintf("Errors: %s of kind %s, such as: %s", thousands(float64(e.Count)), e.Kind, e.Sample))
	}
	return lines
}

func cleanAll(lines []string) []string {
	out := make([]string, 0, len(lines))
	for _, line := range lines {
		out = append(out, inert.Line(line))
	}
	return out
}
