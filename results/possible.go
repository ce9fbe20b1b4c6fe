package results

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
)

// possible refuses figures that no measurement can give. A figure that is not
// known has to be missing, which these rules leave to every figure that may be.
func (t Trial) possible() error {
	switch {
	case !finite(t.Seconds) || t.Seconds < 0:
		return fmt.Errorf("it took %g seconds", t.Seconds)
	case t.Valid && t.Seconds == 0:
		return errors.New("it is valid, and took no time")
	case t.Valid && len(t.Invalid) > 0:
		return fmt.Errorf("it is valid, and has a reason not to be: %s", t.Invalid[0])
	}
	if err := errors.Join(t.Counts.possible(), t.Metrics.possible(), t.Usage.possible()); err != nil {
		return err
	}
	for _, e := range t.Errors {
		if e.Count < 0 {
			return fmt.Errorf("%d errors of kind %s", e.Count, e.Kind)
		}
	}
	for i, p := range t.Probes {
		if err := p.possible(); err != nil {
			return fmt.Errorf("probe %d: %w", i+1, err)
		}
	}
	return nil
}

func (p Probe) possible() error {
	if !finite(p.Rate) || p.Rate <= 0 || !finite(p.Seconds) || p.Seconds < 0 {
		return fmt.Errorf("it asked for %g requests per second and took %g seconds", p.Rate, p.Seconds)
	}
	return errors.Join(p.Counts.possible(), p.Metrics.possible())
}

func (c Counts) possible() error {
	if min(c.Planned, c.Sent, c.Correct, c.Dropped, c.Late) < 0 {
		return fmt.Errorf("a count is negative: %+v", c)
	}
	if c.Correct > c.Sent || c.Late > c.Sent || c.Sent > c.Planned || c.Dropped > c.Planned {
		return fmt.Errorf("the counts contradict each other: %+v", c)
	}
	return nil
}

// roundingError is how far below zero a metric may be that is the difference of
// two sums.
const roundingError = 1e-6

func (m Metrics) possible() error {
	for name, value := range m {
		if !finite(value) || value < -roundingError {
			return fmt.Errorf("metric %s is %g: leave out what is unknown", name, value)
		}
	}
	return nil
}

// possible looks at every field of Usage, so that none can be forgotten here.
func (u Usage) possible() error {
	fields := reflect.ValueOf(u)
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("json"), ",")
		var value float64
		switch p := fields.Field(i).Interface().(type) {
		case *float64:
			if p != nil {
				value = *p
			}
		case *int64:
			if p != nil {
				value = float64(*p)
			}
		}
		if !finite(value) || value < 0 && name != "frequency_change" {
			return fmt.Errorf("usage %s is %g: leave out what is unknown", name, value)
		}
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
