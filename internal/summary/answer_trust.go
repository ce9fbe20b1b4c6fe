package summary

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// trustAnswer says what the figures rest on and what speaks against them. It is
// never "".
func trustAnswer(d Data, cases []Case) string {
	sentences := []string{fmt.Sprintf("The figures rest on %s.", blocksText(d, cases))}
	for _, text := range []string{Partial(d), UnverifiedText(d)} {
		if text != "" {
			sentences = append(sentences, "The run is "+text+".")
		}
	}
	if d.Run.Plan.Quick {
		sentences = append(sentences, "The run is a quick one, fewer and shorter trials than the scenario asks for: take it for a rehearsal.")
	}
	sentences = append(sentences, trialsText(d))
	if text := scatterText(cases); text != "" {
		sentences = append(sentences, text)
	}
	var drifts []string
	for _, drift := range verdict.Drifts(d.Run.Plan, d.Trials) {
		if drift.Told() {
			drifts = append(drifts, drift.String())
		}
	}
	if text := unsteady(d); text != "" {
		sentences = append(sentences, text)
	}
	if len(drifts) > 0 {
		sentences = append(sentences, fmt.Sprintf("The machine itself changed in the course of the run: %s. That cancels out of ratios, which are taken within blocks, but not of single figures.", strings.Join(drifts, "; ")))
	}
	machine := "one machine"
	if d.Run.Environment.Virtual != "" {
		machine = "one virtual machine"
	}
	together := ""
	if shared(d.Run.Placement) {
		together = " Servers and load generator shared its CPUs, so that each slowed the other down."
	}
	return strings.Join(append(sentences, fmt.Sprintf("All of it is %s on one day: figures will be others elsewhere, and ratios may be.%s", machine, together)), " ")
}

// blocksText is "11 complete blocks of 20 cases, 1 trial of each in every block". Blocks
// are complete that have a valid trial of every case; a comparison takes those that have
// one of its own cases.
func blocksText(d Data, cases []Case) string {
	n, least := CompleteBlocks(d), stats.MinBlocks(0.05)
	text := fmt.Sprintf("%s of %s", Plural(n, "complete block"), Plural(len(cases), "case"))
	if n > 0 {
		text += ", 1 trial of each in every block"
	}
	if n >= least {
		return text
	}
	var few []string
	for _, c := range cases {
		if validBlocks(c) < least {
			few = append(few, Label(c.Case, append(CaseAxes(d.Run.Plan), "load"), 0))
		}
	}
	switch {
	case len(few) == len(cases):
		return text + fmt.Sprintf(", which is too few: an interval with 95 %% confidence takes %d", least)
	case len(few) == 0:
		return text + fmt.Sprintf("; each by itself has valid trials in %d blocks or more", least)
	}
	return text + fmt.Sprintf(", as too few trials are valid of %s; the other cases have valid trials in %d blocks or more, as many as an interval with 95 %% confidence takes", list(few), least)
}

// validBlocks is in how many blocks the case has a valid trial.
func validBlocks(c Case) int {
	blocks := map[int]bool{}
	for _, t := range c.Valid {
		blocks[t.Block] = true
	}
	return len(blocks)
}

// trialsText says how many trials are in each of the states of TrialLines.
func trialsText(d Data) string {
	invalid, disturbed, noted := len(InState(d.Trials, TrialInvalid)), len(InState(d.Trials, TrialDisturbed)), len(InState(d.Trials, TrialNoted))
	switch len(d.Trials) {
	case 0:
		return "There is no trial."
	case invalid:
		return fmt.Sprintf("Invalid: %s, all there are.", Plural(invalid, "trial"))
	}
	isOrAre := func(n int) string {
		if n == 1 {
			return "1 is"
		}
		return fmt.Sprintf("%d are", n)
	}
	left, other := "none is invalid", "none"
	if invalid > 0 {
		left, other = isOrAre(invalid)+" invalid and left out", "no other"
	}
	text := left + "; " + other + " is known to be disturbed by the machine"
	if disturbed > 0 {
		text = left + "; " + isOrAre(disturbed) + " disturbed by the machine, but counted"
	}
	switch noted {
	case 0:
	case 1:
		text += "; 1 has notes of something else"
	default:
		text += fmt.Sprintf("; %d have notes of something else", noted)
	}
	return fmt.Sprintf("Of %s %s.", Plural(len(d.Trials), "trial"), text)
}

// unsteadyFrom is how far apart, relative to the lowest, the levels of blocks are that
// are worth a reader's time.
const unsteadyFrom = 0.1

// unsteady says how far the blocks went up and down where no steady drift is told: a
// straight line does not see a course that comes back.
func unsteady(d Data) string {
	var parts []string
	for _, drift := range verdict.Drifts(d.Run.Plan, d.Trials) {
		least, most := drift.Range()
		if drift.Told() || !(most >= least*(1+unsteadyFrom)) || !Finite(most) {
			continue
		}
		name, _, _ := strings.Cut(inWords(drift.Metric), " (")
		parts = append(parts, fmt.Sprintf("%s between %.0f and %.0f %%", name, 100*least, 100*most))
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("No steady drift, but the blocks went up and down: %s of its median over the run.", strings.Join(parts, ", "))
}

// scatterText says how far equal trials are apart, in the case in the middle and
// in the worst.
func scatterText(cases []Case) string {
	metric := SpreadMetric(cases)
	var spreads []float64
	for _, c := range cases {
		if s := c.Metrics[metric]; s.N > 1 && Finite(s.Spread) && s.Spread >= 0 {
			spreads = append(spreads, s.Spread)
		}
	}
	if len(spreads) == 0 {
		return ""
	}
	s := stats.Describe(spreads)
	text := fmt.Sprintf("Trials of the same case scatter: the middle half of them spans %s %% of their median %s", Percent(s.Median), metric)
	if len(spreads) > 1 {
		text += fmt.Sprintf(" in a typical case and %s %% in the worst", Percent(s.Max))
	}
	return text + "."
}

// shared tells whether the two sides had CPUs in common; all CPUs on both sides
// are.
func shared(p results.Placement) bool {
	if len(p.Servers) == 0 || len(p.Generator) == 0 {
		return len(p.Servers) == len(p.Generator)
	}
	return slices.ContainsFunc(p.Servers, func(cpu int) bool { return slices.Contains(p.Generator, cpu) })
}
