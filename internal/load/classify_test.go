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
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
)

// dialError is what net.Dialer returns.
func dialError(errno syscall.Errno) error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", errno)}
}

func TestClassify(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{nil, KindOther},
		{dialError(syscall.ECONNREFUSED), KindDial},
		{dialError(syscall.EAGAIN), KindDial},
		{&protocols.Error{Op: "dial", Err: errors.New("no route")}, KindDial},
		{dialError(syscall.EADDRNOTAVAIL), KindPorts},
		{dialError(syscall.ETIMEDOUT), KindTimeout},
		{dialError(syscall.EMFILE), KindOther},
		{&net.OpError{Op: "dial", Err: context.DeadlineExceeded}, KindTimeout},
		{&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, KindTimeout},
		{&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, KindReset},
		{&net.OpError{Op: "write", Err: os.NewSyscallError("write", syscall.EPIPE)}, KindReset},
		{io.ErrUnexpectedEOF, KindEOF},
		{fmt.Errorf("Post: %w", io.EOF), KindEOF},
		{errors.New("http: server closed idle connection"), KindEOF},
		{&net.OpError{Op: "read", Err: net.ErrClosed}, KindOther},
		{&protocols.Error{Op: "receive", Err: os.NewSyscallError("read", syscall.ENOBUFS)}, KindOther},
		{&protocols.Error{Op: "receive", Err: &cgi.SyntaxError{Protocol: "CGI", What: "no colon"}}, KindProtocol},
		{&cgi.LimitError{What: "response head", Size: 2, Limit: 1}, KindProtocol},
		{errors.New("malformed HTTP response"), KindProtocol},
	}
	for _, test := range tests {
		for _, err := range []error{test.err, fmt.Errorf("wrapped: %w", test.err)} {
			if test.err == nil {
				err = nil
			}
			if got := classify(err); got != test.want {
				t.Errorf("classify(%v) = %q, want %q", err, got, test.want)
			}
		}
	}
}

func TestExplainLeadsWithWhatToDo(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{dialError(syscall.EADDRNOTAVAIL), "TIME_WAIT"},
		{&protocols.Error{Op: "dial", Err: dialError(syscall.EADDRNOTAVAIL)}, "keep-alive, a unix socket or less load"},
		{dialError(syscall.EMFILE), "ulimit -n"},
		{dialError(syscall.EAGAIN), "listen queue"},
		{io.ErrUnexpectedEOF, "unexpected EOF"},
	}
	for _, test := range tests {
		if got := clip(explain(test.err), maxSample); !strings.Contains(got, test.want) {
			t.Errorf("explain(%v) = %q, want %q in it", test.err, got, test.want)
		}
	}
}

func TestErrorCounts(t *testing.T) {
	e := errorCounts{}
	if got := e.list(); got != nil {
		t.Errorf("no errors are %v, want nil", got)
	}
	e.add(KindBody, func() string { return strings.Repeat("x", 1000) })
	e.add(KindDial, func() string { return "refused" })
	e.add(KindBody, func() string { t.Error("asked for a second sample"); return "" })
	got := e.list()
	if len(got) != 2 || got[0].Kind != KindDial || got[1].Kind != KindBody || got[1].Count != 2 {
		t.Errorf("list() = %+v, want one dial error and then two of body", got)
	}
	if len(got[1].Sample) != maxSample {
		t.Errorf("the sample has %d bytes, want %d", len(got[1].Sample), maxSample)
	}
}

func TestClip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.OneOf(
			rapid.SliceOfN(rapid.Byte(), 0, 300),
			rapid.Map(rapid.StringN(0, 300, -1), func(s string) []byte { return []byte(s) }),
		).Draw(t, "s"))
		limit := rapid.IntRange(8, 250).Draw(t, "limit")
		got := clip(s, limit)
		if len(got) > limit || !utf8.ValidString(got) {
			t.Errorf("clip gave %d bytes of %d, valid UTF-8: %v", len(got), limit, utf8.ValidString(got))
		}
		if utf8.ValidString(s) && len(s) <= limit && got != s {
			t.Errorf("clip changed %q into %q", s, got)
		}
	})
}
