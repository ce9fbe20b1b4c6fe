package fastcgi

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// Type is the type of a record (specification, section 8).
type Type uint8

// The record types of FastCGI 1.0.
const (
	TypeBeginRequest    Type = 1
	TypeAbortRequest    Type = 2
	TypeEndRequest      Type = 3
	TypeParams          Type = 4
	TypeStdin           Type = 5
	TypeStdout          Type = 6
	TypeStderr          Type = 7
	TypeData            Type = 8
	TypeGetValues       Type = 9
	TypeGetValuesResult Type = 10
	TypeUnknown         Type = 11
)

var typeNames = [...]string{
	TypeBeginRequest:    "BEGIN_REQUEST",
	TypeAbortRequest:    "ABORT_REQUEST",
	TypeEndRequest:      "END_REQUEST",
	TypeParams:          "PARAMS",
	TypeStdin:           "STDIN",
	TypeStdout:          "STDOUT",
	TypeStderr:          "STDERR",
	TypeData:            "DATA",
	TypeGetValues:       "GET_VALUES",
	TypeGetValuesResult: "GET_VALUES_RESULT",
	TypeUnknown:         "UNKNOWN_TYPE",
}

// String returns the specification's name without its FCGI_ prefix.
func (t Type) String() string {
	if int(t) < len(typeNames) && typeNames[t] != "" {
		return typeNames[t]
	}
	return fmt.Sprintf("type %d", uint8(t))
}

// Role is what a web server asks an application to be (section 6).
type Role uint16

// The roles of FastCGI 1.0. This package plays the Responder only.
const (
	RoleResponder  Role = 1
	RoleAuthorizer Role = 2
	RoleFilter     Role = 3
)

const (
	version1 = 1

	// HeaderSize is the size of every record's header in bytes.
	HeaderSize = 8

	// MaxContent is the largest content of one record in bytes: its length
	// is 16 bits wide.
	MaxContent = 65535

	// flagKeepConn in BEGIN_REQUEST leaves the connection to the web server
	// to close (section 5.1).
	flagKeepConn = 1

	// managementID is the request id of records that belong to no request
	// (section 3.3).
	managementID = 0

	// bodySize is the content length of BEGIN_REQUEST, END_REQUEST and
	// UNKNOWN_TYPE, in bytes.
	bodySize = 8
)

// A Header is the fixed part of a record (section 3.3). Content and padding
// follow it on the wire, of ContentLength and PaddingLength bytes.
type Header struct {
	Type          Type
	RequestID     uint16 // 0 for management records
	ContentLength uint16 // bytes
	PaddingLength uint8  // bytes
}

// AppendHeader appends h as it is on the wire, HeaderSize bytes.
func AppendHeader(dst []byte, h Header) []byte {
	return append(dst, version1, byte(h.Type),
		byte(h.RequestID>>8), byte(h.RequestID),
		byte(h.ContentLength>>8), byte(h.ContentLength),
		h.PaddingLength, 0)
}

// ParseHeader reads a header from the first HeaderSize bytes of b. It fails
// with a *cgi.SyntaxError where b is shorter, or of another version than 1.
func ParseHeader(b []byte) (Header, error) {
	if len(b) < HeaderSize {
		return Header{}, syntaxError("record header of %d bytes, want %d", len(b), HeaderSize)
	}
	if b[0] != version1 {
		return Header{}, syntaxError("record of version %d, want %d: is the peer a FastCGI one?", b[0], version1)
	}
	return Header{
		Type:          Type(b[1]),
		RequestID:     binary.BigEndian.Uint16(b[2:]),
		ContentLength: binary.BigEndian.Uint16(b[4:]),
		PaddingLength: b[6],
	}, nil
}

// appendStream appends p as records of stream t, none where p is empty: an
// empty record would end the stream. Records are not padded: the
// specification recommends it for alignment only, and every peer has to
// accept records without.
func appendStream(dst []byte, t Type, id uint16, p []byte) []byte {
	for len(p) > 0 {
		piece := p[:min(len(p), MaxContent)]
		p = p[len(piece):]
		dst = AppendHeader(dst, Header{Type: t, RequestID: id, ContentLength: uint16(len(piece))})
		dst = append(dst, piece...)
	}
	return dst
}

// appendStreamEnd appends the empty record that ends stream t.
func appendStreamEnd(dst []byte, t Type, id uint16) []byte {
	return AppendHeader(dst, Header{Type: t, RequestID: id})
}

// setContentLength corrects the length in the header at the start of b.
func setContentLength(b []byte, n int) {
	binary.BigEndian.PutUint16(b[4:], uint16(n))
}

func appendBeginRequest(dst []byte, id uint16, role Role, flags byte) []byte {
	dst = AppendHeader(dst, Header{Type: TypeBeginRequest, RequestID: id, ContentLength: bodySize})
	return append(dst, byte(role>>8), byte(role), flags, 0, 0, 0, 0, 0)
}

func appendEndRequest(dst []byte, id uint16, app uint32, protocol ProtocolStatus) []byte {
	dst = AppendHeader(dst, Header{Type: TypeEndRequest, RequestID: id, ContentLength: bodySize})
	dst = binary.BigEndian.AppendUint32(dst, app)
	return append(dst, byte(protocol), 0, 0, 0)
}

func appendUnknownType(dst []byte, t Type) []byte {
	dst = AppendHeader(dst, Header{Type: TypeUnknown, RequestID: managementID, ContentLength: bodySize})
	return append(dst, byte(t), 0, 0, 0, 0, 0, 0, 0)
}

// recordArrived tells whether the next record is in br as a whole. padding is
// the number of bytes before it.
func recordArrived(br *bufio.Reader, padding int) bool {
	need := padding + HeaderSize
	if br.Buffered() < need {
		return false
	}
	b, _ := br.Peek(need)
	h, err := ParseHeader(b[padding:])
	return err == nil && br.Buffered() >= need+int(h.ContentLength)+int(h.PaddingLength)
}

// unexpected is for places where the connection must not end.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func syntaxError(format string, args ...any) error {
	return &cgi.SyntaxError{Protocol: "FastCGI", What: fmt.Sprintf(format, args...)}
}
