package summary

import (
	"fmt"
	"strings"

	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// costAnswer says where the servers' time goes: user or system time, the front,
// the opening of connections, and what the protocol's bytes have to do with it.
func costAnswer(d Data, all []Case) string {
	_, keep := yardstick(d)
	var cases []Case
	for _, c := range all {
		if keep(c.Case) {
			cases = append(cases, c)
		}
	}
	var sentences []string
	for _, text := range []string{kernelSentence(d, cases), frontSentence(cases), connectionSentence(d, cases, keep), bytesSentence(d)} {
		if text != "" {
			sentences = append(sentences, text)
		}
	}
	return strings.Join(sentences, " ")
}

// span finds the least and the most of a figure among cases that know it.
func span(cases []Case, of func(Case) (float64, bool)) (least, most Case, low, high float64, ok bool) {
	for _, c := range cases {
		v, known := of(c)
		if !known || !Finite(v) {
			continue
		}
		if !ok || v < low {
			least, low = c, v
		}
		if !ok || v > high {
			most, high = c, v
		}
		ok = true
	}
	return least, most, low, high, ok
}

func kernelSentence(d Data, cases []Case) string {
	least, most, low, high, ok := span(cases, func(c Case) (float64, bool) { return c.Cost().kernelShare() })
	if !ok {
		return ""
	}
	const rest = "of the servers' CPU time (connections, reading, writing, scheduling); the rest is the code of the servers and of what runs in them."
	axes := CaseAxes(d.Run.Plan)
	switch from, to := percentRounded(low), percentRounded(high); {
	case from == to:
		return fmt.Sprintf("The kernel takes %s %% %s", to, rest)
	case high-low < alikeShares:
		return fmt.Sprintf("The kernel takes %s to %s %% %s", from, to, rest)
	default:
		return fmt.Sprintf("The kernel takes from %s %% (%s) to %s %% (%s) %s", from, Label(least.Case, axes, 0), to, Label(most.Case, axes, 0), rest)
	}
}

func frontSentence(cases []Case) string {
	_, _, low, high, ok := span(cases, func(c Case) (float64, bool) {
		front, known := c.Median("server_cpu.front")
		all, known2 := c.Median("server_cpu")
		return front / all, known && known2 && front >= 0 && all > 0
	})
	if !ok {
		return ""
	}
	if from, to := percentRounded(low), percentRounded(high); from != to {
		return fmt.Sprintf("Where there is a front it takes %s to %s %% of the servers' CPU time.", from, to)
	}
	return fmt.Sprintf("Where there is a front it takes %s %% of the servers' CPU time.", percentRounded(high))
}

// connectionSentence says what keeping connections open saves the servers.
func connectionSentence(d Data, cases []Case, keep func(results.Case) bool) string {
	var saved, ofKernel []float64
	for _, c := range cases {
		if c.Case.Connection != results.PerRequest {
			continue
		}
		for _, k := range cases {
			if k.Case != c.Case.With(map[string]string{"connection": results.KeepAlive}) {
				continue
			}
			user, system, ok := c.Cost().ServerCPU()
			keptUser, keptSystem, ok2 := k.Cost().ServerCPU()
			if whole := user + system - keptUser - keptSystem; ok && ok2 && whole > 0 {
				saved = append(saved, whole)
				ofKernel = append(ofKernel, (system-keptSystem)/whole)
			}
		}
	}
	effects := verdict.Effects(d.Run.Plan, d.Trials, "server_cpu", keep)
	for _, e := range effects {
		if e.Axis != "connection" || e.Of != results.KeepAlive || e.Over != results.PerRequest || !(axisEffect{Effect: e}).told() || len(saved) == 0 {
			continue
		}
		return fmt.Sprintf("A connection for each request costs them %s us more CPU time per request than one that is kept open, %s %% of that in the kernel: %s as much in all.",
			spanText(saved, Significant), spanText(ofKernel, func(v float64) string { return percentRounded(max(v, 0)) }), ratioWithInterval(e.Ratio))
	}
	return ""
}

// spanText is "33.1 to 45.0", or one figure where both read the same.
func spanText(values []float64, show func(float64) string) string {
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	if show(low) == show(high) {
		return show(low)
	}
	return show(low) + " to " + show(high)
}

// bytesSentence compares the protocols' bytes where they differ most, and what
// these two cost the servers.
func bytesSentence(d Data) string {
	text, largest := "", notableBytes
	for _, g := range CostGroups(d) {
		least, most, ok := extremeCosts(g.Cases, func(c Cost) *float64 { return c.BytesSent })
		if !ok || !(least.value > 0) || !(most.value/least.value >= largest) {
			continue
		}
		largest = most.value / least.value
		where := ""
		if g.Label != "" {
			where = " (" + g.Label + ")"
		}
		text = fmt.Sprintf("A request over %s is %sx as long as over %s, %s against %s B%s", most.name, Significant(largest), least.name,
			short(most.value), short(least.value), where)
		for _, e := range groupEffects(d, g.Cases[0].Case) {
			high := max(e.Ratio.High, 1/e.Ratio.Low)
			if between(e, least.name, most.name) && e.Ratio.HasInterval() && Finite(high) && high < largest {
				text += fmt.Sprintf(", but their server CPU time differs by at most %s", RatioText(high))
			}
		}
		text += "."
	}
	return text
}

// between tells whether an effect is that of these two values.
func between(e verdict.Effect, a, b string) bool {
	of, over := effectValue(e.Of), effectValue(e.Over)
	return of == a && over == b || of == b && over == a
}
