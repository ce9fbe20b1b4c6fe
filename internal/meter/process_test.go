package meter

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

// childEnv makes this test's binary a process to be metered.
const childEnv = "GWBENCH_TEST_METER_CHILD"

func TestMain(m *testing.M) {
	if role := os.Getenv(childEnv); role != "" {
		child(role)
		return
	}
	goleak.VerifyTestMain(m)
}

// child obeys lines on its stdin, answers each with one on stdout, and exits
// at their end.
func child(string) {
	var grandchild *metered
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		verb, argument, _ := strings.Cut(in.Text(), " ")
		d, _ := time.ParseDuration(argument)
		var answer any
		switch verb {
		case "burn": // in two threads at once
			done := make(chan bool)
			go func() { burn(d / 2); close(done) }()
			burn(d / 2)
			<-done
		case "hold": // so many MiB, and give them back
			answer = hold(argument)
		case "fork":
			grandchild = start()
			answer = grandchild.cmd.Process.Pid
		case "tell":
			answer = grandchild.tell(argument)
		case "reap":
			_ = grandchild.in.Close()
			_ = grandchild.cmd.Wait()
		case "usage": // of this process
			answer = int64(usage(unix.RUSAGE_SELF))
		case "all": // and of what it reaped
			answer = int64(usage(unix.RUSAGE_SELF) + usage(unix.RUSAGE_CHILDREN))
		}
		fmt.Println(answer)
	}
}

// burn spends CPU time, not wall-clock time, which is shared with whatever
// else the machine does.
func burn(d time.Duration) {
	runtime.LockOSThread() // the clock is the thread's
	defer runtime.UnlockOSThread()
	thread := func() time.Duration {
		var ts unix.Timespec
		_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts)
		return time.Duration(ts.Nano())
	}
	for end := thread() + d; thread() < end; {
		x := 1.0
		for range 10_000 {
			x = math.Sqrt(x + 1)
		}
	}
}

func hold(mebibytes string) error {
	n, err := strconv.Atoi(mebibytes)
	if err != nil {
		return err
	}
	memory, err := unix.Mmap(-1, 0, n<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return err
	}
	for i := 0; i < len(memory); i += 4096 {
		memory[i] = 1
	}
	return unix.Munmap(memory)
}

func usage(who int) time.Duration {
	var r unix.Rusage
	_ = unix.Getrusage(who, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

type metered struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func start() *metered {
	m := &metered{cmd: exec.Command(os.Args[0])}
	m.cmd.Env = append(os.Environ(), childEnv+"=1")
	m.cmd.Stderr = os.Stderr
	m.in, _ = m.cmd.StdinPipe()
	out, _ := m.cmd.StdoutPipe()
	m.out = bufio.NewReader(out)
	if err := m.cmd.Start(); err != nil {
		panic(err)
	}
	return m
}

func (m *metered) tell(line string) string {
	if _, err := fmt.Fprintln(m.in, line); err != nil {
		return err.Error()
	}
	answer, err := m.out.ReadString('\n')
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(answer)
}

func (m *metered) nanoseconds(t *testing.T, line string) time.Duration {
	t.Helper()
	answer := m.tell(line)
	n, err := strconv.ParseInt(answer, 10, 64)
	if err != nil {
		t.Fatalf("%s: %s", line, answer)
	}
	return time.Duration(n)
}

func startChild(t *testing.T) *metered {
	t.Helper()
	m := start()
	t.Cleanup(func() {
		_ = m.in.Close()
		_ = m.cmd.Wait()
	})
	m.tell("ready")
	return m
}

// spent is the sum of user and system time.
func spent(t *testing.T, m *Meter, a, b Sample) time.Duration {
	t.Helper()
	u := m.Between(a, b)
	if u.ServerUser == nil || u.ServerSystem == nil {
		t.Fatal("the server's CPU time is unknown")
	}
	return time.Duration((*u.ServerUser + *u.ServerSystem) * 1e9)
}

// near allows for what the kernel has not accounted yet: up to a tick for each
// thread.
func near(t *testing.T, what string, got, want, tolerance time.Duration) {
	t.Helper()
	if (got - want).Abs() > tolerance {
		t.Errorf("%s: %v, want %v within %v", what, got, want, tolerance)
	}
}

func TestMeterAgreesWithRusage(t *testing.T) {
	child := startChild(t)
	m := New(Servers{Target: child.cmd.Process.Pid}, 1, 1)
	before, a := child.nanoseconds(t, "usage"), m.Sample()
	child.tell("burn 200ms")
	after, b := child.nanoseconds(t, "usage"), m.Sample()

	got := spent(t, m, a, b)
	near(t, "CPU time", got, after-before, 20*ms)
	if got < 190*ms {
		t.Errorf("%v metered of 200ms burnt", got)
	}
	u := m.Between(a, b)
	if *u.ServerUser < *u.ServerSystem {
		t.Errorf("user %v s, system %v s, for a computation", *u.ServerUser, *u.ServerSystem)
	}
	if u.ServerRSS == nil || *u.ServerRSS < 1<<20 {
		t.Errorf("peak RSS %v", u.ServerRSS)
	}
}

func TestMeterSeesExactTimes(t *testing.T) {
	child := startChild(t)
	clock, ok := readCPUClock(child.cmd.Process.Pid)
	if !ok {
		t.Skip("this kernel has no CPU clocks for other processes")
	}
	if clock.Total == 0 || clock.Total%(1000*time.Microsecond) == 0 {
		t.Errorf("%v is not in nanoseconds", clock.Total)
	}
	// Threads that exited are in the clock and not in schedstat.
	paths, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", child.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	var sum time.Duration
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		fields := bytes.Fields(text)
		ns, err := strconv.ParseInt(string(fields[0]), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += time.Duration(ns)
	}
	clock, _ = readCPUClock(child.cmd.Process.Pid)
	if clock.Total < sum {
		t.Errorf("clock %v, threads together %v", clock.Total, sum)
	}
}

func TestMeterFollowsGrandchildren(t *testing.T) {
	child := startChild(t)
	m := New(Servers{Target: child.cmd.Process.Pid}, 1, 1)
	before, a := child.nanoseconds(t, "all"), m.Sample()

	grandchild, err := strconv.Atoi(child.tell("fork"))
	if err != nil {
		t.Fatal(err)
	}
	child.tell("tell burn 100ms")
	alive := m.Sample()
	if got := spent(t, m, a, alive); got < 90*ms {
		t.Errorf("%v metered of 100ms that a grandchild burnt", got)
	}
	if _, known := m.target.nodes[grandchild]; !known {
		t.Errorf("grandchild %d is not in the tree", grandchild)
	}

	child.tell("tell burn 60ms") // after its last sample
	child.tell("reap")
	after, b := child.nanoseconds(t, "all"), m.Sample()
	near(t, "with the grandchild reaped", spent(t, m, a, b), after-before, 40*ms)
	if b.Target.Total < alive.Target.Total {
		t.Errorf("%v went back from %v", b.Target.Total, alive.Target.Total)
	}

	child.tell("fork") // comes and goes between two samples
	child.tell("tell burn 60ms")
	child.tell("reap")
	after, b = child.nanoseconds(t, "all"), m.Sample()
	near(t, "with one never sampled", spent(t, m, a, b), after-before, 40*ms)
}

func TestMeterOfDeadServerIsUnknown(t *testing.T) {
	child := startChild(t)
	m := New(Servers{Target: child.cmd.Process.Pid}, 1, 1)
	a := m.Sample()
	_ = child.in.Close()
	_ = child.cmd.Wait()
	u := m.Between(a, m.Sample())
	if u.ServerUser != nil || u.ServerSystem != nil || u.ServerBusy != nil || u.ServerRSS != nil {
		t.Errorf("%+v of a server that has gone", u)
	}
}

// TestMeterTellsFrontFromTarget burns in one of two processes.
func TestMeterTellsFrontFromTarget(t *testing.T) {
	target, front := startChild(t), startChild(t)
	m := New(Servers{Target: target.cmd.Process.Pid, Front: front.cmd.Process.Pid}, 1, 1)
	a := m.Sample()
	front.tell("burn 100ms")
	u := m.Between(a, m.Sample())
	server, of := *u.ServerUser+*u.ServerSystem, *u.FrontUser+*u.FrontSystem
	if of < 0.09 || server < of || server-of > 0.04 {
		t.Errorf("server %v s, of which the front %v s, for 0.1 s burnt by the front", server, of)
	}
	if *u.ServerRSS <= *u.FrontRSS || *u.FrontRSS == 0 {
		t.Errorf("server RSS %d, of which the front %d", *u.ServerRSS, *u.FrontRSS)
	}
	_ = front.in.Close()
	_ = front.cmd.Wait()
	if u := m.Between(a, m.Sample()); u.ServerUser != nil || u.ServerRSS != nil || u.FrontUser != nil {
		t.Errorf("with a dead front the figures are known: %+v", u)
	}
}

// TestPeaksBeginAnew has a process hold much memory for a moment, before what is
// metered.
func TestPeaksBeginAnew(t *testing.T) {
	child := startChild(t)
	m := New(Servers{Target: child.cmd.Process.Pid}, 1, 1)
	child.tell("hold 64")
	high := m.Sample().TargetRSS
	m.ForgetPeaks()
	low := m.Sample().TargetRSS
	if high == nil || low == nil || *high < 64<<20 || *low > *high-(32<<20) {
		t.Errorf("the peak was %v, and then %v bytes", show(high), show(low))
	}
}

func show[T any](n *T) any {
	if n == nil {
		return "unknown"
	}
	return *n
}

func TestMeterWithoutServer(t *testing.T) {
	m := New(Servers{}, 1, 1)
	a := m.Sample()
	burn(30 * ms)
	u := m.Between(a, m.Sample())
	if u.ServerUser != nil || u.ServerRSS != nil {
		t.Errorf("%+v without a server", u)
	}
	if u.ClientUser == nil || *u.ClientUser+*u.ClientSystem < 0.025 {
		t.Errorf("client %v s after 30 ms", u.ClientUser)
	}
}

// TestOthersAreSeen burns in a process that nobody meters, and then in one that
// is the server.
func TestOthersAreSeen(t *testing.T) {
	cpus := runtime.NumCPU()
	burner, idle := startChild(t), startChild(t)
	burn := func(m *Meter) (others *float64, servers *float64) {
		a := m.Sample()
		burner.tell("burn 300ms")
		u := m.Between(a, m.Sample())
		return u.Others, u.ServerBusy
	}
	others, _ := burn(New(Servers{Target: idle.cmd.Process.Pid}, cpus, 1))
	if least := 0.5 / float64(cpus); others == nil || *others < least {
		t.Errorf("others took %v of the CPUs while one burnt, want at least %v", show(others), least)
	}
	// Whoever else is on this machine is seen too: all that is sure of the share is
	// that the server's own time is not in it.
	others, servers := burn(New(Servers{Target: burner.cmd.Process.Pid}, cpus, 1))
	if others == nil || servers == nil || *others+*servers > 1.1 {
		t.Errorf("others took %v of the CPUs, the server %v", show(others), show(servers))
	}
	if others, _ := burn(New(Servers{}, cpus, 1)); others != nil {
		t.Errorf("others took %v beside a server that is not metered", *others)
	}
}

func TestWatchedCPUsMustExist(t *testing.T) {
	child := startChild(t)
	m := New(Servers{Target: child.cmd.Process.Pid}, 1, 1)
	m.Watch([]int{100_000}, "")
	a := m.Sample()
	child.tell("burn 120ms")
	if u := m.Between(a, m.Sample()); u.Others != nil || u.Frequency != nil || u.Throttles != nil || u.LinkBusy != nil {
		t.Errorf("%+v of a CPU that does not exist", u)
	}
}

func BenchmarkSample(b *testing.B) {
	m := New(Servers{Target: os.Getpid()}, 1, 1)
	for b.Loop() {
		m.Sample()
	}
}
