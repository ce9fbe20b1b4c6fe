package scgi

import (
	"bufio"
	"net"
	"net/http"
	"sync"

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
type serverCodec struct{ body cgi.Body }

// varsPool outlives the connections, which carry one request each.
var varsPool = sync.Pool{New: func() any { return new(cgi.Vars) }}

func (c *serverCodec) ReadRequest(br *bufio.Reader) (*http.Request, error) {
	vars := varsPool.Get().(*cgi.Vars)
	defer varsPool.Put(vars)
	vars.Reset()
	if err := readHeader(br, vars); err != nil {
		return nil, err
	}
	r, err := cgi.NewRequest(vars)
	if err != nil {
		return nil, err
	}
	r.Body = http.NoBody
	if r.ContentLength > 0 {
		c.body.Reset(br, r.ContentLength)
		r.Body = &c.body
	}
	return r, nil
}

func (c *serverCodec) AppendHead(dst []byte, status int, h http.Header, length int64) []byte {
	return cgi.AppendHead(dst, status, h, length)
}

func (c *serverCodec) AppendBody(dst, p []byte) []byte { return append(dst, p...) }

func (c *serverCodec) AppendEnd(dst []byte) []byte { return dst }

func (c *serverCodec) KeepAlive() bool { return false }

// RejectRequest says what was wrong.
func (c *serverCodec) RejectRequest(dst []byte, err error) []byte {
	status := server.RejectStatus(err)
	if status == 0 {
		return dst
	}
	body := err.Error() + "\n"
	dst = c.AppendHead(dst, status, http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, int64(len(body)))
	return append(dst, body...)
}
