package targets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// TestEveryCombinationAnswers starts all that the targets offer which are
// gwbench itself, here played by this test's binary. conformance_test.go has
// the real servers.
func TestEveryCombinationAnswers(t *testing.T) {
	for _, name := range []string{"builtin", "gonet"} {
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
