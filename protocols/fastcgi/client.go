package fastcgi

import (
	"bufio"
	"errors"
	"io"
	"net/http"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// clientID is the id of every request: the connection is not multiplexed, and
// an id may be used again once END_REQUEST has come (section 3.3).
const clientID = 1

// A Codec is the client's side of FastCGI on one connection, one request
// after the other, in the role of a web server that wants a Responder.
// Sending (the Append methods) and reading (ReadHead, Read, Stderr, Reusable)
// may happen in two goroutines, one each. It allocates nothing in the steady
// state.
type Codec struct {
	keepAlive bool
	gateway   *cgi.Gateway

	// State of sending.
	vars cgi.Vars

	// State of reading.
	in     stdout
	out    *bufio.Reader // what in reads, buffered while the head is parsed
	noBody bool
	length int64 // the body's Content-Length in bytes, -1 where there is none
	left   int64 // bytes of length still to come
	err    error // what Read has ended with
}

// NewCodec returns a codec for one connection. keepAlive asks the server to
// leave it open (FCGI_KEEP_CONN). g makes the PARAMS; it is shared and not
// changed.
func NewCodec(keepAlive bool, g *cgi.Gateway) *Codec {
	c := &Codec{keepAlive: keepAlive, gateway: g}
	c.out = bufio.NewReaderSize(&c.in, headBuffer)
	return c
}

// headBuffer is the size in bytes of what the head is parsed from. It is no
// larger than common heads: a connection for each request pays for it each
// time, and the start of a body that shares it is copied once more than the
// rest. Heads may be larger.
const headBuffer = 512

// AppendHead appends BEGIN_REQUEST and PARAMS. length must be known, since an
// application learns it from CONTENT_LENGTH. Every pair lies in one record,
// as php-fpm demands, except one that is larger than 65535 bytes.
func (c *Codec) AppendHead(dst []byte, r *http.Request, length int64) ([]byte, error) {
	c.vars.Reset()
	if err := c.gateway.AppendVars(&c.vars, r, length); err != nil {
		return dst, err
	}
	flags := byte(0)
	if c.keepAlive {
		flags = flagKeepConn
	}
	start := len(dst)
	dst = appendBeginRequest(dst, clientID, RoleResponder, flags)
	dst, err := appendParams(dst, clientID, &c.vars)
	if err != nil {
		return dst[:start], err
	}
	return dst, nil
}

// AppendBody appends p as STDIN records of at most 65535 bytes.
func (c *Codec) AppendBody(dst, p []byte) []byte {
	return appendStream(dst, TypeStdin, clientID, p)
}

// AppendEnd appends the empty record that ends STDIN. Every request needs it,
// one without a body too: uWSGI waits for it.
func (c *Codec) AppendEnd(dst []byte) []byte {
	return appendStreamEnd(dst, TypeStdin, clientID)
}

// ReadHead reads the head of the answer from STDOUT. It fails with
//   - io.EOF where the connection ended before the first byte of the answer,
//   - io.ErrUnexpectedEOF where it ended later,
//   - a *[StatusError] where END_REQUEST refused the request or came before a
//     whole head,
//   - a *[cgi.SyntaxError] or *[cgi.LimitError] where the bytes are not FastCGI,
//     or not a head.
func (c *Codec) ReadHead(br *bufio.Reader, method string, head *cgi.Head) error {
	c.in.reset(br)
	c.out.Reset(&c.in)
	c.noBody, c.length, c.left, c.err = false, -1, -1, nil

	if _, err := br.Peek(1); err != nil {
		c.err = err
		return err
	}
	if err := head.ReadCGI(c.out); err != nil {
		c.err = c.headError(err)
		return c.err
	}
	c.noBody = cgi.NoBody(method, head.Status)
	c.length, c.left = head.ContentLength, head.ContentLength
	return nil
}

// headError finds out why the head could not be read.
func (c *Codec) headError(err error) error {
	switch {
	case c.in.err != nil && c.in.err != io.EOF:
		return c.in.err
	case c.in.err == io.EOF && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)):
		return &StatusError{App: c.in.appStatus, Stderr: c.in.shortStderr()}
	}
	return err
}

// Read reads on in STDOUT and returns io.EOF, where possible together with the
// last bytes, once END_REQUEST has been read. A body shorter than its
// Content-Length is io.ErrUnexpectedEOF, a longer one a *[cgi.SyntaxError]
// after the announced bytes. What an application sends although the answer to
// that method, or of that status, has no body is dropped.
func (c *Codec) Read(p []byte) (n int, err error) {
	switch {
	case c.err != nil:
		return 0, c.err
	case c.noBody:
		c.err = c.drain()
		return 0, c.err
	case c.left == 0:
		c.err = c.finish()
		return 0, c.err
	case len(p) == 0:
		return 0, nil
	}
	if c.left > 0 {
		p = p[:min(int64(len(p)), c.left)]
	}
	if c.out.Buffered() > 0 {
		n, err = c.out.Read(p)
	} else {
		n, err = c.in.Read(p)
	}
	if c.left > 0 {
		c.left -= int64(n)
	}
	if err == nil && c.out.Buffered() == 0 && c.in.atEnd() {
		err = io.EOF
	}
	if err == io.EOF && c.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	c.err = err
	return n, err
}

// drain reads to the end of the answer.
func (c *Codec) drain() error {
	c.out.Reset(&c.in)
	for {
		if err := c.in.skipContent(); err != nil {
			return err
		}
		if err := c.in.next(); err != nil {
			return err
		}
	}
}

// finish reads the end of an answer whose body has come whole.
func (c *Codec) finish() error {
	if c.out.Buffered() == 0 {
		if err := c.in.next(); err != nil {
			return err
		}
	}
	return syntaxError("the body is longer than its Content-Length of %d bytes", c.length)
}

// Reusable tells whether the connection can carry another request: keepAlive
// was asked for, Read has returned io.EOF, and nothing follows END_REQUEST.
// A server that closes the connection all the same is seen by the next
// ReadHead.
func (c *Codec) Reusable() bool {
	return c.keepAlive && c.err == io.EOF && c.in.reusable
}

// Stderr returns what the application wrote to STDERR during the answer, as
// far as it has been read, at most [MaxStderr] bytes. It is valid until the
// next ReadHead and must not be changed.
func (c *Codec) Stderr() []byte { return c.in.stderr }

// AppStatus returns the application's exit status, once Read has returned
// io.EOF. 0 means success by convention.
func (c *Codec) AppStatus() uint32 { return c.in.appStatus }
