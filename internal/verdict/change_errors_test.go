package verdict

import (
	"slices"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// failing lets a response of the uwsgi case fail in the first blocks, with a
// second attempt that does not, or with none.
func failing(s Side, blocks int, repeated bool) Side {
	var trials []results.Trial
	for _, t := range s.Trials {
		if c, _ := results.ParseCaseID(t.Case); matches(c, uwsgi) && t.Block <= blocks {
			failed := t
			failed.Valid, failed.Invalid = false, []string{"1 of 10000 responses failed or was wrong"}
			failed.Counts.Correct--
			failed.Errors = []results.ErrorCount{{Kind: "body", Count: 1, Sample: "wrong"}}
			trials = append(trials, failed)
			if !repeated {
				continue
			}
			t.Attempt = 2
		}
		trials = append(trials, t)
	}
	s.Trials = trials
	return s
}

func TestCompareErrors(t *testing.T) {
	const blocks = 20
	sound := func(seed uint64) Side { return rerun(seed, blocks, 0.01) }
	for _, test := range []struct {
		name      string
		base, new Side
		want      ChangeOutcome // "" for no change of that metric
		says      string
		others    int // changes of the case in other metrics
	}{
		{"none", sound(1), sound(2), "", "", 1},
		{"two blocks of NEW", sound(1), failing(sound(2), 2, true), Worse, "uwsgi per-request saturate, failed or wrong responses: none of 200000 in BASE, 2 of 220000 (most often body), in 2 of 20 blocks in NEW: worse.", 1},
		{"one block of NEW", sound(1), failing(sound(2), 1, true), Undetermined, "in 1 of 20 blocks in NEW: inconclusive.", 1},
		{"every trial of NEW", sound(1), failing(sound(2), blocks, false), Worse, "so that no trial is valid in NEW: worse.", 0},
		{"two blocks of BASE", failing(sound(1), 2, true), sound(2), Better, "better", 1},
		{"every trial of BASE", failing(sound(1), blocks, false), sound(2), Better, "better", 0},
		{"both", failing(sound(1), 1, true), failing(sound(2), 9, true), Undetermined, "1 of 210000 (most often body), in 1 of 20 blocks in BASE, 9 of", 1},
		{"both, NEW without a valid trial", failing(sound(1), 3, true), failing(sound(2), blocks, false), Worse, "so that no trial is valid in NEW: worse.", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			changes := compare(t, test.base, test.new, capacity)
			var found []Change
			others := 0
			for _, c := range changes.Changes {
				switch {
				case !matches(c.New, uwsgi):
				case c.Metric == Errors:
					found = append(found, c)
				default:
					others++
				}
			}
			if others != test.others {
				t.Errorf("%d changes in other metrics, want %d", others, test.others)
			}
			if test.want == "" {
				if len(found) != 0 {
					t.Errorf("found %+v", found)
				}
				return
			}
			if len(found) != 1 || found[0].Outcome != test.want || !strings.Contains(found[0].Sentence, test.says) {
				t.Errorf("want %s, %q: %+v", test.want, test.says, found)
			}
			if test.want == Worse && changes.Outcome != Worse {
				t.Errorf("the whole is %s", changes.Outcome)
			}
		})
	}
}

// TestComparePairedErrors: the rule is the same for two cases of one run.
func TestComparePairedErrors(t *testing.T) {
	run := failing(rerun(1, 20, 0.01), 5, true)
	changes, err := ComparePaired(run, scenarios.Selector{"protocol": "http"}, scenarios.Selector{"protocol": "uwsgi"}, capacity)
	if err != nil {
		t.Fatal(err)
	}
	c := changes.of(t, Errors, uwsgi)
	if c.Outcome != Worse || !strings.HasPrefix(c.Sentence, "uwsgi against http, saturate, failed or wrong responses: none of ") {
		t.Errorf("%s: %s", c.Outcome, c.Sentence)
	}
}

// TestCompareSearches: of a load that searches its answer counts alone, as the
// rest was seen at other rates, and failures are what ends it.
func TestCompareSearches(t *testing.T) {
	search := func(seed uint64, limit float64) Side {
		s := failing(rerun(seed, 20, 0.01), 20, true)
		s.Run.Plan.Loads = map[string]results.Load{"steady": s.Run.Plan.Loads["steady"], "saturate": {
			Name: "saturate", Arrivals: "constant", Search: &results.Search{SLO: []results.Objective{{Metric: "latency.p99", Below: 10}}, From: 100, Precision: 0.05},
		}}
		for i := range s.Trials {
			s.Trials[i].Metrics["saturation"] = s.Trials[i].Metrics["capacity"] / limit
		}
		return s
	}
	changes := compare(t, search(1, 1), search(2, 1).slower(1.5, uwsgi), CompareOptions{})
	var metrics []string
	for _, c := range changes.Changes {
		if matches(c.New, uwsgi) {
			metrics = append(metrics, c.Metric)
		}
	}
	if !slices.Equal(metrics, []string{"saturation"}) {
		t.Errorf("metrics %q of a search are compared", metrics)
	}
	if c := changes.of(t, "saturation", uwsgi); c.Outcome != Worse {
		t.Errorf("%s: %s", c.Outcome, c.Sentence)
	}
}

// TestCompareSearchesThatFoundNothing: where no rate holds the objectives there
// is no figure, and yet nothing could be worse.
func TestCompareSearchesThatFoundNothing(t *testing.T) {
	search := func(seed uint64, collapsed int, outcome string) Side {
		s := rerun(seed, 20, 0.01)
		s.Run.Plan.Loads = map[string]results.Load{"steady": s.Run.Plan.Loads["steady"], "saturate": {
			Name: "saturate", Arrivals: "constant", Search: &results.Search{SLO: []results.Objective{{Metric: "latency.p99", Below: 10}}, From: 100, Precision: 0.05},
		}}
		for i := range s.Trials {
			trial := &s.Trials[i]
			trial.Metrics["saturation"] = trial.Metrics["capacity"]
			trial.Probes = []results.Probe{{Outcome: results.ProbeHeld}, {Outcome: results.ProbeServer}}
			if c, _ := results.ParseCaseID(trial.Case); matches(c, uwsgi) && trial.Block <= collapsed {
				delete(trial.Metrics, "saturation")
				trial.Probes = []results.Probe{{Outcome: outcome}}
			}
		}
		return s
	}
	for _, test := range []struct {
		name      string
		base, new Side
		want      ChangeOutcome
		says      string
	}{
		{"NEW collapsed", search(1, 0, ""), search(2, 20, results.ProbeServer), Worse, "no rate holds the objectives in NEW, in 20 of 20 blocks; in BASE one did, in 20 of 20: worse."},
		{"BASE had", search(1, 20, results.ProbeServer), search(2, 0, ""), Better, "no rate held the objectives in BASE"},
		{"the generator missed", search(1, 0, ""), search(2, 20, results.ProbeGenerator), Undetermined, "cannot be compared: no block of NEW has"},
		{"some blocks", search(1, 0, ""), search(2, 2, results.ProbeServer), Same, "the same within 5 %"},
		{"both", search(1, 20, results.ProbeServer), search(2, 20, results.ProbeServer), "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			changes := compare(t, test.base, test.new, CompareOptions{})
			if test.want == "" {
				if !containsText(changes.Warnings, "saturation is known in neither run of uwsgi per-request saturate") {
					t.Errorf("warnings %q", changes.Warnings)
				}
				return
			}
			if c := changes.of(t, "saturation", uwsgi); c.Outcome != test.want || !strings.Contains(c.Sentence, test.says) {
				t.Errorf("%s: %s", c.Outcome, c.Sentence)
			}
		})
	}
}
