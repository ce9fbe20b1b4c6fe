package bench

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/results"
)

// search carries out a whole search, which is one trial: its figures are those
// of the confirmation, or of the last probe where no rate was confirmed. Each
// probe has connections of its own and a warm-up.
func (c *conductor) search(ctx context.Context, s *server, place results.Trial, d drive) (results.Trial, *load.Result, error) {
	goal := *d.plan.Load.Search
	goal.From = firstRate(goal.From, d.plan.Seed, place)
	h := hunt{goal: goal, cpus: c.cpusFor(c.plan.Scenario.Workers)}
	state := load.NewSearch(goal, d.plan.Duration)
	for try, ok := state.Next(); ok; try, ok = state.Next() {
		p := d.at(try)
		p.plan.Seed += uint64(len(h.probes)) * probeSeeds
		trial, seen, err := c.attack(ctx, s, place, p)
		if err != nil {
			return results.Trial{}, nil, err
		}
		h.add(*p.probe, trial, seen)
		outcome := h.last().Outcome
		state.Observe(outcome)
		if !needsDrain(outcome, trial) {
			continue
		}
		if err := c.drain(ctx, s, d); err != nil {
			return results.Trial{}, nil, err
		}
	}
	return h.conclude(state.Answer()), h.seen, nil
}

// firstRate draws the rate with which a search begins from within half a
// doubling to either side of the one that is asked for. Searches that all began
// with the same would all end on the same steps, a precision apart, and so would
// hide differences smaller than those.
func firstRate(from float64, seed uint64, place results.Trial) float64 {
	trial := fnv.New64a()
	fmt.Fprint(trial, place.Case, place.Attempt)
	rng := rand.New(rand.NewPCG(seed, trial.Sum64()))
	return from * math.Pow(2, rng.Float64()-0.5)
}

// probeSeeds keeps the Poisson arrivals of one probe from being those of another
// one of the same case, in this block or any.
const probeSeeds = 1 << 32

// at is the drive of a probe.
func (d drive) at(try load.Try) drive {
	d.plan.Load = results.Load{Name: d.plan.Load.Name, Rate: try.Rate, Arrivals: d.plan.Load.Arrivals}
	d.plan.Duration = try.Duration
	d.probe = &results.Probe{Stage: try.Stage, Rate: try.Rate}
	d.raw = d.raw && try.Stage == load.StageConfirmation
	return d
}

// needsDrain tells whether a probe may have left the server work. Whoever is to
// blame for a probe that did not hold, it may have had too much to do; one that
// held in spite of a few timeouts has left it those requests.
func needsDrain(outcome string, t results.Trial) bool {
	return outcome != results.ProbeHeld || failedOf(t, load.KindTimeout)
}

// drain waits for a server that was asked too much. Every exchange of an attack
// has ended when the attack has, but for those that took longer than the
// timeout: the generator gave them up, and the server may still work on them.
// One request at a time, which queues up behind whatever is left, has to be
// answered before the next probe; a server that never does it shows in that one.
func (c *conductor) drain(ctx context.Context, s *server, d drive) error {
	d.plan.Load = results.Load{Name: d.plan.Load.Name, Clients: 1}
	d.plan.Warmup, d.plan.Duration = 0, drainTime
	generator, err := load.New(d.plan)
	if err != nil {
		return fmt.Errorf("%s: %w", d.of.ID(), err)
	}
	defer generator.Close()
	for range drainTries {
		seen, err := generator.Measure(ctx)
		if err != nil {
			return c.failed(ctx, s, d.of, err)
		}
		if seen.Counts.Correct > 0 && seen.Counts.Correct == seen.Counts.Sent {
			break
		}
	}
	return nil
}

const (
	drainTime  = 5 * time.Millisecond
	drainTries = 3 // each of which may take a timeout
)

// hunt is what a search under way has seen.
type hunt struct {
	goal   results.Search
	cpus   int // what bottleneck takes
	probes []results.Probe
	trial  results.Trial // of the last probe
	seen   *load.Result  // likewise
	sides  map[float64]string
}

func (h *hunt) last() results.Probe { return h.probes[len(h.probes)-1] }

// add judges a probe and keeps it.
func (h *hunt) add(p results.Probe, t results.Trial, seen *load.Result) {
	p.Seconds, p.Counts, p.Metrics = t.Seconds, t.Counts, maps.Clone(t.Metrics)
	p.Outcome, p.Reasons = judgeProbe(h.goal.SLO, t, seen.Waited, h.cpus, p.Stage == load.StageConfirmation)
	h.probes = append(h.probes, p)
	h.trial, h.seen = t, seen
	if h.sides == nil {
		h.sides = map[float64]string{}
	}
	if p.Outcome == results.ProbeServer {
		h.sides[p.Rate] = t.Bottleneck
	}
}

// conclude makes the trial of the search. What the last probe alone would be
// invalid for does not count: the objectives say how many errors there may be. That
// no rate holds them is a finding about the server, in a valid trial without
// saturation; where it is the generator's doing nothing was found.
func (h *hunt) conclude(a load.Answer) results.Trial {
	t := h.trial
	t.Probes, t.Valid, t.Invalid = h.probes, true, nil
	nothing := fmt.Sprintf("no rate holds %s: even %s/s did not%s", h.goal, rateText(a.Missed), h.why(a.Limit))
	switch {
	case a.GaveUp != "":
		t.Valid, t.Invalid = false, []string{"the search gave up: " + a.GaveUp}
		return t
	case a.Rate > 0:
		t.Metrics["saturation"] = a.Rate
	case a.Limit == results.ProbeGenerator:
		t.Valid, t.Invalid = false, []string{"because of the load generator " + nothing}
	default:
		t.Notes = append(t.Notes, results.Note{Kind: "search", Text: nothing})
	}
	t.Bottleneck = h.limit(a)
	if t.Bottleneck == results.BottleneckGenerator && a.Rate > 0 {
		t.Notes = append(t.Notes, results.Note{Kind: "bottleneck", Text: fmt.Sprintf(
			"the load generator could not send %s/s in time: the server's own limit is higher than the %s/s found", rateText(a.Missed), rateText(a.Rate))})
	}
	return t
}

// limit names what kept the search from a higher rate.
func (h *hunt) limit(a load.Answer) string {
	switch a.Limit {
	case "":
		return results.BottleneckRate
	case results.ProbeGenerator:
		return results.BottleneckGenerator
	}
	switch side := h.sides[a.Missed]; side {
	case results.BottleneckFront, results.BottleneckNetwork:
		return side
	}
	return results.BottleneckServer
}

// why repeats the reasons of the last probe with that outcome.
func (h *hunt) why(outcome string) string {
	for i := len(h.probes) - 1; i >= 0; i-- {
		if p := h.probes[i]; p.Outcome == outcome && len(p.Reasons) > 0 {
			return " (" + strings.Join(p.Reasons, "; ") + ")"
		}
	}
	return ""
}

func rateText(rate float64) string {
	const whole = 100
	if rate >= whole {
		return fmt.Sprintf("%.0f", rate)
	}
	return fmt.Sprintf("%.3g", rate)
}

// searchTime estimates how long a search takes: that of a server whose limit is
// an ordinary one.
func searchTime(goal results.Search, warmup, shortest time.Duration) time.Duration {
	const limit = 15_000 // requests per second
	var total time.Duration
	state := load.NewSearch(goal, shortest)
	for try, ok := state.Next(); ok; try, ok = state.Next() {
		total += warmup + try.Duration + betweenTrials
		if try.Rate <= max(limit, goal.From) {
			state.Observe(results.ProbeHeld)
		} else {
			state.Observe(results.ProbeServer)
			total += drainTime
		}
	}
	return total
}
