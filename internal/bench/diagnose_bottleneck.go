package bench

import (
	"slices"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/results"
)

// Thresholds of the bottleneck: judgements, as those of diagnose.go. A share of
// 0.9 is what a busy loop leaves on a machine that does other things too.
const (
	busy   = 0.90 // share of its CPUs, or of its speed, from which something is the bottleneck
	keptUp = 0.99 // share of planned hits answered correctly
)

// bottleneck names what limited the trial. cpus is the number of CPUs that the
// workers of target and front can each keep busy. An open load that was kept up with
// was limited by its own rate, however busy anybody was; a CPU that is at its
// limit comes before the network, which may be at its own because of it.
func bottleneck(l results.Load, t results.Trial, cpus int) string {
	side := busySide(t, cpus)
	switch {
	case !l.Closed() && share(t.Counts.Correct, t.Counts.Planned) >= keptUp && !missedSchedule(t):
		return results.BottleneckRate
	case side != "":
		return side
	case atLeast(t.Usage.ClientBusy, busy):
		return results.BottleneckGenerator
	case atLeast(t.Usage.LinkBusy, busy), withoutConnections(t):
		return results.BottleneckNetwork
	default:
		return results.BottleneckUnknown
	}
}

// busySide tells which of target and front kept its CPUs busy: either can be
// the limit while the other rests. Where both are at their limit, or share CPUs
// that are, it is the one that took more of them; "" where none is.
func busySide(t results.Trial, cpus int) string {
	front := sum(t.Usage.FrontUser, t.Usage.FrontSystem)
	server := sum(t.Usage.ServerUser, t.Usage.ServerSystem)
	together := atLeast(t.Usage.ServerBusy, busy)
	if front == nil || server == nil || t.Seconds <= 0 || cpus <= 0 {
		if together {
			return results.BottleneckServer
		}
		return ""
	}
	target := *server - *front
	if !together && max(*front, target) < busy*t.Seconds*float64(cpus) {
		return ""
	}
	if *front > target {
		return results.BottleneckFront
	}
	return results.BottleneckServer
}

// withoutConnections tells whether connections were not to be had: the local
// ports ran out, or a listen queue was full although neither side was busy. The
// queue of a busy server is full because the server is.
func withoutConnections(t results.Trial) bool {
	if slices.ContainsFunc(t.Errors, func(e results.ErrorCount) bool { return e.Kind == load.KindPorts && e.Count > 0 }) {
		return true
	}
	full := t.Usage.ListenOverflows != nil && *t.Usage.ListenOverflows > 0
	rested := t.Usage.ServerBusy != nil && t.Usage.ClientBusy != nil // both below busy, or they would be the bottleneck
	return full && rested
}

// saturated tells whether something behind the generator was at its limit.
func saturated(t results.Trial) bool {
	switch t.Bottleneck {
	case results.BottleneckServer, results.BottleneckFront, results.BottleneckNetwork:
		return true
	}
	return false
}
