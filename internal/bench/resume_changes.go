package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/meter"
	"github.com/gwbench/gwbench/results"
)

// changes names what differs from a run's start, as "kernel 6.1.0 -> 6.2.0"; none
// where the run may go on. doubts are caveats about what cannot be told.
func changes(ctx context.Context, plan *Plan, run results.Run, tool string) (list, doubts []string) {
	list = planChanges(run, plan)
	if run.Tool != tool {
		list = append(list, fmt.Sprintf("program %s -> %s", run.Tool, tool))
	}
	list = append(list, machineChanges(run.Environment, meter.Fingerprint())...)
	list = append(list, run.Placement.Differences(plan.placement())...)
	targets, fronts := plan.versions(ctx)
	targetList, doubts := serverChanges("target", run.Targets, targets)
	frontList, more := serverChanges("front", run.Fronts, fronts)
	return slices.Concat(list, targetList, frontList), append(doubts, more...)
}

// machineChanges names what differs between the machine then and now. That
// nobody knows its name is no difference here: the run's folder is on it.
func machineChanges(before, now results.Environment) []string {
	if before.Hostname == "" && now.Hostname == "" {
		const here = "this machine"
		before.Hostname, now.Hostname = here, here
	}
	return before.Differences(now)
}

// planChanges names what the plan has that the run's does not, and the other
// way round.
func planChanges(run results.Run, plan *Plan) (list []string) {
	before, now := reflect.ValueOf(run.Plan), reflect.ValueOf(plan.Plan)
	for i := range before.NumField() {
		name, _, _ := strings.Cut(before.Type().Field(i).Tag.Get("json"), ",")
		if name == "cases" {
			list = append(list, caseChanges(run, plan)...)
			continue
		}
		// As JSON, since that is how the run's was kept.
		if a, b := asJSON(before.Field(i)), asJSON(now.Field(i)); a != b {
			list = append(list, fmt.Sprintf("plan: %s %s -> %s", name, a, b))
		}
	}
	return list
}

func asJSON(v reflect.Value) string {
	text, err := json.Marshal(v.Interface())
	if err != nil {
		return err.Error() // a number that JSON cannot hold: no stored plan has one
	}
	return string(text)
}

// caseChanges names the cases that went or came, with the reasons why those that
// are new among what is left out.
func caseChanges(run results.Run, plan *Plan) (list []string) {
	if slices.Equal(run.Plan.Cases, plan.Cases) {
		return nil
	}
	for _, c := range run.Plan.Cases {
		if !slices.Contains(plan.Cases, c) {
			list = append(list, "plan: there is no more case "+c.ID())
		}
	}
	for _, s := range plan.Skipped {
		if !slices.Contains(run.Skipped, s) {
			list = append(list, fmt.Sprintf("plan: left out now: %s: %s", s.What, s.Why))
		}
	}
	for _, c := range plan.Cases {
		if !slices.Contains(run.Plan.Cases, c) {
			list = append(list, "plan: there is a new case "+c.ID())
		}
	}
	if len(list) == 0 {
		list = append(list, "plan: the cases are in another order")
	}
	return list
}

// serverChanges names the servers of which version or recipe differ, and doubts
// those that told their version only once: one that does not answer in time on a
// busy machine is no other server. Cases that went or came are named by
// caseChanges.
func serverChanges(kind string, before, now []results.Server) (list, doubts []string) {
	for _, b := range before {
		i := slices.IndexFunc(now, func(s results.Server) bool { return s.Name == b.Name })
		switch {
		case i < 0:
		case now[i].Recipe != b.Recipe:
			list = append(list, fmt.Sprintf("%s %s has another recipe", kind, b.Name))
		case now[i].Version == b.Version:
		case now[i].Version == "" || b.Version == "":
			doubts = append(doubts, fmt.Sprintf("%s %s told its version only once, %q: whether it was the same when the run was resumed is unknown",
				kind, b.Name, cmp.Or(b.Version, now[i].Version)))
		default:
			list = append(list, fmt.Sprintf("%s %s %q -> %q", kind, b.Name, b.Version, now[i].Version))
		}
	}
	return list, doubts
}

// follows makes sure that the trials are those that the plan and the seed ask
// for: in their places, and none missing before the last block.
func follows(plan *Plan, seed uint64, trials []results.Trial) error {
	c := &conductor{plan: plan, trials: trials}
	last := lastBlock(trials)
	for block := 1; block <= last; block++ {
		for _, group := range plan.order(seed, block) {
			for _, p := range group {
				if block < last && !c.isSettled(p.of, block) {
					return fmt.Errorf("block %d lacks case %s, and there are later blocks", block, p.of.ID())
				}
				for _, t := range trials {
					if t.Block == block && t.Case == p.of.ID() && t.Order != p.order {
						return fmt.Errorf("case %s has place %d in block %d, where the seed puts it at %d: another version of gwbench made the run", t.Case, t.Order, block, p.order)
					}
				}
			}
		}
	}
	return nil
}
