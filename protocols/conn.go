package protocols

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/gwbench/gwbench/protocols/cgi"
)

const (
	// readBuffer is the size of the buffer that answers are read into, in bytes.
	readBuffer = 16 << 10

	// senderPatience is how long a connection waits after the answer for the
	// last bytes of the request, which the server must have read, before it
	// is given up as not reusable.
	senderPatience = 50 * time.Millisecond
)

// conn is a connection with its buffers and its codec. One exchange at a time
// owns it.
type conn struct {
	pool     *pool
	net      net.Conn
	codec    Codec
	br       *bufio.Reader // reads through conn.Read
	buf      []byte        // what is sent; the sender's while there is one
	head     cgi.Head
	cancelFn func() // c.cancel, made once
	started  time.Time
	deadline time.Time // as set on net
	used     bool      // whether it has carried an exchange before
	suspect  bool      // whether the server may have had enough of the last request

	// What encodable and release use.
	request http.Request
	url     url.URL
	header  http.Header

	// The exchange under way.
	ctx      context.Context
	stop     func() bool // of the context's AfterFunc; nil where it cannot be cancelled
	sender   *sender     // nil where the request was sent in one go
	sendErr  error       // the connection's error on sending in one go
	sent     int64       // bytes, without the sender's
	received int64       // bytes
	headRead bool
	hasBody  bool // whether the request has one
	last     bool // whether the request wants no other to follow
	eof      bool // whether the peer has closed its side
}

// newConn makes a conn of a new connection, with the memory of an earlier one
// where there is some.
func (p *pool) newConn(nc net.Conn) *conn {
	c, ok := p.scratch.Get().(*conn)
	if !ok {
		c = &conn{pool: p, codec: p.spec.NewCodec(p.keepAlive, &p.transport.Gateway)}
		c.br = bufio.NewReaderSize(c, readBuffer)
		c.cancelFn = c.close
	}
	c.net, c.used, c.suspect, c.eof = nc, false, false, false
	c.deadline = time.Time{}
	c.br.Reset(c)
	return c
}

// begin readies c for an exchange.
func (c *conn) begin(out *outgoing, now time.Time) error {
	c.started = now
	c.sent, c.received, c.sendErr = 0, 0, nil
	c.headRead, c.hasBody, c.last = false, out.length != 0, out.request.Close
	if timeout := c.pool.transport.timeout(); timeout > 0 && c.deadline.Sub(now) < timeout {
		c.deadline = now.Add(timeout + timeout/4)
		if err := c.net.SetDeadline(c.deadline); err != nil {
			return err
		}
	}
	c.ctx = out.request.Context()
	if c.ctx.Done() != nil {
		c.stop = context.AfterFunc(c.ctx, c.cancelFn)
	}
	return nil
}

// roundTrip sends a request and reads the head of its answer. When it fails,
// connection and request body are closed.
func (c *conn) roundTrip(x *exchange, now time.Time) (*http.Response, *Error) {
	if err := c.begin(&x.out, now); err != nil {
		return nil, c.fail(x, "send", err)
	}
	if err := c.send(&x.out); err != nil {
		return nil, c.fail(x, "send", err)
	}
	if err := c.codec.ReadHead(c.br, x.out.method(), &c.head); err != nil {
		return nil, c.fail(x, "receive", err)
	}
	c.headRead = true
	return x.respond(c)
}

// Read reads from the connection for br, and counts.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.net.Read(p)
	c.received += int64(n)
	if err != nil {
		c.eof = true
		if c.headRead && c.hasBody && errors.Is(err, syscall.ECONNRESET) && c.resetIsEnd() {
			err = io.EOF
		}
	}
	return n, err
}

// resetIsEnd tells whether a reset can be taken for the end of the answer: a
// server that closes with some of the request unread, which it is free to do
// once it has answered, resets the connection. Where the answer is framed the
// framing finds out whether it is whole; where only the connection's end tells,
// it has to be the server that would not have all of the request.
func (c *conn) resetIsEnd() bool {
	if c.head.ContentLength >= 0 || c.head.Chunked {
		return true
	}
	if c.sender != nil {
		return c.sender.failure() != nil
	}
	return c.sendErr != nil
}

// fail ends an exchange that failed and says why.
func (c *conn) fail(x *exchange, op string, err error) *Error {
	e := c.pool.fail(op, err)
	sendErr := c.sendErr
	nothingSent := c.sent == 0 && c.sender == nil
	if c.sender != nil {
		sendErr = c.sender.failure()
	}
	switch {
	case c.ctx != nil && c.ctx.Err() != nil:
		e.Err = contextError(c.ctx)
	case isBodyError(sendErr), sendErr != nil && !peerClosed(sendErr),
		sendErr != nil && c.received == 0 && peerClosed(err):
		e.Op, e.Err = "send", sendErr
	case c.received == 0 && (err == io.EOF || err == io.ErrUnexpectedEOF):
		e.Err = errNoAnswer
	case err == io.EOF:
		e.Err = io.ErrUnexpectedEOF
	}
	e.stale = c.used && c.received == 0 && peerClosed(e.Err) && !isBodyError(e.Err) &&
		(nothingSent || x.out.idempotent())
	c.end(false)
	x.out.close()
	return e
}

// end ends an exchange. clean tells that its answer was read to the end; the
// connection then serves the next one, if protocol, server and request allow.
func (c *conn) end(clean bool) {
	if c.stop != nil && !c.stop() {
		clean = false // c.close runs, or has run
	}
	reusable := clean && !c.last && c.pool.keepAlive && c.codec.Reusable() && c.br.Buffered() == 0
	long := c.sender != nil
	clean = c.joinSender(reusable) && clean
	c.stop, c.ctx = nil, nil
	if clean && reusable {
		c.used, c.suspect = true, long
		c.count()
		c.pool.put(c)
		return
	}
	c.count()
	switch {
	case !clean:
		c.close()
	case c.eof, c.last && c.codec.Reusable(): // Request.Close, which only HTTP servers are told of
		c.discard()
	default:
		c.pool.retire(c)
	}
}

// discard closes the connection and leaves its memory to the next one.
func (c *conn) discard() {
	c.close()
	c.net = nil
	c.pool.scratch.Put(c)
}

// joinSender ends the sender, and tells whether all of the request was sent.
func (c *conn) joinSender(reusable bool) bool {
	s := c.sender
	if s == nil {
		return c.sendErr == nil
	}
	c.sender = nil
	done := false
	select {
	case <-s.done:
		done = true
	default:
		if reusable {
			done = s.wait(senderPatience)
		}
	}
	if !done {
		c.close()
		s.out.close()
	}
	// Taking s.mu waits for a write under way, which c.close has interrupted.
	return s.failure() == nil && done
}

func (s *sender) wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.done:
		return true
	case <-timer.C:
		return false
	}
}

// count adds the bytes of this exchange to the Transport's.
func (c *conn) count() {
	c.pool.transport.counters.sent.Add(c.sent)
	c.pool.transport.counters.received.Add(c.received)
	c.sent, c.received = 0, 0
}

// close closes the connection; also while it is used, by which it interrupts
// whoever does.
func (c *conn) close() { _ = c.net.Close() }
