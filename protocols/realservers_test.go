package protocols_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gwbench/gwbench/internal/required"
	"github.com/gwbench/gwbench/protocols"
)

// Two implementations that are not ours have the last word on the codecs:
// uWSGI answers our clients, nginx asks our servers.

// needServer returns the path of a program that scripts/install-servers
// installs.
func needServer(t *testing.T, name string) string {
	t.Helper()
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin") {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return path
		}
	}
	required.Missing(t, name+" is not installed: run scripts/install-servers")
	return ""
}

// startServer runs a program until the test ends.
func startServer(t *testing.T, stop syscall.Signal, name string, args ...string) {
	t.Helper()
	var output bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, stop)
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			<-done
		}
		if t.Failed() {
			t.Logf("%s said:\n%s", name, output.String())
		}
	})
}

// freeAddress is a loopback address that was free a moment ago.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// awaitListener waits until somebody accepts connections there.
func awaitListener(t *testing.T, network, address string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		conn, err := net.Dial(network, address)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody listens on %s %s: %v", network, address, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// wsgiEcho answers with what it was asked, so that a test sees both ways.
const wsgiEcho = `
def application(environ, start_response):
    length = int(environ.get('CONTENT_LENGTH') or 0)
    body = environ['wsgi.input'].read(length)
    start_response('201 Created', [('Content-Type', 'application/octet-stream'),
                                   ('X-Seen', '%s %s ?%s %s' % (environ['REQUEST_METHOD'], environ['PATH_INFO'],
                                       environ['QUERY_STRING'], environ.get('HTTP_X_PROBE', '')))])
    return [body or b'<h1>Hello, web!</h1>']
`

func TestUWSGIAnswersOurClients(t *testing.T) {
	uwsgi := needServer(t, "uwsgi")
	options := map[string]string{"http": "--http-socket", "uwsgi": "--uwsgi-socket", "fastcgi": "--fastcgi-socket", "scgi": "--scgi-socket"}
	for _, spec := range protocols.All() {
		for _, network := range []string{"tcp", "unix"} {
			t.Run(spec.Name+"/"+network, func(t *testing.T) {
				dir := t.TempDir()
				app := filepath.Join(dir, "echo.py")
				if err := os.WriteFile(app, []byte(wsgiEcho), 0o644); err != nil {
					t.Fatal(err)
				}
				address := freeAddress(t)
				if network == "unix" {
					socketDir, err := os.MkdirTemp("", "gw")
					if err != nil {
						t.Fatal(err)
					}
					t.Cleanup(func() { os.RemoveAll(socketDir) })
					address = filepath.Join(socketDir, "s")
				}
				startServer(t, syscall.SIGTERM, uwsgi, "--plugin", "python3", "--die-on-term", "--need-app",
					"--wsgi-file", app, options[spec.Name], address)
				awaitListener(t, network, address)
				endpoint := protocols.Endpoint{Protocol: spec.Name, Network: network, Address: address, Path: "/caf%C3%A9?a=1"}
				transport := &protocols.Transport{Endpoint: &endpoint}
				defer transport.CloseIdleConnections()
				client := &http.Client{Transport: transport}

				for _, size := range []int{0, 1, 100_000, 1 << 20} {
					body := bytes.Repeat([]byte("x"), size)
					want := body
					method := http.MethodPost
					if size == 0 {
						method, want = http.MethodGet, []byte("<h1>Hello, web!</h1>")
					}
					r, err := http.NewRequest(method, endpoint.URL(), bytes.NewReader(body))
					if err != nil {
						t.Fatal(err)
					}
					r.Header.Set("X-Probe", "yes")
					response, err := client.Do(r)
					if err != nil {
						t.Fatalf("%s of %d bytes: %v", method, size, err)
					}
					got, err := io.ReadAll(response.Body)
					response.Body.Close()
					if err != nil {
						t.Fatalf("%s of %d bytes: %v", method, size, err)
					}
					if response.StatusCode != http.StatusCreated {
						t.Errorf("%s of %d bytes: status %d, want 201", method, size, response.StatusCode)
					}
					if !bytes.Equal(got, want) {
						t.Errorf("%s of %d bytes: the body has %d bytes and differs", method, size, len(got))
					}
					// WSGI strings are latin-1, headers travel as they are: the bytes are UTF-8 again.
					if seen := response.Header.Get("X-Seen"); !strings.HasPrefix(seen, method+" /caf") || !strings.HasSuffix(seen, " ?a=1 yes") {
						t.Errorf("the application saw %q", seen)
					}
				}
			})
		}
	}
}

func TestNginxAsksOurServers(t *testing.T) {
	nginx := needServer(t, "nginx")
	dir := t.TempDir()
	var locations, upstreams strings.Builder
	passes := map[string]string{
		"http":    "proxy_pass http://http; proxy_http_version 1.1; proxy_set_header Connection \"\";",
		"uwsgi":   "include uwsgi_params; uwsgi_pass uwsgi;",
		"fastcgi": "include fastcgi_params; fastcgi_param PATH_INFO $uri; fastcgi_param SCRIPT_NAME ''; fastcgi_keep_conn on; fastcgi_pass fastcgi;",
		"scgi":    "include scgi_params; scgi_param PATH_INFO $uri; scgi_pass scgi;",
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("X-Seen", fmt.Sprintf("%s %s ?%s %s", r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("X-Probe")))
		w.WriteHeader(http.StatusCreated)
		w.Write(body)
	})
	for _, spec := range protocols.All() {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		server := spec.NewServer(handler)
		served := make(chan error, 1)
		go func() { served <- server.Serve(l) }()
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			if err := server.Shutdown(ctx); err != nil {
				t.Errorf("%s server: %v", spec.Name, err)
			}
			<-served
		})
		fmt.Fprintf(&upstreams, "upstream %s { server %s; keepalive 4; }\n", spec.Name, l.Addr())
		fmt.Fprintf(&locations, "location /%s/ { %s }\n", spec.Name, passes[spec.Name])
	}
	address := freeAddress(t)
	// A master that runs as root would give its workers another user, who could not
	// reach the test's folder.
	user := ""
	if os.Getuid() == 0 {
		user = "user root;"
	}
	config := fmt.Sprintf(`
%[5]s daemon off; worker_processes 1; pid %[1]s/pid; error_log stderr;
events {}
http {
	access_log off; client_max_body_size 4m;
	client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
	%[2]s
	server { listen %[3]s; %[4]s }
}`, dir, upstreams.String(), address, locations.String(), user)
	// The parameter files are Debian's; nginx looks for them beside its configuration.
	for _, name := range []string{"uwsgi_params", "fastcgi_params", "scgi_params"} {
		text, err := os.ReadFile(filepath.Join("/etc/nginx", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(path, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	startServer(t, syscall.SIGQUIT, nginx, "-p", dir, "-c", path, "-e", "stderr")
	awaitListener(t, "tcp", address)

	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for _, spec := range protocols.All() {
		t.Run(spec.Name, func(t *testing.T) {
			for _, size := range []int{0, 1, 100_000, 1 << 20} {
				method := http.MethodPost
				if size == 0 {
					method = http.MethodGet
				}
				body := bytes.Repeat([]byte("y"), size)
				r, err := http.NewRequest(method, fmt.Sprintf("http://%s/%s/a%%20b?q=1", address, spec.Name), bytes.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("X-Probe", "yes")
				response, err := client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(response.Body)
				response.Body.Close()
				if err != nil {
					t.Fatal(err)
				}
				if response.StatusCode != http.StatusCreated {
					t.Fatalf("%s of %d bytes: status %d: %s", method, size, response.StatusCode, got)
				}
				if !bytes.Equal(got, body) {
					t.Errorf("%s of %d bytes: the body has %d bytes and differs", method, size, len(got))
				}
				want := fmt.Sprintf("%s /%s/a b ?q=1 yes", method, spec.Name)
				if seen := response.Header.Get("X-Seen"); seen != want {
					t.Errorf("the server saw %q, want %q", seen, want)
				}
			}
		})
	}
}
