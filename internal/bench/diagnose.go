package bench

import (
	"fmt"

	"github.com/gwbench/gwbench/results"
)

// Thresholds of the diagnosis. They are judgements, not laws: a share of 0.9
// is what a busy loop leaves on a machine that does other things too, and one
// clock tick of steal in a trial of 300 ms on two CPUs is 1.7 %.
const (
	busy         = 0.90 // share of its CPUs from which a side is the bottleneck
	stealNote    = 0.03 // share of stolen CPU time that is worth a note
	stealInvalid = 0.10 // and the share that spoils a trial
	lateNote     = 0.01 // share of hits sent more than 1 ms late
	lateInvalid  = 0.10
	keptUp       = 0.99 // share of planned hits answered correctly
	redialled    = 0.5  // connections per request from which keep-alive is one in name only
)

// bottleneck names what limited the trial. cpus is the number of CPUs that the
// workers of target and front can each keep busy. An open load that was kept up with
// was limited by its own rate, however busy anybody was.
func bottleneck(l results.Load, t results.Trial, cpus int) string {
	switch {
	case !l.Closed() && share(t.Counts.Correct, t.Counts.Planned) >= keptUp && !missedSchedule(t):
		return results.BottleneckRate
	case atLeast(t.Usage.ServerBusy, busy), atLeast(partBusy(t, cpus), busy):
		return results.BottleneckServer
	case atLeast(t.Usage.ClientBusy, busy):
		return results.BottleneckGenerator
	default:
		return results.BottleneckUnknown
	}
}

// partBusy is the share of its own CPUs that the busier of front and target
// used; nil without a front. Either can be the limit while the other rests.
func partBusy(t results.Trial, cpus int) *float64 {
	front := sum(t.Usage.FrontUser, t.Usage.FrontSystem)
	server := sum(t.Usage.ServerUser, t.Usage.ServerSystem)
	if front == nil || server == nil || t.Seconds <= 0 || cpus <= 0 {
		return nil
	}
	share := max(*front, *server-*front) / (t.Seconds * float64(cpus))
	return &share
}

// missedSchedule tells whether too many hits of an open load went out late.
func missedSchedule(t results.Trial) bool {
	return share(t.Counts.Late+t.Counts.Dropped, t.Counts.Planned) > lateInvalid
}

// invalid lists the reasons for which a trial must not enter a verdict.
func invalid(l results.Load, t results.Trial) []string {
	var reasons []string
	if wrong := t.Counts.Sent - t.Counts.Correct; wrong > 0 {
		reasons = append(reasons, fmt.Sprintf("%d of %d responses failed or were wrong%s", wrong, t.Counts.Sent, firstError(t)))
	}
	if t.Counts.Correct == 0 {
		reasons = append(reasons, "there was no correct response")
	}
	// Late hits behind a saturated server are the server's doing, and its
	// latency from the intended send time shows them; otherwise the generator
	// was late on its own.
	if !l.Closed() && missedSchedule(t) && t.Bottleneck != results.BottleneckServer {
		reasons = append(reasons, fmt.Sprintf("the generator missed its schedule: %d of %d hits late by more than 1 ms, %d dropped",
			t.Counts.Late, t.Counts.Planned, t.Counts.Dropped))
	}
	if atLeast(t.Usage.Steal, stealInvalid) {
		reasons = append(reasons, fmt.Sprintf("the hypervisor took %.0f %% of the CPU time", *t.Usage.Steal*100))
	}
	return reasons
}

// notes lists what disturbed the trial without spoiling it.
func notes(l results.Load, keepAlive bool, t results.Trial) []results.Note {
	var list []results.Note
	add := func(kind, format string, args ...any) {
		list = append(list, results.Note{Kind: kind, Text: fmt.Sprintf(format, args...)})
	}
	if atLeast(t.Usage.Steal, stealNote) {
		add("steal", "the hypervisor took %.0f %% of the CPU time", *t.Usage.Steal*100)
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
	if t.Bottleneck == results.BottleneckServer && atLeast(t.Usage.ClientBusy, busy) {
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
