package verdict

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

func TestKnownRatiosGetTheirVerdict(t *testing.T) {
	for _, c := range []struct {
		name   string
		uwsgi  float64 // how many times better uwsgi is
		metric string
		op     string
		factor float64
		want   Outcome
	}{
		{"far above", 20, "throughput", ">=", 10, Supported},
		{"far below", 1.05, "throughput", ">=", 10, Refuted},
		{"just there", 10, "throughput", ">=", 10, Inconclusive},
		{"bounded from above", 1.05, "throughput", "<=", 2, Supported},
		{"beyond the bound", 3, "throughput", "<=", 2, Refuted},
		{"at the bound", 2, "throughput", "<=", 2, Inconclusive},
		{"lower is better: half the latency is twice as good", 2, "latency.p50", ">=", 1.8, Supported},
		{"lower is better: twice the latency is half as good", 0.5, "latency.p50", ">=", 1.8, Refuted},
		{"no worse than", 1, "server_cpu", ">=", 0.95, Supported},
		{"worse than allowed", 0.9, "server_cpu", ">=", 0.95, Refuted},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := single(c.metric, c.op, c.factor)
			plan := planOf(s, 10, 30)
			claims := evaluate(t, s, plan, newLab(3, c.uwsgi, 0.03).trials(plan, 20))
			v := only(t, claims)
			if v.Outcome != c.want || claims[0].Outcome != c.want {
				t.Errorf("%s, want %s: %s", v.Outcome, c.want, v.Sentence)
			}
			if v.Ratio.Low > c.uwsgi || v.Ratio.High < c.uwsgi || v.Ratio.High/v.Ratio.Low > 1.15 {
				t.Errorf("[%g, %g], want %g within", v.Ratio.Low, v.Ratio.High, c.uwsgi)
			}
			if v.Blocks != 20 || v.Ratio.N != 20 || v.MinDetectable <= 1 || v.MinDetectable > 1.1 {
				t.Errorf("%+v", v)
			}
			if (v.BlocksNeeded > 0) != (v.Outcome == Inconclusive) || v.BlocksNeeded > 0 && v.BlocksNeeded <= 20 {
				t.Errorf("%s and %d blocks needed", v.Outcome, v.BlocksNeeded)
			}
		})
	}
}

func TestMediansAreInTheUnitOfTheMetric(t *testing.T) {
	s := single("latency.p50", ">=", 1)
	plan := planOf(s, 10, 10)
	v := only(t, evaluate(t, s, plan, newLab(1, 2, 0.01).trials(plan, 10)))
	if v.OfMedian < 0.5 || v.OfMedian > 2 || v.OverMedian/v.OfMedian < 1.9 || v.OverMedian/v.OfMedian > 2.1 {
		t.Errorf("medians %g ms and %g ms", v.OfMedian, v.OverMedian)
	}
}

func TestAClaimIsAsStrongAsItsWeakestVerdict(t *testing.T) {
	of := func(outcomes ...Outcome) []Verdict {
		v := make([]Verdict, len(outcomes))
		for i, o := range outcomes {
			v[i].Outcome = o
		}
		return v
	}
	for _, c := range []struct {
		verdicts []Verdict
		whole    bool
		want     Outcome
	}{
		{of(Supported, Supported), true, Supported},
		{of(Supported, Inconclusive), true, Inconclusive},
		{of(Inconclusive, Refuted, Supported), true, Refuted},
		{of(Supported), false, Inconclusive},
		{of(Refuted), false, Refuted},
		{nil, false, Inconclusive},
	} {
		if got := combine(c.verdicts, c.whole); got != c.want {
			t.Errorf("%+v, whole %v: %s, want %s", c.verdicts, c.whole, got, c.want)
		}
	}
}

func TestTheErrorRateIsSharedByTheFamilyAndTheLooks(t *testing.T) {
	s := hello()
	plan := planOf(s, 10, 30) // four looks
	claims := evaluate(t, s, plan, newLab(1, 1.05, 0.02).trials(plan, 10))
	for _, v := range claims[0].Verdicts {
		// All five are refuted, and the cap of twice the fair share is less than
		// what Holm leaves.
		if want := 2 * 0.05 / 4 / 5; v.Outcome != Refuted || v.Alpha != want || v.Ratio.Confidence != 1-want {
			t.Errorf("%s %s at rate %g, want %g", v.Metric, v.Outcome, v.Alpha, want)
		}
	}
	plan.Family = 20
	for _, v := range evaluate(t, s, plan, newLab(1, 1.05, 0.02).trials(plan, 10))[0].Verdicts {
		if v.Outcome != Inconclusive || v.Alpha != 0.05/4/20 || v.Ratio.HasInterval() {
			t.Errorf("in a family of 20, ten blocks: %s at rate %g", v.Outcome, v.Alpha)
		}
	}
}

func TestInvalidTrialsNeverCount(t *testing.T) {
	s := single("throughput", ">=", 10)
	plan := planOf(s, 10, 30)
	trials := newLab(4, 1.05, 0.02).trials(plan, 15)
	clean := only(t, evaluate(t, s, plan, trials))

	// Each trial has an invalid attempt before it, and another after it.
	var disturbed []results.Trial
	for _, trial := range trials {
		bad := trial
		bad.Valid, bad.Invalid = false, []string{"wrong body"}
		bad.Metrics = results.Metrics{"throughput": 1e9}
		after := bad
		trial.Attempt, after.Attempt = 2, 3
		disturbed = append(disturbed, bad, trial, after)
	}
	got := only(t, evaluate(t, s, plan, disturbed))
	if d := cmp.Diff(clean.Ratio, got.Ratio); d != "" || got.Outcome != clean.Outcome {
		t.Error(d)
	}
	if want := "60 invalid trials left out, for example: wrong body"; !slices.Contains(got.Warnings, want) {
		t.Errorf("%q, want %q", got.Warnings, want)
	}
}

func TestTheLastValidAttemptCounts(t *testing.T) {
	s := single("throughput", ">=", 10)
	plan := planOf(s, 10, 10)
	trials := newLab(4, 1.05, 0.02).trials(plan, 10)
	clean := only(t, evaluate(t, s, plan, trials))
	var all []results.Trial
	for _, trial := range trials {
		early := trial
		early.Metrics = results.Metrics{"throughput": 1e9}
		again := early
		again.Attempt, again.Start = 2, time.Unix(1000, 0)
		trial.Attempt, trial.Start = 2, time.Unix(2000, 0)
		all = append(all, trial, early, again)
	}
	if d := cmp.Diff(clean.Ratio, only(t, evaluate(t, s, plan, all)).Ratio); d != "" {
		t.Error(d)
	}
}

func TestBlocksWithoutBothCasesAreNotUsed(t *testing.T) {
	s := single("throughput", ">=", 10)
	plan := planOf(s, 10, 15)
	trials := newLab(4, 1.05, 0.02).trials(plan, 15)
	for i := range trials {
		switch c := trials[i].Case; {
		case trials[i].Block == 3 && c == "builtin/uwsgi/tcp/per-request/none/hello/saturate":
			trials[i].Valid = false
		case trials[i].Block == 7 && c == "builtin/fastcgi/tcp/per-request/none/hello/saturate":
			trials[i].Valid = false
		case trials[i].Block == 9 && c == "builtin/fastcgi/tcp/per-request/none/hello/saturate":
			delete(trials[i].Metrics, "throughput")
		case trials[i].Block == 12:
			trials[i].Metrics["throughput"] = 0
		}
	}
	v := only(t, evaluate(t, s, plan, trials))
	if v.Blocks != 12 || v.Ratio.N != 11 {
		t.Errorf("%d blocks, %d pairs", v.Blocks, v.Ratio.N)
	}
	for _, want := range []string{
		"2 of 15 blocks were not used: they lack a valid trial of one of the two cases",
		"1 of 15 blocks were not used: throughput could not be measured in them",
		"2 invalid trials left out",
	} {
		if !slices.Contains(v.Warnings, want) {
			t.Errorf("%q is not in %q", want, v.Warnings)
		}
	}
	if len(v.Ratio.Warnings) != 1 || !strings.Contains(v.Ratio.Warnings[0], "1 of 12 pairs were left out") {
		t.Errorf("%q", v.Ratio.Warnings)
	}
}

func TestWithoutTrialsNothingIsDecided(t *testing.T) {
	s := hello()
	plan := planOf(s, 10, 30)
	for _, v := range evaluate(t, s, plan, nil)[0].Verdicts {
		if v.Outcome != Inconclusive || v.Blocks != 0 || v.Ratio.P != 1 || v.MinDetectable != 0 || v.BlocksNeeded != 0 {
			t.Errorf("%+v", v)
		}
	}
}

func TestTheOrderOfTrialsDoesNotMatter(t *testing.T) {
	s := hello()
	plan := planOf(s, 10, 30)
	trials := newLab(9, 9.8, 0.05).trials(plan, 12)
	for i := range trials {
		if i%7 == 0 {
			bad := trials[i]
			bad.Valid, bad.Invalid, trials[i].Attempt = false, []string{"errors", "steal"}[:1+i%2], 2
			trials = append(trials, bad)
		}
	}
	want := evaluate(t, s, plan, trials)
	for seed := range uint64(20) {
		shuffled := slices.Clone(trials)
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if d := cmp.Diff(want, evaluate(t, s, plan, shuffled)); d != "" {
			t.Fatal(d)
		}
	}
}

func TestOutcomeAndIntervalNeverContradict(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		op := rapid.SampledFrom([]string{scenarios.AtLeast, scenarios.AtMost}).Draw(t, "op")
		factor := rapid.SampledFrom([]float64{0.5, 0.95, 1, 1.1, 2}).Draw(t, "factor")
		s := hello()
		s.Claims[0].Factor = scenarios.Factor{Op: op, Value: factor}
		plan := planOf(s, 6, rapid.IntRange(6, 24).Draw(t, "max"))
		lab := newLab(rapid.Uint64().Draw(t, "seed"), factor*rapid.Float64Range(0.8, 1.25).Draw(t, "off"), rapid.Float64Range(0.001, 0.2).Draw(t, "noise"))
		claims, err := Evaluate(s, plan, lab.trials(plan, rapid.IntRange(1, 24).Draw(t, "blocks")))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range claims[0].Verdicts {
			r := v.Ratio
			satisfied, violated := r.Low >= factor, r.High < factor
			if op == scenarios.AtMost {
				satisfied, violated = r.High <= factor, r.Low > factor
			}
			want := Inconclusive
			switch {
			case satisfied:
				want = Supported
			case violated:
				want = Refuted
			}
			if v.Outcome != want {
				t.Fatalf("[%g, %g] against %s %g is %s", r.Low, r.High, op, factor, v.Outcome)
			}
			if (v.Outcome != Inconclusive) != (r.P <= v.Alpha) {
				t.Fatalf("%s at p = %g, rate %g", v.Outcome, r.P, v.Alpha)
			}
		}
	})
}

func TestDecided(t *testing.T) {
	s := single("throughput", ">=", 10)
	plan := planOf(s, 10, 30)
	judge := func(uwsgi, noise float64) []ClaimResult {
		return evaluate(t, s, plan, newLab(2, uwsgi, noise).trials(plan, 15))
	}
	for _, c := range []struct {
		name      string
		claims    []ClaimResult
		precision float64
		want      bool
	}{
		{"decided", judge(1, 0.3), 0, true},
		{"not decided", judge(10, 0.1), 0.05, false},
		{"not decided but precise", judge(10, 0.01), 0.05, true},
		{"precision is not asked for", judge(10, 0.01), 0, false},
		{"one decided, another neither decided nor precise", append(judge(1, 0.3), judge(10, 0.1)...), 0.05, false},
		{"a claim without verdicts decides nothing", append(judge(10, 0.1), ClaimResult{}), 0.05, false},
		{"nothing to compare", []ClaimResult{{}}, 0, true},
	} {
		if got := Decided(c.claims, c.precision); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestVerdictsSurviveJSON(t *testing.T) {
	s := hello()
	for _, blocks := range []int{0, 4, 20} {
		plan := planOf(s, 10, 30)
		claims := evaluate(t, s, plan, newLab(1, 10, 0.02).trials(plan, blocks))
		text, err := json.Marshal(claims)
		if err != nil {
			t.Fatal(err)
		}
		var back []ClaimResult
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(claims, back); d != "" {
			t.Error(d)
		}
		var keys []struct{ Verdicts []map[string]any }
		if err := json.Unmarshal(text, &keys); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"claim", "metric", "of", "over", "factor", "outcome", "ratio", "alpha", "blocks", "sentence"} {
			if _, ok := keys[0].Verdicts[0][key]; !ok {
				t.Errorf("no key %q in %s", key, text)
			}
		}
	}
}
