package httpwire

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// Codec is the client's side of HTTP/1.1 on one connection. Sending and
// reading may happen in two goroutines, one each. It allocates nothing in the
// steady state.
type Codec struct {
	keepAlive bool

	// State of sending.
	chunked bool
	names   []string

	// State of reading.
	br       *bufio.Reader
	framing  framing
	left     int64 // of a body delimited by its length
	chunks   chunkReader
	reusable bool
	done     bool
}

// framing is what delimits a body (RFC 9112, 6.3).
type framing uint8

const (
	noBody framing = iota
	byLength
	byChunks
	byClose
)

// NewCodec returns a codec for one connection. Without keepAlive every
// request says "Connection: close".
func NewCodec(keepAlive bool) *Codec { return &Codec{keepAlive: keepAlive} }

// AppendHead appends request line and fields. A length of -1 announces a
// chunked body. The connection's own fields (Connection, Transfer-Encoding
// and their like) come from the codec, never from r.Header; everything else of
// r.Header is sent as it is, in the order of names. A method, target, host or
// field that would break the framing is an error, and nothing of it is sent.
func (c *Codec) AppendHead(dst []byte, r *http.Request, length int64) ([]byte, error) {
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	if !isToken(method) {
		return dst, fmt.Errorf("httpwire: method %q is not a token", method)
	}
	start := len(dst)
	dst = append(dst, method...)
	dst = append(dst, ' ')
	dst, err := appendTarget(dst, r)
	if err != nil {
		return dst[:start], err
	}
	dst = append(dst, " HTTP/1.1\r\nHost: "...)
	if dst, err = appendHost(dst, r); err != nil {
		return dst[:start], err
	}
	dst = append(dst, "\r\n"...)
	if dst, err = c.appendFields(dst, r.Header); err != nil {
		return dst[:start], err
	}
	c.chunked = length < 0
	switch {
	case length > 0, length == 0 && expectsBody(method):
		dst = append(dst, "Content-Length: "...)
		dst = strconv.AppendInt(dst, length, 10)
		dst = append(dst, "\r\n"...)
	case length < 0:
		dst = append(dst, "Transfer-Encoding: chunked\r\n"...)
	}
	if !c.keepAlive || r.Close {
		dst = append(dst, "Connection: close\r\n"...)
	}
	return append(dst, "\r\n"...), nil
}

// AppendBody appends p, as a chunk where the length was unknown.
func (c *Codec) AppendBody(dst, p []byte) []byte {
	if c.chunked {
		return appendChunk(dst, p)
	}
	return append(dst, p...)
}

// AppendEnd appends the last chunk where the length was unknown.
func (c *Codec) AppendEnd(dst []byte) []byte {
	if c.chunked {
		return append(dst, lastChunk...)
	}
	return dst
}

// expectsBody tells for which methods a server may insist on a length even
// where it is 0 (RFC 9110, 8.6).
func expectsBody(method string) bool {
	return method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
}

// appendTarget appends the origin form of the request's URL (RFC 9112,
// 3.2.1), or its Opaque part as it is.
func appendTarget(dst []byte, r *http.Request) ([]byte, error) {
	start := len(dst)
	u := r.URL
	if u.Opaque != "" {
		dst = append(dst, u.RequestURI()...)
	} else {
		path := u.EscapedPath()
		if path == "" {
			path = "/"
		}
		dst = append(dst, path...)
		if u.ForceQuery || u.RawQuery != "" {
			dst = append(dst, '?')
			dst = append(dst, u.RawQuery...)
		}
	}
	for _, b := range dst[start:] {
		if b <= ' ' || b >= 0x7f {
			return dst, fmt.Errorf("httpwire: request target %q holds a byte %#02x that must be escaped", dst[start:], b)
		}
	}
	return dst, nil
}

// appendHost appends r.Host, else the URL's host, without an IPv6 zone, which
// means something on this machine only (RFC 6874, 4). Without either it is
// localhost, as over a unix socket.
func appendHost(dst []byte, r *http.Request) ([]byte, error) {
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	if host == "" {
		host = "localhost"
	}
	if host[0] == '[' {
		if zone := strings.IndexByte(host, '%'); zone > 0 {
			if end := strings.IndexByte(host[zone:], ']'); end > 0 {
				dst = append(dst, host[:zone]...)
				host = host[zone+end:]
			}
		}
	}
	if !allIn(host, &hostChars) {
		return dst, fmt.Errorf("httpwire: host %q holds a character that is not allowed there", host)
	}
	return append(dst, host...), nil
}

func (c *Codec) appendFields(dst []byte, h http.Header) ([]byte, error) {
	c.names = c.names[:0]
	for name := range h {
		if !ownField(name) {
			c.names = append(c.names, name)
		}
	}
	slices.Sort(c.names)
	for _, name := range c.names {
		if !isToken(name) {
			return dst, fmt.Errorf("httpwire: field name %q is not a token", name)
		}
		for _, value := range h[name] {
			if !isFieldValue(value) {
				return dst, fmt.Errorf("httpwire: field %s: value %q holds a control character", name, value)
			}
			dst = appendField(dst, name, value)
		}
	}
	return dst, nil
}

func appendField(dst []byte, name, value string) []byte {
	dst = append(dst, name...)
	dst = append(dst, ": "...)
	dst = append(dst, value...)
	return append(dst, "\r\n"...)
}

// ownField names the fields that the codec writes itself, and those that
// concern one connection only (RFC 9110, 7.6.1).
func ownField(name string) bool {
	switch len(name) {
	case len("TE"), len("Host"), len("Trailer"), len("Connection"), len("Content-Length"),
		len("Proxy-Connection"), len("Transfer-Encoding"):
	default:
		return false
	}
	switch http.CanonicalHeaderKey(name) {
	case "Host", "Connection", "Content-Length", "Transfer-Encoding", "Keep-Alive",
		"Proxy-Connection", "Te", "Trailer", "Upgrade":
		return true
	}
	return false
}

// ReadHead reads the head of the answer; 1xx answers are skipped.
func (c *Codec) ReadHead(br *bufio.Reader, method string, head *cgi.Head) error {
	c.br, c.reusable, c.done = br, false, false
	if err := head.ReadHTTP(br); err != nil {
		return err
	}
	c.reusable = c.keepAlive && !head.Close
	switch {
	case cgi.NoBody(method, head.Status):
		c.framing = noBody
		// After 101 the connection speaks another protocol.
		c.reusable = c.reusable && head.Status >= 200
	case head.Chunked:
		c.framing = byChunks
		c.chunks.reset(br)
	case head.ContentLength >= 0:
		c.framing, c.left = byLength, head.ContentLength
	default:
		c.framing, c.reusable = byClose, false
	}
	return nil
}

// Read reads on in the body. The last bytes come together with io.EOF where
// the end is known by then.
func (c *Codec) Read(p []byte) (n int, err error) {
	switch c.framing {
	case byLength:
		if c.left == 0 {
			break
		}
		n, err = c.br.Read(p[:min(int64(len(p)), c.left)])
		if c.left -= int64(n); c.left > 0 {
			return n, unexpected(err)
		}
	case byChunks:
		if n, err = c.chunks.Read(p); err != io.EOF {
			return n, err
		}
	case byClose:
		if n, err = c.br.Read(p); err != io.EOF {
			return n, err
		}
	case noBody:
	}
	c.done = true
	return n, io.EOF
}

// Reusable tells, after Read has returned io.EOF, whether another request may
// follow.
func (c *Codec) Reusable() bool { return c.reusable && c.done }
