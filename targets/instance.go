package targets

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gwbench/gwbench/protocols"
)

// Instance is a started target, ready for requests. It is safe for concurrent
// use.
type Instance struct {
	target   string // title
	endpoint protocols.Endpoint
	script   string // SCRIPT_FILENAME of each request; "": none
	command  string
	pid      int // 0: external
	signal   syscall.Signal
	grace    time.Duration
	exited   chan struct{} // nil: external

	pitfalls []Pitfall

	mu       sync.Mutex
	reaped   bool // pid belongs to nobody, or to another process
	stopping bool // Stop was called
	killed   bool // Stop had to resort to SIGKILL

	// Set before exited is closed.
	err       error
	tail      string
	explained []Explanation
	log       *serverLog
}

// Title names the instance in messages: "target uwsgi", "front nginx".
func (i *Instance) Title() string { return i.target }

// Endpoint is where the target answers; its path is / unless the target is
// external and its endpoint has one.
func (i *Instance) Endpoint() protocols.Endpoint { return i.endpoint }

// PID is the root of the process tree, which is also its process group; 0
// for an external target.
func (i *Instance) PID() int { return i.pid }

// Script is the SCRIPT_FILENAME that each request to the target has to carry,
// "" for none.
func (i *Instance) Script() string { return i.script }

// Killed tells, after Stop, whether the server had not ended by the recipe's
// signal within its time of grace, and had to be killed.
func (i *Instance) Killed() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.killed
}

// Explanation is a pitfall that was met, with the first line of the log that it
// is about.
type Explanation struct{ Means, Line string }

// String has both.
func (e Explanation) String() string { return fmt.Sprintf("%s (its log: %s)", e.Means, e.Line) }

// Explain returns what the recipe's pitfalls say of the server's log since it
// was started: each that is met once. Call it before Stop, or after where the
// log is kept.
func (i *Instance) Explain() []Explanation {
	if i.exited == nil || len(i.pitfalls) == 0 {
		return nil
	}
	return i.log.explain(i.pitfalls)
}

// Exited is closed when the server process has died and what was left of its
// group is gone too; nil for an external target.
func (i *Instance) Exited() <-chan struct{} { return i.exited }

// Err tells, after Exited is closed, how the server died, with the log's last
// lines: a *StartError. It is nil before, and where Stop was what ended it.
func (i *Instance) Err() error {
	if i.exited == nil {
		return nil
	}
	select {
	case <-i.exited:
	default:
		return nil
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.stopping {
		return nil
	}
	return i.failure(i.err)
}

// failure wraps what went wrong with what the reader needs to go on. exited
// must be closed.
func (i *Instance) failure(err error) error {
	e := &StartError{Target: i.target, Command: i.command, Tail: i.tail, Explained: i.explained, Err: err}
	if i.log.kept {
		e.LogFile = i.log.path
	}
	return e
}

// Stop sends the recipe's signal to the process group, SIGKILL after its time
// of grace or at the end of ctx, waits until all have died and removes sockets
// and scratch files. Calling it again, or after the server has died, does
// nothing more. An error means that processes are left.
func (i *Instance) Stop(ctx context.Context) error {
	if i.exited == nil {
		return nil
	}
	i.mu.Lock()
	first := !i.stopping && !i.reaped // one that died by itself is left for Err to tell
	i.stopping = i.stopping || first
	i.mu.Unlock()
	if first {
		i.send(i.signal)
	}
	grace := time.NewTimer(i.grace)
	defer grace.Stop()
	select {
	case <-i.exited:
		return nil
	case <-grace.C:
	case <-ctx.Done():
	}
	i.mu.Lock()
	i.killed = true
	i.mu.Unlock()
	i.kill()
	// SIGKILL cannot be refused, but a process in uninterruptible sleep, such
	// as on a dead network disk, dies only when that is over.
	last := time.NewTimer(10 * time.Second)
	defer last.Stop()
	select {
	case <-i.exited:
		return nil
	case <-last.C:
		return fmt.Errorf("%s: process %d does not die of SIGKILL", i.target, i.pid)
	}
}

func (i *Instance) kill() { i.send(syscall.SIGKILL) }

// send signals the process group as long as it is ours.
func (i *Instance) send(signal syscall.Signal) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.reaped {
		_ = syscall.Kill(-i.pid, signal) // ESRCH: all are gone, which is what was asked for
	}
}

// launch starts the command. A goroutine looks after the process until it has
// died.
func launch(r *Recipe, cmd *exec.Cmd, cpus []int, e protocols.Endpoint, log *serverLog, dir string) (*Instance, error) {
	i := &Instance{
		target: r.title(), endpoint: e, command: quoteCommand(cmd.Args), log: log, pitfalls: r.knownPitfalls(),
		signal: signals[r.Stop.Signal], grace: r.Stop.Grace, exited: make(chan struct{}),
	}
	if i.grace == 0 {
		i.grace = 5 * time.Second
	}
	cmd.Stdout, cmd.Stderr = log.file, log.file
	cmd.SysProcAttr = r.attributes()
	started := make(chan error)
	go i.look(cmd, cpus, dir, started)
	if err := <-started; err != nil {
		_ = log.file.Close()
		return nil, err
	}
	return i, nil
}

// attributes give the process a group of its own, and a signal should gwbench be
// killed: by default the one that it ends by. SIGKILL would leave the workers of
// most servers without a master, and without an end.
func (r *Recipe) attributes() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: signals[r.Stop.Signal]}
	switch r.Stop.WhenKilled {
	case "":
	case kill:
		attributes.Pdeathsig = syscall.SIGKILL
	default:
		attributes.Pdeathsig = signals[r.Stop.WhenKilled]
	}
	return attributes
}

// look starts the process and waits for its end, all on one thread: the child
// inherits the affinity of the thread that forks it, which so holds from its
// first instruction for all its threads and children; and Pdeathsig fires when
// that thread ends, not the process [prctl(2), PR_SET_PDEATHSIG].
func (i *Instance) look(cmd *exec.Cmd, cpus []int, dir string, started chan<- error) {
	runtime.LockOSThread()
	unlock, err := startOn(cmd, cpus)
	if err != nil {
		started <- err
		unlock()
		return
	}
	i.pid = cmd.Process.Pid
	started <- nil

	awaitDeath(i.pid)
	i.kill() // whatever is left of the group, such as workers without their master
	awaitGroup(i.pid)

	i.mu.Lock()
	i.reaped = true
	err = cmd.Wait()
	i.mu.Unlock()
	unlock()
	if err == nil {
		err = errSuccess
	}
	i.err = fmt.Errorf("the server died: %w", err)
	i.tail, i.explained = i.log.tail(), i.log.explain(i.pitfalls)
	_ = i.log.file.Close()
	if i.endpoint.Network == unixSocket {
		_ = os.Remove(i.endpoint.Address) // most servers have done it
	}
	_ = os.RemoveAll(dir)
	close(i.exited)
}

// errSuccess is how a server died that thought it had done its work.
var errSuccess = errors.New("exit status 0")

// startOn starts the command on the CPUs; the caller's goroutine must be locked
// to its thread. unlock undoes that, unless the thread could not be moved back: then
// it ends with the goroutine.
func startOn(cmd *exec.Cmd, cpus []int) (unlock func(), err error) {
	if cpus == nil {
		return runtime.UnlockOSThread, cmd.Start()
	}
	var before, set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return runtime.UnlockOSThread, fmt.Errorf("read the CPUs of this thread: %w", err)
	}
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	err = unix.SchedSetaffinity(0, &set)
	if err == nil {
		// The kernel leaves out, without an error, CPUs that cannot be had.
		var has unix.CPUSet
		if err = unix.SchedGetaffinity(0, &has); err == nil && has.Count() != len(cpus) {
			err = fmt.Errorf("%d of them can be used", has.Count())
		}
	}
	if err == nil {
		err = cmd.Start()
	} else {
		err = fmt.Errorf("give it the CPUs %v: %w", cpus, err)
	}
	if unix.SchedSetaffinity(0, &before) != nil {
		return func() {}, err
	}
	return runtime.UnlockOSThread, err
}
