package bench

import (
	"fmt"
	"math"

	"github.com/gwbench/gwbench/results"
)

// Thresholds of what disturbs a trial: judgements, as are results.StealLimit and
// results.OthersLimit, from which on it is repeated. docs/method.md has all of
// them as a table.
const (
	stealNote     = 0.03 // share of stolen CPU time that is worth a note
	othersNote    = 0.08 // share of the run's CPU time that other programs took
	frequencyNote = 0.05 // relative change of the CPUs' frequency within a trial
	lateNote      = 0.01 // share of hits sent more than 1 ms late
	lateInvalid   = 0.10
	redialled     = 0.5 // connections per request from which keep-alive is one in name only
)

// missedSchedule tells whether too many hits of an open load went out late.
func missedSchedule(t results.Trial) bool {
	return share(t.Counts.Late+t.Counts.Dropped, t.Counts.Planned) > lateInvalid
}

// invalid lists the reasons for which a trial must not enter a verdict. What the
// machine did is one as long as the trial may be repeated. The last attempt
// counts all the same, with a note: where the machine is never quiet, wide
// intervals are the truth, and no figures at all are not.
func invalid(l results.Load, t results.Trial) []string {
	var reasons []string
	if wrong := t.Counts.Sent - t.Counts.Correct; wrong > 0 {
		reasons = append(reasons, fmt.Sprintf("%d of %d responses failed or were wrong%s", wrong, t.Counts.Sent, firstError(t)))
	}
	if t.Counts.Correct == 0 {
		reasons = append(reasons, "there was no correct response")
	}
	// Late hits behind a saturated server or link are its doing, and the latency
	// from the intended send time shows them; otherwise the generator was late on
	// its own.
	if !l.Closed() && missedSchedule(t) && !saturated(t) {
		reasons = append(reasons, fmt.Sprintf("the generator missed its schedule: %d of %d hits late by more than 1 ms, %d dropped",
			t.Counts.Late, t.Counts.Planned, t.Counts.Dropped))
	}
	if t.Attempt < maxAttempts {
		reasons = append(reasons, spoiledByHost(t)...)
	}
	return reasons
}

// spoiledByHost lists what the machine did to a trial that makes it worth
// another attempt.
func spoiledByHost(t results.Trial) []string {
	var reasons []string
	if t.Usage.Stolen() {
		reasons = append(reasons, stolen(t))
	}
	if t.Usage.Crowded() {
		reasons = append(reasons, taken(t))
	}
	return reasons
}

func stolen(t results.Trial) string {
	return fmt.Sprintf("the hypervisor took %.0f %% of the CPU time", *t.Usage.Steal*100)
}

func taken(t results.Trial) string {
	return fmt.Sprintf("other programs took %.0f %% of the time of the run's CPUs", *t.Usage.Others*100)
}

// warnOfHost says of the last attempt at a trial that the machine disturbed it:
// once for each kind of blame, as a machine that is always busy does so all the
// time.
func (c *conductor) warnOfHost(t results.Trial) {
	const form = "%s even in the last of %d attempts at a case, in one block or more, which counts all the same: intervals are the wider for it. %s"
	if t.Usage.Stolen() {
		c.warn(fmt.Sprintf(form, "the hypervisor took much of the CPU time", maxAttempts,
			"Take a machine that others do not share, or more blocks"))
	}
	if t.Usage.Crowded() {
		c.warn(fmt.Sprintf(form, "other programs took much of the time of the run's CPUs", maxAttempts,
			"End them, keep them off these CPUs (placement), or take more blocks"))
	}
}

// notes lists what disturbed the trial, whether it counts or not.
func notes(l results.Load, keepAlive bool, t results.Trial) []results.Note {
	var list []results.Note
	add := func(kind, format string, args ...any) {
		list = append(list, results.Note{Kind: kind, Text: fmt.Sprintf(format, args...)})
	}
	if atLeast(t.Usage.Steal, stealNote) {
		add("steal", "%s", stolen(t))
	}
	if atLeast(t.Usage.Others, othersNote) {
		add("others", "%s", taken(t))
	}
	if change := t.Usage.FrequencyChange; change != nil && math.Abs(*change) >= frequencyNote {
		add("frequency", "the frequency of the CPUs changed by %+.0f %% within the trial", *change*100)
	}
	if n := t.Usage.Throttles; n != nil && *n > 0 {
		add("throttle", "CPUs were slowed down %d times because they were hot: cool the machine, or take a lower frequency", *n)
	}
	if n := t.Usage.ListenOverflows; n != nil && *n > 0 {
		add("listen-overflow", "%d connections did not fit a listen queue: each costs its client a second or more. "+
			"Raise the server's backlog (uWSGI: --listen, gunicorn: --backlog) and net.core.somaxconn", *n)
	}
	if n := t.Usage.Retransmits; n != nil && *n > 0 {
		add("retransmit", "%d TCP segments were sent again on this machine", *n)
	}
	if late := share(t.Counts.Late, t.Counts.Planned); !l.Closed() && late > lateNote {
		add("late", "%.1f %% of the hits were sent more than 1 ms late", late*100)
	}
	if t.Counts.Dropped > 0 {
		add("late", "%d planned hits were never sent", t.Counts.Dropped)
	}
	if dials, ok := t.Metrics["dials"]; ok && keepAlive && dials >= redialled {
		add("connection", "the server did not keep connections alive: %.2f of them for each request", dials)
	}
	for _, e := range t.Errors {
		add("errors", "%d x %s: %s", e.Count, e.Kind, e.Sample)
	}
	if saturated(t) && atLeast(t.Usage.ClientBusy, busy) {
		add("bottleneck", "the load generator was at its limit too")
	}
	return list
}

func firstError(t results.Trial) string {
	if len(t.Errors) == 0 {
		return ""
	}
	return fmt.Sprintf(" (%s: %s)", t.Errors[0].Kind, t.Errors[0].Sample)
}

func atLeast(value *float64, limit float64) bool { return value != nil && *value >= limit }

// share is part/whole, 0 for an empty whole.
func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
