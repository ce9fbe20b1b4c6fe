package targets

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/gwbench/gwbench/protocols"
)

// patience bounds waits for real processes on a busy machine.
const patience = 20 * time.Second

// scratchDir is a directory short enough for sockets, and empty again at the
// end of the test.
func scratchDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "gwt")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("left in the scratch directory: %v", left)
		}
		_ = os.RemoveAll(dir)
	})
	return dir
}

func options(t testing.TB) Options {
	return Options{
		Protocol: "http", Network: "tcp", Connection: "per-request", Application: "hello",
		Dir: scratchDir(t), LogFile: filepath.Join(t.TempDir(), "server.log"), ReadyTimeout: patience,
	}
}

// acting is a recipe whose server is act with those arguments.
func acting(t testing.TB, args ...string) *Recipe {
	t.Helper()
	r := parse(t, minimal)
	r.Serves[0].Command = append([]string{"{self}"}, args...)
	return r
}

func start(t testing.TB, r *Recipe, o Options) *Instance {
	t.Helper()
	i, err := r.Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := i.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return i
}

func get(t testing.TB, e protocols.Endpoint, keepAlive bool, path string) string {
	t.Helper()
	transport := &protocols.Transport{Endpoint: &e, KeepAlive: keepAlive, Timeout: patience}
	defer transport.CloseIdleConnections()
	e.Path = path
	request, err := http.NewRequest("GET", e.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// gone tells whether a process has exited, zombies included.
func gone(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return strings.HasPrefix(state, "Z") || strings.HasPrefix(state, "X")
}

func awaitGone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(patience); !gone(pid); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
			t.Fatalf("process %d is still there", pid)
		}
	}
}

// TestEveryCombinationAnswers starts all that the shipped recipes offer.
func TestEveryCombinationAnswers(t *testing.T) {
	for _, name := range Names() {
		r, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range r.Serves {
			for _, protocol := range s.Protocols {
				for _, network := range s.Networks {
					for _, connection := range s.Connections {
						t.Run(strings.Join([]string{name, protocol, network, connection}, "/"), func(t *testing.T) {
							o := options(t)
							o.Protocol, o.Network, o.Connection, o.Workers = protocol, network, connection, 2
							i := start(t, r, o)
							if got := get(t, i.Endpoint(), connection == keepAlive, "/"); got != "<h1>Hello, web!</h1>" {
								t.Errorf("answer %q", got)
							}
							if e := i.Endpoint(); e.Protocol != protocol || e.Network != network || !e.Loopback() {
								t.Errorf("endpoint %v", e)
							}
							pid := i.PID()
							if group, err := syscall.Getpgid(pid); err != nil || group != pid {
								t.Errorf("process %d is in group %d, %v", pid, group, err)
							}
							if err := i.Stop(t.Context()); err != nil {
								t.Error(err)
							}
							if !gone(pid) {
								t.Errorf("process %d is still there", pid)
							}
							if network == unixSocket {
								if _, err := os.Stat(i.Endpoint().Address); !errors.Is(err, os.ErrNotExist) {
									t.Errorf("the socket: %v", err)
								}
							}
							log, err := os.ReadFile(o.LogFile)
							if err != nil || string(log) != "serving "+protocol+"\nbye\n" {
								t.Errorf("log %q, %v", log, err)
							}
						})
					}
				}
			}
		}
	}
}

func TestProbeApplication(t *testing.T) {
	r, err := Find("builtin")
	if err != nil {
		t.Fatal(err)
	}
	o := options(t)
	o.Application = "probe"
	if got := get(t, start(t, r, o).Endpoint(), false, "/status/418"); got != "418 I'm a teapot\n" {
		t.Errorf("answer %q", got)
	}
}

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

func TestEarlyExit(t *testing.T) {
	o := options(t)
	if err := os.WriteFile(o.LogFile, []byte("of an earlier server\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := acting(t, "die", "3", "12").Start(t.Context(), o)
	var failed *StartError
	if !errors.As(err, &failed) {
		t.Fatal(err)
	}
	self, _ := Self()
	want := "target test: the server died: exit status 3 before it answered\n  command: " + self + " die 3 12\n  log: " + o.LogFile + "\n  its last lines:"
	for n := 3; n <= 12; n++ {
		want += fmt.Sprintf("\n    line %d", n)
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("%v is no exec.ExitError", err)
	}

	o.LogFile = ""
	_, err = acting(t, "die", "0", "1").Start(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), "exit status 0") || !strings.Contains(err.Error(), "line 1") || strings.Contains(err.Error(), "log:") {
		t.Errorf("without a log file: %v", err)
	}
}

func TestProgramThatCannotRun(t *testing.T) {
	o := options(t)
	r := acting(t)
	r.Serves[0].Command = []string{"/no/such program"}
	if _, err := r.Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), `run "/no/such program"`) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestServerThatDoesNotAnswer(t *testing.T) {
	o := options(t)
	o.ReadyTimeout = 300 * time.Millisecond
	_, err := acting(t, "deaf", "{listen}").Start(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), "it did not answer http://127.0.0.1:") || !strings.Contains(err.Error(), "within 300ms") {
		t.Errorf("error %v", err)
	}
	_, err = acting(t, "status", "{listen}", "503").Start(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), "503 Service Unavailable") {
		t.Errorf("error %v", err)
	}
	start(t, acting(t, "status", "{listen}", "404"), options(t))
}

func TestContextEndsStart(t *testing.T) {
	o := options(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	enough := errors.New("enough")
	go func() { // once the server runs
		for {
			if log, _ := os.ReadFile(o.LogFile); len(log) > 0 {
				cancel(enough)
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	_, err := acting(t, "deaf", "{listen}").Start(ctx, o)
	if !errors.Is(err, enough) {
		t.Errorf("error %v", err)
	}
	if _, err := acting(t, "deaf", "{listen}").Start(ctx, o); !errors.Is(err, enough) {
		t.Errorf("after its end: %v", err)
	}
	noChildren(t)
}

// noChildren fails where this process has children left, zombies included.
func noChildren(t *testing.T) {
	t.Helper()
	if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); err != syscall.ECHILD {
		t.Errorf("there are children left: wait4 gives %d, %v", pid, err)
	}
}

func TestAnotherPortIsTried(t *testing.T) {
	count := filepath.Join(t.TempDir(), "count")
	start(t, acting(t, "unlucky", "{listen}", count), options(t))
	if tries, _ := os.ReadFile(count); len(tries) != 3 {
		t.Errorf("%d tries, want 3", len(tries))
	}

	o := options(t)
	address, err := freePort("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	o.Listen = address
	if err := os.Remove(count); err != nil {
		t.Fatal(err)
	}
	_, err = acting(t, "unlucky", "{listen}", count).Start(t.Context(), o)
	if !errors.Is(err, errAddressTaken) || !strings.Contains(err.Error(), address+" is in use") {
		t.Errorf("error %v", err)
	}
	if tries, _ := os.ReadFile(count); len(tries) != 1 {
		t.Errorf("%d tries at an address that the user chose, want 1", len(tries))
	}
}

func TestListenAddressOfTheUser(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := scratchDir(t)
	file, busy, stale := filepath.Join(dir, "file"), filepath.Join(dir, "busy"), filepath.Join(dir, "stale")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(file)
	takenSocket, err := net.Listen("unix", busy)
	if err != nil {
		t.Fatal(err)
	}
	defer takenSocket.Close()
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	dead.Close()

	tests := []struct{ network, listen, want string }{
		{tcp, taken.Addr().String(), "port " + taken.Addr().String() + " is in use by another program: stop that program"},
		{tcp, "8000", `listen address "8000"`},
		{tcp, "192.0.2.1:8000", "cannot listen on 192.0.2.1:8000"},
		{unixSocket, busy, busy + " is in use by another program"},
		{unixSocket, file, file + " exists and is not a socket"},
		{unixSocket, "/tmp/" + strings.Repeat("x", 103), "is 108 bytes long, and the kernel takes 107"},
		{tcp, ":0", ""},
		{unixSocket, "unix:" + stale, ""},
	}
	for _, tt := range tests {
		t.Run(tt.network+" "+tt.listen, func(t *testing.T) {
			o := options(t)
			o.Network, o.Listen = tt.network, tt.listen
			i, err := acting(t, "crash", "{listen}").Start(t.Context(), o)
			if err == nil {
				if err := i.Stop(t.Context()); err != nil {
					t.Error(err)
				}
			}
			if (err == nil) != (tt.want == "") || (err != nil && !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestScratchDirectoryTooLongForSockets(t *testing.T) {
	o := options(t)
	o.Network, o.Dir = unixSocket, filepath.Join(t.TempDir(), strings.Repeat("d", 100))
	if _, err := acting(t, "worker", "{listen}").Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), "choose a shorter directory") {
		t.Errorf("error %v", err)
	}
}

func TestExitAfterStart(t *testing.T) {
	o := options(t)
	i := start(t, acting(t, "crash", "{listen}"), o)
	if err := i.Err(); err != nil {
		t.Errorf("alive: %v", err)
	}
	conn, err := net.Dial("tcp", i.Endpoint().Address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET /crash HTTP/1.0\r\n\r\n")
	<-i.Exited()
	err = i.Err()
	if err == nil || !strings.Contains(err.Error(), "exit status 7") || !strings.Contains(err.Error(), "cannot go on") || !strings.Contains(err.Error(), o.LogFile) {
		t.Errorf("error %v", err)
	}
	if err := i.Stop(t.Context()); err != nil {
		t.Errorf("Stop after death: %v", err)
	}
	if i.Err() == nil {
		t.Error("Stop took away how the server died")
	}
}

func TestStopIsIdempotent(t *testing.T) {
	i := start(t, acting(t, "worker", "{listen}"), options(t))
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // no grace: the worker ignores SIGTERM
	for range 8 {
		wg.Go(func() {
			if err := i.Stop(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if !gone(i.PID()) {
		t.Errorf("process %d is still there", i.PID())
	}
	if err := i.Err(); err != nil {
		t.Errorf("a server that was stopped did not die by itself: %v", err)
	}
}

func TestStopKillsAfterGrace(t *testing.T) {
	r := acting(t, "stubborn", "{listen}")
	r.Stop.Grace = 50 * time.Millisecond
	i := start(t, r, options(t))
	if err := i.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if !gone(i.PID()) {
		t.Errorf("process %d is still there", i.PID())
	}
}

// workerOf reads the pid that a prefork server logs.
func workerOf(t *testing.T, log string) int {
	t.Helper()
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Sscanf(string(text), "worker %d", &pid); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return pid
}

func TestWorkersDieWithTheirMaster(t *testing.T) {
	t.Run("stopped", func(t *testing.T) {
		o := options(t)
		i := start(t, acting(t, "prefork", "{listen}"), o)
		worker := workerOf(t, o.LogFile)
		if gone(worker) {
			t.Fatal("the worker died at once")
		}
		if err := i.Stop(t.Context()); err != nil { // the master dies of SIGTERM, the worker ignores it
			t.Error(err)
		}
		if !gone(worker) {
			t.Errorf("worker %d is still there", worker)
		}
	})
	t.Run("killed by someone", func(t *testing.T) {
		o := options(t)
		i := start(t, acting(t, "prefork", "{listen}"), o)
		worker := workerOf(t, o.LogFile)
		if err := syscall.Kill(i.PID(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		<-i.Exited()
		if !gone(worker) {
			t.Errorf("worker %d is still there", worker)
		}
		if err := i.Err(); err == nil || !strings.Contains(err.Error(), "signal: killed") {
			t.Errorf("error %v", err)
		}
	})
}

// TestServerDiesWithUs kills a process that has started a target in the one
// way it cannot notice.
func TestServerDiesWithUs(t *testing.T) {
	self, err := Self()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), parentEnv+"="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(line)
	}
	awaitGone(t, pid)
}

// A thread of Go that ends must not take the server with it.
func TestServerOutlivesGoroutines(t *testing.T) {
	var i *Instance
	done := make(chan bool)
	r, o := acting(t, "crash", "{listen}"), options(t)
	go func() {
		defer close(done)
		i = start(t, r, o)
	}()
	<-done
	for range 20 { // threads that end with their goroutine
		ended := make(chan bool)
		go func() {
			runtime.LockOSThread()
			close(ended)
		}()
		<-ended
	}
	get(t, i.Endpoint(), false, "/")
	select {
	case <-i.Exited():
		t.Error(i.Err())
	default:
	}
}

func TestExternal(t *testing.T) {
	var asked atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.RequestURI)
		w.WriteHeader(http.StatusInternalServerError) // it answers, whatever it says
	}))
	e := protocols.Endpoint{Protocol: "http", Network: "tcp", Address: server.Listener.Addr().String(), Path: "/app?x=1"}
	r := External("mine", e)
	i := start(t, r, options(t))
	if i.Endpoint() != e || i.PID() != 0 || i.Exited() != nil || i.Err() != nil {
		t.Errorf("endpoint %v, pid %d, error %v", i.Endpoint(), i.PID(), i.Err())
	}
	if got := asked.Load(); got != "/app?x=1" {
		t.Errorf("asked for %v", got)
	}
	o := options(t)
	o.ReadyPath = "/ready"
	start(t, r, o)
	if got := asked.Load(); got != "/ready" {
		t.Errorf("asked for %v", got)
	}
	if err := i.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	server.Close()
	_, err := r.Start(t.Context(), options(t))
	if err == nil || !strings.Contains(err.Error(), "target mine: "+e.String()+" does not answer: start that server") || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("error %v", err)
	}
	if _, err := r.Start(t.Context(), Options{Protocol: "scgi", Network: "tcp", Connection: "per-request"}); err == nil {
		t.Error("an http endpoint was started as scgi")
	}
}
