package bench

import (
	"fmt"
	"strings"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/results"
)

// judgeProbe tells what a probe of a search saw: whether the objectives held,
// and where not whose doing it was. waited is load.Result.Waited; cpus is what
// bottleneck takes.
//
// The host comes first, as what it spoiled tells nothing; then the generator,
// as a schedule that was not kept says nothing of the server; then the
// objectives.
func judgeProbe(slo []results.Objective, t results.Trial, waited int64, cpus int) (outcome string, reasons []string) {
	if reasons := spoiledByHost(t); len(reasons) > 0 {
		return results.ProbeDisturbed, reasons
	}
	server := heldUp(t, waited, cpus)
	if missedSchedule(t) && !server {
		return results.ProbeGenerator, []string{fmt.Sprintf("%d of %d hits were late by more than 1 ms, %d were never sent", t.Counts.Late, t.Counts.Planned, t.Counts.Dropped)}
	}
	var own []string // of the generator
	for _, o := range slo {
		how, missed := o.Missed(t.Metrics)
		switch {
		case !missed:
		case !server && lateOnly(o, t.Metrics):
			own = append(own, how+" because the generator was late")
		case o.Metric == "errors" && failedOf(t, load.KindPorts):
			own = append(own, how+": no local port was free")
		default:
			reasons = append(reasons, how+firstErrorOf(o, t))
		}
	}
	switch {
	case len(reasons) > 0:
		return results.ProbeServer, reasons
	case len(own) > 0:
		return results.ProbeGenerator, own
	}
	return results.ProbeHeld, nil
}

// heldUp tells whether hits went out late because the server did not answer:
// they came due while every worker of the generator waited for an answer. A
// generator without CPU time left is late on its own account, unless a server
// is busy too.
func heldUp(t results.Trial, waited int64, cpus int) bool {
	const mostly = 2
	if late := t.Counts.Late + t.Counts.Dropped; waited == 0 || waited*mostly < late {
		return false
	}
	return !atLeast(t.Usage.ClientBusy, busy) || busySide(t, cpus) != ""
}

// lateOnly tells whether a latency that was missed from the intended send time
// would have held from the actual one. Of the longest latency the latter is not
// known: there it takes a hit that was late by as much.
func lateOnly(o results.Objective, m results.Metrics) bool {
	statistic, latency := strings.CutPrefix(o.Metric, "latency.")
	if !latency {
		return false
	}
	if statistic == "max" {
		return m["lag.max"] >= o.Below
	}
	service, known := m["service."+statistic]
	return known && service < o.Below
}

func failedOf(t results.Trial, kind string) bool {
	for _, e := range t.Errors {
		if e.Kind == kind && e.Count > 0 {
			return true
		}
	}
	return false
}

// firstErrorOf shows an error where the objective is on errors.
func firstErrorOf(o results.Objective, t results.Trial) string {
	if o.Metric != "errors" {
		return ""
	}
	return firstError(t)
}
