package cgi

import "fmt"

// LimitError says which size limit a message broke. Detect with errors.As.
type LimitError struct {
	What  string // "uwsgi vars block", "SCGI header", "response head", ...
	Size  int64  // bytes asked for, or at least so many
	Limit int64  // bytes allowed
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("%s of %d bytes is over the limit of %d", e.What, e.Size, e.Limit)
}

// SyntaxError says where bytes broke the protocol. Detect with errors.As.
type SyntaxError struct {
	Protocol string // "uwsgi", "CGI", ...
	What     string // "key length 300 reaches past the vars block"
}

func (e *SyntaxError) Error() string { return e.Protocol + ": " + e.What }

func syntaxErrorf(format string, args ...any) error {
	return &SyntaxError{Protocol: "CGI", What: fmt.Sprintf(format, args...)}
}
