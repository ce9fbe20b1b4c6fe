package apps_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/required"
	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/targets/apps"
)

// pythonProgram is the Python that Debian's packages are installed for, or any.
func pythonProgram(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("this test needs python3: apt-get install python3")
	return ""
}

// pythonCommand runs Python with the applications in its path.
func pythonCommand(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(pythonProgram(t), append([]string{"-B"}, args...)...)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), "PYTHONPATH="+here)
	return cmd
}

// needApplication ends the test where Python lacks what the application imports.
func needApplication(t *testing.T, name string) apps.Application {
	t.Helper()
	a, ok := apps.Find(name)
	if !ok {
		t.Fatalf("there is no application %s", name)
	}
	if err := a.Available(); err != nil {
		required.Missing(t, err)
	}
	return a
}

// wsgiRequest is a request as a WSGI server would have read it.
type wsgiRequest struct {
	vars       []cgi.Var
	body       string
	terminated bool // wsgi.input_terminated
}

type wsgiAnswer struct {
	status int
	header http.Header // but for Status
	body   string
}

// pythonApplication is a Python process that answers requests with one WSGI
// application under wsgiref's handler and validator.
type pythonApplication struct {
	requests *json.Encoder
	answers  *json.Decoder
}

func startPython(t *testing.T, module string, env ...string) *pythonApplication {
	t.Helper()
	var stderr bytes.Buffer
	cmd := pythonCommand(t, filepath.Join("testdata", "answer_lines.py"), module)
	cmd.Env = append(cmd.Env, env...)
	cmd.Stderr = &stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		_, _ = io.Copy(io.Discard, stdout)
		if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
			t.Errorf("%s: %v\n%s", cmd, err, &stderr)
		}
	})
	return &pythonApplication{json.NewEncoder(stdin), json.NewDecoder(bufio.NewReader(stdout))}
}

func (p *pythonApplication) answer(t fataler, r wsgiRequest) wsgiAnswer {
	t.Helper()
	environ := map[string]any{"SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1"}
	for _, v := range r.vars {
		environ[v.Name] = native(v.Value)
	}
	if r.terminated {
		environ["wsgi.input_terminated"] = true
	}
	if err := p.requests.Encode(map[string]any{"environ": environ, "body": []byte(r.body)}); err != nil {
		t.Fatalf("Python has ended: %v", err)
	}
	var line struct{ Head, Body, Errors string }
	if err := p.answers.Decode(&line); err != nil {
		t.Fatalf("Python does not answer %v: %v", r, err)
	}
	if line.Errors != "" {
		t.Fatalf("%v: %s", r, line.Errors)
	}
	body, err := base64.StdEncoding.DecodeString(line.Body)
	if err != nil {
		t.Fatalf("body: %v", err)
	}
	header, err := textproto.NewReader(bufio.NewReader(strings.NewReader(line.Head + "\r\n\r\n"))).ReadMIMEHeader()
	if err != nil {
		t.Fatalf("head %q: %v", line.Head, err)
	}
	status, err := strconv.Atoi(header.Get("Status")[:3])
	if err != nil {
		t.Fatalf("head %q: %v", line.Head, err)
	}
	header.Del("Status")
	return wsgiAnswer{status, http.Header(header), string(body)}
}

// fataler is what testing.T and rapid.T have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// native makes a native string (PEP 3333) of bytes: latin-1.
func native(s string) string {
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

func TestMiddlewarePassesEverythingOn(t *testing.T) {
	cmd := pythonCommand(t, "-W", "error", filepath.Join("testdata", "middleware_check.py"))
	cmd.Env = append(cmd.Env, "GWBENCH_APPLICATION=middleware-16")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
