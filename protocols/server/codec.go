package server

import (
	"bufio"
	"errors"
	"net/http"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// A Codec is the server's side of a protocol on one connection. The server
// calls it from one goroutine, but a handler may read the request's Body on
// another one while it writes its response, so that the Body and the Append
// methods must not share state.
type Codec interface {
	// ReadRequest reads the head of the next request. The request's Body reads
	// on through the codec (http.NoBody where there is none). io.EOF means that
	// the peer closed before the first byte of a request; every other error
	// ends the connection.
	//
	// The handler gets a shallow copy of the request, with a context of the
	// server's around its own and RemoteAddr filled in where it is "". So
	// the codec may use the http.Request itself again for the next request, and
	// the Body too, but not the URL and the Header.
	ReadRequest(br *bufio.Reader) (*http.Request, error)

	// AppendHead appends the response's head to dst. length is the body's
	// length in bytes, -1 where it is not known yet. The codec frames by length
	// alone: h holds no Content-Length, and what it says of hop-by-hop fields
	// is up to the codec. h must not be changed or kept.
	//
	// A response without a body whatever its head says (cgi.NoBody) gets no
	// AppendBody, but AppendEnd all the same. Its length is -1, or, for HEAD,
	// what the body of a GET would have had, where that is known.
	AppendHead(dst []byte, status int, h http.Header, length int64) []byte

	// AppendBody appends one piece of the body with whatever frames it. p is
	// never empty.
	AppendBody(dst, p []byte) []byte

	// AppendEnd appends what closes the response. It is not called for a
	// response that ends early: the connection is closed then.
	AppendEnd(dst []byte) []byte

	// KeepAlive tells, once a response has ended, whether the connection may
	// carry another request. The server drains an unread request body first.
	// It must be false where the client may still hold its body back, waiting
	// for a 100 Continue.
	KeepAlive() bool
}

// A Rejecter is a Codec that can answer a request which it could not read.
type Rejecter interface {
	Codec

	// RejectRequest appends a whole error response to dst that fits err, which
	// ReadRequest returned: see RejectStatus. Nothing appended
	// means that there is nothing to say. The connection is closed afterwards.
	RejectRequest(dst []byte, err error) []byte
}

// AppendRejection appends the response, framed by c, that tells what err was
// about. It appends nothing where RejectStatus is 0.
func AppendRejection(dst []byte, c Codec, err error) []byte {
	status := RejectStatus(err)
	if status == 0 {
		return dst
	}
	body := err.Error() + "\n"
	dst = c.AppendHead(dst, status, http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, int64(len(body)))
	return c.AppendEnd(c.AppendBody(dst, []byte(body)))
}

// RejectStatus returns the status that answers an error of ReadRequest: 431
// for a *cgi.LimitError, 400 for a *cgi.SyntaxError, and 0 for all others, of
// which the peer need not be told.
func RejectStatus(err error) int {
	var limit *cgi.LimitError
	var syntax *cgi.SyntaxError
	switch {
	case errors.As(err, &limit):
		return http.StatusRequestHeaderFieldsTooLarge
	case errors.As(err, &syntax):
		return http.StatusBadRequest
	}
	return 0
}
