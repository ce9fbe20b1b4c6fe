package main

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime is what the calling thread spends in f.
func cpuTime(t *testing.T, f func()) time.Duration {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	now := func() time.Duration {
		var spent unix.Timespec
		if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &spent); err != nil {
			t.Fatal(err)
		}
		return time.Duration(spent.Nano())
	}
	before := now()
	f()
	return now() - before
}

func TestBurningCostsCPUTime(t *testing.T) {
	const calls, each = 100, time.Millisecond
	answered := 0
	hello := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { answered++ })
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	cost := func(d time.Duration) time.Duration {
		handler, w := burning(hello, d), httptest.NewRecorder()
		return cpuTime(t, func() {
			for range calls {
				handler.ServeHTTP(w, request)
			}
		})
	}
	// The CPU time counts however busy the machine is: time in which the thread
	// does not run must not count as burned.
	if burned, want := cost(each), calls*each; burned < want*9/10 || burned > want*3/2 {
		t.Errorf("%d calls burned %s, want about %s", calls, burned, want)
	}
	if idle := cost(0); idle > calls*each/10 {
		t.Errorf("%d calls that burn nothing cost %s", calls, idle)
	}
	if answered != 2*calls {
		t.Errorf("%d of %d requests reached the application", answered, 2*calls)
	}
}

func TestServeWithABurnAnswers(t *testing.T) {
	url := startServe(t, "uwsgi", "--burn", "100us")
	stdout, stderr, code := runGwbench(t, "request", url)
	if code != exitOK || !strings.Contains(stdout, "Hello, web!") {
		t.Errorf("exit code %d, %q\n%s", code, stdout, stderr)
	}
}

func TestServeRefusesANegativeBurn(t *testing.T) {
	_, stderr, code := runGwbench(t, "serve", "http", "--burn", "-1us")
	if code != exitFailed || !strings.Contains(stderr, "--burn -1µs: ") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}
