package doctor

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gwbench/gwbench/internal/meter"
	"github.com/gwbench/gwbench/results"
)

// machine is all that the checks judge: files below root, and what was measured
// or asked beforehand.
type machine struct {
	root        string // "/", or a copy of the parts of it that matter
	environment results.Environment
	placement   results.Placement
	parent      int // process that started this one
	look        look
	sleeps      sleeps
	clockCost   time.Duration // of one time.Now
}

// lookTime is how long the machine is watched.
const lookTime = time.Second

// Examine checks the machine that it runs on, which takes a little more than a
// second. The error is that of ctx.
func Examine(ctx context.Context) ([]Check, error) {
	const root = "/"
	first := read(root)
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(lookTime):
	}
	m := machine{
		root: root, environment: meter.Fingerprint(), placement: meter.Place(), parent: os.Getppid(),
		look: look{first, read(root), lookTime}, sleeps: measureSleeps(), clockCost: measureClock(),
	}
	return m.checks(), nil
}

// checks asks every question, in the order in which they are shown.
func (m machine) checks() []Check {
	return []Check{
		m.cpus(), m.cores(), m.governor(), m.turbo(), m.quota(),
		m.steal(), m.others(), m.memory(),
		m.ports(), m.queues(), m.files(),
		m.timers(), m.clock(),
	}
}

// file returns a file's text without white space at its ends.
func (m machine) file(path ...string) (text string, ok bool) {
	content, err := os.ReadFile(filepath.Join(m.root, filepath.Join(path...)))
	if err != nil {
		return "", false
	}
	return strings.TrimSpace(string(content)), true
}
