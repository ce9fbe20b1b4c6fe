package meter

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gwbench/gwbench/results"
)

// Place divides the CPUs this process may use: servers get the upper half,
// the generator the lower, and the odd one. The line goes between physical cores where
// there are two or more, because hyperthreads of one core slow each other
// down. With one CPU both share it, and Note says so; Note also says where
// both sides share a core.
func Place() results.Placement {
	cpus, err := affinity(0)
	if err != nil {
		return results.Placement{Note: "the CPUs of this process cannot be read: servers and generator share all (" + err.Error() + ")"}
	}
	return place(cpus, func(cpu int) string { return coreOf("/sys", cpu) })
}

// place is Place over those CPUs; core names the physical core of a CPU.
func place(cpus []int, core func(cpu int) string) results.Placement {
	if len(cpus) < 2 {
		return results.Placement{
			Servers: cpus, Generator: cpus,
			Note: "there is only one CPU: servers and generator share it",
		}
	}
	var cores [][]int
	index := make(map[string]int)
	for _, cpu := range cpus {
		name := core(cpu)
		i, seen := index[name]
		if !seen {
			i = len(cores)
			index[name] = i
			cores = append(cores, nil)
		}
		cores[i] = append(cores[i], cpu)
	}
	if len(cores) == 1 {
		half := (len(cpus) + 1) / 2
		return results.Placement{
			Servers: cpus[half:], Generator: cpus[:half],
			Note: "there is only one physical core: servers and generator run on hyperthreads of it and slow each other down",
		}
	}
	half := (len(cores) + 1) / 2
	p := results.Placement{Generator: slices.Concat(cores[:half]...), Servers: slices.Concat(cores[half:]...)}
	slices.Sort(p.Generator)
	slices.Sort(p.Servers)
	return p
}

// coreOf names the physical core of a CPU by the list of its hyperthreads; a
// CPU of unknown topology is a core of its own.
func coreOf(sys string, cpu int) string {
	path := filepath.Join(sys, "devices/system/cpu", "cpu"+strconv.Itoa(cpu), "topology/thread_siblings_list")
	text, err := os.ReadFile(path)
	if name := strings.TrimSpace(string(text)); err == nil && name != "" {
		return name
	}
	return "cpu" + strconv.Itoa(cpu)
}

// Usable returns an error that names the first of the CPUs that this process may
// not use, and those that it may.
func Usable(cpus []int) error {
	allowed, err := affinity(0)
	if err != nil {
		return fmt.Errorf("read the CPUs of this process: %w", err)
	}
	for _, cpu := range cpus {
		if !slices.Contains(allowed, cpu) {
			return fmt.Errorf("there is no usable CPU %d: this process may use %v", cpu, allowed)
		}
	}
	return nil
}

// Pin moves all threads of this process to the CPUs, new threads and
// processes inherit them, and lets Go run on that many at once. nil does
// nothing. The func that is returned undoes it; calling it again does nothing.
// Pin must not run at the same time as another Pin, or as something else that
// moves threads.
func Pin(cpus []int) (restore func(), err error) {
	if cpus == nil {
		return func() {}, nil
	}
	if len(cpus) == 0 {
		return nil, fmt.Errorf("pin to CPUs: the list is empty: name at least one CPU")
	}
	// The kernel takes the CPUs that exist and are allowed, if there is one, and
	// leaves out the others without an error [sched_setaffinity(2)].
	if err := Usable(cpus); err != nil {
		return nil, fmt.Errorf("pin to CPUs %v: %w", cpus, err)
	}
	before, err := affinity(0)
	if err != nil {
		return nil, fmt.Errorf("pin to CPUs %v: read the present ones: %w", cpus, err)
	}
	moved, err := moveThreads(func(int) []int { return cpus })
	back := func() {
		// Threads that came later inherited the pinned CPUs.
		_, _ = moveThreads(func(tid int) []int {
			if old, ok := moved[tid]; ok {
				return old
			}
			return before
		})
	}
	if err != nil {
		back()
		return nil, fmt.Errorf("pin to CPUs %v: %w", cpus, err)
	}
	procs := runtime.GOMAXPROCS(len(cpus))
	done := false
	return func() {
		if done {
			return
		}
		done = true
		back()
		runtime.GOMAXPROCS(procs)
	}, nil
}

// moveThreads sets the CPUs of every thread of this process, and returns those
// that each had before. A thread that is made meanwhile by one that was not
// moved yet is caught by another pass.
func moveThreads(to func(tid int) []int) (before map[int][]int, err error) {
	before = make(map[int][]int)
	for moved := true; moved; {
		moved = false
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return before, err
		}
		for _, thread := range threads {
			tid, err := strconv.Atoi(thread.Name())
			if err != nil {
				continue
			}
			if _, seen := before[tid]; seen {
				continue
			}
			old, err := affinity(tid)
			if err == nil {
				set := cpuSet(to(tid))
				err = unix.SchedSetaffinity(tid, &set)
			}
			switch err {
			case nil:
				before[tid] = old
				moved = true
			case unix.ESRCH: // the thread has exited
			default:
				return before, fmt.Errorf("sched_setaffinity: %w", err)
			}
		}
	}
	return before, nil
}

// affinity returns the CPUs that a thread may use, in ascending order; tid 0
// is the calling thread.
func affinity(tid int) ([]int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(tid, &set); err != nil {
		return nil, err
	}
	var cpus []int
	for cpu := range len(set) * strconv.IntSize {
		if set.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	return cpus, nil
}

func cpuSet(cpus []int) unix.CPUSet {
	var set unix.CPUSet
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	return set
}
