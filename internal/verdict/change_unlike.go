package verdict

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/scenarios"
)

// unlike says why what the two runs measured of a case is not the same thing;
// "" where it is, as far as their plans and scenarios tell.
func (c comparer) unlike(one results.Case) string {
	before, after := c.base.load(one), c.new.load(one)
	if !reflect.DeepEqual(before, after) {
		return fmt.Sprintf("load %s was %s in BASE and is %s in NEW", one.Load, loadWords(before), loadWords(after))
	}
	old, present := c.base.Scenario, c.new.Scenario
	if old == nil || present == nil {
		return "" // caveats says so
	}
	if old.Workers != present.Workers {
		return fmt.Sprintf("servers had %s in BASE and have %s in NEW", count(old.Workers, "worker"), count(present.Workers, "worker"))
	}
	if old.Client != present.Client {
		return fmt.Sprintf("the client was %s in BASE and is %s in NEW", old.Client, present.Client)
	}
	if old.Timeout != present.Timeout {
		return fmt.Sprintf("the timeout was %s in BASE and is %s in NEW", old.Timeout, present.Timeout)
	}
	if !sameRequest(requestOf(old, one.Request), requestOf(present, one.Request)) {
		if one.Request == "" {
			return "the request, or what is expected of its answer, is not the same in the two scenarios"
		}
		return fmt.Sprintf("request %s, or what is expected of its answer, is not the same in the two scenarios", one.Request)
	}
	return ""
}

func loadWords(l results.Load) string {
	switch {
	case l.Search != nil:
		objectives := make([]string, len(l.Search.SLO))
		for i, o := range l.Search.SLO {
			objectives[i] = o.Metric + " < " + plain(o.Below)
		}
		return fmt.Sprintf("a search from %s/s to %s %% for %s", plain(l.Search.From), percent(l.Search.Precision), strings.Join(objectives, ", "))
	case l.Closed():
		return count(l.Clients, "client")
	}
	return strings.TrimSpace(strconv.FormatFloat(l.Rate, 'f', -1, 64) + "/s " + l.Arrivals)
}

// requestOf is the zero Request where the scenario has none of that name.
func requestOf(s *scenarios.Scenario, name string) scenarios.Request {
	for _, r := range s.Requests {
		if r.Name == name {
			return r
		}
	}
	return scenarios.Request{}
}

// sameRequest compares what is sent and expected, however it is written down.
func sameRequest(a, b scenarios.Request) bool {
	return a.Method == b.Method && a.Path == b.Path && reflect.DeepEqual(a.Header(), b.Header()) &&
		slices.Equal(a.Content(), b.Content()) && a.Expect.Status == b.Expect.Status &&
		reflect.DeepEqual(a.Expect.Content(), b.Expect.Content())
}

// runCaveats lists what a reader has to know of a run as a whole.
func (h half) runCaveats(name string) []string {
	var found []string
	add := func(format string, args ...any) { found = append(found, fmt.Sprintf(name+format, args...)) }
	if h.Run.Plan.Quick {
		add(" is a quick run: few and short trials, too little to tell anything but large changes")
	}
	if h.Run.Partial != "" || h.Run.End.IsZero() {
		add(" is partial: it ended after %s", count(len(h.records.blocks), "block"))
	}
	if h.Run.Unverified {
		add(" is not verified: nobody checked that its cases serve the same thing (--no-verify)")
	}
	return found
}

// caveats lists what a reader has to know of the two runs together.
func (c comparer) caveats(method Method) []string {
	found := slices.Concat(c.base.runCaveats("BASE"), c.new.runCaveats("NEW"))
	add := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	for _, side := range []struct {
		name string
		half half
	}{{"BASE", c.base}, {"NEW", c.new}} {
		if side.half.Scenario == nil {
			add("the scenario stored in %s cannot be read, so that nobody checked whether requests are the same", side.name)
		}
	}
	old, present := c.base.Run, c.new.Run
	if plan := slices.MaxFunc([]results.Plan{old.Plan, present.Plan}, func(a, b results.Plan) int { return looksOf(a) - looksOf(b) }); looksOf(plan) > 1 {
		add("a run that may end after %s blocks, by what its claims have shown, has no fixed length, which the error rate supposes: for gates make blocks.min equal to blocks.max",
			orList(plan.Looks))
	}
	if old.Plan.Duration != present.Plan.Duration || old.Plan.Warmup != present.Plan.Warmup {
		add("trials took %s after %s of warm-up in BASE and take %s after %s in NEW: tails of latency and what is cold at first do not compare",
			old.Plan.Duration, old.Plan.Warmup, present.Plan.Duration, present.Plan.Warmup)
	}
	if different := old.Environment.Differences(present.Environment); method == Normalised && len(different) > 0 {
		add("the runs are of different machines or systems (%s): only what is the same for a case and its reference cancels out", strings.Join(different, ", "))
	}
	if different := old.Placement.Differences(present.Placement); method == Normalised && len(different) > 0 {
		add("servers and load generator were placed differently: %s", strings.Join(different, ", "))
	}
	if old.Tool != present.Tool {
		add("BASE was measured by %s, NEW by %s: load generator and builtin servers may have changed too", old.Tool, present.Tool)
	}
	before, after := slices.Concat(old.Targets, old.Fronts), slices.Concat(present.Targets, present.Fronts)
	if versions := versionChanges(before, after); len(versions) > 0 {
		add("servers of other versions: %s", strings.Join(versions, ", "))
	}
	if recipes := recipeChanges(before, after); len(recipes) > 0 {
		add("servers started by other recipes of the same name: %s", strings.Join(recipes, ", "))
	}
	return found
}

// recipeChanges lists the servers of both runs whose recipes say something else.
func recipeChanges(before, after []results.Server) []string {
	var changed []string
	for _, s := range after {
		if slices.ContainsFunc(before, func(b results.Server) bool { return b.Name == s.Name && b.Recipe != s.Recipe }) {
			changed = append(changed, s.Name)
		}
	}
	return changed
}

// versionChanges lists the servers of both runs whose versions differ.
func versionChanges(before, after []results.Server) []string {
	versions := map[string]string{}
	for _, s := range before {
		versions[s.Name] = s.Version
	}
	changed := map[string]string{}
	for _, s := range after {
		if v, ok := versions[s.Name]; ok && v != s.Version && v != "" && s.Version != "" {
			changed[s.Name] = fmt.Sprintf("%s %s -> %s", s.Name, v, s.Version)
		}
	}
	var list []string
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		list = append(list, changed[name])
	}
	return list
}

// orList is "10, 15 or 20".
func orList(numbers []int) string {
	return strings.Replace(list(numbers), " and ", " or ", 1)
}

// missingCaveats names the cases that NEW lacks.
func missingCaveats(onlyBase []string) []string {
	if len(onlyBase) == 0 {
		return nil
	}
	of := "them"
	if len(onlyBase) == 1 {
		of = "it"
	}
	return []string{fmt.Sprintf("NEW lacks %s that BASE has, and nothing is known of %s: %s", count(len(onlyBase), "case"), of, someCases(onlyBase))}
}

// unknownCaveats names the metrics that neither run knows.
func unknownCaveats(unknown map[string][]results.Case, names caseNames) []string {
	var found []string
	for _, metric := range results.MetricList {
		cases := unknown[metric.Name]
		if len(cases) == 0 {
			continue
		}
		labels := make([]string, len(cases))
		for i, c := range cases {
			labels[i] = names.label(c)
		}
		if len(labels) > 3 {
			labels = append(labels[:3:3], fmt.Sprintf("%d more", len(labels)-3))
		}
		found = append(found, fmt.Sprintf("%s is known in neither run of %s", metric.Name, Enumeration(labels)))
	}
	return found
}
