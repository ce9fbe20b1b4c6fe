package summary

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// Comparison is several runs beside each other, and what became of the figures of the
// first in each of the others.
type Comparison struct {
	Runs  []Data   // at least two
	Names []string // what tells the runs apart, in few words: of each one, and no two alike
	// Changes are those from Runs[0] to Runs[i+1]. Each is a comparison by itself, as
	// `gwbench compare` makes it, with an error rate of its own.
	Changes  []verdict.Changes
	Cases    []ComparedCase // of all runs: as the first has them, then what only later ones have
	Warnings []string       // caveats of the whole; those of a pair stay in Changes
}

// ComparedCase is one case in the runs that have it.
type ComparedCase struct {
	Case results.Case
	In   []*Case // by run; nil where that one does not have the case
	// Latency is by run too, merged once for all who draw it; Unknown where the run does
	// not have the case.
	Latency []Curve
}

// NamedData is a run, and where it was read from: its folder, file or baseline, "" where
// it has none.
type NamedData struct {
	Name string
	Data
}

// Compare lays runs beside each other and compares the first with each of the others. An
// error names the two that cannot be compared, and says why: they have no case in
// common, are of different schemas, or one holds no trials.
func Compare(runs []NamedData) (Comparison, error) {
	if len(runs) < 2 {
		return Comparison{}, fmt.Errorf("a comparison takes two runs at least, not %d", len(runs))
	}
	c := Comparison{Names: runNames(runs)}
	for i, run := range runs {
		c.Runs = append(c.Runs, run.Data)
		if i == 0 {
			continue
		}
		changes, err := verdict.Compare(side(runs[0].Data), side(run.Data), verdict.CompareOptions{})
		if err != nil {
			return Comparison{}, fmt.Errorf("%s (BASE) and %s (NEW) cannot be compared: %w", c.Names[0], c.Names[i], err)
		}
		c.Changes = append(c.Changes, *changes)
	}
	c.Cases = comparedCases(c.Runs)
	c.Warnings = c.caveats()
	return c, nil
}

func side(d Data) verdict.Side {
	return verdict.Side{Run: d.Run, Trials: d.Trials, Scenario: d.Scenario}
}

// Letter is what stands for a run where there is no room for its name: A, B, C, and
// after 26 of them AA.
func Letter(run int) string {
	letter := string(rune('A' + run%26))
	if run < 26 {
		return letter
	}
	return Letter(run/26-1) + letter
}

// runNames takes the ends of the paths, as long as it takes to tell them apart. Runs
// without a path have their ID for a name.
func runNames(runs []NamedData) []string {
	for parts := 1; parts <= 3; parts++ {
		names := make([]string, len(runs))
		for i, run := range runs {
			names[i] = cmp.Or(endOfPath(run.Name, parts), inert.Line(run.Run.ID), "run")
		}
		if alike(names) == 0 {
			return names
		}
	}
	names := make([]string, len(runs))
	for i, run := range runs {
		names[i] = cmp.Or(endOfPath(run.Name, 1), inert.Line(run.Run.ID), "run") + " (" + Letter(i) + ")"
	}
	return names
}

// endOfPath is the last parts of a path, without the ending of a bundle: a whole one
// says more of a machine than a report should.
func endOfPath(name string, parts int) string {
	name = strings.TrimSuffix(filepath.ToSlash(name), "/"+results.RunFile)
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".json")
	elements := strings.FieldsFunc(path.Clean(name), func(r rune) bool { return r == '/' })
	elements = slices.DeleteFunc(elements, func(e string) bool { return e == "." || e == ".." })
	return inert.Line(strings.Join(elements[max(len(elements)-parts, 0):], "/"))
}

// alike counts the names that an earlier one equals.
func alike(names []string) int {
	seen := map[string]bool{}
	for _, name := range names {
		seen[name] = true
	}
	return len(names) - len(seen)
}

// comparedCases matches cases where all their axes agree, as verdict.Compare does.
func comparedCases(runs []Data) []ComparedCase {
	var all []ComparedCase
	at := map[results.Case]int{}
	for i, d := range runs {
		for _, one := range Cases(d) {
			j, ok := at[one.Case]
			if !ok {
				j, at[one.Case] = len(all), len(all)
				all = append(all, ComparedCase{Case: one.Case, In: make([]*Case, len(runs))})
			}
			all[j].In[i] = &one
		}
	}
	mergeLatency(all)
	return all
}

// mergeLatency fills in the curves, on all CPUs: that takes most of the time.
func mergeLatency(all []ComparedCase) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, one := range all {
		all[i].Latency = make([]Curve, len(one.In))
		for run, in := range one.In {
			group.Go(func() error {
				all[i].Latency[run] = Curve{Unknown: "not in this run"}
				if in != nil {
					all[i].Latency[run] = in.Curve(LatencyOf)
				}
				return nil
			})
		}
	}
	_ = group.Wait() // none fails
}

// Matched counts the cases that all runs have.
func (c Comparison) Matched() int {
	matched := 0
	for _, one := range c.Cases {
		if !slices.Contains(one.In, nil) {
			matched++
		}
	}
	return matched
}

// Axes are those that tell the cases of one load apart, over all runs.
func (c Comparison) Axes() []string { return CaseAxes(c.plan()) }

// plan has all cases, for those who name cases by a plan.
func (c Comparison) plan() results.Plan {
	var plan results.Plan
	for _, one := range c.Cases {
		plan.Cases = append(plan.Cases, one.Case)
	}
	return plan
}

// comparedMetrics are those whose figures stand side by side.
var comparedMetrics = []string{"throughput", "saturation", "capacity", "latency.p50", "latency.p90", "latency.p99", "server_cpu"}

// Metrics are those of comparedMetrics that any run knows of the case, and of which its
// load says something.
func (c ComparedCase) Metrics() []results.Metric {
	var known []results.Metric
	for _, name := range comparedMetrics {
		m, _ := results.LookupMetric(name)
		if slices.ContainsFunc(c.In, func(in *Case) bool {
			if in == nil || !m.Says(in.Load) {
				return false
			}
			_, ok := in.Median(name)
			return ok
		}) {
			known = append(known, m)
		}
	}
	return known
}

// ComparedGroup is the cases under the loads of one name.
type ComparedGroup struct {
	Load  results.Load // as the first run that has it knows it
	Cases []ComparedCase
}

// ByLoad groups the cases by the name of their load, in the order in which those first
// occur. What a run means by the name may differ: changes say so.
func (c Comparison) ByLoad() []ComparedGroup {
	var groups []ComparedGroup
	for _, one := range c.Cases {
		i := slices.IndexFunc(groups, func(g ComparedGroup) bool { return g.Load.Name == one.Load().Name })
		if i < 0 {
			i = len(groups)
			groups = append(groups, ComparedGroup{Load: one.Load()})
		}
		groups[i].Cases = append(groups[i].Cases, one)
	}
	return groups
}

// Load is the case's load in the first run that has it.
func (c ComparedCase) Load() results.Load {
	i := slices.IndexFunc(c.In, func(one *Case) bool { return one != nil })
	if i < 0 {
		return results.Load{Name: c.Case.Load}
	}
	return c.In[i].Load
}

// Change is what became of a metric of the case from the first run to that one; ok is
// false where it was not compared.
func (c Comparison) Change(one results.Case, metric string, run int) (change verdict.Change, ok bool) {
	if run < 1 || run > len(c.Changes) {
		return verdict.Change{}, false
	}
	for _, change := range c.Changes[run-1].Changes {
		if change.New == one && change.Metric == metric {
			return change, true
		}
	}
	return verdict.Change{}, false
}

// Outcome is as bad as that of any pair.
func (c Comparison) Outcome() verdict.ChangeOutcome {
	for _, outcome := range []verdict.ChangeOutcome{verdict.Worse, verdict.Undetermined, verdict.Better} {
		if slices.ContainsFunc(c.Changes, func(changes verdict.Changes) bool { return changes.Outcome == outcome }) {
			return outcome
		}
	}
	return verdict.Same
}

// caveats lists what a reader has to know of the runs together.
func (c Comparison) caveats() []string {
	var found []string
	if pairs := len(c.Changes); pairs > 1 {
		found = append(found, fmt.Sprintf(
			"each of the %d comparisons keeps to an error rate of %s %% by itself: one of them finding a change is weaker evidence than a single comparison finding it",
			pairs, TrimFloat(verdict.Alpha*100)))
	}
	if names := scenarioNames(c.Runs); len(names) > 1 {
		found = append(found, "the runs are of different scenarios ("+strings.Join(names, ", ")+"): only cases that are the same on all axes are compared")
	}
	if matched := c.Matched(); matched < len(c.Cases) {
		found = append(found, fmt.Sprintf("%d of %s are in all runs; of the others nothing is known where they are missing",
			matched, Plural(len(c.Cases), "case")))
	}
	return found
}

func scenarioNames(runs []Data) []string {
	var names []string
	for _, d := range runs {
		if name := ScenarioName(d); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Title is "hello: comparison of 2 runs".
func (c Comparison) Title() string {
	return strings.Join(scenarioNames(c.Runs), ", ") + ": comparison of " + Plural(len(c.Runs), "run")
}
