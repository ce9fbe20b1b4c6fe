package protocols

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
)

// Error is a failed exchange. It wraps its cause: errors.Is finds
// syscall.ECONNREFUSED, io.ErrUnexpectedEOF, os.ErrDeadlineExceeded,
// context.Canceled and so on. It is a net.Error.
type Error struct {
	Endpoint Endpoint
	Op       string // "dial", "send" or "receive": what failed
	Err      error

	stale bool // an idle connection was closed by the peer: worth another try
}

func (e *Error) Error() string {
	where := e.Endpoint
	where.Path = "/"
	cause := e.Err
	if op, ok := cause.(*net.OpError); ok {
		cause = op.Err // without what where and Op say already
	}
	text := fmt.Sprintf("%v: %s: %v", where, e.Op, cause)
	if hint := e.hint(); hint != "" {
		text += ": " + hint
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// Timeout tells whether the exchange took too long.
func (e *Error) Timeout() bool {
	return errors.Is(e.Err, os.ErrDeadlineExceeded) || errors.Is(e.Err, context.DeadlineExceeded)
}

// Temporary is false: net.Error has it for history's sake only.
func (e *Error) Temporary() bool { return false }

// hint says what a person can do about the error.
func (e *Error) hint() string {
	switch {
	case errors.Is(e.Err, syscall.EADDRNOTAVAIL):
		return "no local port is free, most of them wait in TIME_WAIT: keep connections alive, use a unix socket, or send fewer requests per second"
	case errors.Is(e.Err, syscall.ECONNREFUSED), errors.Is(e.Err, os.ErrNotExist):
		return "no server listens there: start it, or check the address"
	case errors.Is(e.Err, syscall.EAGAIN) && !e.Timeout():
		return "the server's listen queue is full: give it a larger backlog, or use fewer connections"
	case errors.Is(e.Err, syscall.EMFILE):
		return "no more files may be open: raise the limit (ulimit -n), or use fewer connections"
	case errors.Is(e.Err, errNoAnswer):
		title := e.Endpoint.Protocol
		if s, ok := Lookup(e.Endpoint.Protocol); ok {
			title = s.Title
		}
		return "does the server speak " + title + " there?"
	}
	return ""
}

// errNoAnswer is an end of the connection before the first byte of an answer.
var errNoAnswer = fmt.Errorf("the connection ended without an answer: %w", io.ErrUnexpectedEOF)

// bodyError is a request body that could not be read: the caller's failure, not the
// endpoint's.
type bodyError struct{ err error }

func (e *bodyError) Error() string { return "request body: " + e.err.Error() }
func (e *bodyError) Unwrap() error { return e.err }

func isBodyError(err error) bool {
	var wrong *bodyError
	return errors.As(err, &wrong)
}

// peerClosed tells errors by which a peer that closed the connection shows.
func peerClosed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrClosedPipe) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNABORTED)
}

// contextError is why the context ended: the plain context error, which
// callers test for, and the cause where one was given.
func contextError(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if cause == nil || errors.Is(err, cause) {
		return err
	}
	return fmt.Errorf("%w: %w", err, cause)
}

var _ net.Error = (*Error)(nil)
