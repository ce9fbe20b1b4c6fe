package summary

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/stats"
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
	where := under(d, keep)
	var sentences []string
	for _, text := range []string{kernelSentence(d, cases, where), frontSentence(cases, where), connectionSentence(d, cases, keep), bytesSentence(d)} {
		if text != "" {
			sentences = append(sentences, text)
		}
	}
	if strings.Contains(strings.Join(sentences, ""), "x [") {
		sentences = append(sentences, "The intervals hold together with 95 % confidence among the pairs of one comparison.")
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

func kernelSentence(d Data, cases []Case, where string) string {
	least, most, low, high, ok := span(cases, func(c Case) (float64, bool) { return c.Cost().kernelShare() })
	if !ok {
		return ""
	}
	rest := "of the servers' CPU time" + where + " (connections, reading, writing, scheduling); the rest is the code of the servers and of what runs in them."
	switch from, to := percentRounded(low), percentRounded(high); {
	case from == to:
		return fmt.Sprintf("The kernel takes %s %% %s", to, rest)
	case high-low < alikeShares:
		return fmt.Sprintf("The kernel takes %s to %s %% %s", from, to, rest)
	default:
		return fmt.Sprintf("The kernel takes from %s %% (%s) to %s %% (%s) %s", from, caseName(d, least), to, caseName(d, most), rest)
	}
}

func frontSentence(cases []Case, where string) string {
	_, _, low, high, ok := span(cases, func(c Case) (float64, bool) {
		front, known := c.Median("server_cpu.front")
		all, known2 := c.Median("server_cpu")
		return front / all, known && known2 && front >= 0 && all > 0
	})
	if !ok {
		return ""
	}
	if from, to := percentRounded(low), percentRounded(high); from != to {
		return fmt.Sprintf("Where there is a front it takes %s to %s %% of the servers' CPU time%s.", from, to, where)
	}
	return fmt.Sprintf("Where there is a front it takes %s %% of the servers' CPU time%s.", percentRounded(high), where)
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
		return fmt.Sprintf("A connection for each request costs them%s %s us more CPU time per request than one that is kept open, %s %% of that in the kernel: %s the CPU time.",
			under(d, keep),
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

// bytesPair is a group of cases with two protocols of unlike bytes, and what the longer
// requests cost the servers, as a multiple of the shorter ones'.
type bytesPair struct {
	where       string
	least, most namedCost
	cpu         stats.Ratio
}

func (p bytesPair) bytes() float64 { return p.most.value / p.least.value }

// text is "8.68x as long (356 against 41 B, builtin) and takes 1.05x [1.01, 1.09] the
// server CPU time".
func (p bytesPair) text() string {
	where := ""
	if p.where != "" {
		where = ", " + p.where
	}
	text := fmt.Sprintf("%sx as long (%s against %s B%s)", Significant(p.bytes()), short(p.most.value), short(p.least.value), where)
	switch {
	case !p.cpu.HasInterval():
		return text + "; whether the server CPU time differs is not known"
	case !p.cpu.Above(1) && !p.cpu.Below(1):
		return text + fmt.Sprintf(" and takes %s the server CPU time, no difference that can be told from noise", ratioWithInterval(p.cpu))
	}
	return text + fmt.Sprintf(" and takes %s the server CPU time", ratioWithInterval(p.cpu))
}

// bytesSentence compares the two protocols whose requests differ most in bytes: what
// they cost the servers where it is least, and where it is most.
func bytesSentence(d Data) string {
	var pairs []bytesPair
	for _, g := range CostGroups(d) {
		least, most, ok := extremeCosts(g.Cases, func(c Cost) *float64 { return c.BytesSent })
		if !ok || !(least.value > 0) || !(most.value >= notableBytes*least.value) {
			continue
		}
		p := bytesPair{where: g.Label, least: least, most: most}
		for _, e := range groupEffects(d, g.Cases[0].Case) {
			switch effectValue(e.Of) + " " + effectValue(e.Over) {
			case least.name + " " + most.name:
				p.cpu = e.Ratio
			case most.name + " " + least.name:
				p.cpu = inverse(e.Ratio)
			}
		}
		pairs = append(pairs, p)
	}
	if len(pairs) == 0 {
		return ""
	}
	longest := slices.MaxFunc(pairs, func(a, b bytesPair) int { return cmp.Compare(a.bytes(), b.bytes()) })
	pairs = slices.DeleteFunc(pairs, func(p bytesPair) bool {
		return p.least.name != longest.least.name || p.most.name != longest.most.name || !p.cpu.HasInterval()
	})
	text := fmt.Sprintf("Against one over %s a request over %s is %s", longest.least.name, longest.most.name, longest.text())
	if longest.cpu.HasInterval() {
		byCPU := func(a, b bytesPair) int { return cmp.Compare(a.cpu.Estimate, b.cpu.Estimate) }
		other := slices.MaxFunc(pairs, byCPU)
		if other.where == longest.where {
			other = slices.MinFunc(pairs, byCPU)
		}
		if other.where != longest.where {
			text += "; elsewhere it is " + other.text()
		}
		if other.cpu.Low > longest.cpu.High {
			text += ". So the bytes alone do not tell the cost"
		}
	}
	return text + "."
}
