package meter

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const ms = time.Millisecond

// fakeProcess is a process of a fixture.
type fakeProcess struct {
	parent, start  int
	user, system   int           // ticks
	cuser, csystem int           // ticks, of reaped children
	clock          time.Duration // 0: the kernel has no clock for it
	peak           int           // KiB; 0: a zombie
}

// fixture is a /proc made of files.
type fixture struct {
	t         interface{ Fatal(...any) }
	root      string
	processes map[int]fakeProcess
	children  bool // whether there are children files
}

func newFixture(t *testing.T, processes map[int]fakeProcess) *fixture {
	f := &fixture{t: t, root: t.TempDir(), processes: map[int]fakeProcess{}, children: true}
	for pid, p := range processes {
		f.set(pid, p)
	}
	return f
}

func (f *fixture) proc() proc {
	return proc{root: f.root, clock: func(pid int) (CPU, bool) {
		p := f.processes[pid]
		user, sampled := ticks(int64(p.user)), ticks(int64(p.user+p.system))
		return CPU{p.clock, user, sampled}, p.clock > 0
	}}
}

func (f *fixture) set(pid int, p fakeProcess) {
	old := f.processes[pid]
	f.processes[pid] = p
	dir := filepath.Join(f.root, strconv.Itoa(pid))
	state, peak := "S", fmt.Sprintf("VmHWM:\t%d kB\n", p.peak)
	if p.peak == 0 {
		state, peak = "Z", ""
	}
	f.write(filepath.Join(dir, "stat"), fmt.Sprintf("%d (a (b) c) %s %d 1 1 0 -1 4194304 100 0 0 0 %d %d %d %d 20 0 1 0 %d 1000 10 18446744073709551615"+
		" 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n", pid, state, p.parent, p.user, p.system, p.cuser, p.csystem, p.start))
	f.write(filepath.Join(dir, "status"), fmt.Sprintf("Name:\tx\nState:\t%s\nPid:\t%d\n%s", state, pid, peak))
	f.link(pid, p.parent, old.parent)
}

func (f *fixture) remove(pid int) {
	parent := f.processes[pid].parent
	delete(f.processes, pid)
	if err := os.RemoveAll(filepath.Join(f.root, strconv.Itoa(pid))); err != nil {
		f.t.Fatal(err)
	}
	f.link(parent)
}

// link writes the children files of those processes that exist.
func (f *fixture) link(pids ...int) {
	for _, pid := range pids {
		if _, ok := f.processes[pid]; !ok {
			continue
		}
		var children string
		for child, p := range f.processes {
			if p.parent == pid {
				children += strconv.Itoa(child) + " "
			}
		}
		task := filepath.Join(f.root, strconv.Itoa(pid), "task", strconv.Itoa(pid))
		if f.children {
			f.write(filepath.Join(task, "children"), children)
		} else if err := os.MkdirAll(task, 0o755); err != nil {
			f.t.Fatal(err)
		}
	}
}

func (f *fixture) write(path, text string) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		f.t.Fatal(err)
	}
}

// wantTotal samples the tree and compares its CPU time.
func wantTotal(t *testing.T, tree *tree, what string, want time.Duration) {
	t.Helper()
	got, _ := tree.sample()
	if got == nil {
		t.Fatalf("%s: unknown, want %v", what, want)
	}
	if got.Total != want {
		t.Errorf("%s: %v, want %v", what, got.Total, want)
	}
}

func TestTreeAddsUp(t *testing.T) {
	for _, children := range []bool{true, false} {
		t.Run(fmt.Sprintf("children files %v", children), func(t *testing.T) {
			f := newFixture(t, nil)
			f.children = children
			f.set(10, fakeProcess{parent: 1, start: 5, user: 3, system: 1, clock: 41 * ms, peak: 100})
			f.set(11, fakeProcess{parent: 10, start: 6, user: 1, clock: 13 * ms, peak: 50})
			f.set(12, fakeProcess{parent: 11, start: 7, user: 0, system: 2, clock: 21 * ms, peak: 25})
			f.set(20, fakeProcess{parent: 1, start: 5, clock: 1000 * ms, peak: 1000})
			cpu, peak := newTree(f.proc(), 10).sample()
			if diff := cmp.Diff(&CPU{Total: 75 * ms, User: 40 * ms, Sampled: 70 * ms}, cpu); diff != "" {
				t.Error(diff)
			}
			if peak == nil || *peak != 175*1024 {
				t.Errorf("peak %v, want %d", peak, 175*1024)
			}
		})
	}
}

func TestTreeWithoutClocksCountsTicks(t *testing.T) {
	f := newFixture(t, map[int]fakeProcess{10: {parent: 1, user: 3, system: 1, peak: 1}})
	wantTotal(t, newTree(f.proc(), 10), "ticks", 40*ms)
}

func TestTreeOfDeadRootIsUnknown(t *testing.T) {
	f := newFixture(t, map[int]fakeProcess{10: {parent: 1, start: 5, clock: ms, peak: 1}})
	tree := newTree(f.proc(), 10)
	wantTotal(t, tree, "alive", ms)
	f.set(10, fakeProcess{parent: 1, start: 99, clock: 5 * ms, peak: 1}) // the pid came to another process
	if cpu, peak := tree.sample(); cpu != nil || peak != nil {
		t.Errorf("%v, %v for a root that has gone, want unknown", cpu, peak)
	}
	f.set(10, fakeProcess{parent: 1, start: 5, clock: 5 * ms, peak: 1})
	if cpu, _ := tree.sample(); cpu != nil {
		t.Error("a root that has gone came back")
	}
}

func TestPeaksThatCannotBeginAnewAreUnknown(t *testing.T) {
	f := newFixture(t, map[int]fakeProcess{10: {start: 1, peak: 100, clock: 1}})
	tree := newTree(f.proc(), 10)
	if _, peak := tree.sample(); peak == nil {
		t.Fatal("the peak is unknown from the start")
	}
	tree.forgetPeaks() // the fixture has no clear_refs
	if cpu, peak := tree.sample(); cpu == nil || peak != nil {
		t.Errorf("CPU %v, peak %v: want a known and an unknown", cpu, peak)
	}
	f.write(filepath.Join(f.root, "10", "clear_refs"), "")
	tree = newTree(f.proc(), 10)
	tree.forgetPeaks()
	if text, err := os.ReadFile(filepath.Join(f.root, "10", "clear_refs")); err != nil || string(text) != "5" {
		t.Errorf("clear_refs was given %q, %v", text, err)
	}
	if _, peak := tree.sample(); peak == nil {
		t.Error("the peak is unknown though it began anew")
	}
}

func TestTreeOfZombieHasNoPeak(t *testing.T) {
	f := newFixture(t, map[int]fakeProcess{10: {parent: 1, clock: ms}})
	cpu, peak := newTree(f.proc(), 10).sample()
	if cpu == nil || cpu.Total != ms || peak != nil {
		t.Errorf("%v, %v, want 1ms and an unknown peak", cpu, peak)
	}
}

func TestTreeKeepsTimeOfTheDead(t *testing.T) {
	start := func(t *testing.T) (*fixture, *tree) {
		f := newFixture(t, map[int]fakeProcess{
			10: {parent: 1, start: 1, cuser: 50, clock: 100 * ms, peak: 1}, // had reaped 500 ms before
			11: {parent: 10, start: 2, clock: 30 * ms, peak: 1},
			12: {parent: 11, start: 3, clock: 7 * ms, peak: 1},
		})
		tree := newTree(f.proc(), 10)
		wantTotal(t, tree, "at first", 137*ms)
		return f, tree
	}
	t.Run("not reaped", func(t *testing.T) {
		f, tree := start(t)
		f.remove(12)
		f.remove(11)
		wantTotal(t, tree, "after both died", 137*ms)
		wantTotal(t, tree, "once more", 137*ms)
	})
	t.Run("reaped, with what it spent after its last sample", func(t *testing.T) {
		f, tree := start(t)
		f.remove(12)
		f.set(11, fakeProcess{parent: 10, start: 2, cuser: 1, clock: 30 * ms, peak: 1})
		wantTotal(t, tree, "12 reaped", 140*ms)
		f.remove(11)
		f.set(10, fakeProcess{parent: 1, start: 1, cuser: 56, csystem: 2, clock: 100 * ms, peak: 1})
		wantTotal(t, tree, "11 reaped", 180*ms)
	})
	t.Run("reaped, rounded down to ticks", func(t *testing.T) {
		f, tree := start(t)
		f.remove(12)
		f.remove(11)
		f.set(10, fakeProcess{parent: 1, start: 1, cuser: 53, clock: 100 * ms, peak: 1})
		wantTotal(t, tree, "30 of 37 ms reaped", 137*ms)
	})
	t.Run("never seen alive", func(t *testing.T) {
		f, tree := start(t)
		f.set(10, fakeProcess{parent: 1, start: 1, cuser: 54, csystem: 1, clock: 100 * ms, peak: 1})
		wantTotal(t, tree, "50 ms more reaped", 187*ms)
	})
	t.Run("new process that had reaped children before it was seen", func(t *testing.T) {
		f, tree := start(t)
		f.set(13, fakeProcess{parent: 10, start: 9, cuser: 2, clock: 1 * ms, peak: 1})
		wantTotal(t, tree, "21 ms more", 158*ms)
	})
	t.Run("orphaned", func(t *testing.T) {
		f, tree := start(t)
		f.remove(11)
		f.set(12, fakeProcess{parent: 1, start: 3, clock: 9 * ms, peak: 1})
		wantTotal(t, tree, "the orphan still counts", 139*ms)
		f.remove(12)
		wantTotal(t, tree, "the orphan died", 139*ms)
	})
	t.Run("pid used again", func(t *testing.T) {
		f, tree := start(t)
		f.set(12, fakeProcess{parent: 11, start: 30, clock: 2 * ms, peak: 1})
		wantTotal(t, tree, "7 ms dead and 2 ms of its successor", 139*ms)
	})
}

// TestTreeNeverGoesBack lets processes run, fork, exit and be reaped at
// random: the sum never falls, never misses what a sample has seen, and never
// counts more than was spent.
func TestTreeNeverGoesBack(t *testing.T) {
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		f := &fixture{t: t, root: filepath.Join(dir, strconv.Itoa(run)), processes: map[int]fakeProcess{}, children: true}
		f.set(1000, fakeProcess{parent: 1, clock: ms, peak: 1})
		reaped := map[int]time.Duration{} // exact, where stat has ticks
		tree := newTree(f.proc(), 1000)
		spent, last, next := ms, time.Duration(0), 1001
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			var pids []int
			for pid := range f.processes {
				pids = append(pids, pid)
			}
			pid := 1000 + rapid.IntRange(0, next-1001).Draw(t, "process")
			p, ok := f.processes[pid]
			if !ok {
				continue
			}
			switch rapid.SampledFrom([]string{"run", "fork", "exit", "sample"}).Draw(t, "step") {
			case "run":
				d := time.Duration(rapid.IntRange(1, 40).Draw(t, "ms")) * ms
				p.clock += d
				spent += d
				f.set(pid, p)
			case "fork":
				f.set(next, fakeProcess{parent: pid, start: next, clock: ms, peak: 1})
				spent += ms
				next++
			case "exit": // children are orphaned to init; the parent reaps
				if pid == 1000 {
					continue
				}
				for _, child := range pids {
					if c := f.processes[child]; c.parent == pid {
						c.parent = 1
						f.set(child, c)
					}
				}
				if parent, ok := f.processes[p.parent]; ok {
					reaped[p.parent] += p.clock + reaped[pid]
					parent.cuser = int(reaped[p.parent] / (10 * ms))
					f.set(p.parent, parent)
				}
				f.remove(pid)
			case "sample":
				cpu, _ := tree.sample()
				if cpu == nil || cpu.Total < last || cpu.Total > spent {
					t.Fatalf("%v after %v, of %v spent", cpu, last, spent)
				}
				last = cpu.Total
			}
		}
	})
}
