package results

import (
	"errors"
	"fmt"
	"math"
)

// ledger holds what a run's trials must agree with. Writer and reader check
// against the same one, so that what was written can be read.
type ledger struct {
	cases map[string]bool
	seen  map[attempt]bool
}

// attempt identifies a trial within its run.
type attempt struct {
	id             string
	block, attempt int
}

// newLedger checks the plan of a run.
func newLedger(p Plan) (*ledger, error) {
	if len(p.Cases) == 0 {
		return nil, errors.New("the plan has no cases")
	}
	l := &ledger{cases: make(map[string]bool), seen: make(map[attempt]bool)}
	for _, c := range p.Cases {
		if err := c.Validate(); err != nil {
			return nil, fmt.Errorf("plan: %w", err)
		}
		if l.cases[c.ID()] {
			return nil, fmt.Errorf("the plan has case %s twice", c.ID())
		}
		if _, ok := p.Loads[c.Load]; !ok {
			return nil, fmt.Errorf("the plan does not describe load %q of case %s", c.Load, c.ID())
		}
		l.cases[c.ID()] = true
	}
	return l, nil
}

// check tells whether a trial may follow those that were recorded.
func (l *ledger) check(t Trial) error {
	switch {
	case !l.cases[t.Case]:
		return fmt.Errorf("case %q is not in the run's plan", t.Case)
	case t.Block < 1 || t.Order < 1 || t.Attempt < 1:
		return fmt.Errorf("block %d, order %d, attempt %d of case %s: all count from 1", t.Block, t.Order, t.Attempt, t.Case)
	case l.seen[attempt{t.Case, t.Block, t.Attempt}]:
		return fmt.Errorf("attempt %d of case %s in block %d is recorded twice", t.Attempt, t.Case, t.Block)
	}
	return nil
}

// admit checks a trial and notes it.
func (l *ledger) admit(t Trial) error {
	if err := errors.Join(l.check(t), t.finite()); err != nil {
		return err
	}
	l.record(t)
	return nil
}

// record notes a trial that passed check.
func (l *ledger) record(t Trial) { l.seen[attempt{t.Case, t.Block, t.Attempt}] = true }

// finite refuses numbers that JSON cannot hold: what is unknown must be
// missing, never NaN.
func (t Trial) finite() error {
	if !finite(t.Seconds) {
		return fmt.Errorf("seconds of case %s is %g", t.Case, t.Seconds)
	}
	for name, value := range t.Metrics {
		if !finite(value) {
			return fmt.Errorf("metric %s of case %s is %g: leave out what is unknown", name, t.Case, value)
		}
	}
	for name, value := range map[string]*float64{
		"server_user_s": t.Usage.ServerUser, "server_system_s": t.Usage.ServerSystem,
		"client_user_s": t.Usage.ClientUser, "client_system_s": t.Usage.ClientSystem,
		"front_user_s": t.Usage.FrontUser, "front_system_s": t.Usage.FrontSystem,
		"server_busy": t.Usage.ServerBusy, "client_busy": t.Usage.ClientBusy, "steal": t.Usage.Steal,
		"others": t.Usage.Others, "pressure": t.Usage.Pressure, "link_busy": t.Usage.LinkBusy,
		"frequency_mhz": t.Usage.Frequency, "frequency_change": t.Usage.FrequencyChange,
	} {
		if value != nil && !finite(*value) {
			return fmt.Errorf("usage %s of case %s is %g: leave out what is unknown", name, t.Case, *value)
		}
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
