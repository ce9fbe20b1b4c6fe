package httpwire

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/protocols/server"
)

// Serve answers HTTP requests on l with h until l is closed; a nil h means
// http.DefaultServeMux. See [NewServer].
func Serve(l net.Listener, h http.Handler) error { return NewServer(h).Serve(l) }

// NewServer returns a server that speaks HTTP/1.1 and HTTP/1.0.
//
// What differs from net/http beside what package server says: trailers are
// dropped; CONNECT, Upgrade and HTTP/2 are not offered. A request head may have
// 64 KiB (431 beyond). Whatever could be read in two ways is answered with 400.
func NewServer(h http.Handler) *server.Server {
	return &server.Server{Handler: h, NewCodec: func(conn net.Conn) server.Codec { return newServerCodec(conn) }}
}

// serverCodec is the server's side of one connection.
type serverCodec struct {
	conn      net.Conn
	request   request
	http10    bool
	keepAlive bool // whether the connection may go on, as far as is known
	chunked   bool // of the response
	names     []string
}

func newServerCodec(conn net.Conn) *serverCodec { return &serverCodec{conn: conn} }

// ReadRequest reads the next request's head.
func (c *serverCodec) ReadRequest(br *bufio.Reader) (*http.Request, error) {
	head, err := readRequestHead(br)
	if err != nil {
		return nil, err
	}
	r := &c.request
	m, err := r.parse(head)
	if err != nil {
		return nil, err
	}
	r.body.reset(br, c.conn, &m)
	c.http10 = m.httpVersion == 0
	c.keepAlive = !r.Close
	return &r.Request, nil
}

// RejectRequest tells the client what was wrong with its request: 400, 417,
// 431, 501 or 505.
func (c *serverCodec) RejectRequest(dst []byte, err error) []byte {
	var refused *refusal
	if !errors.As(err, &refused) {
		return dst
	}
	text := http.StatusText(refused.status)
	return fmt.Appendf(dst, "HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s\n",
		refused.status, text, len(text)+1, text)
}

// AppendHead appends status line and fields. The connection's own fields come
// from the codec; a "Connection: close" among h ends the connection after the
// response. Line breaks in values become blanks, fields whose name is not a
// token are left out.
func (c *serverCodec) AppendHead(dst []byte, status int, h http.Header, length int64) []byte {
	if c.request.body.answer() {
		// The client may or may not send the body it was not asked for:
		// nobody knows where the next request would begin.
		c.keepAlive = false
	}
	if connection, ok := h["Connection"]; ok && hasToken(strings.Join(connection, ","), "close") {
		c.keepAlive = false
	}
	dst = c.appendStatusLine(dst, status)
	dst = c.appendFields(dst, h)
	if _, ok := h["Date"]; !ok {
		dst = appendDate(dst, time.Now())
	}
	dst = c.appendFraming(dst, status, length)
	switch {
	case !c.keepAlive:
		dst = append(dst, "Connection: close\r\n"...)
	case c.http10:
		dst = append(dst, "Connection: keep-alive\r\n"...)
	}
	return append(dst, "\r\n"...)
}

func (c *serverCodec) appendStatusLine(dst []byte, status int) []byte {
	if status == http.StatusOK && !c.http10 {
		return append(dst, "HTTP/1.1 200 OK\r\n"...)
	}
	dst = append(dst, "HTTP/1."...)
	if c.http10 {
		dst = append(dst, "0 "...)
	} else {
		dst = append(dst, "1 "...)
	}
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, ' ')
	dst = append(dst, http.StatusText(status)...)
	return append(dst, "\r\n"...)
}

func (c *serverCodec) appendFields(dst []byte, h http.Header) []byte {
	c.names = c.names[:0]
	for name := range h {
		if !ownField(name) && isToken(name) {
			c.names = append(c.names, name)
		}
	}
	slices.Sort(c.names)
	for _, name := range c.names {
		for _, value := range h[name] {
			if strings.ContainsAny(value, "\r\n\x00") {
				value = lineBreaks.Replace(value)
			}
			dst = appendField(dst, name, value)
		}
	}
	return dst
}

var lineBreaks = strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ")

// appendFraming appends what tells the client where the body ends (RFC 9112,
// 6): its length; chunks where that is unknown; the connection's end for 1.0.
// An answer to HEAD has the length that a GET would have had.
func (c *serverCodec) appendFraming(dst []byte, status int, length int64) []byte {
	c.chunked = false
	switch {
	case length >= 0:
		return appendLength(dst, length)
	case cgi.NoBody(c.request.Method, status):
		return dst
	case c.http10:
		c.keepAlive = false
		return dst
	default:
		c.chunked = true
		return append(dst, "Transfer-Encoding: chunked\r\n"...)
	}
}

func appendLength(dst []byte, n int64) []byte {
	dst = append(dst, "Content-Length: "...)
	dst = strconv.AppendInt(dst, n, 10)
	return append(dst, "\r\n"...)
}

func (c *serverCodec) AppendBody(dst, p []byte) []byte {
	if c.chunked {
		return appendChunk(dst, p)
	}
	return append(dst, p...)
}

func (c *serverCodec) AppendEnd(dst []byte) []byte {
	if c.chunked {
		return append(dst, lastChunk...)
	}
	return dst
}

// KeepAlive tells whether client and response both leave the connection open.
func (c *serverCodec) KeepAlive() bool { return c.keepAlive }

var _ server.Rejecter = (*serverCodec)(nil)
