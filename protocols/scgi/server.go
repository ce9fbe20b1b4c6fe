package scgi

import (
	"bufio"
	"net"
	"net/http"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/protocols/server"
)

// Serve serves h over SCGI to the connections that l accepts, and returns what
// ended that. The variables of a request are in cgi.Environ.
func Serve(l net.Listener, h http.Handler) error { return NewServer(h).Serve(l) }

// NewServer returns a server of h over SCGI, for those who want to shut it
// down.
func NewServer(h http.Handler) *server.Server {
	return &server.Server{
		Handler:  h,
		NewCodec: func(net.Conn) server.Codec { return &serverCodec{} },
	}
}

// serverCodec is the server's side of one connection, that is, of one request.
type serverCodec struct{ cgi.ServerCodec }

func (c *serverCodec) ReadRequest(br *bufio.Reader) (*http.Request, error) {
	return c.ReceiveRequest(br, readHeader)
}

func (c *serverCodec) AppendHead(dst []byte, status int, h http.Header, length int64) []byte {
	return cgi.AppendHead(dst, status, h, length)
}

// RejectRequest says what was wrong.
func (c *serverCodec) RejectRequest(dst []byte, err error) []byte {
	return server.AppendRejection(dst, c, err)
}
