package meter

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/results"
)

func TestPlace(t *testing.T) {
	single := func(cpu int) string { return strconv.Itoa(cpu) }
	modulo := func(n int) func(int) string { // CPU i is a hyperthread of core i mod n, as on Intel's
		return func(cpu int) string { return strconv.Itoa(cpu % n) }
	}
	pairs := func(cpu int) string { return strconv.Itoa(cpu / 2) } // as on many virtual machines
	tests := []struct {
		name string
		cpus []int
		core func(int) string
		want results.Placement // Note: a part of it
	}{
		{"one CPU", []int{3}, single, results.Placement{Servers: []int{3}, Generator: []int{3}, Note: "only one CPU"}},
		{"two", []int{0, 1}, single, results.Placement{Servers: []int{1}, Generator: []int{0}}},
		{"three", []int{0, 1, 2}, single, results.Placement{Servers: []int{2}, Generator: []int{0, 1}}},
		{"some of many", []int{4, 5, 6, 70}, single, results.Placement{Servers: []int{6, 70}, Generator: []int{4, 5}}},
		{"hyperthreads far apart", []int{0, 1, 2, 3}, modulo(2), results.Placement{Servers: []int{1, 3}, Generator: []int{0, 2}}},
		{"hyperthreads side by side", []int{0, 1, 2, 3, 4, 5}, pairs, results.Placement{Servers: []int{4, 5}, Generator: []int{0, 1, 2, 3}}},
		{"one core", []int{0, 1}, pairs, results.Placement{Servers: []int{1}, Generator: []int{0}, Note: "one physical core"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := place(tt.cpus, tt.core)
			if !strings.Contains(got.Note, tt.want.Note) || (tt.want.Note == "") != (got.Note == "") {
				t.Errorf("note %q, want %q", got.Note, tt.want.Note)
			}
			got.Note, tt.want.Note = "", ""
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPlaceUsesEachCPUOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cpus := rapid.SliceOfNDistinct(rapid.IntRange(0, 1023), 2, 64, rapid.ID).Draw(t, "cpus")
		slices.Sort(cpus)
		cores := rapid.IntRange(1, 64).Draw(t, "cores")
		p := place(cpus, func(cpu int) string { return strconv.Itoa(cpu % cores) })
		if len(p.Servers) == 0 || len(p.Generator) == 0 {
			t.Fatalf("a side without CPUs: %+v", p)
		}
		all := slices.Sorted(slices.Values(slices.Concat(p.Servers, p.Generator)))
		if diff := cmp.Diff(cpus, all); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestCoreOf(t *testing.T) {
	sys := writeTree(t, map[string]string{"devices/system/cpu/cpu3/topology/thread_siblings_list": "1,3\n"})
	for cpu, want := range map[int]string{3: "1,3", 1: "cpu1"} {
		if got := coreOf(sys, cpu); got != want {
			t.Errorf("CPU %d: %q, want %q", cpu, got, want)
		}
	}
}

// threadAffinities returns the CPUs of every thread of this process.
func threadAffinities(t *testing.T) map[string][]int {
	t.Helper()
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]int{}
	for _, thread := range threads {
		tid, err := strconv.Atoi(thread.Name())
		if err != nil {
			t.Fatal(err)
		}
		if cpus, err := affinity(tid); err == nil {
			all[thread.Name()] = cpus
		}
	}
	return all
}

func TestPin(t *testing.T) {
	before, err := affinity(0)
	if err != nil {
		t.Fatal(err)
	}
	procs := runtime.GOMAXPROCS(0)
	last := before[len(before)-1:]
	restore, err := Pin(last)
	if err != nil {
		t.Fatal(err)
	}
	defer restore()
	if n := runtime.GOMAXPROCS(0); n != 1 {
		t.Errorf("GOMAXPROCS %d on one CPU", n)
	}
	// A thread that is made now inherits the CPU.
	made, leave := make(chan bool), make(chan bool)
	go func() {
		runtime.LockOSThread()
		close(made)
		<-leave
		runtime.UnlockOSThread()
	}()
	<-made
	for tid, cpus := range threadAffinities(t) {
		if !slices.Equal(cpus, last) {
			t.Errorf("thread %s may use %v, want %v", tid, cpus, last)
		}
	}
	restore()
	for tid, cpus := range threadAffinities(t) {
		if !slices.Equal(cpus, before) {
			t.Errorf("thread %s may use %v after restore, want %v", tid, cpus, before)
		}
	}
	close(leave)
	if n := runtime.GOMAXPROCS(0); n != procs {
		t.Errorf("GOMAXPROCS %d after restore, want %d", n, procs)
	}
}

func TestPinErrors(t *testing.T) {
	before := fmt.Sprint(affinity(0))
	if restore, err := Pin(nil); err != nil {
		t.Error(err)
	} else {
		restore()
	}
	for _, cpus := range [][]int{{}, {1023}, {-1}, {5000}, {0, 1023}} {
		_, err := Pin(cpus)
		if err == nil || !strings.Contains(err.Error(), "pin to CPUs") {
			t.Errorf("%v: error %v", cpus, err)
		}
	}
	if after := fmt.Sprint(affinity(0)); after != before {
		t.Errorf("a failed Pin left %s, before it was %s", after, before)
	}
}
