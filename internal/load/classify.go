package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
)

// Kinds of errors, the values of results.ErrorCount.Kind.
const (
	KindDial     = "dial"            // no connection could be made
	KindTimeout  = "timeout"         // no whole answer within Plan.Timeout
	KindReset    = "reset"           // the server broke the connection off
	KindEOF      = "eof"             // the connection ended before the answer did
	KindProtocol = "protocol"        // what came is not an answer in the protocol
	KindStatus   = "status"          // another status than expected
	KindBody     = "body"            // the expected status, another body
	KindPorts    = results.KindPorts // no local port left to connect from
	KindOther    = "other"           // the local system's limits and everything else
)

// Kinds lists all kinds of errors, in the order of Result.Errors.
var Kinds = []string{KindDial, KindTimeout, KindReset, KindEOF, KindProtocol, KindStatus, KindBody, KindPorts, KindOther}

// maxSample is the length in bytes of an error message that is kept.
const maxSample = 200

// classify returns the kind of a failed exchange.
func classify(err error) string {
	switch {
	case err == nil:
		return KindOther
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return KindPorts
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return KindOther
	// Not by a Timeout method: EAGAIN, a full listen queue, has one too.
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT):
		return KindTimeout
	case isDial(err):
		return KindDial
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED):
		return KindReset
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), isServerClosedIdle(err):
		return KindEOF
	case isLocal(err):
		return KindOther
	}
	// Neither the network nor the system complained: what was read made no sense.
	return KindProtocol
}

func isDial(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return true
	}
	wire, ok := errors.AsType[*protocols.Error](err)
	return ok && wire.Op == "dial"
}

// isLocal tells errors of the network or the system that are no kind of their own.
func isLocal(err error) bool {
	_, network := errors.AsType[*net.OpError](err)
	_, system := errors.AsType[syscall.Errno](err)
	return network || system || errors.Is(err, net.ErrClosed)
}

// isServerClosedIdle knows net/http's error of a connection that the server
// closed just when a request was sent. It has no type and is not exported.
func isServerClosedIdle(err error) bool {
	return strings.HasSuffix(err.Error(), "http: server closed idle connection")
}

// explain returns the message of a failed exchange, led by what a person can
// do where the error alone does not tell: at the end it might be cut off.
func explain(err error) string {
	hint := ""
	switch {
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		hint = "no ephemeral port is free, a closed connection holds its own for 60 s (TIME_WAIT): use keep-alive, a unix socket or less load"
	case errors.Is(err, syscall.EMFILE):
		hint = "no more files may be open: raise the limit (ulimit -n) or use fewer clients"
	case errors.Is(err, syscall.EAGAIN) && isDial(err):
		hint = "the server's listen queue is full: raise its backlog or use less load"
	default:
		return err.Error()
	}
	if wire, ok := errors.AsType[*protocols.Error](err); ok {
		err = wire.Err // without the hint of its own
	}
	return fmt.Sprintf("%s: %v", hint, err)
}

// errorCounts counts failures by kind, with one message of each.
type errorCounts map[string]*results.ErrorCount

// add counts a failure; sample is called for the first one of a kind only.
func (e errorCounts) add(kind string, sample func() string) {
	count, ok := e[kind]
	if !ok {
		count = &results.ErrorCount{Kind: kind, Sample: clip(sample(), maxSample)}
		e[kind] = count
	}
	count.Count++
}

// list returns the counts in the order of Kinds, nil where there are none.
func (e errorCounts) list() []results.ErrorCount {
	var list []results.ErrorCount
	for _, kind := range Kinds {
		if count, ok := e[kind]; ok {
			list = append(list, *count)
		}
	}
	return list
}

// clip shortens s to at most limit bytes of valid UTF-8.
func clip(s string, limit int) string {
	s = strings.ToValidUTF8(s, "�")
	if len(s) <= limit {
		return s
	}
	const more = "..."
	end := limit - len(more)
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + more
}
