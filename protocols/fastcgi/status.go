package fastcgi

import (
	"fmt"
	"strings"
)

// ProtocolStatus is how a request ended at the level of the protocol
// (section 5.5).
type ProtocolStatus uint8

// The protocol statuses of FastCGI 1.0.
const (
	RequestComplete ProtocolStatus = 0 // the normal end
	CantMultiplex   ProtocolStatus = 1 // no second request on this connection while one runs
	Overloaded      ProtocolStatus = 2 // out of some resource
	UnknownRole     ProtocolStatus = 3 // the application does not play the role asked for
)

// String says the status in words.
func (s ProtocolStatus) String() string {
	switch s {
	case RequestComplete:
		return "request complete"
	case CantMultiplex:
		return "cannot multiplex this connection"
	case Overloaded:
		return "overloaded"
	case UnknownRole:
		return "unknown role"
	}
	return fmt.Sprintf("unknown protocol status %d", uint8(s))
}

// A StatusError reports an END_REQUEST that came in place of an answer: the
// server refused the request (Protocol is not RequestComplete), or the
// application ended without a response head. Detect with errors.As.
type StatusError struct {
	Protocol ProtocolStatus
	App      uint32 // the application's exit status
	Stderr   string // what the application wrote to STDERR, shortened
}

// Error tells both statuses, and what the application said about them.
func (e *StatusError) Error() string {
	var b strings.Builder
	b.WriteString("FastCGI: ")
	if e.Protocol != RequestComplete {
		fmt.Fprintf(&b, "the server refused the request: %v", e.Protocol)
	} else {
		fmt.Fprintf(&b, "the application ended with status %d before its response head was complete", e.App)
	}
	if e.Stderr != "" {
		fmt.Fprintf(&b, "; its STDERR: %q", e.Stderr)
	}
	return b.String()
}
