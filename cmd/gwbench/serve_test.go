package main

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
)

func TestServeOnAPortInUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, stderr, code := runGwbench(t, "serve", "http", "--listen", l.Addr().String())
	want := "port " + l.Addr().String() + " is in use by another program: pass --listen 127.0.0.1:0 to let the system choose"
	if code != exitFailed || !strings.Contains(stderr, want) {
		t.Errorf("exit code %d, %q; want %d, %q", code, stderr, exitFailed, want)
	}
}

func TestServeReplacesAStaleSocketOnly(t *testing.T) {
	path := filepath.Join(socketDir(t), "s")
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	stale.SetUnlinkOnClose(false)
	stale.Close()
	startServe(t, "scgi", "--listen", "unix:"+path)
	if _, stderr, code := runGwbench(t, "serve", "scgi", "--listen", "unix:"+path); code != exitFailed || !strings.Contains(stderr, "in use") {
		t.Errorf("a second server on the socket exits with %d: %s", code, stderr)
	}
}
