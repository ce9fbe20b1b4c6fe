package fastcgi

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// serverCodec is the application's side on one connection. It implements
// server.Rejecter.
type serverCodec struct {
	conn io.Writer // for what cannot wait for a response: see reply
	br   *bufio.Reader

	// The request under way. The records of every other one are skipped.
	phase    phase
	id       uint16
	keepConn bool
	handed   bool // to the handler
	aborted  bool // after that
	body     stdin
	vars     cgi.Vars
	pairs    pairReader

	content int // bytes left of the record being read
	padding int // bytes after content

	// refused is the request that was refused on a connection that is to be
	// closed after it, 0 where there is none; refusedEnd is its last stream.
	refused    uint16
	refusedEnd Type

	scratch []byte // of reply

	// State of the response. A handler may read its request in another
	// goroutine while it answers: id is all that both look at, and it stays as
	// it is until the next request.
	out openRecord
}

// phase is how far a request has been read.
type phase uint8

const (
	idle     phase = iota // between two requests
	inParams              // BEGIN_REQUEST has come
	inStdin               // PARAMS has ended
	complete              // STDIN has ended, or the request was aborted
)

func newServerCodec(conn io.Writer) *serverCodec { return &serverCodec{conn: conn} }

// ReadRequest reads records up to the end of PARAMS and, where no body is
// announced, up to the first of STDIN. What is left of an earlier request is
// skipped.
func (c *serverCodec) ReadRequest(br *bufio.Reader) (*http.Request, error) {
	c.br = br
	c.phase, c.handed = idle, false
	if err := c.skip(); err != nil {
		return nil, err
	}
	for {
		for c.phase != inStdin {
			if err := c.record(); err != nil {
				return nil, err
			}
		}
		r, err := cgi.NewRequest(&c.vars)
		if err != nil {
			return nil, err
		}
		if err := c.setBody(r); err != nil {
			return nil, err
		}
		if c.phase != idle { // else it was aborted meanwhile
			c.handed = true
			return r, nil
		}
	}
}

// KeepAlive tells whether the web server wants the connection kept.
func (c *serverCodec) KeepAlive() bool { return c.keepConn }

// record reads the next record, of STDIN with content the header only. It
// returns io.EOF where the connection may end, which is between two requests.
func (c *serverCodec) record() error {
	if err := c.skip(); err != nil {
		return err
	}
	h, err := c.header()
	if err != nil {
		return err
	}
	c.content, c.padding = int(h.ContentLength), int(h.PaddingLength)
	switch {
	case h.RequestID == managementID:
		err = c.manage(h.Type)
	case h.Type == TypeBeginRequest:
		err = c.begin(h.RequestID)
	case h.RequestID == c.id && (c.phase == inParams || c.phase == inStdin):
		if h.Type == TypeStdin && c.phase == inStdin && c.content > 0 {
			return nil
		}
		err = c.advance(h.Type)
	case h.RequestID == c.refused && c.phase == idle && h.Type == c.refusedEnd && c.content == 0:
		return io.EOF
	}
	if err != nil {
		return err
	}
	return c.skip()
}

// header reads the header of a record.
func (c *serverCodec) header() (Header, error) {
	b, err := c.br.Peek(HeaderSize)
	if err != nil {
		if c.phase != idle || len(b) > 0 {
			err = unexpected(err)
		}
		return Header{}, err
	}
	h, err := ParseHeader(b)
	if err != nil {
		return Header{}, err
	}
	_, _ = c.br.Discard(HeaderSize) // cannot fail: they were peeked at
	return h, nil
}

// skip reads to the end of the record, its padding included.
func (c *serverCodec) skip() error {
	n := c.content + c.padding
	c.content, c.padding = 0, 0
	if n == 0 {
		return nil
	}
	_, err := c.br.Discard(n)
	return unexpected(err)
}

// begin reads the body of BEGIN_REQUEST (section 5.1).
func (c *serverCodec) begin(id uint16) error {
	if c.content < bodySize {
		return syntaxError("BEGIN_REQUEST of %d bytes, want %d", c.content, bodySize)
	}
	b, err := c.br.Peek(bodySize)
	if err != nil {
		return unexpected(err)
	}
	role, keepConn := Role(binary.BigEndian.Uint16(b)), b[2]&flagKeepConn != 0
	switch {
	case c.phase != idle && id == c.id:
		return syntaxError("BEGIN_REQUEST for request %d, which has begun already", id)
	case c.phase != idle:
		return c.reply(appendEndRequest(c.scratch[:0], id, 0, CantMultiplex))
	case role != RoleResponder:
		if !keepConn {
			c.refused, c.refusedEnd = id, lastStream(role)
		}
		return c.reply(appendEndRequest(c.scratch[:0], id, 0, UnknownRole))
	}
	c.phase, c.id, c.keepConn, c.aborted, c.refused = inParams, id, keepConn, false, 0
	c.vars.Reset()
	c.pairs.reset()
	return nil
}

// lastStream returns the stream that a web server ends last. The connection
// of a refused request is closed only then: to close it with bytes unread
// might take the refusal away from the peer.
func lastStream(role Role) Type {
	switch role {
	case RoleAuthorizer:
		return TypeParams
	case RoleFilter:
		return TypeData
	}
	return TypeStdin
}

// advance reads a record of the request under way.
func (c *serverCodec) advance(t Type) error {
	switch t {
	case TypeParams:
		return c.params()
	case TypeStdin:
		if c.phase == inParams {
			return syntaxError("STDIN before the end of PARAMS")
		}
		c.phase = complete
	case TypeAbortRequest:
		return c.abort()
	}
	return nil // DATA is for Filters; no other type asks anything of us
}

// params reads a record of PARAMS.
func (c *serverCodec) params() error {
	switch {
	case c.phase == inStdin:
		return syntaxError("PARAMS goes on after its end")
	case c.content == 0:
		c.phase = inStdin
		return c.pairs.end()
	}
	err := c.pairs.read(c.br, c.content, &c.vars)
	c.content = 0
	return err
}

// abort ends a request that the handler has not seen. Else the handler learns
// of it from the body, and its response, however short, is the answer
// (section 5.4).
func (c *serverCodec) abort() error {
	if c.handed {
		c.phase, c.aborted = complete, true
		return nil
	}
	c.phase = idle
	if err := c.reply(appendEndRequest(c.scratch[:0], c.id, 0, RequestComplete)); err != nil {
		return err
	}
	if !c.keepConn {
		return io.EOF
	}
	return nil
}

// reply sends records at once, since the web server may wait for them before
// it goes on. They cannot fall into the middle of a record of a response: a
// Write to a net.Conn is not interrupted by another one, and each Write of the
// server is of whole records.
func (c *serverCodec) reply(records []byte) error {
	c.scratch = records
	if _, err := c.conn.Write(records); err != nil {
		return fmt.Errorf("answer a FastCGI record at once: %w", err)
	}
	return nil
}
