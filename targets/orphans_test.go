package targets

import (
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestNoWorkerOutlivesGwbench has the kernel do to a server what it does when
// gwbench is killed: the process that was started gets its signal, no other one
// does, and nobody is left to look after the group.
func TestNoWorkerOutlivesGwbench(t *testing.T) {
	for _, name := range Names() {
		r, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		testOrphans(t, r, nil)
	}
	behind, err := Find("builtin")
	if err != nil {
		t.Fatal(err)
	}
	target := start(t, behind, options(t))
	for _, name := range FrontNames() {
		f, err := FindFront(name)
		if err != nil {
			t.Fatal(err)
		}
		testOrphans(t, f.Recipe(), &hop{endpoint: target.Endpoint()})
	}
}

// testOrphans starts a server, or a front before a target, and takes its parent
// away.
func testOrphans(t *testing.T, r *Recipe, behind *hop) {
	t.Run(r.Name, func(t *testing.T) {
		needs(t, r)
		o := options(t).withDefaults(r)
		o.behind = behind
		s := r.Serves[0]
		o.Protocol, o.Network, o.Connection, o.Workers = s.Protocols[0], s.Networks[0], s.Connections[0], 2
		dir, err := scratch(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		e, _, err := o.endpoint(dir)
		if err != nil {
			t.Fatal(err)
		}
		cmd, err := r.command(o, s, e, dir)
		if err != nil {
			t.Fatal(err)
		}
		pid, abandon := startAlone(t, r, cmd)
		script := expand(s.Script, o.values(e, dir))
		for deadline := time.Now().Add(patience); ask(t.Context(), e, script, "/", time.Second) != nil; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("it does not answer: %s", quoteCommand(cmd.Args))
			}
		}
		abandon()
		for deadline := time.Now().Add(5 * time.Second); !gone(pid) || groupAlive(pid); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("it, or a worker of its, is still there")
			}
		}
	})
}

// startAlone starts a command as launch does, in a group that is killed at the end
// of the test. abandon ends the thread that is the server's parent, and so does
// what the death of gwbench would.
func startAlone(t *testing.T, r *Recipe, cmd *exec.Cmd) (pid int, abandon func()) {
	t.Helper()
	cmd.SysProcAttr = r.attributes()
	started, abandoned := make(chan error), make(chan bool)
	var lend func()
	lend = func() {
		runtime.LockOSThread() // and never unlocks: the thread ends with the goroutine
		if unix.Gettid() == os.Getpid() {
			go lend() // on another thread: Go never ends the first one
			<-abandoned
			return
		}
		started <- cmd.Start()
		<-abandoned
	}
	go lend()
	abandon = sync.OnceFunc(func() { close(abandoned) })
	t.Cleanup(abandon)
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	})
	return cmd.Process.Pid, abandon
}
