package fastcgi

import (
	"fmt"
	"io"
	"net/http"
)

// errAborted is what a handler finds in the body of a request that the web
// server gave up (section 5.4).
var errAborted = fmt.Errorf("FastCGI: the web server aborted the request: %w", io.ErrUnexpectedEOF)

// stdin is the body of a request: its STDIN stream. It ends where the stream
// ends, and that must be after CONTENT_LENGTH bytes where there is one: fewer
// are io.ErrUnexpectedEOF (section 6.2), more a *cgi.SyntaxError.
type stdin struct {
	codec *serverCodec
	left  int64 // bytes; -1 without CONTENT_LENGTH
	err   error
}

// setBody gives r its body. Where CONTENT_LENGTH announces none it looks at
// STDIN first, because a body of unknown length comes without CONTENT_LENGTH.
func (c *serverCodec) setBody(r *http.Request) error {
	length := r.ContentLength
	if length == 0 {
		for c.phase == inStdin && c.content == 0 {
			if err := c.record(); err != nil {
				return err
			}
		}
		if c.phase != inStdin {
			r.Body = http.NoBody
			return nil
		}
		if value, _ := c.vars.Get("CONTENT_LENGTH"); len(value) == 0 {
			length = -1
		}
	}
	c.body = stdin{codec: c, left: length}
	r.Body, r.ContentLength = &c.body, length
	return nil
}

// Read reads on in STDIN. io.EOF comes together with the last bytes where the
// end of the stream has arrived with them.
func (b *stdin) Read(p []byte) (int, error) {
	if b.err == nil {
		b.err = b.next(true)
	}
	if b.err != nil || len(p) == 0 {
		return 0, b.err
	}
	c := b.codec
	p = p[:min(len(p), c.content)]
	if b.left >= 0 {
		p = p[:min(int64(len(p)), b.left)]
	}
	n, err := c.br.Read(p)
	c.content -= n
	if b.left >= 0 {
		b.left -= int64(n)
	}
	if b.err = unexpected(err); err == nil {
		b.err = b.next(false)
	}
	return n, b.err
}

// next reads records up to content of STDIN, or to its end. It returns at once
// where it would have to wait for them and must not.
func (b *stdin) next(wait bool) error {
	c := b.codec
	for c.content == 0 && c.phase == inStdin && (wait || recordArrived(c.br, c.padding)) {
		if err := c.record(); err != nil {
			return unexpected(err)
		}
	}
	switch {
	case c.aborted:
		return errAborted
	case c.content > 0 && b.left == 0:
		return syntaxError("STDIN is longer than CONTENT_LENGTH")
	case c.content > 0, c.phase == inStdin:
		return nil
	case b.left > 0:
		return io.ErrUnexpectedEOF
	}
	return io.EOF
}

// Close does nothing: the connection belongs to the server, which reads what
// the handler left.
func (b *stdin) Close() error { return nil }
