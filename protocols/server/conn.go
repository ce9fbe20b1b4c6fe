package server

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

const (
	readBuffer = 4 << 10 // bytes

	// What is read of a request body that the handler left unread, so that the
	// connection can be kept: as much as net/http reads.
	maxDrain     = 256 << 10 // bytes
	drainTimeout = 5 * time.Second

	// What is read from a connection that is to be closed, so that the answer
	// is not lost to the reset that closing with unread bytes causes.
	maxLinger     = 16 << 20 // bytes
	lingerTimeout = 2 * time.Second
)

// States of a connection.
const (
	idle   = iota // waits for a request
	busy          // has one
	closed        // was closed by Shutdown while it was idle
)

// conn is one connection.
type conn struct {
	server *Server
	net    net.Conn
	codec  Codec
	state  atomic.Int32
	ctx    context.Context
	cancel context.CancelFunc
	remote string // address of the peer

	br  *bufio.Reader
	res response

	deadlines atomic.Bool // the handler has set some
}

var readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, readBuffer) }}

func newConn(s *Server, accepted net.Conn) *conn {
	c := &conn{server: s, net: accepted}
	if addr := accepted.RemoteAddr(); addr != nil {
		c.remote = addr.String()
	}
	local := context.WithValue(context.Background(), http.LocalAddrContextKey, accepted.LocalAddr())
	c.ctx, c.cancel = context.WithCancel(local)
	return c
}

// serve answers the connection's requests, one after the other.
func (c *conn) serve() {
	defer c.server.removeConn(c)
	defer c.close()
	defer c.recover()

	c.br = readers.Get().(*bufio.Reader)
	c.br.Reset(c.net)
	c.codec = c.server.NewCodec(c.net)
	c.res.attach(c)
	for c.awaitRequest() {
		r, err := c.codec.ReadRequest(c.br)
		if err != nil {
			c.reject(err)
			break
		}
		if !c.answer(r) {
			break
		}
	}
	// Not after a panic: what panicked may still use them.
	c.res.release()
	c.br.Reset(nil)
	readers.Put(c.br)
}

// recover logs the panic of a handler, unless it is the one that means to
// break off the response.
func (c *conn) recover() {
	v := recover()
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		return
	}
	c.server.logger().Error("panic while serving", "remote", c.remote, "panic", v, "stack", string(debug.Stack()))
}

// awaitRequest waits for the first byte of a request. It returns false where
// none will be answered.
func (c *conn) awaitRequest() bool {
	c.state.Store(idle)
	if isClosed(c.server.closing) {
		return false
	}
	timeout := c.server.IdleTimeout
	if timeout > 0 && c.net.SetReadDeadline(time.Now().Add(timeout)) != nil {
		return false
	}
	if _, err := c.br.Peek(1); err != nil {
		return false
	}
	if !c.state.CompareAndSwap(idle, busy) {
		return false
	}
	return timeout <= 0 || c.net.SetReadDeadline(time.Time{}) == nil
}

// reject ends a connection on which a request could not be read.
func (c *conn) reject(err error) {
	var netErr net.Error
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &netErr):
		c.server.logger().Debug("connection ended within a request", "remote", c.remote, "err", err)
		return
	}
	c.server.logger().Warn("request rejected", "remote", c.remote, "err", err)
	if codec, ok := c.codec.(Rejecter); ok {
		if answer := codec.RejectRequest(nil, err); len(answer) > 0 {
			if _, err := c.net.Write(answer); err != nil {
				return
			}
		}
	}
	c.linger()
}

// answer has the handler answer one request, and tells whether the connection
// can carry another one.
func (c *conn) answer(read *http.Request) bool {
	ctx := &requestContext{Context: c.ctx, values: read.Context()}
	defer ctx.end()
	r := read.WithContext(ctx)
	if r.RemoteAddr == "" {
		r.RemoteAddr = c.remote
	}
	var body *requestBody
	if r.Body == nil || r.Body == http.NoBody {
		r.Body = http.NoBody
	} else {
		body = &requestBody{source: r.Body}
		r.Body = body
	}

	c.res.reset(r.Method)
	c.server.handler().ServeHTTP(&c.res, r)
	complete := c.res.finish()
	if r.MultipartForm != nil {
		if err := r.MultipartForm.RemoveAll(); err != nil {
			c.server.logger().Warn("uploaded files not removed", "err", err)
		}
	}
	if c.deadlines.Swap(false) && c.net.SetDeadline(time.Time{}) != nil {
		return false
	}
	return c.afterwards(body, complete)
}

// afterwards deals with what is left of the request once its response is
// sent, and tells whether the connection can carry another one. complete tells
// whether the whole response went out.
func (c *conn) afterwards(body *requestBody, complete bool) bool {
	keep := complete && c.codec.KeepAlive()
	if body != nil && keep {
		keep = c.drain(body)
	}
	if keep {
		return true
	}
	if c.br.Buffered() > 0 || body != nil && !body.atEnd() {
		c.linger()
	}
	return false
}

// drain reads what the handler left unread of the body.
func (c *conn) drain(body *requestBody) bool {
	if body.atEnd() {
		return body.drain(0)
	}
	if c.net.SetReadDeadline(time.Now().Add(drainTimeout)) != nil {
		return false
	}
	return body.drain(maxDrain) && c.net.SetReadDeadline(time.Time{}) == nil
}

// linger ends our side of the connection and reads on for a while, until the
// peer, which may still be sending, has seen the answer and closed its side.
func (c *conn) linger() {
	half, ok := c.net.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil || c.net.SetReadDeadline(time.Now().Add(lingerTimeout)) != nil {
		return
	}
	scratch := copyBuffers.Get().(*[]byte)
	defer copyBuffers.Put(scratch)
	for total := 0; total < maxLinger; {
		n, err := c.net.Read(*scratch)
		if err != nil {
			return
		}
		total += n
	}
}

// closeIfIdle closes a connection that has no request.
func (c *conn) closeIfIdle() {
	if c.state.CompareAndSwap(idle, closed) {
		c.close()
	}
}

func (c *conn) close() {
	c.cancel()
	_ = c.net.Close() // there is nobody left to tell
}
