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
// What held in spite of a busy machine or a late generator held: latency counts
// from the intended send, and late hits come in bursts, so that both make it
// harder. Only hits that were never sent make it easier. What missed tells of the
// server only where neither the machine nor the generator is to blame. The figures
// of a confirmation are kept, and so are to be undisturbed even where it held. In
// the last attempt at the trial all counts as it is, as in any trial.
func judgeProbe(slo []results.Objective, t results.Trial, waited int64, cpus int, confirms bool) (outcome string, reasons []string) {
	server := heldUp(t, waited, cpus)
	reasons, own := misses(slo, t, server)
	switch tooFew := share(t.Counts.Dropped, t.Counts.Planned) > 1-keptUp; {
	case tooFew && server:
		reasons = append(reasons, fmt.Sprintf("%d of %d hits could not be sent, as no answers came", t.Counts.Dropped, t.Counts.Planned))
	case tooFew:
		own = append(own, fmt.Sprintf("%d of %d hits were never sent", t.Counts.Dropped, t.Counts.Planned))
	}
	missed := len(reasons)+len(own) > 0
	if spoiled := spoiledByHost(t); len(spoiled) > 0 && t.Attempt < maxAttempts && (missed || confirms) {
		return results.ProbeDisturbed, spoiled
	}
	switch {
	case !missed:
		return results.ProbeHeld, nil
	case missedSchedule(t) && !server:
		return results.ProbeGenerator, []string{fmt.Sprintf("%d of %d hits were late by more than 1 ms, %d were never sent", t.Counts.Late, t.Counts.Planned, t.Counts.Dropped)}
	case len(reasons) > 0:
		return results.ProbeServer, reasons
	}
	return results.ProbeGenerator, own
}

// misses lists the objectives that did not hold: because of the server, and of
// the generator. server says that late hits are the server's doing.
func misses(slo []results.Objective, t results.Trial, server bool) (ofServer, ofGenerator []string) {
	for _, o := range slo {
		how, missed := o.Missed(t.Metrics)
		switch {
		case !missed:
		case !server && lateOnly(o, t.Metrics):
			ofGenerator = append(ofGenerator, how+" because the generator was late")
		case o.Metric == "errors" && failedOf(t, load.KindPorts):
			ofGenerator = append(ofGenerator, how+": no local port was free")
		default:
			ofServer = append(ofServer, how+firstErrorOf(o, t))
		}
	}
	return ofServer, ofGenerator
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
