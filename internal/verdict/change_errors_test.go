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

// TestCompareErrorsOfTheServer: what the host and the load generator did is left
// out, and so is what too little of the other run could have shown.
func TestCompareErrorsOfTheServer(t *testing.T) {
	const blocks = 20
	share := 0.5
	uwsgiTrials := func(s Side, change func(*results.Trial)) Side {
		s.Trials = slices.Clone(s.Trials)
		for i := range s.Trials {
			if c, _ := results.ParseCaseID(s.Trials[i].Case); matches(c, uwsgi) {
				change(&s.Trials[i])
			}
		}
		return s
	}
	failed := func(seed uint64, n int) Side { return failing(rerun(seed, blocks, 0.01), n, false) }
	disturbed := func(s Side) Side {
		return uwsgiTrials(s, func(t *results.Trial) { t.Usage.Steal = &share })
	}
	ports := func(s Side) Side {
		return uwsgiTrials(s, func(t *results.Trial) {
			if !t.Valid {
				t.Errors[0].Kind = results.KindPorts
			}
		})
	}
	first := func(s Side, n int) Side {
		s.Trials = slices.DeleteFunc(slices.Clone(s.Trials), func(t results.Trial) bool {
			c, _ := results.ParseCaseID(t.Case)
			return matches(c, uwsgi) && t.Block > n
		})
		return s
	}
	for _, test := range []struct {
		name      string
		base, new Side
		want      ChangeOutcome // "" for no change of that metric
		says      string
	}{
		{"the server", rerun(1, blocks, 0.01), failed(2, 5), Worse, "none of 200000 in BASE, 5 of 200000 (most often body), in 5 of 20 blocks in NEW: worse."},
		{"the host disturbed NEW", rerun(1, blocks, 0.01), disturbed(failed(2, 5)), "", ""},
		{"the host disturbed BASE, which did not fail", disturbed(rerun(1, blocks, 0.01)), failed(2, 5), Worse, ""},
		{"ports ran out", rerun(1, blocks, 0.01), ports(failed(2, 5)), "", ""},
		{"BASE has as many blocks as failed", first(rerun(1, blocks, 0.01), 2), failed(2, 2), Undetermined, "none of 20000 in BASE, 2 of 200000 (most often body), in 2 of 20 blocks in NEW: inconclusive."},
		{"BASE has half the blocks, and half of NEW failed", first(rerun(1, blocks, 0.01), 10), failed(2, 10), Worse, ""},
		{"BASE has half the blocks, and most failed", first(rerun(1, blocks, 0.01), 10), failed(2, 3), Undetermined, ""},
		{"BASE has no trial", first(rerun(1, blocks, 0.01), 0), failed(2, blocks), Undetermined, "not measured in BASE, 20 of 200000 (most often body), in 20 of 20 blocks, so that no trial is valid in NEW: inconclusive."},
		{"one block of NEW, without a valid trial", first(rerun(1, blocks, 0.01), 1), first(failed(2, 1), 1), Undetermined, "so that no trial is valid in NEW: inconclusive."},
	} {
		t.Run(test.name, func(t *testing.T) {
			changes := compare(t, test.base, test.new, capacity)
			at := slices.IndexFunc(changes.Changes, func(c Change) bool { return c.Metric == Errors && matches(c.New, uwsgi) })
			if at < 0 != (test.want == "") {
				t.Fatalf("found %d, want %q", at, test.want)
			}
			if at < 0 {
				return
			}
			if c := changes.Changes[at]; c.Outcome != test.want || !strings.Contains(c.Sentence, test.says) {
				t.Errorf("%s: %s", c.Outcome, c.Sentence)
			}
		})
	}
}

// TestCompareErrorsOnAnotherMachine: absolutely nothing is told there; whether
// responses fail needs no reference.
func TestCompareErrorsOnAnotherMachine(t *testing.T) {
	moved := failing(rerun(2, 20, 0.01), 5, true)
	moved.Run.Environment.Kernel = "6.2.0"
	for method, want := range map[Method]ChangeOutcome{Absolute: Undetermined, Normalised: Worse} {
		o := CompareOptions{Method: method, Metrics: []string{"capacity"}}
		c := compare(t, rerun(1, 20, 0.01), moved, o).of(t, Errors, uwsgi)
		if differ := strings.Contains(c.Sentence, "inconclusive, because absolute figures do not travel, and the machines differ: kernel"); c.Outcome != want || differ != (method == Absolute) {
			t.Errorf("%s: %s: %s", method, c.Outcome, c.Sentence)
		}
	}
}

// TestCompareErrorsByName: who asks for errors hears of cases without any.
func TestCompareErrorsByName(t *testing.T) {
	o := CompareOptions{Metrics: []string{Errors}}
	base := rerun(1, 3, 0.1)
	for name, next := range map[string]Side{"another run": rerun(2, 3, 0.1), "itself": base} {
		changes := compare(t, base, next, o)
		if changes.Outcome != Same || len(changes.Changes) != len(base.Run.Plan.Cases) {
			t.Errorf("%s: %s, %d changes", name, changes.Outcome, len(changes.Changes))
		}
	}
	c := compare(t, base, rerun(2, 3, 0.1), o).of(t, Errors, uwsgi)
	if want := "uwsgi per-request saturate, failed or wrong responses: none of 30000 in BASE, none of 30000 in NEW: same."; c.Outcome != Same || c.Sentence != want {
		t.Errorf("%s: %s", c.Outcome, c.Sentence)
	}
	if c := compare(t, base, failing(rerun(2, 3, 0.1), 3, true), o); c.Outcome != Worse {
		t.Errorf("failures are %s", c.Outcome)
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
	const blocks = 20
	search := func(seed uint64, collapsed int, bottleneck string) Side {
		s := rerun(seed, blocks, 0.01)
		s.Run.Plan.Loads = map[string]results.Load{"steady": s.Run.Plan.Loads["steady"], "saturate": {
			Name: "saturate", Arrivals: "constant", Search: &results.Search{SLO: []results.Objective{{Metric: "latency.p99", Below: 10}}, From: 100, Precision: 0.05},
		}}
		for i := range s.Trials {
			trial := &s.Trials[i]
			trial.Metrics["saturation"] = trial.Metrics["capacity"]
			trial.Bottleneck = results.BottleneckServer
			trial.Probes = []results.Probe{{Outcome: results.ProbeHeld}, {Outcome: results.ProbeServer}}
			if c, _ := results.ParseCaseID(trial.Case); matches(c, uwsgi) && trial.Block <= collapsed {
				delete(trial.Metrics, "saturation")
				trial.Bottleneck = bottleneck
				trial.Probes = []results.Probe{{Outcome: results.ProbeServer}}
			}
		}
		return s
	}
	gaveUp := search(2, blocks, results.BottleneckServer)
	for i := range gaveUp.Trials {
		if trial := &gaveUp.Trials[i]; trial.Metrics["saturation"] == 0 {
			trial.Valid, trial.Invalid = false, []string{"the search gave up"}
		}
	}
	const server = results.BottleneckServer
	found := search(1, 0, "")
	for _, test := range []struct {
		name      string
		base, new Side
		want      ChangeOutcome
		says      string
	}{
		{"NEW collapsed", found, search(2, blocks, server), Worse, "no rate held the objectives in 0 of 20 blocks of BASE, and in 20 of 20 blocks of NEW: worse."},
		{"BASE had", search(1, blocks, results.BottleneckFront), search(2, 0, ""), Better, "in 20 of 20 blocks of BASE, and in 0 of 20 blocks of NEW: better."},
		{"half the blocks", found, search(2, 10, results.BottleneckNetwork), Worse, "in 10 of 20 blocks of NEW: worse."},
		{"nearly half of them", found, search(2, 9, server), Undetermined, "in 9 of 20 blocks of NEW, so that the other blocks are the better ones of the side that lacks more."},
		{"two", found, search(2, 2, server), Undetermined, "in 2 of 20 blocks of NEW, so that"},
		{"one", found, search(2, 1, server), Same, "the same within 5 %"},
		{"more than BASE, which has many", search(1, 15, server), search(2, 20, server), Undetermined, "in 15 of 20 blocks of BASE, and in 20 of 20 blocks of NEW, so that"},
		{"nearly as many", search(1, 2, server), search(2, 3, server), Same, "over 18 and 17 blocks: the same within 5 %"},
		{"the generator ended it", found, search(2, blocks, results.BottleneckGenerator), Undetermined, "cannot be compared: no block of NEW has"},
		{"nobody knows what did", found, search(2, blocks, results.BottleneckUnknown), Undetermined, "cannot be compared: no block of NEW has"},
		{"it gave up", found, gaveUp, Undetermined, "cannot be compared: no block of NEW has"},
		{"both", search(1, blocks, server), search(2, blocks, server), "", ""},
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
