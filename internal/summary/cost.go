package summary

import "github.com/gwbench/gwbench/results"

// CostNote says what the figures of a Cost are.
const CostNote = "Medians over the valid trials. Sent and received are bytes on the wire, the protocol's framing included; connections are those opened for a response. " +
	"User and system are CPU time in user mode and in the kernel: the median of each side, divided as its time over all valid trials together is. " +
	"The operating system tells the two apart in ticks of some milliseconds, so that the division is rough where little was done. The client is the load generator."

// Cost is what a correct response of a case took, each figure by itself the median
// over the valid trials; nil is unknown.
type Cost struct {
	BytesSent, BytesReceived *float64 // on the wire, framing included
	Dials                    *float64 // connections opened
	// CPU time in microseconds, that of the target unknown too where nobody knows what
	// the front took of the server's. User and system share the median total of their side
	// as they share its CPU time over all valid trials together: the kernel splits in
	// ticks, which says little of a single short trial.
	TargetUser, TargetSystem *float64
	FrontUser, FrontSystem   *float64 // nil without a front too
	ClientUser, ClientSystem *float64 // of the load generator
}

// Cost is what the case costs.
func (c Case) Cost() Cost {
	var cost Cost
	for _, f := range []struct {
		metric string
		to     **float64
	}{{"bytes_sent", &cost.BytesSent}, {"bytes_received", &cost.BytesReceived}, {"dials", &cost.Dials}} {
		if v, ok := c.Median(f.metric); ok {
			*f.to = &v
		}
	}
	if c.hasFront() {
		cost.FrontUser, cost.FrontSystem = c.split("server_cpu.front", usage.front)
		cost.TargetUser, cost.TargetSystem = c.split("server_cpu.target", usage.target)
	} else {
		cost.TargetUser, cost.TargetSystem = c.split("server_cpu", usage.server)
	}
	cost.ClientUser, cost.ClientSystem = c.split("client_cpu", usage.client)
	return cost
}

func (c Case) hasFront() bool { return c.Case.Front != results.NoFront && c.Case.Front != "" }

// split shares the median of a metric among user and system time; nil where either
// is unknown.
func (c Case) split(metric string, of func(usage) (user, system float64, ok bool)) (user, system *float64) {
	total, ok := c.Median(metric)
	if !ok {
		return nil, nil
	}
	var u, s float64
	for _, t := range c.Valid {
		if user, system, ok := of(usage(t.Usage)); ok && user >= 0 && system >= 0 {
			u, s = u+user, s+system
		}
	}
	if !(u+s > 0) || !Finite(u+s) || !(total >= 0) {
		return nil, nil
	}
	inUser, inSystem := total*u/(u+s), total*s/(u+s)
	return &inUser, &inSystem
}

// CostColumn is a figure of Cost in a table.
type CostColumn struct {
	Head, Unit string
	of         func(Cost) *float64
}

// CostColumns are those of the table of what one correct response took; without fronts
// none are of them.
func CostColumns(plan results.Plan) []CostColumn {
	columns := []CostColumn{
		{"sent", "B", func(c Cost) *float64 { return c.BytesSent }},
		{"received", "B", func(c Cost) *float64 { return c.BytesReceived }},
		{"connections", "opened", func(c Cost) *float64 { return c.Dials }},
		{"target, user", "us", func(c Cost) *float64 { return c.TargetUser }},
		{"target, system", "us", func(c Cost) *float64 { return c.TargetSystem }},
	}
	if HasFronts(plan) {
		columns = append(
			columns,
			CostColumn{"front, user", "us", func(c Cost) *float64 { return c.FrontUser }},
			CostColumn{"front, system", "us", func(c Cost) *float64 { return c.FrontSystem }},
		)
	}
	return append(
		columns,
		CostColumn{"client, user", "us", func(c Cost) *float64 { return c.ClientUser }},
		CostColumn{"client, system", "us", func(c Cost) *float64 { return c.ClientSystem }},
	)
}

// Value is the figure of a case; ok is false where it is unknown.
func (f CostColumn) Value(c Case) (v float64, ok bool) {
	if of := f.of(c.Cost()); of != nil {
		return *of, true
	}
	return 0, false
}
