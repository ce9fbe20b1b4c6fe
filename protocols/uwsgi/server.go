package uwsgi

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/protocols/server"
)

// Serve serves h over uwsgi to the connections that l accepts, and returns
// what ended that. The variables of a request are in cgi.Environ.
func Serve(l net.Listener, h http.Handler) error { return NewServer(h).Serve(l) }

// NewServer returns a server of h over uwsgi, for those who want to shut it
// down.
func NewServer(h http.Handler) *server.Server {
	return &server.Server{
		Handler:  h,
		NewCodec: func(conn net.Conn) server.Codec { return &serverCodec{conn: conn} },
	}
}

// serverCodec is the server's side of one connection, that is, of one request.
type serverCodec struct {
	conn     net.Conn
	protocol string // SERVER_PROTOCOL, which the status line repeats; HTTP/1.0 where none came
	body     cgi.Body
}

// pong answers a ping (modifier1 100, modifier2 0): uwsgi, plugins/ping.
var pong = []byte{modifierPing, 0, 0, 1}

func (c *serverCodec) ReadRequest(br *bufio.Reader) (*http.Request, error) {
	header, err := br.Peek(headerSize)
	if errors.Is(err, io.EOF) && len(header) > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	modifier, size := header[0], int(binary.LittleEndian.Uint16(header[1:3]))
	if _, err := br.Discard(headerSize); err != nil {
		return nil, err
	}
	switch modifier {
	case modifierWSGI:
	case modifierPing:
		if _, err := c.conn.Write(pong); err != nil {
			return nil, err
		}
		return nil, io.EOF
	default:
		return nil, syntaxErrorf("modifier1 %d%s is not served here, only 0 (WSGI)", modifier, modifierNames[modifier])
	}

	vars, err := readBlock(br, size)
	if err != nil {
		return nil, err
	}
	r, err := cgi.NewRequest(vars)
	varsPool.Put(vars)
	if err != nil {
		return nil, err
	}
	c.protocol = r.Proto
	r.Body = http.NoBody
	if r.ContentLength > 0 {
		c.body.Reset(br, r.ContentLength)
		r.Body = &c.body
	}
	return r, nil
}

// varsPool outlives the connections, which carry one request each.
var varsPool = sync.Pool{New: func() any { return new(cgi.Vars) }}

// readBlock reads a block of variables into Vars of the pool.
func readBlock(br *bufio.Reader, size int) (*cgi.Vars, error) {
	var block []byte
	var err error
	fits := size <= br.Size()
	if fits {
		block, err = br.Peek(size)
	} else {
		block = make([]byte, size)
		_, err = io.ReadFull(br, block)
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	vars := varsPool.Get().(*cgi.Vars)
	vars.Reset()
	if err := parseBlock(vars, block); err != nil {
		return nil, err
	}
	if fits {
		_, err = br.Discard(size)
	}
	return vars, err
}

// AppendHead appends an HTTP response head, as uWSGI does.
func (c *serverCodec) AppendHead(dst []byte, status int, h http.Header, length int64) []byte {
	dst = append(dst, c.protocol...)
	dst = append(dst, ' ')
	dst = cgi.AppendStatus(dst, status)
	dst = cgi.AppendFields(dst, h)
	if length >= 0 {
		dst = append(dst, "Content-Length: "...)
		dst = strconv.AppendInt(dst, length, 10)
		dst = append(dst, "\r\n"...)
	}
	return append(dst, "\r\n"...)
}

func (c *serverCodec) AppendBody(dst, p []byte) []byte { return append(dst, p...) }

func (c *serverCodec) AppendEnd(dst []byte) []byte { return dst }

func (c *serverCodec) KeepAlive() bool { return false }

// RejectRequest says what was wrong, where uWSGI just closes the connection.
func (c *serverCodec) RejectRequest(dst []byte, err error) []byte {
	status := server.RejectStatus(err)
	if status == 0 {
		return dst
	}
	c.protocol = "HTTP/1.0"
	body := err.Error() + "\n"
	dst = c.AppendHead(dst, status, http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, int64(len(body)))
	return append(dst, body...)
}
