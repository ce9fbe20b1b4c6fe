package uwsgi

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"

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
	cgi.ServerCodec
	conn     net.Conn
	protocol string // SERVER_PROTOCOL, which the status line repeats; HTTP/1.0 where none came
}

// pong answers a ping (modifier1 100, modifier2 0): uwsgi, plugins/ping.
var pong = []byte{modifierPing, 0, 0, 1}

func (c *serverCodec) ReadRequest(br *bufio.Reader) (*http.Request, error) {
	r, err := c.ReceiveRequest(br, c.readPacket)
	if err != nil {
		return nil, err
	}
	c.protocol = r.Proto
	return r, nil
}

// readPacket reads header and block, and adds the variables to v. A ping is
// answered, and ends the connection with io.EOF.
func (c *serverCodec) readPacket(br *bufio.Reader, v *cgi.Vars) error {
	header, err := br.Peek(headerSize)
	if errors.Is(err, io.EOF) && len(header) > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	modifier, size := header[0], int(binary.LittleEndian.Uint16(header[1:3]))
	if _, err := br.Discard(headerSize); err != nil {
		return err
	}
	switch modifier {
	case modifierWSGI:
		return v.ReadBlock(br, size, parseBlock)
	case modifierPing:
		if _, err := c.conn.Write(pong); err != nil {
			return err
		}
		return io.EOF
	}
	return syntaxErrorf("modifier1 %d%s is not served here, only 0 (WSGI)", modifier, modifierNames[modifier])
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

// RejectRequest says what was wrong, where uWSGI just closes the connection.
func (c *serverCodec) RejectRequest(dst []byte, err error) []byte {
	c.protocol = "HTTP/1.0"
	return server.AppendRejection(dst, c, err)
}
