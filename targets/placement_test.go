package targets

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

func TestServerGetsWhatTheRecipeSays(t *testing.T) {
	t.Setenv("GOMAXPROCS", "1")
	r := acting(t, "tell", "{listen}", "{dir}/conf", "{apps}/hello.py")
	r.Env = map[string]string{"TEST_ENV": "{protocol} {network} {connection} {application} {workers}"}
	r.Files = map[string]string{"conf": "{address} {unknown}"}
	o := options(t)
	o.Workers = 3
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		t.Fatal(err)
	}
	for cpu := 1023; cpu >= 0; cpu-- {
		if set.IsSet(cpu) {
			o.CPUs = []int{cpu}
			break
		}
	}
	i := start(t, r, o)
	hello, err := os.ReadFile("apps/hello.py")
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("cpus %d\nprocs 1\nenv http tcp per-request hello 3\nconf %q <nil>\nhello.py %q <nil>\n",
		o.CPUs[0], i.Endpoint().Address+" {unknown}", hello)
	if diff := cmp.Diff(want, get(t, i.Endpoint(), false, "/")); diff != "" {
		t.Error(diff)
	}
	// All threads of the server are there, and none of ours.
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", i.PID()))
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		tid, err := strconv.Atoi(task.Name())
		if err != nil {
			t.Fatal(err)
		}
		var has unix.CPUSet
		if unix.SchedGetaffinity(tid, &has) == nil && (has.Count() != 1 || !has.IsSet(o.CPUs[0])) {
			t.Errorf("thread %d of the server may use %d CPUs", tid, has.Count())
		}
	}
	own, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range own {
		tid, err := strconv.Atoi(task.Name())
		if err != nil {
			t.Fatal(err)
		}
		var has unix.CPUSet
		if unix.SchedGetaffinity(tid, &has) == nil && has != set {
			t.Errorf("thread %d of this process was left with %d CPUs", tid, has.Count())
		}
	}
}

func TestStartWithoutLimitsUsesAllCPUs(t *testing.T) {
	t.Setenv("GOMAXPROCS", "1")
	i := start(t, acting(t, "tell", "{listen}"), options(t))
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		t.Fatal(err)
	}
	if got, want := get(t, i.Endpoint(), false, "/"), fmt.Sprintf("procs %d\n", set.Count()); !strings.Contains(got, want) {
		t.Errorf("%q, want %q: GOMAXPROCS was inherited", got, want)
	}
}

func TestUnusableCPUs(t *testing.T) {
	for _, cpus := range [][]int{{1023}, {-1}, {0, 1023}, {}} {
		o := options(t)
		o.CPUs = cpus
		if _, err := acting(t, "worker", "{listen}").Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), "CPU") {
			t.Errorf("%v: error %v", cpus, err)
		}
	}
}
