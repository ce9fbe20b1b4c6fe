package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/fcgi"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/targets/apps"
)

// shutdownTimeout bounds the wait for requests under way at a signal.
const shutdownTimeout = 5 * time.Second

type serveFlags struct {
	listen, app, server, connection string
	workers                         int
	burn                            time.Duration
}

func newServeCommand(std stdio) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve PROTOCOL",
		Short: "Serve the hello application over http, uwsgi, fastcgi or scgi",
		Long: `Serve one of gwbench's applications over http, uwsgi, fastcgi or scgi until a
signal comes. The address is printed once the server listens.`,
		Example: `  gwbench serve uwsgi --listen 127.0.0.1:3031
  gwbench serve fastcgi --listen unix:/tmp/hello.sock --app probe
  gwbench serve http --server net/http
  gwbench serve http --burn 2.5us`,
		Args: exactly("PROTOCOL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return serve(cmd.Context(), std, args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:0", "address, or unix:PATH; port 0 lets the system choose")
	flags.StringVar(&f.app, "app", "hello", "application: "+strings.Join(apps.Names(), " or ")+", those that are written in Go")
	flags.StringVar(&f.server, "server", "gwbench", "implementation: gwbench, or net/http (Go's own HTTP and FastCGI servers)")
	flags.IntVar(&f.workers, "workers", 0, "how many CPUs to use at the same time; 0: all that the process may use")
	flags.DurationVar(&f.burn, "burn", 0, "burn so much CPU time per request, a known slowdown to test instruments with")
	flags.StringVar(&f.connection, "connection", "", "per-request or keep-alive: accepted so that one recipe serves both; the client decides")
	flags.MarkHidden("connection")
	return cmd
}

// httpServer is what gwbench's servers and Go's have in common.
type httpServer interface {
	Serve(net.Listener) error
	Shutdown(context.Context) error
	Close() error
}

func serve(ctx context.Context, std stdio, protocol string, f serveFlags) error {
	spec, ok := protocols.Lookup(protocol)
	if !ok {
		return fmt.Errorf("unknown protocol %q: use one of %s", protocol, strings.Join(protocols.Names(), ", "))
	}
	app, ok := apps.Lookup(f.app)
	if !ok {
		return unservedApplication(f.app)
	}
	if f.burn < 0 {
		return fmt.Errorf("--burn %s: a request cannot cost less than it does: name a duration, such as 2.5us", f.burn)
	}
	server, err := newServer(spec, f.server, burning(app, f.burn))
	if err != nil {
		return err
	}
	if f.workers < 0 {
		return fmt.Errorf("--workers %d: name the number of CPUs to use, or 0 for all", f.workers)
	}
	if f.workers > 0 {
		runtime.GOMAXPROCS(f.workers)
	}
	l, err := listen(ctx, f.listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "listening on %s\n", listenURL(spec.Name, l.Addr()))
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return fmt.Errorf("%s server on %s: %w", spec.Name, l.Addr(), err)
	case <-ctx.Done():
	}
	defer l.Close()
	grace, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// unservedApplication tells a name that nothing has from an application that
// is written in another language.
func unservedApplication(name string) error {
	use := "use one of " + strings.Join(apps.Names(), ", ")
	if _, ok := apps.Find(name); ok {
		return fmt.Errorf("application %s is not written in Go, which is all that gwbench serve runs: %s, or gwbench run with a target that has it", name, use)
	}
	return fmt.Errorf("unknown application %q: %s", name, use)
}

func newServer(spec protocols.Spec, implementation string, app http.Handler) (httpServer, error) {
	switch {
	case implementation == "gwbench":
		return spec.NewServer(app), nil
	case implementation == "net/http" && spec.Name == "http":
		return &http.Server{Handler: app}, nil
	case implementation == "net/http" && spec.Name == "fastcgi":
		return goFastCGI{app}, nil
	case implementation == "net/http":
		return nil, fmt.Errorf("the standard library of Go has no %s server: use --server gwbench", spec.Name)
	default:
		return nil, fmt.Errorf("unknown server %q: use gwbench or net/http", implementation)
	}
}

// goFastCGI gives net/http/fcgi, which knows no shutdown, the shape of the
// other servers: its listener is closed by serve, and what is open ends with
// the process.
type goFastCGI struct{ handler http.Handler }

func (s goFastCGI) Serve(l net.Listener) error     { return fcgi.Serve(l, s.handler) }
func (s goFastCGI) Shutdown(context.Context) error { return nil }
func (s goFastCGI) Close() error                   { return nil }

// listen opens the address of --listen.
func listen(ctx context.Context, address string) (net.Listener, error) {
	network := "tcp"
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		if path == "" || len(path) > protocols.MaxSocketPath {
			return nil, fmt.Errorf("--listen unix:PATH wants a path of 1 to %d bytes, not of %d", protocols.MaxSocketPath, len(path))
		}
		network, address = "unix", path
		removeStaleSocket(path)
	}
	// Keep-alive probes cost four setsockopt calls for each accepted connection
	// and find nothing on the connections of a load test.
	l, err := (&net.ListenConfig{KeepAlive: -1}).Listen(ctx, network, address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE) && network == "tcp":
		return nil, fmt.Errorf("port %s is in use by another program: pass --listen 127.0.0.1:0 to let the system choose", address)
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("socket %s is in use by another program, or is not a socket: choose another path", address)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %q (want HOST:PORT or unix:PATH): %w", address, err)
	}
	return l, nil
}

// removeStaleSocket removes a socket that nobody answers on: what a server
// that was killed leaves behind.
func removeStaleSocket(path string) {
	info, err := os.Lstat(path)
	if err != nil || info.Mode().Type() != os.ModeSocket {
		return
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		conn.Close()
		return
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		os.Remove(path)
	}
}

// listenURL is the URL under which requests reach the listener.
func listenURL(protocol string, a net.Addr) string {
	return protocols.Endpoint{Protocol: protocol, Network: a.Network(), Address: a.String(), Path: "/"}.String()
}
