package apps_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/internal/required"
	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/targets/apps"
)

// needPHP returns the path of php-fpm, whose name has its version in Debian.
func needPHP(t *testing.T) string {
	t.Helper()
	for _, pattern := range []string{"/usr/sbin/php-fpm[78]*", "/usr/sbin/php-fpm", "/usr/local/sbin/php-fpm"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return found[len(found)-1]
		}
	}
	required.Missing(t, "php-fpm is not installed: run scripts/install-servers")
	return ""
}

// shortDir is a folder whose path leaves room for a socket's name.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "gw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// startPHP runs php-fpm until the test ends and returns its socket.
func startPHP(t *testing.T) string {
	t.Helper()
	program, dir := needPHP(t), shortDir(t)
	socket := filepath.Join(dir, "s")
	// Whatever PHP finds wrong with the scripts appears in the answers.
	config := fmt.Sprintf(`
[global]
error_log = /dev/stderr
[www]
listen = %s
pm = static
pm.max_children = 1
catch_workers_output = yes
php_admin_flag[display_errors] = on
php_admin_flag[enable_post_data_reading] = off
`, socket)
	path := filepath.Join(dir, "conf")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	var output bytes.Buffer
	cmd := exec.Command(program, "--nodaemonize", "--allow-to-run-as-root", "--fpm-config", path)
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			<-done
		}
		if t.Failed() {
			t.Logf("php-fpm said:\n%s", &output)
		}
	})
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			conn.Close()
			return socket
		}
		if time.Now().After(deadline) {
			t.Fatalf("php-fpm does not listen: %v", err)
		}
	}
}

// startGo serves the Go probe until the test ends and returns its socket.
func startGo(t *testing.T, protocol string) string {
	t.Helper()
	socket := filepath.Join(shortDir(t), "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	probe, _ := apps.Lookup("probe")
	spec, _ := protocols.Lookup(protocol)
	server := spec.NewServer(probe)
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		<-served
	})
	return socket
}

// fastCGI asks a FastCGI server for a script.
func fastCGI(t *testing.T, socket, script string) *protocols.Transport {
	t.Helper()
	path, err := filepath.Abs(script)
	if err != nil {
		t.Fatal(err)
	}
	transport := &protocols.Transport{
		Endpoint: &protocols.Endpoint{Protocol: "fastcgi", Network: "unix", Address: socket},
		Gateway:  cgi.Gateway{ScriptFilename: path},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// httpRequest is the request that a gateway translates to r; nil where there is none.
func httpRequest(t *testing.T, r wsgiRequest) *http.Request {
	t.Helper()
	u := &url.URL{Scheme: "http", Host: "gwbench.test:8000"}
	request := &http.Request{URL: u, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(r.body)), ContentLength: int64(len(r.body))}
	for _, v := range r.vars {
		switch v.Name {
		case "REQUEST_METHOD":
			request.Method = v.Value
		case "PATH_INFO":
			u.Path = v.Value
		case "QUERY_STRING":
			u.RawQuery = v.Value
		case "CONTENT_TYPE":
			request.Header.Set("Content-Type", v.Value)
		case "CONTENT_LENGTH":
			if v.Value != "" && v.Value != fmt.Sprint(len(r.body)) {
				return nil
			}
		case "SCRIPT_NAME":
			return nil
		default:
			name := strings.ReplaceAll(strings.TrimPrefix(v.Name, "HTTP_"), "_", "-")
			request.Header.Set(name, v.Value)
		}
	}
	if strings.ContainsAny(u.Path, "\r\n\x00") {
		return nil
	}
	return request
}

func roundTrip(t *testing.T, transport *protocols.Transport, r *http.Request) wsgiAnswer {
	t.Helper()
	response, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Content-Length", "Date", "X-Powered-By"} {
		response.Header.Del(name)
	}
	return wsgiAnswer{response.StatusCode, response.Header, string(body)}
}

// TestPHPAnswersLikeGo sends one request to both over the same transport.
func TestPHPAnswersLikeGo(t *testing.T) {
	php, golang := fastCGI(t, startPHP(t), "probe.php"), fastCGI(t, startGo(t, "fastcgi"), "probe.php")
	asked := 0
	compare := func(name string, r wsgiRequest) {
		if httpRequest(t, r) == nil {
			return
		}
		asked++
		t.Run(name, func(t *testing.T) {
			want, got := roundTrip(t, golang, httpRequest(t, r)), roundTrip(t, php, httpRequest(t, r))
			if want.header.Get("Content-Type") == "" {
				got.header.Del("Content-Type") // Go's probe leaves that of /status/N to the server
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(wsgiAnswer{})); diff != "" {
				t.Errorf("Go and PHP\n%s", diff)
			}
		})
	}
	for name, r := range probeRequests {
		compare(name, r)
	}
	compare("HEAD", ask("HEAD", "/bytes/1000"))
	compare("form", ask("POST", "/environ", "CONTENT_TYPE", "application/x-www-form-urlencoded").with("a=1&b=2"))
	compare("form's echo", ask("POST", "/echo", "CONTENT_TYPE", "multipart/form-data; boundary=x").with("--x\r\n\r\na\r\n--x--\r\n"))
	compare("more than post_max_size", ask("POST", "/length").with(strings.Repeat("x", 9<<20)))
	if asked < 400 {
		t.Errorf("only %d requests of %d could be sent", asked, len(probeRequests))
	}
}

// TestPHPShowsItsVariables: php-fpm passes the variables on as they came, and
// adds its own.
func TestPHPShowsItsVariables(t *testing.T) {
	php := fastCGI(t, startPHP(t), "probe.php")
	got := roundTrip(t, php, httpRequest(t, ask("GET", "/inspect", "HTTP_X_LATIN", "\xe9<")))
	for _, want := range []string{`"HTTP_X_LATIN": "é\u003c"`, `"PATH_INFO": "/inspect"`, `"SCRIPT_NAME": ""`, `"FCGI_ROLE": "RESPONDER"`} {
		if !strings.Contains(got.body, want) {
			t.Errorf("%s is not in %s", want, got.body)
		}
	}
}

// TestPHPFindsThePathInREQUEST_URI: nginx sends no PATH_INFO unless it is told to.
func TestPHPFindsThePathInREQUEST_URI(t *testing.T) {
	php, golang := fastCGI(t, startPHP(t), "probe.php"), fastCGI(t, startGo(t, "fastcgi"), "probe.php")
	for _, transport := range []*protocols.Transport{php, golang} {
		transport.Gateway.Extra = []cgi.Var{{Name: "PATH_INFO", Value: ""}}
	}
	request := func() *http.Request { return httpRequest(t, ask("GET", "/environ/a b", "QUERY_STRING", "c=/d")) }
	want, got := roundTrip(t, golang, request()), roundTrip(t, php, request())
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(wsgiAnswer{})); diff != "" {
		t.Errorf("Go and PHP\n%s", diff)
	}
	if !strings.Contains(got.body, `"path_info": ""`) {
		t.Errorf("the missing PATH_INFO does not show: %s", got.body)
	}
}

func TestHelloAnswersLikePHP(t *testing.T) {
	php := fastCGI(t, startPHP(t), "hello.php")
	want := wsgiAnswer{200, http.Header{"Content-Type": {"text/html"}}, "<h1>Hello, web!</h1>"}
	if diff := cmp.Diff(want, roundTrip(t, php, httpRequest(t, ask("GET", "/"))), cmp.AllowUnexported(wsgiAnswer{})); diff != "" {
		t.Error(diff)
	}
}
