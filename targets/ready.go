package targets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
)

// Pauses between two readiness requests, and the time given to one: a server
// may accept a connection long before its application is loaded.
const (
	firstPause   = time.Millisecond
	longestPause = 50 * time.Millisecond
	longestTry   = 2 * time.Second
)

// awaitReady asks until the server answers, dies, or the time is over.
func (i *Instance) awaitReady(ctx context.Context, o Options) error {
	tooLong := fmt.Errorf("it did not answer %s%s within %s", i.endpoint, strings.TrimPrefix(o.ReadyPath, "/"), o.ReadyTimeout)
	ctx, cancel := context.WithTimeoutCause(ctx, o.ReadyTimeout, tooLong)
	defer cancel()
	asking, stopAsking := context.WithCancel(ctx)
	defer stopAsking()
	go func() { // a request must not outlast its server
		select {
		case <-i.exited:
			stopAsking()
		case <-asking.Done():
		}
	}()
	pause := firstPause
	for {
		err := ask(asking, i.endpoint, i.script, o.ReadyPath, longestTry)
		if err == nil {
			pause = 0
		}
		timer := time.NewTimer(pause)
		select {
		case <-i.exited:
			timer.Stop()
			return i.earlyExit()
		case <-ctx.Done():
			timer.Stop()
			cause := context.Cause(ctx)
			if errors.Is(cause, tooLong) && errors.Is(err, syscall.ECONNREFUSED) {
				// The error's own advice is for a server that somebody else starts.
				return fmt.Errorf("%w: nobody listens there: is the address in the command?", cause)
			}
			if errors.Is(cause, tooLong) && err != nil {
				return fmt.Errorf("%w: %w", cause, err)
			}
			return cause
		case <-timer.C:
		}
		if err == nil {
			return i.openSocket()
		}
		pause = min(2*pause, longestPause)
	}
}

// openSocket lets every user connect: a front's workers may run as another one
// than the server.
func (i *Instance) openSocket() error {
	if i.endpoint.Network != unixSocket {
		return nil
	}
	return os.Chmod(i.endpoint.Address, 0o666)
}

// earlyExit says how a server died before it was ready, and whether somebody
// else has its address.
func (i *Instance) earlyExit() error {
	if i.endpoint.Network == tcp {
		l, err := net.Listen("tcp", i.endpoint.Address)
		if err == nil {
			_ = l.Close()
		}
		if errors.Is(err, syscall.EADDRINUSE) || strings.Contains(strings.ToLower(i.tail), "address already in use") {
			return fmt.Errorf("%w: %w: %s is in use", i.err, errAddressTaken, i.endpoint.Address)
		}
	}
	if errors.Is(i.err, errSuccess) {
		return fmt.Errorf("%w before it answered: has it put itself into the background? It must stay in the foreground", i.err)
	}
	return fmt.Errorf("%w before it answered", i.err)
}

// reach is Start for an external target.
func (r *Recipe) reach(ctx context.Context, o Options) (*Instance, error) {
	e := *r.external
	path := o.ReadyPath
	if path == "/" && e.Path != "" {
		path = e.Path
	}
	if err := ask(ctx, e, "", path, o.ReadyTimeout); err != nil && !errors.Is(err, errStatus) {
		return nil, &StartError{Target: r.title(), Err: fmt.Errorf("no answer: %w", err)}
	}
	return &Instance{target: r.title(), endpoint: e}, nil
}

// errStatus: there was an answer, and it says that the server cannot serve.
var errStatus = errors.New("the server answers with an error")

// ask makes one request on a connection of its own.
func ask(ctx context.Context, e protocols.Endpoint, script, path string, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	t := &protocols.Transport{Endpoint: &e, Timeout: timeout, Gateway: cgi.Gateway{ScriptFilename: script}}
	defer t.CloseIdleConnections()
	at := e
	at.Path = path
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.URL(), nil)
	if err != nil {
		return err
	}
	response, err := t.RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("%w: %d %s", errStatus, response.StatusCode, http.StatusText(response.StatusCode))
	}
	return nil
}
