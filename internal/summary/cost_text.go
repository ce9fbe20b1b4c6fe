package summary

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// What differs by less is not worth a sentence of its own: bytes and connections
// hardly scatter, CPU time does.
const (
	notableBytes = 1.2
	notableCPU   = 1.1
	alikeShares  = 0.1 // of user and system time
)

// ServerCPU is what target and front take for a correct response, in microseconds;
// ok is false where that or how it is divided is unknown.
func (c Cost) ServerCPU() (user, system float64, ok bool) {
	if c.TargetUser == nil || c.TargetSystem == nil {
		return 0, 0, false
	}
	user, system = *c.TargetUser, *c.TargetSystem
	if c.FrontUser != nil && c.FrontSystem != nil {
		user, system = user+*c.FrontUser, system+*c.FrontSystem
	}
	return user, system, true
}

// kernelShare is the share of the server's CPU time that is the kernel's.
func (c Cost) kernelShare() (share float64, ok bool) {
	user, system, ok := c.ServerCPU()
	if !ok || !(user+system > 0) {
		return 0, false
	}
	return system / (user + system), true
}

// CostGroup is the cases that differ in their protocol alone, two of them at least.
type CostGroup struct {
	Label string // what they have in common, of the axes that vary; "" where that is everything
	Cases []Case
	Text  string // what differs notably between them, in words; never ""
}

// CostGroups says of each group of cases that differ in their protocol alone what
// makes one cheaper than another. Where there are closed loads, or searches, the
// open ones are left out: what a request costs a server that is mostly idle says
// more of its idling.
func CostGroups(d Data) []CostGroup {
	_, keep := yardstick(d)
	var groups []CostGroup
	var first []results.Case
	axes := slices.DeleteFunc(results.Varying(d.Run.Plan.Cases), func(axis string) bool { return axis == "protocol" })
	for _, c := range Cases(d) {
		if !keep(c.Case) {
			continue
		}
		i := slices.IndexFunc(first, func(f results.Case) bool { return f == c.Case.With(map[string]string{"protocol": f.Protocol}) })
		if i < 0 {
			i = len(groups)
			first = append(first, c.Case)
			label := ""
			if len(axes) > 0 {
				label = Label(c.Case, axes, 0)
			}
			groups = append(groups, CostGroup{Label: label})
		}
		groups[i].Cases = append(groups[i].Cases, c)
	}
	var several []CostGroup
	for _, g := range groups {
		if len(g.Cases) < 2 {
			continue
		}
		g.Text = costText(d, g.Cases)
		several = append(several, g)
	}
	return several
}

// costText is
//
//	A request over fastcgi is 1.90x as long as over uwsgi (412 against 216 B); one
//	over fastcgi takes 1.16x [1.10, 1.22] the server CPU time of one over scgi; the
//	kernel takes 70 to 75 % of it.
func costText(d Data, cases []Case) string {
	var parts []string
	for _, f := range []struct {
		what, unit string // with the larger, how many times, and the smaller
		of         func(Cost) *float64
	}{
		{"a request over %s is %sx as long as over %s", "B", func(c Cost) *float64 { return c.BytesSent }},
		{"a response over %s is %sx as long as over %s", "B", func(c Cost) *float64 { return c.BytesReceived }},
		{"a request over %s opens %sx the connections of one over %s", "for a request", func(c Cost) *float64 { return c.Dials }},
	} {
		least, most, ok := extremeCosts(cases, f.of)
		if !ok || !(most.value >= notableBytes*least.value) || !(least.value > 0) {
			continue
		}
		parts = append(parts, fmt.Sprintf(f.what+" (%s against %s %s)", most.name, Significant(most.value/least.value), least.name,
			short(most.value), short(least.value), f.unit))
	}
	effects := byAxis(groupEffects(d, cases[0].Case))
	switch {
	case len(effects) == 0:
		parts = append(parts, "how the server CPU time differs is not known")
	case effects[0].told():
		e, small := effects[0], ""
		if e.Ratio.Estimate < notableCPU {
			small = ", a small difference"
		}
		parts = append(parts, fmt.Sprintf("a request over %s takes %s the server CPU time of one over %s%s", effectValue(e.Over), ratioWithInterval(e.Ratio), effectValue(e.Of), small))
	case effects[0].bound > 0 && Finite(effects[0].bound):
		e := effects[0]
		parts = append(parts, fmt.Sprintf("no difference in server CPU time can be told from noise, the largest is %s (%s against %s)",
			ratioWithInterval(e.Ratio), effectValue(e.Over), effectValue(e.Of)))
	default:
		parts = append(parts, fmt.Sprintf("whether the server CPU time differs cannot be told from %s", Plural(effects[0].Ratio.N, "block")))
	}
	if text := kernelText(cases); text != "" {
		parts = append(parts, text)
	}
	return Capital(strings.Join(parts, "; ")) + "."
}

// groupEffects are those of the protocol on the server's CPU time among the cases
// that differ from one in their protocol alone.
func groupEffects(d Data, like results.Case) []verdict.Effect {
	return verdict.Effects(d.Run.Plan, d.Trials, "server_cpu", func(c results.Case) bool {
		return c == like.With(map[string]string{"protocol": c.Protocol})
	})
}

type namedCost struct {
	name  string
	value float64
}

// extremeCosts finds the cases with the least and the most of a figure, by protocol.
// ok is false where fewer than two know it.
func extremeCosts(cases []Case, of func(Cost) *float64) (least, most namedCost, ok bool) {
	least.value, most.value = math.Inf(1), math.Inf(-1)
	known := 0
	for _, c := range cases {
		v := of(c.Cost())
		if v == nil || !Finite(*v) {
			continue
		}
		known++
		name := Label(c.Case, []string{"protocol"}, 0)
		if *v < least.value {
			least = namedCost{name, *v}
		}
		if *v > most.value {
			most = namedCost{name, *v}
		}
	}
	return least, most, known > 1
}

// kernelText says how much of the server's CPU time is the kernel's: "71 to 75 % of
// it is the kernel's".
func kernelText(cases []Case) string {
	least, most, ok := extremeCosts(cases, func(c Cost) *float64 {
		if share, ok := c.kernelShare(); ok {
			return &share
		}
		return nil
	})
	switch from, to := percentRounded(least.value), percentRounded(most.value); {
	case !ok:
		return ""
	case from == to:
		return fmt.Sprintf("the kernel takes %s %% of it with each", to)
	case most.value-least.value < alikeShares:
		return fmt.Sprintf("the kernel takes %s to %s %% of it", from, to)
	default:
		return fmt.Sprintf("the kernel takes from %s %% (%s) to %s %% (%s) of it", from, least.name, to, most.name)
	}
}

// short is Significant without zeros behind the point: counts of bytes are mostly
// whole.
func short(v float64) string {
	text := Significant(v)
	if strings.Contains(text, ".") && !strings.Contains(text, "e") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}
