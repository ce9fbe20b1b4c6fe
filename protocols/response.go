package protocols

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// exchange is everything that one RoundTrip needs, in one allocation.
type exchange struct {
	pool     *pool
	out      outgoing
	response http.Response
	body     body
}

// respond makes the response of the head that c has read.
func (x *exchange) respond(c *conn) (*http.Response, *Error) {
	h, r := &c.head, &x.response
	r.StatusCode = h.Status
	r.Status = statusText(h.Status, h.Reason)
	r.Proto, r.ProtoMajor, r.ProtoMinor = proto(h.Major, h.Minor)
	r.Header = h.Header()
	r.ContentLength = h.ContentLength
	if h.Chunked {
		r.ContentLength = -1
		r.TransferEncoding = []string{"chunked"}
		delete(r.Header, "Transfer-Encoding") // as net/http does
	}
	r.Close = h.Close || !c.pool.keepAlive
	r.Request = x.out.request
	if method := x.out.method(); cgi.NoBody(method, h.Status) {
		r.Body = http.NoBody
		if method != http.MethodHead {
			r.ContentLength = 0
		}
		return r, x.finish(c)
	}
	x.body.exchange, x.body.conn = x, c
	r.Body = &x.body
	return r, nil
}

// finish reads an answer without a body to its end.
func (x *exchange) finish(c *conn) *Error {
	piece := pieces.Get().(*[]byte)
	defer pieces.Put(piece)
	for {
		_, err := c.codec.Read(*piece)
		if err == io.EOF {
			c.end(true)
			return nil
		}
		if err != nil {
			return c.fail(x, "receive", err)
		}
	}
}

// body is a response's body.
type body struct {
	exchange *exchange

	mu      sync.Mutex
	conn    *conn // nil once the exchange has ended
	err     error // what Read has ended with
	reading bool  // a Read is under way
	closed  bool
}

// Read reads on in the body. At its end the connection is free for the next
// request. Errors are *Error, except io.EOF and http.ErrBodyReadAfterClose.
func (b *body) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := b.beginRead()
	if err != nil {
		return 0, err
	}
	n, err := c.codec.Read(p)
	return n, b.endRead(err)
}

func (b *body) beginRead() (*conn, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, http.ErrBodyReadAfterClose
	}
	if b.err != nil {
		return nil, b.err
	}
	b.reading = true
	return b.conn, nil
}

// endRead ends the exchange where the body has ended, has failed, or was
// closed meanwhile.
func (b *body) endRead(err error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reading = false
	switch {
	case b.closed:
		b.conn.end(false)
		err = http.ErrBodyReadAfterClose
	case err == nil:
		return nil
	case err == io.EOF:
		b.conn.end(true)
	default:
		err = b.conn.fail(b.exchange, "receive", err)
	}
	b.conn, b.err = nil, err
	return err
}

// Close ends the exchange. What has arrived already is read, so that the
// connection can be kept; if the body does not end there, the connection is
// closed.
func (b *body) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed || b.conn == nil {
		b.closed = true
		return nil
	}
	b.closed = true
	if b.reading { // endRead does the rest
		b.conn.close()
		return nil
	}
	b.conn.end(b.conn.drainBuffered())
	b.conn = nil
	return nil
}

// drainBuffered reads what does not have to be waited for, and tells whether
// the answer ends there.
func (c *conn) drainBuffered() bool {
	piece := pieces.Get().(*[]byte)
	defer pieces.Put(piece)
	for c.br.Buffered() > 0 {
		if _, err := c.codec.Read(*piece); err != nil {
			return err == io.EOF
		}
	}
	return false
}

// statusLines holds "200 OK" and its like, by status code minus 100, so that
// the usual ones need no allocation.
var statusLines = func() (lines [500]string) {
	for i := range lines {
		if text := http.StatusText(i + 100); text != "" {
			lines[i] = strconv.Itoa(i+100) + " " + text
		}
	}
	return lines
}()

// statusText returns http.Response.Status. A missing reason is replaced by
// the usual one, since the gateway protocols need none.
func statusText(status int, reason []byte) string {
	if i := status - 100; i >= 0 && i < len(statusLines) {
		if usual := statusLines[i]; usual != "" && (len(reason) == 0 || usual[len("200 "):] == string(reason)) {
			return usual
		}
	}
	return strconv.Itoa(status) + " " + string(reason)
}

// proto returns the version of the answer; a CGI response, which has none,
// counts as HTTP/1.1.
func proto(major, minor int) (string, int, int) {
	switch {
	case major == 0, major == 1 && minor == 1:
		return "HTTP/1.1", 1, 1
	case major == 1 && minor == 0:
		return "HTTP/1.0", 1, 0
	}
	return fmt.Sprintf("HTTP/%d.%d", major, minor), major, minor
}
