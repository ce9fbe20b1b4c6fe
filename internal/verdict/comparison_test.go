package verdict

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// written lists comparisons as "metric of over".
func written(family []Comparison) []string {
	var lines []string
	for _, c := range family {
		lines = append(lines, c.Metric+" "+c.Of.ID()+" "+c.Over.ID())
	}
	return lines
}

func TestHelloHasAFamilyOfFive(t *testing.T) {
	s := hello()
	family, err := Comparisons(s, planOf(s, 10, 30))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"throughput builtin/uwsgi/tcp/per-request/none/hello/saturate builtin/fastcgi/tcp/per-request/none/hello/saturate",
		"capacity builtin/uwsgi/tcp/per-request/none/hello/saturate builtin/fastcgi/tcp/per-request/none/hello/saturate",
		"capacity builtin/uwsgi/tcp/per-request/none/hello/steady builtin/fastcgi/tcp/per-request/none/hello/steady",
		"latency.p50 builtin/uwsgi/tcp/per-request/none/hello/saturate builtin/fastcgi/tcp/per-request/none/hello/saturate",
		"latency.p50 builtin/uwsgi/tcp/per-request/none/hello/steady builtin/fastcgi/tcp/per-request/none/hello/steady",
	}
	if d := cmp.Diff(want, written(family)); d != "" {
		t.Error(d)
	}
}

func TestPairsAgreeOnWhatNoSelectorNames(t *testing.T) {
	for _, c := range []struct {
		name     string
		of, over scenarios.Selector
		want     []string // of and over: target protocol connection
	}{
		{
			"an axis that only of names holds for both",
			scenarios.Selector{"protocol": "http", "connection": "keep-alive"},
			scenarios.Selector{"protocol": "fastcgi"},
			[]string{"builtin http keep-alive, builtin fastcgi keep-alive", "target uwsgi http keep-alive, target uwsgi fastcgi keep-alive"},
		},
		{
			"an axis that only over names holds for both",
			scenarios.Selector{"protocol": "http"},
			scenarios.Selector{"protocol": "fastcgi", "connection": "keep-alive"},
			[]string{"builtin http keep-alive, builtin fastcgi keep-alive", "target uwsgi http keep-alive, target uwsgi fastcgi keep-alive"},
		},
		{
			"free axes pair like with like, and what has no partner is not compared",
			scenarios.Selector{"protocol": "http"},
			scenarios.Selector{"protocol": "uwsgi"},
			[]string{"builtin http per-request, builtin uwsgi per-request", "target uwsgi http per-request, target uwsgi protocol uwsgi per-request"},
		},
		{
			"axes that both name may differ",
			scenarios.Selector{"protocol": "http", "target": "uwsgi", "connection": "keep-alive"},
			scenarios.Selector{"protocol": "fastcgi", "target": "builtin", "connection": "per-request"},
			[]string{"target uwsgi http keep-alive, builtin fastcgi per-request"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := hello()
			s.Targets = append(s.Targets, scenarios.TargetRef{Name: "uwsgi"})
			s.Claims = []scenarios.Claim{claim([]string{"throughput"}, c.of, c.over, ">=", 1)}
			family, err := Comparisons(s, planOf(s, 10, 30))
			if err != nil {
				t.Fatal(err)
			}
			axes := []string{"target", "protocol", "connection"}
			var got []string
			for _, m := range family {
				if m.Of.Load != "saturate" || m.Over.Load != "saturate" {
					t.Errorf("throughput compared under load %s and %s", m.Of.Load, m.Over.Load)
				}
				got = append(got, Label(m.Of, axes)+", "+Label(m.Over, axes))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestGatesFollowClaims(t *testing.T) {
	s := single("throughput", ">=", 2)
	s.Gates = []scenarios.Claim{s.Claims[0]}
	s.Gates[0].Name = "gate"
	family, err := Comparisons(s, planOf(s, 10, 30))
	if err != nil || len(family) != 2 || family[0].Gate || !family[1].Gate || family[1].Claim != "gate" {
		t.Errorf("%+v, %v", family, err)
	}
}

func TestMistakesInClaimsAreErrors(t *testing.T) {
	uwsgi, fastcgi := scenarios.Selector{"protocol": "uwsgi"}, scenarios.Selector{"protocol": "fastcgi"}
	for _, c := range []struct {
		name  string
		claim scenarios.Claim
		want  []string
	}{
		{
			"value", claim([]string{"capacity"}, uwsgi, scenarios.Selector{"protocol": "scgi"}, ">=", 2),
			[]string{"over {protocol: scgi} matches no case", "http, uwsgi, fastcgi"},
		},
		{
			"axis", claim([]string{"capacity"}, scenarios.Selector{"protocl": "uwsgi"}, fastcgi, ">=", 2),
			[]string{`of {protocl: uwsgi} names the axis "protocl"`, "target, protocol, network"},
		},
		{
			"metric", claim([]string{"speed"}, uwsgi, fastcgi, ">=", 2),
			[]string{`no metric "speed"`, "throughput, saturation, capacity"},
		},
		{
			"itself", claim([]string{"capacity"}, uwsgi, uwsgi, ">=", 2),
			[]string{"a case is not compared with itself"},
		},
		{
			"operator", claim([]string{"capacity"}, uwsgi, fastcgi, ">", 2),
			[]string{`operator is ">"`, ">= or <="},
		},
		{
			"factor", claim([]string{"capacity"}, uwsgi, fastcgi, ">=", 0),
			[]string{"factor is 0"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := hello()
			s.Claims = []scenarios.Claim{c.claim}
			plan := planOf(s, 10, 30)
			family, err := Comparisons(s, plan)
			if err == nil || family != nil {
				t.Fatalf("no error, and %d comparisons", len(family))
			}
			for _, want := range append(c.want, `claim "uwsgi-fastcgi" (line 7): `) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			if none := (*NoPairsError)(nil); errors.As(err, &none) {
				t.Error("a mistake passes for cases left out")
			}
			if _, evaluateErr := Evaluate(s, plan, nil); evaluateErr == nil || evaluateErr.Error() != err.Error() {
				t.Errorf("Evaluate: %v", evaluateErr)
			}
		})
	}
}

func TestMetricWithoutALoadThatItIsOfIsAMistake(t *testing.T) {
	s := hello()
	s.Load = s.Load[1:]
	_, err := Comparisons(s, planOf(s, 10, 30))
	if err == nil || !strings.Contains(err.Error(), "throughput says something of loads that are closed only, and no load of the scenario is closed") {
		t.Error(err)
	}
	s = single("saturation", ">=", 1)
	_, err = Comparisons(s, planOf(s, 10, 30))
	if err == nil || !strings.Contains(err.Error(), "saturation says something of loads that search only, and no load of the scenario searches") {
		t.Error(err)
	}
}

// TestSaturationIsComparedOnSearches: a claim may name metrics of several kinds
// of loads, and each takes its own.
func TestSaturationIsComparedOnSearches(t *testing.T) {
	s := hello()
	s.Load = append(s.Load, scenarios.Load{Name: "search", Search: &scenarios.Search{}})
	s.Claims[0].Metrics = []string{"throughput", "saturation", "latency.p50"}
	family, err := Comparisons(s, planOf(s, 10, 30))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range family {
		got = append(got, c.Metric+" "+c.Of.Load)
	}
	want := []string{"throughput saturate", "saturation search", "latency.p50 saturate", "latency.p50 steady", "latency.p50 search"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestCasesLeftOutAreNoMistake(t *testing.T) {
	s := hello()
	s.Targets = append(s.Targets, scenarios.TargetRef{Name: "uwsgi"})
	whole := planOf(s, 10, 30)

	t.Run("a target of two", func(t *testing.T) {
		plan := without(whole, "target", "uwsgi")
		family, err := Comparisons(s, plan)
		if err != nil || len(family) != 5 {
			t.Fatalf("%d comparisons, %v", len(family), err)
		}
		got := evaluate(t, s, plan, newLab(1, 20, 0.02).trials(plan, 15))[0]
		if got.Outcome != Supported || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "not tested on target uwsgi") {
			t.Errorf("%s, %q", got.Outcome, got.Warnings)
		}
	})

	t.Run("a whole side", func(t *testing.T) {
		s := hello()
		s.Gates = []scenarios.Claim{claim([]string{"capacity"}, scenarios.Selector{"protocol": "http"}, scenarios.Selector{"protocol": "uwsgi"}, ">=", 2)}
		plan := without(planOf(s, 10, 30), "protocol", "fastcgi")
		family, err := Comparisons(s, plan)
		var none *NoPairsError
		if !errors.As(err, &none) || len(none.Claims) != 1 {
			t.Fatal(err)
		}
		if u := none.Claims[0]; u.Claim != "uwsgi-fastcgi" || u.Gate || u.Line != 7 {
			t.Errorf("%+v", u)
		}
		want := `claim "uwsgi-fastcgi" (line 7): not tested: all cases that match over {connection: per-request, protocol: fastcgi} were left out of the run`
		if err.Error() != want {
			t.Errorf("%q, want %q", err, want)
		}
		if len(family) != 2 || !family[0].Gate {
			t.Errorf("the rest of the family: %v", written(family))
		}
		claims := evaluate(t, s, plan, newLab(1, 20, 0.02).trials(plan, 10))
		if claims[0].Outcome != Inconclusive || len(claims[0].Verdicts) != 0 || len(claims[0].Warnings) != 1 {
			t.Errorf("%+v", claims[0])
		}
		if claims[1].Outcome != Refuted {
			t.Errorf("the gate is %s", claims[1].Outcome)
		}
	})

	t.Run("partners only", func(t *testing.T) {
		plan := without(whole, "target", "uwsgi")
		for i := range plan.Cases {
			if plan.Cases[i].Protocol == "fastcgi" {
				plan.Cases[i].Network = "unix"
			}
		}
		_, err := Comparisons(s, plan)
		if err == nil || !strings.Contains(err.Error(), "the one that matches over {connection: per-request, protocol: fastcgi} and is like it in all else was left out") {
			t.Error(err)
		}
	})

	t.Run("the closed load", func(t *testing.T) {
		plan := without(without(whole, "target", "uwsgi"), "load", "saturate")
		got := evaluate(t, s, plan, newLab(1, 20, 0.02).trials(plan, 15))[0]
		if got.Outcome != Inconclusive {
			t.Errorf("%s, though throughput was not tested", got.Outcome)
		}
		if text := strings.Join(got.Warnings, "\n"); !strings.Contains(text, "throughput could not be compared") || !strings.Contains(text, "not tested on load saturate") {
			t.Errorf("%q", got.Warnings)
		}
	})
}

func TestComparisonsOfNoClaims(t *testing.T) {
	s := hello()
	s.Claims = nil
	if family, err := Comparisons(s, planOf(s, 10, 30)); len(family) > 0 || err != nil {
		t.Errorf("%v, %v", family, err)
	}
	if claims := evaluate(t, s, results.Plan{}, nil); len(claims) > 0 || !Decided(claims, 0) {
		t.Errorf("%v", claims)
	}
}
