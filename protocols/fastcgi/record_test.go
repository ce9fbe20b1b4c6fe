package fastcgi

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/protocols/cgi"
)

func TestHeaderVectors(t *testing.T) {
	for _, tc := range []struct {
		wire string
		want Header
	}{
		{"\x01\x01\x00\x01\x00\x08\x00\x00", Header{TypeBeginRequest, 1, 8, 0}},
		{"\x01\x06\x01\x02\x03\x04\x05\x00", Header{TypeStdout, 0x0102, 0x0304, 5}},
		{"\x01\x0b\xff\xff\xff\xff\xff\x00", Header{TypeUnknown, 65535, 65535, 255}},
	} {
		got, err := ParseHeader([]byte(tc.wire))
		if err != nil || got != tc.want {
			t.Errorf("ParseHeader(%q) = %+v, %v, want %+v", tc.wire, got, err, tc.want)
		}
		if wire := AppendHeader([]byte("x"), tc.want); string(wire) != "x"+tc.wire {
			t.Errorf("AppendHeader(%+v) = %q, want %q", tc.want, wire[1:], tc.wire)
		}
	}
}

func TestParseHeaderRefuses(t *testing.T) {
	for name, wire := range map[string]string{
		"nothing":           "",
		"seven bytes":       "\x01\x06\x00\x01\x00\x00\x00",
		"another version":   "\x02\x06\x00\x01\x00\x00\x00\x00",
		"an HTTP response":  "HTTP/1.1 400 Bad Request",
		"an empty version":  "\x00\x06\x00\x01\x00\x00\x00\x00",
		"a later version 1": "\x11\x06\x00\x01\x00\x00\x00\x00",
	} {
		_, err := ParseHeader([]byte(wire))
		var syntax *cgi.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: error %v, want a *cgi.SyntaxError", name, err)
		}
	}
}

func TestHeaderRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Header{
			Type:          Type(rapid.Byte().Draw(t, "type")),
			RequestID:     rapid.Uint16().Draw(t, "id"),
			ContentLength: rapid.Uint16().Draw(t, "content"),
			PaddingLength: rapid.Byte().Draw(t, "padding"),
		}
		got, err := ParseHeader(AppendHeader(nil, want))
		if err != nil || got != want {
			t.Fatalf("got %+v, %v, want %+v", got, err, want)
		}
	})
}

func TestBodies(t *testing.T) {
	for _, tc := range []struct {
		name string
		got  []byte
		want string
	}{
		{"BEGIN_REQUEST", appendBeginRequest(nil, 1, RoleResponder, flagKeepConn), beginKeepConn},
		{"END_REQUEST", appendEndRequest(nil, 1, 938, RequestComplete), end938},
		{"END_REQUEST, refused", appendEndRequest(nil, 0x0203, 0, UnknownRole), record(3, 0x0203, "\x00\x00\x00\x00\x03\x00\x00\x00", 0)},
		{"UNKNOWN_TYPE", appendUnknownType(nil, 200), record(11, 0, "\xc8\x00\x00\x00\x00\x00\x00\x00", 0)},
	} {
		if diff := cmp.Diff(tc.want, string(tc.got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestAppendStreamSplits(t *testing.T) {
	for _, size := range []int{0, 1, MaxContent - 1, MaxContent, MaxContent + 1, 3*MaxContent + 5} {
		p := bytes.Repeat([]byte("abcdefg"), size/7+1)[:size]
		var want strings.Builder
		for rest := string(p); len(rest) > 0; {
			n := min(len(rest), 65535)
			want.WriteString(record(5, 1, rest[:n], 0))
			rest = rest[n:]
		}
		if got := appendStream(nil, TypeStdin, 1, p); string(got) != want.String() {
			t.Errorf("%d bytes: %d bytes in records, want %d, or they differ", size, len(got), want.Len())
		}
	}
}

func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		TypeBeginRequest.String():    "BEGIN_REQUEST",
		TypeUnknown.String():         "UNKNOWN_TYPE",
		Type(0).String():             "type 0",
		Type(12).String():            "type 12",
		Overloaded.String():          "overloaded",
		ProtocolStatus(9).String():   "unknown protocol status 9",
		RequestComplete.String():     "request complete",
		CantMultiplex.String():       "cannot multiplex this connection",
		UnknownRole.String():         "unknown role",
		TypeGetValuesResult.String(): "GET_VALUES_RESULT",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
