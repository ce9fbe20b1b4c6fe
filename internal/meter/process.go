package meter

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"
)

// proc is where processes are read from: /proc and the kernel's CPU clocks, or
// a fixture in their place.
type proc struct {
	root  string
	clock func(pid int) (CPU, bool)
}

// reading is what one process says of itself.
type reading struct {
	pid, parent int
	start       uint64 // ticks since boot: tells a process from a later one with the same pid
	own         CPU    // all threads, those that exited included
	reaped      CPU    // children that exited and were waited for, and theirs; in ticks of 10 ms
	peak        *int64 // bytes resident; nil for a zombie
}

// read reads one process; ok is false where it has gone.
func (p proc) read(pid int) (r reading, ok bool) {
	fs, err := procfs.NewFS(p.root)
	if err != nil {
		return r, false
	}
	process, err := fs.Proc(pid)
	if err != nil {
		return r, false
	}
	stat, err := process.Stat()
	if err != nil {
		return r, false
	}
	r = reading{pid: pid, parent: stat.PPID, start: stat.Starttime}
	r.own, ok = p.clock(pid)
	if !ok {
		user := ticks(int64(stat.UTime))
		total := user + ticks(int64(stat.STime))
		r.own = CPU{Total: total, User: user, Sampled: total}
	}
	user := ticks(int64(stat.CUTime))
	total := user + ticks(int64(stat.CSTime))
	r.reaped = CPU{Total: total, User: user, Sampled: total}
	if status, err := process.NewStatus(); err == nil && status.VmHWM > 0 {
		peak := int64(status.VmHWM)
		r.peak = &peak
	}
	return r, true
}

// children returns the processes whose parent is pid. The kernel's own list
// may leave one out while its siblings exit [proc(5), task/tid/children].
func (p proc) children(pid int) []int {
	tasks := filepath.Join(p.root, strconv.Itoa(pid), "task")
	if !exists(filepath.Join(tasks, strconv.Itoa(pid), "children")) {
		return p.childrenByScan(pid)
	}
	threads, err := os.ReadDir(tasks)
	if err != nil {
		return nil
	}
	var pids []int
	for _, thread := range threads {
		text, err := os.ReadFile(filepath.Join(tasks, thread.Name(), "children"))
		if err != nil {
			continue // the thread has exited; its children have moved to another thread
		}
		for _, field := range strings.Fields(string(text)) {
			if child, err := strconv.Atoi(field); err == nil {
				pids = append(pids, child)
			}
		}
	}
	return pids
}

// forgetPeak makes the peak of a process its present memory [proc(5),
// clear_refs: 5]. It returns false where the kernel or the user's rights do not
// allow it.
func (p proc) forgetPeak(pid int) bool {
	f, err := os.OpenFile(filepath.Join(p.root, strconv.Itoa(pid), "clear_refs"), os.O_WRONLY, 0)
	if err != nil {
		return errors.Is(err, os.ErrNotExist) && !exists(filepath.Join(p.root, strconv.Itoa(pid))) // it has exited
	}
	_, err = f.WriteString("5")
	return errors.Join(err, f.Close()) == nil
}

// childrenByScan is for kernels built without CONFIG_PROC_CHILDREN.
func (p proc) childrenByScan(pid int) []int {
	fs, err := procfs.NewFS(p.root)
	if err != nil {
		return nil
	}
	all, err := fs.AllProcs()
	if err != nil {
		return nil
	}
	var pids []int
	for _, process := range all {
		if stat, err := process.Stat(); err == nil && stat.PPID == pid {
			pids = append(pids, process.PID)
		}
	}
	return pids
}

// readCPUClock reads the CPU clocks of another process: the same
// sum_exec_runtime as in /proc/<pid>/task/*/schedstat, in nanoseconds, but over
// the whole thread group, threads that have exited included. The clock's number
// is the complement of the pid and two bits for what it counts
// [clock_getcpuclockid(3), linux/posix-timers.h].
func readCPUClock(pid int) (CPU, bool) {
	const (
		ticksBoth = 0 // CPUCLOCK_PROF: user and system ticks
		ticksUser = 1 // CPUCLOCK_VIRT
		runtime   = 2 // CPUCLOCK_SCHED: what the scheduler measured
	)
	read := func(which int32) (time.Duration, bool) {
		var ts unix.Timespec
		err := unix.ClockGettime(^int32(pid)<<3|which, &ts)
		return time.Duration(ts.Nano()), err == nil
	}
	total, ok1 := read(runtime)
	user, ok2 := read(ticksUser)
	both, ok3 := read(ticksBoth)
	return CPU{Total: total, User: user, Sampled: both}, ok1 && ok2 && ok3
}
