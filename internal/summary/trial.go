package summary

import (
	"fmt"
	"slices"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/results"
)

// TrialState is what a trial is worth: a word that stands in tables, and heads the
// line that counts the trials of that state. Each trial has one.
type TrialState string

// The states of trials, the worst first.
const (
	TrialInvalid   TrialState = "invalid"   // left out of every figure but errors, for reasons that it has
	TrialDisturbed TrialState = "disturbed" // counts, although the host disturbed it (results.Trial.Disturbed)
	TrialNoted     TrialState = "noted"     // counts undisturbed, and has notes of its measurement (results.Trial.Noted)
	TrialValid     TrialState = "valid"     // counts, and has no notes but of its limits
)

// StateOf tells the state of a trial.
func StateOf(t results.Trial) TrialState {
	switch {
	case !t.Valid:
		return TrialInvalid
	case t.Disturbed():
		return TrialDisturbed
	case t.Noted():
		return TrialNoted
	}
	return TrialValid
}

// InState returns the trials of that state, in their order.
func InState(trials []results.Trial, state TrialState) []results.Trial {
	var found []results.Trial
	for _, t := range trials {
		if StateOf(t) == state {
			found = append(found, t)
		}
	}
	return found
}

// MostKinds bounds how many kinds of reasons, notes or errors one line lists.
const MostKinds = 5

// TrialLines count the trials that are invalid, disturbed or noted, each with why, and
// failed requests.
func TrialLines(d Data) []string {
	var lines []string
	add := func(state TrialState, worth string, why []Count) {
		if n := len(InState(d.Trials, state)); n > 0 {
			lines = append(lines, fmt.Sprintf("%s: %d of %s, %s: %s.", Capital(string(state)), n, Plural(len(d.Trials), "trial"), worth, CountText(why, MostKinds)))
		}
	}
	invalid := InState(d.Trials, TrialInvalid)
	add(TrialInvalid, repeatedText(d.Trials, invalid)+" and left out of every figure but errors", countReasons(invalid))
	add(TrialDisturbed, "by the machine, but counted", countNotes(InState(d.Trials, TrialDisturbed), results.Note.OfHost))
	add(TrialNoted, "undisturbed and counted", countNotes(InState(d.Trials, TrialNoted), results.Note.OfMeasurement))
	for i, e := range CountErrors(d.Trials) {
		if i == MostKinds {
			lines = append(lines, "Errors of further kinds are in the records.")
			break
		}
		lines = append(lines, fmt.Sprintf("Errors: %s of kind %s, such as: %s", Thousands(float64(e.Count)), e.Kind, e.Sample))
	}
	return lines
}

// repeatedText says how many of the invalid trials were followed by another attempt.
func repeatedText(all, invalid []results.Trial) string {
	type attempt struct {
		id    string
		block int
	}
	last := map[attempt]int{}
	for _, t := range all {
		of := attempt{t.Case, t.Block}
		last[of] = max(last[of], t.Attempt)
	}
	repeated := 0
	for _, t := range invalid {
		if t.Attempt < last[attempt{t.Case, t.Block}] {
			repeated++
		}
	}
	switch repeated {
	case len(invalid):
		return "repeated"
	case 0:
		return "not repeated"
	}
	return fmt.Sprintf("%d of them repeated,", repeated)
}

// countNotes counts in how many trials there are notes of each kind that counts.
func countNotes(trials []results.Trial, counts func(results.Note) bool) []Count {
	n := map[string]int64{}
	for _, t := range trials {
		var found []string
		for _, note := range t.Notes {
			if about := inert.Line(note.About()); counts(note) && !slices.Contains(found, about) {
				found = append(found, about)
				n[about]++
			}
		}
	}
	return SortedCounts(n)
}
