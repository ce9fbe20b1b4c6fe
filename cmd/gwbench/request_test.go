package main

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/protocols"
)

func TestRequestIsAnsweredByServe(t *testing.T) {
	body := make([]byte, 1<<20)
	rand.Read(body)
	bodyFile := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(bodyFile, body, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, protocol := range protocols.Names() {
		for _, network := range []string{"tcp", "unix"} {
			t.Run(protocol+"/"+network, func(t *testing.T) {
				t.Parallel()
				listen := "127.0.0.1:0"
				if network == "unix" {
					listen = "unix:" + filepath.Join(socketDir(t), "s")
				}
				base := startServe(t, protocol, "--listen", listen, "--app", "probe")
				hello := startServe(t, protocol)

				if got := output(t, "request", hello); string(got) != "<h1>Hello, web!</h1>" {
					t.Errorf("hello answers %q", got)
				}
				if got := output(t, "request", "-i", hello); !bytes.HasPrefix(got, []byte("HTTP/1.")) || !bytes.Contains(got, []byte("Content-Type: text/html\r\n")) {
					t.Errorf("with -i: %q", got)
				}
				if got := output(t, "request", atPath(t, base, "/echo"), "--data", "@"+bodyFile); !bytes.Equal(got, body) {
					t.Errorf("the echo of 1 MiB has %d bytes and differs", len(got))
				}
				environ := output(t, "request", atPath(t, base, "/environ?a=1"), "-H", "X-Probe: yes", "-X", "PUT")
				for _, want := range []string{`"PUT"`, `"a=1"`, `yes`} {
					if !strings.Contains(string(environ), want) {
						t.Errorf("the application saw no %s in %s", want, environ)
					}
				}
			})
		}
	}
}

// socketDir is short enough for a unix socket's path, which t.TempDir need not be.
func socketDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "gw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// atPath is the URL of another path at the same endpoint.
func atPath(t *testing.T, base, path string) string {
	t.Helper()
	endpoint, err := protocols.ParseEndpoint(base)
	if err != nil {
		t.Fatal(err)
	}
	endpoint.Path = path
	return endpoint.String()
}

// output runs gwbench, which has to succeed, and returns its standard output.
func output(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd, _ := gwbench(t, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("gwbench %v: %v\n%s", args, err, stderr.String())
	}
	return stdout.Bytes()
}
