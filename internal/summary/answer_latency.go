package summary

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// latencyAnswer says how long a request takes under the open loads, and what choice
// changes that.
func latencyAnswer(d Data, cases []Case) string {
	var sentences []string
	valid, allClosed := false, true
	for _, g := range ByLoad(cases) {
		valid = valid || slices.ContainsFunc(g.Cases, func(c Case) bool { return len(c.Valid) > 0 })
		allClosed = allClosed && g.Load.Closed()
		if g.Load.Closed() || g.Load.Search != nil {
			continue
		}
		if text := openLatency(d, g); text != "" {
			sentences = append(sentences, text)
		}
	}
	if valid && allClosed {
		return "The loads are closed: their latency is service time, in which clients that wait send less. What a crowd that does not wait would see is not known; an open load would tell."
	}
	return strings.Join(sentences, " ")
}

func openLatency(d Data, g Group) string {
	median, ok := latencyRange(d, g, "latency.p50")
	if !ok {
		return ""
	}
	text := fmt.Sprintf("Under %s, half of the requests were answered within %s.", LoadText(g.Load), median)
	if tail, ok := latencyRange(d, g, "latency.p99"); ok {
		text += fmt.Sprintf(" 99 of 100 were answered within %s.", tail)
	}
	keep := func(c results.Case) bool { return c.Load == g.Cases[0].Case.Load }
	for _, metric := range []string{"latency.p50", "latency.p99"} {
		if t := latencyEffect(d, metric, keep); t != "" {
			text += " " + t
		}
	}
	if strings.Contains(text, "x [") {
		text += " The intervals of one of these percentiles hold together with 95 % confidence."
	}
	return text
}

// latencyRange is "0.173 ms (builtin http) to 0.295 ms (builtin scgi)".
func latencyRange(d Data, g Group, metric string) (text string, ok bool) {
	least, most, low, high, ok := span(g.Cases, func(c Case) (float64, bool) { return c.Median(metric) })
	if !ok {
		return "", false
	}
	late := func(c Case) string {
		if w, ok := c.Waiting(); ok && metric == "latency.p99" && w.GeneratorLate() {
			return fmt.Sprintf("; %s ms of it before the send, and %s", Significant(w.Corrected-w.Raw), generatorLate)
		}
		return ""
	}
	if len(g.Cases) == 1 || Significant(low) == Significant(high) {
		return Significant(high) + " ms" + strings.Replace(late(most), "; ", ", ", 1), true
	}
	return fmt.Sprintf("%s ms (%s%s) to %s ms (%s%s)", Significant(low), caseName(d, least), late(least), Significant(high), caseName(d, most), late(most)), true
}

// latencyEffect says which axis changes the metric most.
func latencyEffect(d Data, metric string, keep func(results.Case) bool) string {
	axes := byAxis(verdict.Effects(d.Run.Plan, d.Trials, metric, keep))
	if len(axes) == 0 {
		return ""
	}
	if i := slices.IndexFunc(axes, axisEffect.told); i >= 0 {
		e := axes[i]
		return fmt.Sprintf("What changes the %s most, of what can be told from noise, is the %s: %s.", inWords(metric), axisWord(e.Axis), e.text(" faster"))
	}
	if !slices.ContainsFunc(axes, func(e axisEffect) bool { return e.Ratio.HasInterval() }) {
		return fmt.Sprintf("What changes the %s is not known, as there are too few blocks.", inWords(metric))
	}
	return fmt.Sprintf("No choice makes a difference to the %s that can be told from noise.", inWords(metric))
}

// Waiting is what waiting to be sent adds to the 99th percentile, in milliseconds:
// medians over the valid trials that know both percentiles.
type Waiting struct {
	Corrected float64 // counted from when a request was due
	Raw       float64 // counted from when it was sent
	Lag       float64 // by which the generator sent 99 of 100 of the requests; 0 where unknown
}

// nearly is how much of the corrected percentile the raw one has to be for the two to
// be called alike.
const nearly = 0.95

// Matters tells whether it makes a difference from when a request is counted.
func (w Waiting) Matters() bool { return w.Raw/w.Corrected <= nearly }

// GeneratorLate tells whether most of the waiting may be the load generator's own
// lateness, not that of a server that kept a connection busy.
func (w Waiting) GeneratorLate() bool { return w.Matters() && w.Lag >= (w.Corrected-w.Raw)/2 }

const generatorLate = "most of that may be the load generator's own lateness"

// Waiting is that of the case; ok is false where no trial knows it.
func (c Case) Waiting() (w Waiting, ok bool) {
	var corrected, raw []float64
	for _, t := range c.Valid {
		l, s := t.Metrics["latency.p99"], t.Metrics["service.p99"]
		if stats.Usable(l) && stats.Usable(s) {
			corrected, raw = append(corrected, l), append(raw, s)
		}
	}
	if len(raw) == 0 {
		return Waiting{}, false
	}
	w = Waiting{Corrected: stats.Describe(corrected).Median, Raw: stats.Describe(raw).Median}
	if lag, known := c.Median("lag.p99"); known && stats.Usable(lag) {
		w.Lag = lag
	}
	return w, true
}

// WorstWaiting is the case of which counting from the send would hide the largest share.
func WorstWaiting(cases []Case) (worst Case, w Waiting, ok bool) {
	worst, _, _, _, ok = span(cases, func(c Case) (float64, bool) {
		w, known := c.Waiting()
		return w.Raw / w.Corrected, known
	})
	w, _ = worst.Waiting()
	return worst, w, ok
}

// waitingAnswer says how much better the 99th percentile would look if waiting to be
// sent did not count: what most load generators leave out.
func waitingAnswer(d Data, cases []Case) string {
	var sentences []string
	for _, g := range ByLoad(cases) {
		if g.Load.Closed() || g.Load.Search != nil {
			continue
		}
		worst, w, ok := WorstWaiting(g.Cases)
		if !ok {
			continue
		}
		under := ""
		if len(sentences) > 0 {
			under = "Under " + inert.Line(g.Load.Name) + ": "
		}
		if !w.Matters() {
			sentences = append(sentences, under+"Counted from when a request was sent instead of when it was due, the 99th percentile would be nearly the same: within 5 % in every case.")
			continue
		}
		text := under + fmt.Sprintf("Counted from when a request was sent instead of when it was due, the 99th percentile would look better than it was. "+
			"In the worst case it would be %s instead of %s ms (%s).", Significant(w.Raw), Significant(w.Corrected), caseName(d, worst))
		if w.Lag > 0 {
			text += fmt.Sprintf(" The load generator itself sent 99 of 100 of these requests within %s ms of their time, and that is part of the difference.", Significant(w.Lag))
		}
		if w.GeneratorLate() {
			text += " " + Capital(generatorLate) + ": do not read it as the server's."
		}
		sentences = append(sentences, text)
	}
	return strings.Join(sentences, " ")
}
