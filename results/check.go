package results

import (
	"errors"
	"fmt"
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
	if err := t.possible(); err != nil {
		return fmt.Errorf("block %d of case %s: %w", t.Block, t.Case, err)
	}
	return nil
}

// admit checks a trial and notes it.
func (l *ledger) admit(t Trial) error {
	err := l.check(t)
	if err == nil {
		l.record(t)
	}
	return err
}

// record notes a trial that passed check.
func (l *ledger) record(t Trial) { l.seen[attempt{t.Case, t.Block, t.Attempt}] = true }
