package pygateway_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gwbench/gwbench/protocols"
)

// python is Debian's, whatever else PATH may find first.
const python = "/usr/bin/python3"

// patience bounds every wait for a process; a busy machine may need some.
const patience = 20 * time.Second

// application is what the gateways under test serve, under the validator that
// comes with Python: whatever PEP 3333 forbids becomes a 500 and a traceback.
const application = `
import json, os, signal, time
from wsgiref.validate import validator

def application(environ, start_response):
    path = environ['PATH_INFO']
    if path == '/raise':
        raise RuntimeError('as asked')
    if path == '/die':
        os.kill(os.getpid(), signal.SIGKILL)
    if path == '/stay':
        time.sleep(60)
    status, headers = '200 OK', [('Content-Type', 'application/octet-stream')]
    if path.startswith('/status/'):
        status = path[len('/status/'):] + ' As Asked'
        if status[:3] in ('204', '304'):
            headers = []
        answer = []
    elif path == '/deaf':
        answer = [b'deaf']
    elif path == '/half':
        answer = half()
    elif path == '/pid':
        answer = [b'%d' % os.getpid()]
    elif path.startswith('/bytes/'):
        answer = [b'0123456789abcdef' * (int(path[len('/bytes/'):]) // 16)]
    elif path.startswith('/environ'):
        body = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0))
        seen = {name: environ[name] for name in environ if name.isupper()}
        seen['body'] = body.decode('latin-1')
        seen['multi'] = [environ['wsgi.multithread'], environ['wsgi.multiprocess']]
        answer = [json.dumps(seen).encode()]
    else:
        answer = echo(environ['wsgi.input'])
    start_response(status, headers)
    return answer

def echo(stream):
    while True:
        piece = stream.read(65536)
        if not piece:
            return
        yield piece

def half():
    yield b'half'
    raise RuntimeError('as asked')

plain, application = application, validator(application)

def hello(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/html')])
    return [b'<h1>Hello, web!</h1>']
`

// gateway is a running pygateway.
type gateway struct {
	cmd      *exec.Cmd
	endpoint protocols.Endpoint
	ended    chan struct{} // closed when the master has ended
	stderr   log
}

// log is what a process wrote so far. Safe for concurrent use.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// command is a gateway that is not running yet; the application is served.
func command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	files, err := filepath.Abs("files")
	if err != nil {
		t.Fatal(err)
	}
	apps := t.TempDir()
	if err := os.WriteFile(filepath.Join(apps, "app.py"), []byte(application), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, append([]string{"-m", "pygateway"}, args...)...)
	cmd.Env = append(os.Environ(), "PYTHONPATH="+files+":"+apps, "PYTHONDONTWRITEBYTECODE=1")
	return cmd
}

var readyLine = regexp.MustCompile(`pygateway: \w+ on (\S+), workers: \d+\n`)

// start runs a gateway until the test ends. callable is a name in application.
func start(t testing.TB, protocol, network string, workers int, callable string) *gateway {
	t.Helper()
	listen := "127.0.0.1:0"
	if network == "unix" {
		listen = "unix:" + filepath.Join(socketDir(t), "s")
	}
	g := &gateway{ended: make(chan struct{})}
	g.cmd = command(t, "--protocol", protocol, "--listen", listen, "--workers", strconv.Itoa(workers), "app:"+callable)
	g.cmd.Stderr = &g.stderr
	g.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error, 1)
	go func() {
		// The thread that starts a process has to live as long, or Pdeathsig ends it.
		runtime.LockOSThread()
		err := g.cmd.Start()
		started <- err
		if err == nil {
			_ = g.cmd.Wait() // how it ended is in ProcessState
		}
		close(g.ended)
	}()
	if err := <-started; err != nil {
		t.Fatalf("%v: the tests of pygateway need Debian's Python: run scripts/install-servers", err)
	}
	t.Cleanup(func() {
		_ = g.cmd.Process.Signal(syscall.SIGTERM)
		g.awaitEnd(t)
		if t.Failed() {
			t.Logf("the gateway said:\n%s", &g.stderr)
		}
	})
	await(t, "the gateway listens", func() bool { return readyLine.MatchString(g.stderr.String()) || g.hasEnded() })
	match := readyLine.FindStringSubmatch(g.stderr.String())
	if match == nil {
		t.Fatalf("the gateway ended:\n%s", &g.stderr)
	}
	g.endpoint = protocols.Endpoint{Protocol: protocol, Network: network, Address: strings.TrimPrefix(match[1], "unix:"), Path: "/"}
	return g
}

// socketDir is a directory whose name is short enough for a socket's.
func socketDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func (g *gateway) hasEnded() bool {
	select {
	case <-g.ended:
		return true
	default:
		return false
	}
}

// awaitEnd waits for the master to end, and returns how long that took.
func (g *gateway) awaitEnd(t testing.TB) time.Duration {
	t.Helper()
	began := time.Now()
	select {
	case <-g.ended:
	case <-time.After(patience):
		t.Errorf("the gateway does not end; it said:\n%s", &g.stderr)
		_ = g.cmd.Process.Kill()
		<-g.ended
	}
	return time.Since(began)
}

// workers are the pids of the master's children.
func (g *gateway) workers(t testing.TB) []int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%[1]d/task/%[1]d/children", g.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, field := range strings.Fields(string(text)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}

// isAlive tells whether a process runs. A zombie, which is left where nobody
// collects orphans, does not.
func isAlive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	after := stat[bytes.LastIndexByte(stat, ')')+1:]
	return len(after) > 1 && after[1] != 'Z' && after[1] != 'X'
}

// await waits until something is so.
func await(t testing.TB, what string, isSo func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !isSo(); {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", patience, what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// transport asks the gateway.
func (g *gateway) transport(t testing.TB, keepAlive bool) *protocols.Transport {
	transport := &protocols.Transport{Endpoint: &g.endpoint, KeepAlive: keepAlive, Timeout: patience}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// answer is a response that was read to its end.
type answer struct {
	*http.Response
	body string
}

// ask sends a request; the target holds path and query, escaped.
func ask(transport http.RoundTripper, method, target string, header http.Header, body []byte) (answer, error) {
	r, err := http.NewRequest(method, "http://example.test"+target, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if header != nil {
		r.Header = header
	}
	response, err := transport.RoundTrip(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(bufio.NewReader(response.Body))
	return answer{response, string(text)}, err
}

// get asks for a target and demands a 200.
func get(t testing.TB, transport http.RoundTripper, target string) string {
	t.Helper()
	a, err := ask(transport, http.MethodGet, target, nil, nil)
	if err != nil {
		t.Fatalf("GET %s: %v", target, err)
	}
	if a.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: status %d: %s", target, a.StatusCode, a.body)
	}
	return a.body
}
