package protocols

import (
	"bufio"
	"net/http"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// A Codec is the client's side of a protocol on one connection at a time. The
// Transport uses it for one request after the other. Once Read has returned
// io.EOF, and all of the request was sent, the next request may also go to
// another connection, whatever Reusable says: what belongs to an exchange
// begins anew with AppendHead and ReadHead.
//
// Append methods and Read methods use disjoint state, so that one goroutine
// may send a long body while another reads the answer that came early. None
// of them allocates in the steady state.
type Codec interface {
	// AppendHead appends to dst all bytes that come before the body of r.
	// length is the body's length in bytes: 0 means none, -1 unknown, which
	// only protocols whose Spec says StreamsUnknownLength are asked for.
	AppendHead(dst []byte, r *http.Request, length int64) ([]byte, error)

	// AppendBody appends one piece of the body, framed. p is never empty.
	AppendBody(dst, p []byte) []byte

	// AppendEnd appends what closes the request, after the body or in its
	// place.
	AppendEnd(dst []byte) []byte

	// ReadHead reads the head of the answer to a request of that method.
	ReadHead(br *bufio.Reader, method string, head *cgi.Head) error

	// Read reads on in the body of the answer whose head ReadHead read, and
	// returns io.EOF at its proper end; an end that came too early is
	// io.ErrUnexpectedEOF.
	Read(p []byte) (n int, err error)

	// Reusable tells, after Read has returned io.EOF, whether the connection
	// can carry another request.
	Reusable() bool
}
