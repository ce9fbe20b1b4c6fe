package cgi

import (
	"bufio"
	"net/http"
)

// A ClientCodec is the client's side of one connection, for the protocols that
// send the variables in one piece, then the raw body, and carry one request per
// connection. It implements the Codec of package protocols, which documents the
// methods. Sending (Append) and receiving (Read) may go on at the same time on
// two goroutines.
type ClientCodec struct {
	gateway    *Gateway
	appendVars func(dst []byte, v *Vars) ([]byte, error)
	vars       Vars
	body       Body
}

// NewClientCodec returns the codec for one connection. g is only read, and so
// can be shared. appendVars appends the variables as the protocol encodes
// them; where it fails, it returns dst as it was.
func NewClientCodec(g *Gateway, appendVars func(dst []byte, v *Vars) ([]byte, error)) *ClientCodec {
	return &ClientCodec{gateway: g, appendVars: appendVars}
}

// AppendHead appends the variables. length must be known (>= 0); more than the
// protocol can carry is a *LimitError.
func (c *ClientCodec) AppendHead(dst []byte, r *http.Request, length int64) ([]byte, error) {
	c.vars.Reset()
	if err := c.gateway.AppendVars(&c.vars, r, length); err != nil {
		return dst, err
	}
	return c.appendVars(dst, &c.vars)
}

// AppendBody appends p as it is: the body is not framed.
func (c *ClientCodec) AppendBody(dst, p []byte) []byte { return append(dst, p...) }

// AppendEnd appends nothing: CONTENT_LENGTH tells the end.
func (c *ClientCodec) AppendEnd(dst []byte) []byte { return dst }

// ReadHead reads the head of the response, HTTP or CGI, as nginx does.
func (c *ClientCodec) ReadHead(br *bufio.Reader, method string, head *Head) error {
	if err := head.ReadCGI(br); err != nil {
		return err
	}
	length := head.ContentLength
	if NoBody(method, head.Status) {
		length = 0
	}
	c.body.Reset(br, length)
	return nil
}

// Read reads the body: as many bytes as Content-Length says, else until the
// connection ends.
func (c *ClientCodec) Read(p []byte) (int, error) { return c.body.Read(p) }

// Reusable is always false: the connection carries one request.
func (c *ClientCodec) Reusable() bool { return false }
