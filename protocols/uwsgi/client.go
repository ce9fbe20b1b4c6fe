package uwsgi

import (
	"bufio"
	"net/http"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// A Codec is the client's side of one connection. It implements the Codec of
// package protocols, which documents the methods. Sending (Append) and
// receiving (Read) may go on at the same time on two goroutines.
type Codec struct {
	gateway *cgi.Gateway
	vars    cgi.Vars
	body    cgi.Body
}

// NewCodec returns the codec for one connection. g is only read, and so can be
// shared.
func NewCodec(g *cgi.Gateway) *Codec { return &Codec{gateway: g} }

// AppendHead appends the packet of variables. length must be known (>= 0); a
// block over MaxVars is a *cgi.LimitError.
func (c *Codec) AppendHead(dst []byte, r *http.Request, length int64) ([]byte, error) {
	c.vars.Reset()
	if err := c.gateway.AppendVars(&c.vars, r, length); err != nil {
		return dst, err
	}
	return appendPacket(dst, &c.vars)
}

// AppendBody appends p as it is: the body is not framed.
func (c *Codec) AppendBody(dst, p []byte) []byte { return append(dst, p...) }

// AppendEnd appends nothing: CONTENT_LENGTH tells the end.
func (c *Codec) AppendEnd(dst []byte) []byte { return dst }

// ReadHead reads the head of the response, HTTP or CGI, as nginx does.
func (c *Codec) ReadHead(br *bufio.Reader, method string, head *cgi.Head) error {
	if err := head.ReadCGI(br); err != nil {
		return err
	}
	length := head.ContentLength
	if cgi.NoBody(method, head.Status) {
		length = 0
	}
	c.body.Reset(br, length)
	return nil
}

// Read reads the body: as many bytes as Content-Length says, else until the
// connection ends.
func (c *Codec) Read(p []byte) (int, error) { return c.body.Read(p) }

// Reusable is always false: a uwsgi connection carries one request.
func (c *Codec) Reusable() bool { return false }
