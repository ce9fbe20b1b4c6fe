package summary_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

func TestRunsAreComparedWithTheFirst(t *testing.T) {
	c := summarytest.Compared(t)
	if want := []string{"before", "after", "20260304T050607Z-hello"}; !slices.Equal(c.Names, want) {
		t.Errorf("names %q, want %q", c.Names, want)
	}
	if len(c.Changes) != 2 || c.Changes[0].New != c.Runs[1].Run.ID || c.Changes[1].Base != c.Runs[0].Run.ID {
		t.Errorf("%d comparisons, want the first run with each of two", len(c.Changes))
	}
	if len(c.Cases) != 13 || c.Matched() != 11 || c.Cases[12].Case.Target != "mine" {
		t.Errorf("%d cases, %d in all runs, the last %s; want 13, 11, mine", len(c.Cases), c.Matched(), c.Cases[12].Case.ID())
	}
	if lost := c.Cases[2]; lost.In[0] == nil || lost.In[1] == nil || lost.In[2] != nil {
		t.Errorf("the case that only the third run lacks is in %v", lost.In)
	}
	if _, ok := c.Change(c.Cases[3].Case, "capacity", 2); !ok {
		t.Error("no change of a case that the first and the third run have")
	}
	if _, ok := c.Change(c.Cases[12].Case, "capacity", 2); ok {
		t.Error("a change of a case that the first run does not have")
	}
	if c.Outcome() != verdict.Worse {
		t.Errorf("outcome %s, want worse", c.Outcome())
	}
	warnings := strings.Join(c.Warnings, "\n")
	for _, want := range []string{"each of the 2 comparisons keeps to an error rate of 5 %", "11 of 13 cases are in all runs"} {
		if !strings.Contains(warnings, want) {
			t.Errorf("no warning %q in:\n%s", want, warnings)
		}
	}
}

func TestWhatCannotBeComparedIsAnErrorThatNamesIt(t *testing.T) {
	named := func(name string, edit func(*summary.Data)) summary.NamedData {
		d := summarytest.Hello(t)
		d.Run.ID, d.Run.Seed = name, uint64(len(name))
		edit(&d)
		return summary.NamedData{Name: "results/" + name, Data: d}
	}
	same := func(*summary.Data) {}
	for _, tt := range []struct {
		name string
		runs []summary.NamedData
		want string
	}{
		{"one run", []summary.NamedData{named("a", same)}, "two runs at least, not 1"},
		{"schemas", []summary.NamedData{named("a", same), named("bb", same), named("old", func(d *summary.Data) { d.Run.Schema = 1 })}, "a (BASE) and old (NEW) cannot be compared: BASE has schema version 2 and NEW has 1"},
		{"no trials", []summary.NamedData{named("a", same), named("empty", func(d *summary.Data) { d.Trials = nil })}, "NEW empty has no trials"},
		{"no common case", []summary.NamedData{named("a", same), named("other", func(d *summary.Data) {
			for i := range d.Run.Plan.Cases {
				d.Run.Plan.Cases[i].Target = "other"
			}
		})}, "have no case in common"},
	} {
		if _, err := summary.Compare(tt.runs); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestARunBesideItselfHasNotChanged(t *testing.T) {
	d := summarytest.Hello(t)
	c, err := summary.Compare([]summary.NamedData{{Name: "run", Data: d}, {Name: "./run/", Data: d}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"run (A)", "run (B)"}; !slices.Equal(c.Names, want) {
		t.Errorf("names %q, want %q", c.Names, want)
	}
	if c.Outcome() != verdict.Same || !strings.Contains(strings.Join(c.Changes[0].Warnings, ""), "are the same run") {
		t.Errorf("outcome %s, warnings %q", c.Outcome(), c.Changes[0].Warnings)
	}
}

func TestNamesAreAsShortAsTheyTellRunsApart(t *testing.T) {
	for _, tt := range []struct{ paths, want []string }{
		{[]string{"results/a", "results/b/"}, []string{"a", "b"}},
		{[]string{"/home/me/monday/ci", "/home/me/tuesday/ci/run.json"}, []string{"monday/ci", "tuesday/ci"}},
		{[]string{"old.json", "../new.json.gz"}, []string{"old", "new"}},
		{[]string{"", "new"}, []string{"20260102T030405Z-hello", "new"}},
		{[]string{"", ""}, []string{"20260102T030405Z-hello (A)", "20260102T030405Z-hello (B)"}},
	} {
		var runs []summary.NamedData
		for _, path := range tt.paths {
			runs = append(runs, summary.NamedData{Name: path, Data: summarytest.Hello(t)})
		}
		c, err := summary.Compare(runs)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, c.Names); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.paths, diff)
		}
	}
}

func TestLettersNeverEnd(t *testing.T) {
	for run, want := range map[int]string{0: "A", 7: "H", 25: "Z", 26: "AA", 27: "AB", 52: "BA"} {
		if got := summary.Letter(run); got != want {
			t.Errorf("run %d is %s, want %s", run, got, want)
		}
	}
}

func TestFactsThatDifferAreMarked(t *testing.T) {
	differ := map[string]bool{}
	for _, f := range summarytest.Compared(t).Facts() {
		differ[f.Name] = f.Differ
		if len(f.Values) != 3 {
			t.Errorf("%s has %d values, want one for each run", f.Name, len(f.Values))
		}
	}
	for name, want := range map[string]bool{"system": true, "CPU": false, "builtin": false, "seed": true} {
		if got, ok := differ[name]; !ok || got != want {
			t.Errorf("%s: listed %v, differs %v; want it listed, %v", name, ok, got, want)
		}
	}
	if _, ok := differ["governor"]; ok {
		t.Error("a fact that no run knows is listed")
	}
}

// What is inconclusive is told apart: what more blocks decide, and what no forecast is
// known of.
func TestForecastOfBlocksSaysWhatItIsOf(t *testing.T) {
	c := summarytest.Compared(t)
	open := func(needed ...int) string {
		var changes []verdict.Change
		for _, n := range needed {
			changes = append(changes, verdict.Change{Outcome: verdict.Undetermined, BlocksNeeded: n})
		}
		c.Changes[0].Changes = changes
		return c.Answers()[0].Text
	}
	for _, tt := range []struct {
		needed []int
		want   string
	}{
		{[]int{10, 12}, "It would take about 12 blocks in each run to decide what is inconclusive."},
		{[]int{10, 0, 12}, "It would take about 12 blocks in each run to decide 2 of the 3 inconclusive figures."},
		{[]int{5000}, "It would take more than 1,000 blocks in each run to decide what is inconclusive."},
	} {
		if got := open(tt.needed...); !strings.Contains(got, tt.want) {
			t.Errorf("%v: %s\nwant %s", tt.needed, got, tt.want)
		}
	}
	if got := open(0); strings.Contains(got, "blocks in each run") {
		t.Errorf("a forecast of nothing: %s", got)
	}
}

func TestChangesOfAFewBlocksAndLargeOnesAreMarked(t *testing.T) {
	change := func(r stats.Ratio) verdict.Change {
		return verdict.Change{Metric: "latency.p99", Ratio: r, BaseBlocks: 7, NewBlocks: 1, BaseMedian: 1, NewMedian: 2}
	}
	for _, tt := range []struct {
		change verdict.Change
		want   []string
		text   string
	}{
		{change(stats.Ratio{N: 1, Estimate: 1 / 1.081}), []string{"1.00", "2.00", "+8.1", "too few blocks", "7, 1"}, "+8.1 %"},
		{change(stats.Ratio{N: 1, Estimate: 1 / 11.652, Low: 1 / 12.31, High: 1 / 10.9, Achieved: 0.95}), []string{"1.00", "2.00", "11.7x", "[+990.0, 12.4x]", "7, 1"}, "11.7x"},
		{change(stats.Ratio{}), []string{"1.00", "2.00", "", "", "7, 1"}, ""},
	} {
		if diff := cmp.Diff(tt.want, summary.ChangeFigures(tt.change)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.change.Ratio, diff)
		}
		if got := summary.ChangeText(tt.change); got != tt.text {
			t.Errorf("%+v: %q, want %q", tt.change.Ratio, got, tt.text)
		}
	}
}

// The same reference of all is named once; where methods differ, each run has its own.
func TestABasisIsSaidOfEachRunWhereItDiffers(t *testing.T) {
	c := summarytest.Compared(t)
	if got, want := c.Basis(), "next to builtin http keep-alive"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	c.Changes[1].Method, c.Changes[1].Reason, c.Changes[1].Different = verdict.Absolute, "the figures themselves are compared, as asked for", nil
	if got, want := c.Basis(), "B: next to builtin http keep-alive; C: absolute"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := c.BasisNote(), "C: the figures themselves are compared, as asked for."; !strings.Contains(got, want) {
		t.Errorf("%q lacks %q", got, want)
	}
}

// Pictures, tables and the text of the method say alike that figures of two machines tell
// nothing without a reference.
func TestABasisOfAbsoluteFiguresOfTwoMachinesIsNone(t *testing.T) {
	base, moved := summarytest.Hello(t), summarytest.Hello(t)
	for _, d := range []*summary.Data{&base, &moved} {
		reference := func(c results.Case) bool { return c.Protocol == "http" }
		d.Run.Plan.Cases = slices.DeleteFunc(slices.Clone(d.Run.Plan.Cases), reference)
		kept := map[string]bool{}
		for _, one := range d.Run.Plan.Cases {
			kept[one.ID()] = true
		}
		d.Trials = slices.DeleteFunc(slices.Clone(d.Trials), func(trial results.Trial) bool { return !kept[trial.Case] })
	}
	moved.Run.ID, moved.Run.Seed = "20260304T050607Z-hello", moved.Run.Seed+1
	moved.Run.Environment.CPU = "another"
	for i := range moved.Trials {
		moved.Trials[i].Start = moved.Trials[i].Start.Add(time.Hour)
	}
	c, err := summary.Compare([]summary.NamedData{{Name: "a", Data: base}, {Name: "b", Data: moved}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Basis(), "none, as the machines differ"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	_, method, _ := strings.Cut(summary.ChangesMethod(c.Changes[0]), ": ")
	if got, want := c.BasisNote(), "Change from A: "+method+"."; got != want || !strings.Contains(got, "but the machines differ") {
		t.Errorf("%q, want %q", got, want)
	}
}
