package summary_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

func notes(kinds ...string) []results.Note {
	var list []results.Note
	for _, kind := range kinds {
		list = append(list, results.Note{Kind: kind})
	}
	return list
}

func TestStateOfTrials(t *testing.T) {
	for name, c := range map[string]struct {
		trial results.Trial
		want  summary.TrialState
	}{
		"no notes":                         {results.Trial{Valid: true}, summary.TrialValid},
		"sent late":                        {results.Trial{Valid: true, Notes: notes("late")}, summary.TrialNoted},
		"segments sent again":              {results.Trial{Valid: true, Notes: notes("retransmit", "bottleneck")}, summary.TrialNoted},
		"limits alone":                     {results.Trial{Valid: true, Notes: notes("bottleneck", "search")}, summary.TrialValid},
		"other programs":                   {results.Trial{Valid: true, Notes: notes("others")}, summary.TrialDisturbed},
		"sent late, on a machine that ran": {results.Trial{Valid: true, Notes: notes("late", "steal")}, summary.TrialDisturbed},
		"invalid":                          {results.Trial{Notes: notes("late")}, summary.TrialInvalid},
		"invalid for the machine":          {results.Trial{Notes: notes("steal")}, summary.TrialInvalid},
	} {
		if got := summary.StateOf(c.trial); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestTrialLines(t *testing.T) {
	reasons := []results.Trial{
		{Attempt: 1, Invalid: []string{"other programs took 21 % of the time", "3 of 100 responses failed"}, Notes: notes("others")},
		{Attempt: 2, Invalid: []string{"other programs took 9 % of the time"}},
		{Attempt: 3, Invalid: []string{"other programs took 98.5 % of the time"}},
		{Block: 1, Invalid: []string{"3 of 90 responses failed"}},
		{Block: 2, Invalid: []string{"there was no correct response"}},
		{Block: 3, Valid: true, Invalid: []string{"other programs took 1 % of the time"}},
	}
	for name, c := range map[string]struct {
		trials []results.Trial
		want   []string
	}{
		"nothing to tell": {[]results.Trial{{Valid: true}}, nil},
		"reasons that differ in figures count as one": {reasons, []string{
			"Invalid: 5 of 6 trials, 2 of them repeated, and left out of every figure but errors: other programs took 9 to 98.5 % of the time (3), " +
				"3 of 90 to 100 responses failed (2), there was no correct response (1).",
		}},
		"limits are no news": {[]results.Trial{{Valid: true, Notes: notes("bottleneck")}, {Valid: true, Notes: notes("search")}}, nil},
		"each trial in one line": {
			[]results.Trial{
				{Attempt: 1, Invalid: []string{"stolen"}, Notes: notes("steal", "late")},
				{Attempt: 2, Valid: true, Notes: notes("steal", "steal", "late")},
				{Block: 1, Valid: true, Notes: notes("late", "retransmit", "bottleneck")},
				{Block: 2, Valid: true, Notes: notes("late")},
			},
			[]string{
				"Invalid: 1 of 4 trials, repeated and left out of every figure but errors: stolen (1).",
				"Disturbed: 1 of 4 trials, by the machine, but counted: CPU time taken by the hypervisor (1).",
				"Noted: 2 of 4 trials, undisturbed and counted: requests sent after their time, or never (2), TCP segments sent again (1).",
			},
		},
		"no further attempt": {
			[]results.Trial{{Attempt: 3, Invalid: []string{"late"}}},
			[]string{"Invalid: 1 of 1 trial, not repeated and left out of every figure but errors: late (1)."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := summary.TrialLines(summary.Data{Trials: c.trials}); !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestHostText(t *testing.T) {
	d := summarytest.Noisy(t)
	all, invalid, _ := summary.DisturbedByHost(d)
	if counted := len(summary.InState(d.Trials, summary.TrialDisturbed)); all-invalid != counted {
		t.Errorf("%d disturbed trials, %d of them invalid, but %d rows say disturbed", all, invalid, counted)
	}
	for name, c := range map[string]struct {
		trials []results.Trial
		want   string
	}{
		"quiet":   {[]results.Trial{{Valid: true, Notes: notes("late")}}, "The machine disturbed no trial."},
		"valid":   {[]results.Trial{{Valid: true, Notes: notes("steal")}}, "The machine disturbed 1 of 1 trial: CPU time taken by the hypervisor (1)."},
		"invalid": {[]results.Trial{{Valid: true, Notes: notes("steal")}, {Notes: notes("others", "others")}}, "The machine disturbed 2 of 2 trials (1 invalid): CPU time taken by other programs (1), CPU time taken by the hypervisor (1)."},
	} {
		if got := summary.HostText(summary.Data{Trials: c.trials}); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
