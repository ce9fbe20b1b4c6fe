//go:build !linux

package load

import "time"

// An alarm sleeps for a short time, as precisely as the runtime's timers are.
type alarm struct{}

func newAlarm() *alarm { return &alarm{} }

func (a *alarm) sleep(d time.Duration) { time.Sleep(d) }

func (a *alarm) close() {}
