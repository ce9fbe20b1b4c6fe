package targets

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gwbench/gwbench/protocols"
)

// mostWaiting is the listen queue that servers are asked to have: more than the
// clients of most loads, so that nobody is turned away and waits a second to
// try again.
const mostWaiting = 1024

// backlog is mostWaiting, or the kernel's own limit: some servers refuse to
// start with more (uWSGI).
func backlog() int {
	text, err := os.ReadFile("/proc/sys/net/core/somaxconn")
	if err != nil {
		return mostWaiting
	}
	limit, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || limit < 1 {
		return mostWaiting
	}
	return min(limit, mostWaiting)
}

// endpoint decides where the server listens. dir is its own scratch directory.
// chosen is true where the address is ours, not the user's, to change.
func (o Options) endpoint(dir string) (e protocols.Endpoint, chosen bool, err error) {
	e = protocols.Endpoint{Protocol: o.Protocol, Network: o.Network, Path: "/"}
	if o.behind != nil { // a front is asked in HTTP over TCP, whatever lies behind it
		e.Protocol, e.Network = "http", tcp
	}
	switch {
	case e.Network == tcp && o.Listen == "":
		e.Address, err = freePort("127.0.0.1")
		return e, true, err
	case e.Network == tcp:
		host, port, err := net.SplitHostPort(o.Listen)
		if err != nil {
			return e, false, fmt.Errorf("listen address %q: %w: write it as 127.0.0.1:8000", o.Listen, err)
		}
		if host == "" {
			host = "127.0.0.1"
		}
		if port == "0" {
			e.Address, err = freePort(host)
			return e, true, err
		}
		e.Address = net.JoinHostPort(host, port)
		return e, false, checkPort(e.Address)
	case o.Listen == "":
		e.Address = filepath.Join(dir, "s")
		return e, true, checkSocket(e.Address)
	default:
		e.Address = strings.TrimPrefix(o.Listen, "unix:")
		return e, false, checkSocket(e.Address)
	}
}

// freePort lets the kernel choose a port. It is free until somebody else takes
// it, so Start tries again with another one if that happens.
func freePort(host string) (string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return "", fmt.Errorf("find a free port on %s: %w", host, err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// checkPort finds out whether a server could listen on a port of the user's
// choice.
func checkPort(address string) error {
	l, err := net.Listen("tcp", address)
	if err == nil {
		return l.Close()
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %s is in use by another program: stop that program, or let the system choose with 127.0.0.1:0 (%w)", address, syscall.EADDRINUSE)
	}
	return fmt.Errorf("cannot listen on %s: choose another address: %w", address, err)
}

// checkSocket finds out whether a server could make a socket there, and
// removes one that a dead server left behind.
func checkSocket(path string) error {
	if len(path) > protocols.MaxSocketPath {
		return fmt.Errorf("unix socket path %s is %d bytes long, and the kernel takes %d: choose a shorter directory (TMPDIR)", path, len(path), protocols.MaxSocketPath)
	}
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("unix socket: %w", err)
	}
	if info.Mode().Type() != os.ModeSocket {
		return fmt.Errorf("%s exists and is not a socket: choose another path", path)
	}
	conn, err := net.DialTimeout("unix", path, time.Second)
	if err == nil {
		conn.Close()
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("unix socket %s is in use by another program: stop that program, or choose another path (%w)", path, syscall.EADDRINUSE)
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("remove a dead server's socket: %w", err)
	}
	return nil
}

// addressValues returns the placeholders of an endpoint.
func addressValues(e protocols.Endpoint) map[string]string {
	if e.Network == unixSocket {
		return map[string]string{"address": e.Address, "socket": e.Address, "listen": "unix:" + e.Address}
	}
	host, port, _ := net.SplitHostPort(e.Address)
	return map[string]string{"address": e.Address, "host": host, "port": port, "listen": e.Address}
}
