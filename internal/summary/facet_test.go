package summary_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

func TestFacets(t *testing.T) {
	cases := func(targets, protocols, applications int) (all []results.Case) {
		for i := range targets {
			for j := range protocols {
				for k := range applications {
					all = append(all, results.Case{Target: fmt.Sprint("t", i), Protocol: fmt.Sprint("p", j), Application: fmt.Sprint("a", k)})
				}
			}
		}
		return all
	}
	for _, tt := range []struct {
		name  string
		cases []results.Case
		want  string // name: how many
	}{
		{"few are one", cases(2, 4, 1), ": 8 by [target protocol application]"},
		{"by target, so that protocols stand beside each other", cases(3, 4, 2), "t0: 8 by [protocol application]; t1: 8 by [protocol application]; t2: 8 by [protocol application]"},
		{"by the axis that suffices", cases(2, 4, 4), "a0: 8 by [target protocol]; a1: 8 by [target protocol]; a2: 8 by [target protocol]; a3: 8 by [target protocol]"},
		{"by two axes", cases(2, 7, 7), "t0 a0: 7 by [protocol]"},
		{"by their order, where they have nothing in common", cases(15, 1, 1), ": 8 by [target protocol application]; : 7 by [target protocol application]"},
	} {
		got := ""
		for i, f := range summary.Facets(tt.cases, []string{"target", "protocol", "application"}, 12) {
			if i > 0 {
				got += "; "
			}
			got += fmt.Sprintf("%s: %d by %v", f.Name, len(f.Members), f.Axes)
			if tt.name == "by two axes" {
				break
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestFacetsHoldEveryCaseOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SampledFrom([]string{"", "a", "b", "c", "d", "e"})
		cases := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) results.Case {
			return results.Case{Target: value.Draw(t, "target"), Protocol: value.Draw(t, "protocol"), Front: value.Draw(t, "front")}
		}), 0, 60).Draw(t, "cases")
		most := rapid.IntRange(1, 12).Draw(t, "most")
		var seen []int
		for _, f := range summary.Facets(cases, results.Axes, most) {
			if len(f.Members) > most {
				t.Fatalf("%d cases in a facet of at most %d", len(f.Members), most)
			}
			if !slices.IsSorted(f.Members) {
				t.Fatalf("members %v are not in the order of the cases", f.Members)
			}
			seen = append(seen, f.Members...)
		}
		slices.Sort(seen)
		for i := range cases {
			if len(seen) != len(cases) || seen[i] != i {
				t.Fatalf("%d cases are in facets as %v", len(cases), seen)
			}
		}
	})
}
