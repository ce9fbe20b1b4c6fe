package bench

import (
	"time"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// Phase says what an Event is about.
type Phase string

// The phases of a run, in the order in which they occur.
const (
	PhaseFolder  Phase = "folder"  // the run folder exists: Dir
	PhaseCheck   Phase = "check"   // a server's equivalence is being checked: Case
	PhaseStarted Phase = "started" // a trial, or a probe of a search, begins with its warm-up: Case, Block, Live, Probe
	PhaseEnded   Phase = "ended"   // a trial ended: Trial
	PhaseBlock   Phase = "block"   // a block is complete: Block
	PhaseLook    Phase = "look"    // the claims were judged: Claims, Stop
)

// Event tells an observer how a run goes. Events come one at a time from the
// goroutine that conducts the run; an observer must not block.
type Event struct {
	Phase  Phase
	Dir    string
	Case   results.Case
	Block  int // the block under way, from 1
	Until  int // the block after which the next look may end the run
	Done   int // trials that ended, repetitions not counted
	Total  int // trials up to the next look
	Left   time.Duration
	Live   func() load.Progress // running figures of the warm-up, then of the trial; safe for concurrent use
	Probe  *results.Probe       // of a search, so far: its stage and rate; nil: none
	Trial  results.Trial
	Claims []verdict.ClaimResult
	Stop   bool // the run ends with this look
}
