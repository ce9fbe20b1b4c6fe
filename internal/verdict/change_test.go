package verdict

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

func TestCompareFindsWhatChanged(t *testing.T) {
	const quiet = 0.01
	base := rerun(1, 20, quiet)
	tests := []struct {
		name    string
		method  Method
		new     Side
		want    ChangeOutcome
		of      ChangeOutcome // the whole
		says    string
		percent float64 // threshold, where it is not the default 5 %
	}{
		{"normalised, nothing", "", rerun(2, 20, quiet), Same, Same, "the same within 5 %", 0},
		{"normalised, a machine half as fast", "", rerun(2, 20, quiet).slower(2, nil), Same, Same, "the same within 5 %", 0},
		{"normalised, slower", "", rerun(2, 20, quiet).slower(2, nil).slower(1.2, uwsgi), Worse, Worse, "worse by more than 5 %", 0},
		{"normalised, faster", "", rerun(2, 20, quiet).slower(1/1.2, uwsgi), Better, Better, "better by more than 5 %", 0},
		{"normalised, slower by about the threshold", "", rerun(2, 20, quiet).slower(1.05, uwsgi), Undetermined, Undetermined, "worse, and it cannot be told whether by more than 5 %", 0},
		{"normalised, slower by less than the threshold", "", rerun(2, 20, quiet).slower(1.2, uwsgi), Same, Same, "the same within 40 %", 40},
		{"normalised, much noise", "", rerun(2, 20, 0.2), Undetermined, Undetermined, "it may be better or worse by more than 5 %, or neither; ", 0},
		{"absolute, slower", Absolute, rerun(2, 20, quiet).slower(4, uwsgi), Worse, Worse, "capacity: 7", 0},
		{"absolute, faster", Absolute, rerun(2, 20, quiet).slower(0.25, uwsgi), Better, Better, "% higher, between", 0},
		{"absolute, days that differ", Absolute, rerun(2, 20, quiet).slower(1.02, uwsgi), Undetermined, Undetermined, "it may be better or worse by more than 5 %, or neither", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			// Absolute figures differ by what the days differ, in all cases; only the
			// outcome of one is of interest.
			o := CompareOptions{Method: test.method, Metrics: []string{"capacity"}}
			if test.percent > 0 {
				o.Thresholds = map[string]float64{"capacity": test.percent / 100}
			}
			if test.method == Absolute {
				o.Only = func(c results.Case) bool { return matches(c, uwsgi) }
			}
			changes := compare(t, base, test.new, o)
			change := changes.of(t, "capacity", uwsgi)
			if change.Outcome != test.want || !strings.Contains(change.Sentence, test.says) {
				t.Errorf("%s: %s; want %s, and a sentence with %q", change.Outcome, change.Sentence, test.want, test.says)
			}
			if changes.Outcome != test.of {
				t.Errorf("the whole is %s, want %s", changes.Outcome, test.of)
			}
			if want := test.method; want != "" && changes.Method != want || want == "" && changes.Method != Normalised {
				t.Errorf("method %s", changes.Method)
			}
		})
	}
}

func TestCompareNeverCallsTheSameWhatHasNoThreshold(t *testing.T) {
	zero := 0.0
	o := CompareOptions{Metrics: []string{"capacity"}, Threshold: &zero}
	if c := compare(t, rerun(1, 20, 0.01), rerun(2, 20, 0.01), o).of(t, "capacity", uwsgi); c.Outcome != Undetermined || !strings.Contains(c.Sentence, "it may be better or worse") {
		t.Errorf("%s: %s", c.Outcome, c.Sentence)
	}
	if c := compare(t, rerun(1, 20, 0.01), rerun(2, 20, 0.01).slower(1.04, uwsgi), o).of(t, "capacity", uwsgi); c.Outcome != Worse || !strings.HasSuffix(c.Sentence, ": worse.") {
		t.Errorf("%s: %s", c.Outcome, c.Sentence)
	}
	bytes := CompareOptions{Metrics: []string{"bytes_sent"}, Threshold: &zero}
	constant := func(s Side, value float64) Side {
		s.Trials = slices.Clone(s.Trials)
		for i := range s.Trials {
			s.Trials[i].Metrics = results.Metrics{"bytes_sent": value}
		}
		return s
	}
	if c := compare(t, constant(rerun(1, 20, 0), 100), constant(rerun(2, 20, 0), 100), bytes).of(t, "bytes_sent", uwsgi); c.Outcome != Same {
		t.Errorf("equal figures: %s: %s", c.Outcome, c.Sentence)
	}
}

// TestComparePaired gives a run two builds of one server.
func TestComparePaired(t *testing.T) {
	two := func(factor float64) Side {
		s := rerun(3, 20, 0.02)
		for i := range s.Trials {
			s.Trials[i].Case = strings.Replace(s.Trials[i].Case, "/uwsgi/", "/scgi/", 1)
		}
		for i := range s.Run.Plan.Cases {
			s.Run.Plan.Cases[i].Protocol = strings.Replace(s.Run.Plan.Cases[i].Protocol, "uwsgi", "scgi", 1)
		}
		return s.slower(1.2*factor, scenarios.Selector{"protocol": "scgi"}) // scgi took over uwsgi's 1.2
	}
	old, next := scenarios.Selector{"protocol": "http"}, scenarios.Selector{"protocol": "scgi"}
	for _, test := range []struct {
		factor float64
		want   ChangeOutcome
		says   string
	}{
		{1, Same, "scgi against http, saturate, capacity: "},
		{1.1, Worse, "worse by more than 5 %"},
		{1 / 1.1, Better, "better by more than 5 %"},
		{1.05, Undetermined, "worse, and it cannot be told whether by more than 5 %"},
	} {
		changes, err := ComparePaired(two(test.factor), old, next, capacity)
		if err != nil {
			t.Fatal(err)
		}
		if len(changes.Changes) != 2 || changes.Method != Paired {
			t.Fatalf("%s, %d changes, want one per load: uwsgi has no keep-alive", changes.Method, len(changes.Changes))
		}
		c := changes.of(t, "capacity", scenarios.Selector{"load": "saturate"})
		if c.Outcome != test.want || !strings.Contains(c.Sentence, test.says) {
			t.Errorf("%g: %s: %s", test.factor, c.Outcome, c.Sentence)
		}
	}
}

func TestComparePairedIsChargedForLooks(t *testing.T) {
	s := rerun(3, 20, 0.02)
	s.Run.Plan.Looks, s.Run.Plan.Family = []int{10, 15, 20}, 3
	claimed, err := ComparePaired(s, scenarios.Selector{"protocol": "http"}, scenarios.Selector{"protocol": "uwsgi"}, capacity)
	if err != nil {
		t.Fatal(err)
	}
	s.Run.Plan.Family = 0
	unclaimed, err := ComparePaired(s, scenarios.Selector{"protocol": "http"}, scenarios.Selector{"protocol": "uwsgi"}, capacity)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := claimed.Changes[0].Alpha, unclaimed.Changes[0].Alpha; a*3 != b {
		t.Errorf("error rate %g with three looks, %g where nothing could end the run", a, b)
	}
}

func TestComparePairedRefuses(t *testing.T) {
	s := rerun(1, 9, 0.1)
	for _, test := range []struct {
		name      string
		base, new scenarios.Selector
		o         CompareOptions
		says      string
	}{
		{"the same cases", uwsgi, uwsgi, CompareOptions{}, "select the same cases"},
		{"no such axis", scenarios.Selector{"protocl": "http"}, uwsgi, CompareOptions{}, `BASE names the axis "protocl", which does not exist: did you mean protocol?`},
		{"no such value", scenarios.Selector{"protocol": "http"}, scenarios.Selector{"protocol": "fastgci"}, CompareOptions{}, `the run has no protocol "fastgci": did you mean fastcgi?`},
		{"nothing selected", nil, uwsgi, CompareOptions{}, "BASE selects no cases"},
		{"no pair", scenarios.Selector{"protocol": "fastcgi"}, scenarios.Selector{"protocol": "uwsgi", "connection": "keep-alive"}, CompareOptions{}, "has one that matches BASE"},
		{"another method", scenarios.Selector{"protocol": "http"}, uwsgi, CompareOptions{Method: Absolute}, "the method absolute is for two runs"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := ComparePaired(s, test.base, test.new, test.o); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, want %q", err, test.says)
			}
		})
	}
}

func TestCompareWithItself(t *testing.T) {
	for _, blocks := range []int{1, 20} {
		run := rerun(1, blocks, 0.1)
		copied := run
		copied.Trials = slices.Clone(run.Trials)
		changes := compare(t, run, copied, CompareOptions{})
		if changes.Outcome != Same || len(changes.Changes) == 0 || len(changes.Warnings) != 1 || !strings.Contains(changes.Warnings[0], "the same run, run-1") {
			t.Errorf("%d blocks: %s, %d changes, warnings %q", blocks, changes.Outcome, len(changes.Changes), changes.Warnings)
		}
		for _, c := range changes.Changes {
			if c.Outcome != Same || c.Ratio.Estimate != 1 || c.Ratio.Low != 1 || c.Ratio.High != 1 {
				t.Errorf("%s: %+v", c.Outcome, c.Ratio)
			}
		}
	}
	run := rerun(1, 20, 0.1)
	part := run
	part.Trials = run.Trials[:50]
	if _, err := Compare(part, run, CompareOptions{}); err == nil || !strings.Contains(err.Error(), "the same run, run-1, and have 50 trials in common") {
		t.Errorf("a part of the run compared with the whole: %v", err)
	}
}

func TestCompareOnAnotherMachine(t *testing.T) {
	base, moved := rerun(1, 20, 0.01), rerun(2, 20, 0.01).slower(3, nil)
	moved.Run.Environment.Kernel, moved.Run.Environment.CPUs = "6.2.0", 4
	moved.Run.Placement.Servers = []int{3}
	absolute := compare(t, base, moved, CompareOptions{Method: Absolute})
	want := []string{"kernel 6.1.0 -> 6.2.0", "CPUs 2 -> 4", "CPUs of the servers all -> [3]"}
	if diff := cmp.Diff(want, absolute.Different); diff != "" {
		t.Errorf("differences (-want +got)\n%s", diff)
	}
	if absolute.Outcome != Undetermined {
		t.Errorf("absolute figures of two machines are %s", absolute.Outcome)
	}
	for _, c := range absolute.Changes {
		if c.Outcome != Undetermined || c.Ratio.N != 0 || !strings.Contains(c.Sentence, "the machines differ: kernel 6.1.0 -> 6.2.0") {
			t.Errorf("%s: %s", c.Outcome, c.Sentence)
		}
	}
	normalised := compare(t, base, moved, capacity)
	if normalised.Outcome != Same || !containsText(normalised.Warnings, "different machines or systems (kernel") || containsText(normalised.Warnings, "the reference changed") {
		t.Errorf("normalised: %s, warnings %q", normalised.Outcome, normalised.Warnings)
	}
}

func containsText(texts []string, part string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, part) })
}

func TestCompareReference(t *testing.T) {
	base, next := rerun(1, 20, 0.01), rerun(2, 20, 0.01)
	usual := compare(t, base, next, capacity)
	if usual.Reference != "builtin http keep-alive" || len(usual.References) != 2 {
		t.Errorf("reference %q, figures of %d, want both loads", usual.Reference, len(usual.References))
	}
	for _, c := range usual.Changes {
		if c.New.Protocol == "http" && c.New.Connection == results.KeepAlive {
			t.Errorf("the reference is judged: %s", c.Sentence)
		}
	}
	// A reference that became slower makes everything else look faster.
	slow := compare(t, base, next.slower(3, scenarios.Selector{"protocol": "http", "connection": "keep-alive"}), capacity)
	if slow.Outcome != Better || !containsText(slow.Warnings, "the reference changed too, its capacity is now") {
		t.Errorf("%s, warnings %q", slow.Outcome, slow.Warnings)
	}
	asked := compare(t, base, next, CompareOptions{Metrics: []string{"capacity"}, Reference: scenarios.Selector{"protocol": "fastcgi"}})
	if asked.Reference != "builtin fastcgi keep-alive" {
		t.Errorf("reference %q, want the one that was asked for", asked.Reference)
	}
	perRequest := func(s Side) Side {
		s.Run.Plan = without(s.Run.Plan, "connection", results.KeepAlive)
		s.Trials = slices.DeleteFunc(slices.Clone(s.Trials), func(t results.Trial) bool { return strings.Contains(t.Case, results.KeepAlive) })
		return s
	}
	if fallback := compare(t, perRequest(base), perRequest(next), capacity); fallback.Method != Normalised || fallback.Reference != "builtin http per-request" {
		t.Errorf("%s by %q, want per-request where nothing keeps connections", fallback.Method, fallback.Reference)
	}
	none := CompareOptions{Metrics: []string{"capacity"}, Only: func(c results.Case) bool { return c.Protocol == "http" && c.Connection == results.KeepAlive }}
	if c := compare(t, base, next, none); c.Method != Absolute || !strings.Contains(c.Reason, "no case can be divided by builtin http keep-alive (or per-request)") {
		t.Errorf("%s: %s", c.Method, c.Reason)
	}
}

// TestCompareReferenceThatIsLeftOut: --only leaves out cases, not what they are
// divided by.
func TestCompareReferenceThatIsLeftOut(t *testing.T) {
	next := rerun(2, 20, 0.01).slower(3, scenarios.Selector{"protocol": "http", "connection": "keep-alive"})
	changes := compare(t, rerun(1, 20, 0.01), next, CompareOptions{Metrics: []string{"capacity"}, Only: func(c results.Case) bool { return matches(c, uwsgi) }})
	if len(changes.Changes) != 1 || len(changes.References) != 1 || changes.References[0].Case.Connection != results.KeepAlive || changes.References[0].BaseMedian <= 0 {
		t.Errorf("%d changes, references %+v", len(changes.Changes), changes.References)
	}
	if !containsText(changes.Warnings, "the reference changed too, its capacity is now") || !containsText(changes.Warnings, "lower (http keep-alive)") {
		t.Errorf("warnings %q", changes.Warnings)
	}
}

func TestCompareRefusesReferences(t *testing.T) {
	base, next := rerun(1, 9, 0.1), rerun(2, 9, 0.1)
	for _, test := range []struct {
		name      string
		method    Method
		reference scenarios.Selector
		says      string
	}{
		{"no such value", "", scenarios.Selector{"target": "buitlin"}, `the reference {target: buitlin} matches no case: BASE has no target "buitlin": did you mean builtin?`},
		{"no such axis", "", scenarios.Selector{"taget": "builtin"}, `the reference names the axis "taget", which does not exist: did you mean target?`},
		{"no such case", "", scenarios.Selector{"protocol": "uwsgi", "connection": "keep-alive"}, "nothing can be normalised: no case that both runs have can be divided by builtin uwsgi keep-alive, with all else equal,"},
		{"no such case, and normalised", Normalised, scenarios.Selector{"protocol": "uwsgi", "connection": "keep-alive"}, "nothing can be normalised"},
		{"absolute", Absolute, scenarios.Selector{"protocol": "fastcgi"}, "has no place in an absolute comparison"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Compare(base, next, CompareOptions{Method: test.method, Reference: test.reference})
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, want %q", err, test.says)
			}
		})
	}
	o := CompareOptions{Reference: scenarios.Selector{"target": "builtin"}}
	if _, err := ComparePaired(base, scenarios.Selector{"protocol": "http"}, uwsgi, o); err == nil || !strings.Contains(err.Error(), "has no place where cases of one run are compared") {
		t.Errorf("paired: error %v", err)
	}
}

// TestCompareNothing: a comparison of nothing is no comparison that found
// nothing.
func TestCompareNothing(t *testing.T) {
	base, next := rerun(1, 9, 0.1), rerun(2, 9, 0.1)
	const says = "nothing was compared: of saturation nothing can be said under the load saturate and steady: take other metrics"
	saturation := CompareOptions{Metrics: []string{"saturation"}}
	for name, run := range map[string]Side{"another run": next, "itself": base} {
		if _, err := Compare(base, run, saturation); err == nil || err.Error() != says {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := ComparePaired(base, scenarios.Selector{"protocol": "http"}, scenarios.Selector{"protocol": "uwsgi"}, saturation); err == nil || err.Error() != says {
		t.Errorf("paired: error %v", err)
	}
	if _, err := Compare(base, next, CompareOptions{Metrics: []string{"dials"}}); err == nil || !strings.Contains(err.Error(), "nothing was compared: dials is known in neither run of ") {
		t.Errorf("a metric that no run knows: error %v", err)
	}
}

// TestCompareWhatNewLacks: a server that was not measured does not pass.
func TestCompareWhatNewLacks(t *testing.T) {
	base := rerun(1, 20, 0.01)
	lacking := func(s Side) Side {
		s.Run.Plan = without(s.Run.Plan, "protocol", "uwsgi")
		s.Trials = slices.DeleteFunc(slices.Clone(s.Trials), func(t results.Trial) bool { return strings.Contains(t.Case, "uwsgi") })
		return s
	}
	next := lacking(rerun(2, 20, 0.01))
	const says = "NEW lacks 2 cases that BASE has, and nothing is known of them: builtin/uwsgi/tcp/per-request/none/hello/saturate, builtin/uwsgi/tcp/per-request/none/hello/steady"
	if c := compare(t, base, next, capacity); c.Outcome != Undetermined || len(c.OnlyBase) != 2 || !slices.Contains(c.Warnings, says) {
		t.Errorf("%s, only BASE has %q, warnings %q", c.Outcome, c.OnlyBase, c.Warnings)
	}
	if c := compare(t, base, next.slower(2, scenarios.Selector{"protocol": "fastcgi"}), capacity); c.Outcome != Worse {
		t.Errorf("%s where something else is worse", c.Outcome)
	}
	if c := compare(t, next, rerun(3, 20, 0.01), capacity); c.Outcome != Same || len(c.OnlyNew) != 2 {
		t.Errorf("%s where NEW has more", c.Outcome)
	}
	only := CompareOptions{Metrics: []string{"capacity"}, Only: func(c results.Case) bool { return c.Protocol != "uwsgi" }}
	if c := compare(t, base, next, only); c.Outcome != Same || len(c.OnlyBase) != 0 {
		t.Errorf("%s where they were not asked for", c.Outcome)
	}
}

// TestCompareZeros: zero has no ratio, and yet is a figure.
func TestCompareZeros(t *testing.T) {
	const blocks = 9
	dialled := func(seed uint64, dials func(block int) float64) Side {
		s := rerun(seed, blocks, 0.01)
		for i := range s.Trials {
			if v := dials(s.Trials[i].Block); v >= 0 {
				s.Trials[i].Metrics["dials"] = v
			}
		}
		return s
	}
	none := func(int) float64 { return 0 }
	each := func(int) float64 { return 1 }
	some := func(block int) float64 { return float64(block % 2) }
	unknown := func(int) float64 { return -1 }
	for _, test := range []struct {
		name      string
		base, new func(int) float64
		want      ChangeOutcome
		says      string
	}{
		{"both", none, none, Same, "uwsgi per-request saturate, connections opened per request: zero in 9 of 9 blocks of BASE, zero in 9 of 9 blocks of NEW: same."},
		{"BASE", none, each, Worse, "zero in 9 of 9 blocks of BASE, zero in 0 of 9 blocks of NEW: worse."},
		{"NEW", each, none, Better, "zero in 0 of 9 blocks of BASE, zero in 9 of 9 blocks of NEW: better."},
		{"BASE, and some of NEW", none, some, Undetermined, "cannot be compared: it is zero in 9 of 9 blocks of BASE, zero in 4 of 9 blocks of NEW, and zero has no ratio."},
		{"BASE, and NEW does not know", none, unknown, Undetermined, "zero in 9 of 9 blocks of BASE, unknown in NEW"},
		{"neither", each, each, Same, ": the same within 10 %"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := CompareOptions{Metrics: []string{"dials"}}
			c := compare(t, dialled(1, test.base), dialled(2, test.new), o).of(t, "dials", uwsgi)
			if c.Outcome != test.want || !strings.Contains(c.Sentence, test.says) {
				t.Errorf("%s: %s", c.Outcome, c.Sentence)
			}
		})
	}
	s := dialled(1, none)
	if c := compare(t, s, s, CompareOptions{Metrics: []string{"dials"}}).of(t, "dials", uwsgi); c.Outcome != Same || c.NewBlocks != blocks {
		t.Errorf("itself: %+v", c)
	}
	for i := range s.Trials {
		if strings.Contains(s.Trials[i].Case, "uwsgi") {
			s.Trials[i].Metrics["dials"] = 1
		}
	}
	changes, err := ComparePaired(s, scenarios.Selector{"protocol": "http"}, scenarios.Selector{"protocol": "uwsgi"}, CompareOptions{Metrics: []string{"dials"}})
	if err != nil {
		t.Fatal(err)
	}
	if c := changes.of(t, "dials", uwsgi); c.Outcome != Worse || c.BaseBlocks != blocks || c.NewBlocks != blocks || len(c.Warnings) > 0 {
		t.Errorf("paired: %+v", c)
	}
}

func TestCompareRefuses(t *testing.T) {
	base := rerun(1, 9, 0.1)
	other := rerun(2, 9, 0.1)
	other.Run.Plan = without(other.Run.Plan, "target", "builtin")
	other.Run.Plan.Cases = []results.Case{{Target: "mine", Protocol: "http", Network: "tcp", Connection: "keep-alive", Front: "none", Application: "hello", Load: "steady"}}
	empty := rerun(2, 9, 0.1)
	empty.Trials = nil
	older := rerun(2, 9, 0.1)
	older.Run.Schema = 1
	for _, test := range []struct {
		name string
		new  Side
		o    CompareOptions
		says string
	}{
		{"no case in common", other, CompareOptions{}, "BASE run-1 and NEW run-2 have no case in common: BASE has builtin/http/tcp/per-request/none/hello/saturate, "},
		{"no trials", empty, CompareOptions{}, "NEW run-2 has no trials: it ended before the first one had"},
		{"another schema", older, CompareOptions{}, "BASE has schema version 2 and NEW has 1"},
		{"no such metric", rerun(2, 9, 0.1), CompareOptions{Metrics: []string{"latency.p5"}}, `there is no metric "latency.p5": did you mean latency.p50?`},
		{"threshold without metric", rerun(2, 9, 0.1), CompareOptions{Thresholds: map[string]float64{"speed": 0.1}}, `there is no metric "speed": choose from`},
		{"threshold of a metric that is not asked for", rerun(2, 9, 0.1), CompareOptions{Metrics: []string{"capacity"}, Thresholds: map[string]float64{"throughput": 0.1}}, "throughput, which is not among the metrics"},
		{"paired", rerun(2, 9, 0.1), CompareOptions{Method: Paired}, "two runs have no blocks in common"},
		{"no such method", rerun(2, 9, 0.1), CompareOptions{Method: "best"}, `no method "best"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Compare(base, test.new, test.o); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, want %q", err, test.says)
			}
		})
	}
}

// TestCompareOnlyWhatIsAlike: what is not the same thing is neither better nor
// worse.
func TestCompareOnlyWhatIsAlike(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(s *Side)
		says   string
		other  ChangeOutcome // of a case under the other load
	}{
		{"another load of that name", func(s *Side) {
			s.Run.Plan.Loads = maps.Clone(s.Run.Plan.Loads)
			s.Run.Plan.Loads["saturate"] = results.Load{Name: "saturate", Clients: 32}
		}, "load saturate was 16 clients in BASE and is 32 clients in NEW", Same},
		{"another request", func(s *Side) { s.Scenario.Requests[0].Path = "/other" }, "the request, or what is expected of its answer, is not the same", Undetermined},
		{"another answer", func(s *Side) { s.Scenario.Requests[0].Expect.Status = 201 }, "the request, or what is expected of its answer, is not the same", Undetermined},
		{"more workers", func(s *Side) { s.Scenario.Workers = 4 }, "servers had 0 workers in BASE and have 4 workers in NEW", Undetermined},
		{"another timeout", func(s *Side) { s.Scenario.Timeout = time.Second }, "the timeout was 0s in BASE and is 1s in NEW", Undetermined},
		{"another client", func(s *Side) { s.Scenario.Client = "net/http" }, "in BASE and is net/http in NEW", Undetermined},
	} {
		t.Run(test.name, func(t *testing.T) {
			next := rerun(2, 20, 0.01).slower(3, uwsgi)
			test.change(&next)
			changes := compare(t, rerun(1, 20, 0.01), next, capacity)
			if c := changes.of(t, "capacity", uwsgi); c.Outcome != Undetermined || !strings.Contains(c.Reason, test.says) || !strings.Contains(c.Sentence, test.says) {
				t.Errorf("%s: %s", c.Outcome, c.Sentence)
			}
			if c := changes.of(t, "capacity", scenarios.Selector{"protocol": "uwsgi", "load": "steady"}); c.Outcome != test.other {
				t.Errorf("under the other load: %s: %s", c.Outcome, c.Sentence)
			}
		})
	}
}

func TestCompareWarnsOfTheRuns(t *testing.T) {
	base, next := rerun(1, 20, 0.01), rerun(2, 20, 0.01)
	base.Run.Plan.Quick, base.Run.Plan.Looks, base.Run.Plan.Family = true, []int{10, 15, 20}, 3
	base.Run.Targets = []results.Server{{Name: "uwsgi", Version: "2.0.21"}, {Name: "mine", Recipe: "name: mine"}}
	next.Run.Targets = []results.Server{{Name: "uwsgi", Version: "2.0.22"}, {Name: "mine", Recipe: "name: mine\nenv: {A: b}"}}
	next.Run.End = time.Time{}
	next.Run.Unverified, next.Run.Tool, next.Scenario = true, "gwbench 2", nil
	next.Run.Plan.Duration = time.Second
	next.Run.Plan.Cases = append(slices.Clone(next.Run.Plan.Cases), results.Case{Target: "new", Load: "steady"})
	base.Run.Plan.Cases = append(slices.Clone(base.Run.Plan.Cases), results.Case{Target: "old", Load: "steady"})
	changes := compare(t, base, next, capacity)
	want := []string{
		"BASE is a quick run: few and short trials, too little to tell anything but large changes",
		"NEW is partial: it ended after 20 blocks",
		"NEW is not verified: nobody checked that its cases serve the same thing (--no-verify)",
		"the scenario stored in NEW cannot be read, so that nobody checked whether requests are the same",
		"a run that may end after 10, 15 or 20 blocks, by what its claims have shown, has no fixed length, which the error rate supposes: for gates make blocks.min equal to blocks.max",
		"trials took 300ms after 100ms of warm-up in BASE and take 1s after 100ms in NEW: tails of latency and what is cold at first do not compare",
		"BASE was measured by gwbench, NEW by gwbench 2: load generator and builtin servers may have changed too",
		"servers of other versions: uwsgi 2.0.21 -> 2.0.22",
		"servers started by other recipes of the same name: mine",
		"NEW lacks 1 case that BASE has, and nothing is known of it: old//////steady",
	}
	if diff := cmp.Diff(want, slices.DeleteFunc(changes.Warnings, func(w string) bool { return strings.HasPrefix(w, "the reference") })); diff != "" {
		t.Errorf("warnings (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([][]string{{"old//////steady"}, {"new//////steady"}}, [][]string{changes.OnlyBase, changes.OnlyNew}); diff != "" {
		t.Errorf("unmatched cases (-want +got)\n%s", diff)
	}
}

func TestCompareWithTooFewBlocks(t *testing.T) {
	c := compare(t, rerun(1, 4, 0.01), rerun(2, 4, 0.01).slower(2, uwsgi), capacity).of(t, "capacity", uwsgi)
	if c.Outcome != Undetermined || c.BlocksNeeded <= 4 || !strings.Contains(c.Sentence, "over 4 and 4 blocks: too few for an interval, as 8 changes share an error rate of 5 %; about 9 blocks on each side would tell.") {
		t.Errorf("%s, %d blocks needed: %s", c.Outcome, c.BlocksNeeded, c.Sentence)
	}
}

func TestCompareWhereNothingIsKnown(t *testing.T) {
	spoil := func(s Side, spoilt func(*results.Trial)) Side {
		s.Trials = slices.Clone(s.Trials)
		for i := range s.Trials {
			if c, _ := results.ParseCaseID(s.Trials[i].Case); matches(c, uwsgi) {
				s.Trials[i].Metrics = maps.Clone(s.Trials[i].Metrics)
				spoilt(&s.Trials[i])
			}
		}
		return s
	}
	stolen := func(t *results.Trial) {
		t.Valid, t.Invalid = false, []string{"the hypervisor took 40 % of the CPU time"}
	}
	unmetered := func(t *results.Trial) { delete(t.Metrics, "capacity") }
	base, next := rerun(1, 20, 0.01), rerun(2, 20, 0.01)
	for _, test := range []struct {
		name      string
		base, new Side
		says      string
	}{
		{"the host disturbed NEW", base, spoil(next, stolen), "cannot be compared: no block of NEW has a valid trial"},
		{"the host disturbed BASE", spoil(base, stolen), next, "cannot be compared: no block of BASE has a valid trial"},
		{"NEW does not know the metric", base, spoil(next, unmetered), "cannot be compared: no block of NEW has a valid trial that knows it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if c := compare(t, test.base, test.new, capacity).of(t, "capacity", uwsgi); c.Outcome != Undetermined || !strings.Contains(c.Sentence, test.says) {
				t.Errorf("%s: %s", c.Outcome, c.Sentence)
			}
		})
	}
	changes := compare(t, spoil(base, unmetered), spoil(next, unmetered), capacity)
	if !containsText(changes.Warnings, "capacity is known in neither run of uwsgi per-request saturate") || len(changes.Changes) != 7 {
		t.Errorf("%d changes, warnings %q", len(changes.Changes), changes.Warnings)
	}
}

// TestCompareDoesNotDependOnOrder: neither that of the trials nor, but for its
// sign, that of the runs.
func TestCompareDoesNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		blocks := rapid.IntRange(1, 25).Draw(rt, "blocks")
		noise := rapid.Float64Range(0, 0.3).Draw(rt, "noise")
		base := rerun(rapid.Uint64Range(1, 1000).Draw(rt, "base"), blocks, noise)
		next := rerun(rapid.Uint64Range(1001, 2000).Draw(rt, "new"), blocks, noise).slower(rapid.Float64Range(0.5, 2).Draw(rt, "factor"), uwsgi)
		o := CompareOptions{Metrics: []string{"latency.p50"}, Only: func(c results.Case) bool { return c.Load == "saturate" && c.Protocol != "fastcgi" }}
		there := compare(t, base, next, o)
		shuffled := next
		shuffled.Trials = slices.Clone(next.Trials)
		random := rand.New(rand.NewPCG(1, 2))
		random.Shuffle(len(shuffled.Trials), func(i, j int) {
			shuffled.Trials[i], shuffled.Trials[j] = shuffled.Trials[j], shuffled.Trials[i]
		})
		if diff := cmp.Diff(there.Changes, compare(t, base, shuffled, o).Changes); diff != "" {
			rt.Fatalf("the order of the trials matters\n%s", diff)
		}
		back := compare(t, next, base, o)
		reverse := map[ChangeOutcome]ChangeOutcome{Better: Worse, Worse: Better, Same: Same, Undetermined: Undetermined}
		for i, c := range there.Changes {
			if back.Changes[i].Outcome != reverse[c.Outcome] {
				rt.Fatalf("%s one way, %s the other way: %s %s", c.Outcome, back.Changes[i].Outcome, c.Sentence, back.Changes[i].Sentence)
			}
		}
	})
}

// TestCompareKeepsItsErrorRate compares runs between which nothing changed: in
// at most one of twenty comparisons may anything be called better or worse,
// though nothing is let pass, and four changes are looked at.
func TestCompareKeepsItsErrorRate(t *testing.T) {
	const runs = 120
	zero, wrong := 0.0, 0
	o := CompareOptions{Metrics: []string{"capacity"}, Threshold: &zero, Only: func(c results.Case) bool { return c.Load == "saturate" }}
	for seed := range uint64(runs) {
		changes := compare(t, rerun(2*seed+1, 16, 0.1), rerun(2*seed+2, 16, 0.1), o)
		if slices.ContainsFunc(changes.Changes, func(c Change) bool { return c.Outcome == Better || c.Outcome == Worse }) {
			wrong++
		}
	}
	t.Logf("%d of %d comparisons of equal runs found a change", wrong, runs)
	// Above 13 of 120 with a chance of less than 1 % where the rate is 5 %.
	if wrong > 13 {
		t.Errorf("%d of %d comparisons of equal runs found a change", wrong, runs)
	}
}

func TestWhatGrewManifoldIsToldAsAFactor(t *testing.T) {
	latency, _ := results.LookupMetric("latency.p99")
	throughput, _ := results.LookupMetric("throughput")
	r := stats.Ratio{Estimate: 1 / 11.652, Low: 1 / 12.31, High: 1 / 2.5, N: 7, Achieved: 0.95}
	for got, want := range map[string]string{
		changeWords(latency, r.Estimate): "11.7 times as long",
		rangeWords(latency, r):           "from 150.0 % longer to 12.4 times as long",
		changeWords(throughput, 11.04):   "11.0 times as high",
		changeWords(throughput, 10.9):    "990.0 % higher",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
