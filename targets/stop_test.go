package targets

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

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
