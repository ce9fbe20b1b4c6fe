package protocols

import (
	"io"
	"net/http"
	"net/url"
	"sync"
)

const (
	// writeBuffer is the size of the buffer that a request is encoded into, in
	// bytes, and so the largest request that goes out in one write.
	writeBuffer = 64 << 10

	// pieceSize is how much of a body is read at once, in bytes.
	pieceSize = 32 << 10

	// framingReserve is more than any protocol adds to a body of writeBuffer
	// bytes that comes in pieces, in bytes.
	framingReserve = 256
)

var pieces = sync.Pool{New: func() any {
	b := make([]byte, pieceSize)
	return &b
}}

// send sends a request, or starts a sender for it. Errors by which a peer that
// closed the connection shows are kept for later: the answer may have come all
// the same.
func (c *conn) send(out *outgoing) error {
	buf, err := c.codec.AppendHead(c.buf[:0], c.encodable(out), out.length)
	c.release()
	c.buf = buf[:0]
	if err != nil {
		out.close()
		return err
	}
	fits := out.length >= 0 && int64(len(buf))+out.length+framingReserve <= writeBuffer
	if out.length != 0 && !(fits && out.inline) {
		c.sender = &sender{conn: c, out: out, done: make(chan struct{})}
		go c.sender.run(buf)
		return nil
	}
	if out.length > 0 {
		if buf, err = appendBody(buf, c.codec, out); err != nil {
			return err
		}
	}
	buf = c.codec.AppendEnd(buf)
	c.buf = buf[:0]
	n, err := c.net.Write(buf)
	c.sent += int64(n)
	if err != nil && peerClosed(err) {
		c.sendErr = err
		return nil
	}
	return err
}

// appendBody appends a whole body and closes it.
func appendBody(dst []byte, codec Codec, out *outgoing) ([]byte, error) {
	defer out.close()
	piece := pieces.Get().(*[]byte)
	defer pieces.Put(piece)
	source := reader{source: out.open(), length: out.length}
	for {
		n, err := source.Read(*piece)
		if n > 0 {
			dst = codec.AppendBody(dst, (*piece)[:n])
		}
		if err == io.EOF {
			return dst, nil
		}
		if err != nil {
			return dst, err
		}
	}
}

// A sender sends a request while its answer is read.
type sender struct {
	conn *conn
	out  *outgoing
	done chan struct{} // closed when run has ended

	mu  sync.Mutex // held while writing, so that the bytes sent are known
	err error      // guarded by mu
}

// run sends buf, which holds the head, and the body.
func (s *sender) run(buf []byte) {
	defer close(s.done)
	defer s.out.close()
	if err := s.stream(buf); err != nil {
		s.fail(err)
	}
}

func (s *sender) stream(buf []byte) error {
	if s.out.length < 0 { // the body may be long in coming
		if err := s.write(buf); err != nil {
			return err
		}
		buf = buf[:0]
	}
	piece := pieces.Get().(*[]byte)
	defer pieces.Put(piece)
	source := reader{source: s.out.open(), length: s.out.length}
	for {
		room := writeBuffer - framingReserve - len(buf)
		if room <= 0 || s.out.length < 0 && len(buf) > 0 {
			if err := s.write(buf); err != nil {
				return err
			}
			buf = buf[:0]
			continue
		}
		n, err := source.Read((*piece)[:min(room, pieceSize)])
		if n > 0 {
			buf = s.conn.codec.AppendBody(buf, (*piece)[:n])
		}
		if err == io.EOF {
			buf = s.conn.codec.AppendEnd(buf)
			s.conn.buf = buf[:0]
			return s.write(buf)
		}
		if err != nil {
			return err
		}
	}
}

func (s *sender) write(buf []byte) error {
	if len(buf) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.conn.net.Write(buf)
	s.conn.pool.transport.counters.sent.Add(int64(n))
	return err
}

// fail notes what went wrong. Unless it is the peer that went away, who may
// have answered before that, there is no point in waiting for an answer.
func (s *sender) fail(err error) {
	s.mu.Lock()
	s.err = err
	s.mu.Unlock()
	if !peerClosed(err) || isBodyError(err) {
		s.conn.close()
	}
}

// failure returns what went wrong so far.
func (s *sender) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// encodable returns the request as the codec is to see it: with the path of a
// unix socket's URL put right, and without vegeta's fields. The caller's
// request is not touched.
func (c *conn) encodable(out *outgoing) *http.Request {
	r := out.request
	_, seq := r.Header["X-Vegeta-Seq"]
	_, attack := r.Header["X-Vegeta-Attack"]
	if !seq && !attack && out.path == "" {
		return r
	}
	c.request = *r
	if seq || attack {
		if c.header == nil {
			c.header = make(http.Header)
		}
		for name, values := range r.Header {
			if name != "X-Vegeta-Seq" && name != "X-Vegeta-Attack" {
				c.header[name] = values
			}
		}
		c.request.Header = c.header
	}
	if out.path != "" {
		c.url = *r.URL
		c.url.Path, c.url.RawPath = out.path, ""
		if path, err := url.PathUnescape(out.path); err == nil && path != out.path {
			c.url.Path, c.url.RawPath = path, out.path
		}
		c.request.URL = &c.url
	}
	return &c.request
}

// release lets go of what encodable has copied.
func (c *conn) release() {
	c.request, c.url = http.Request{}, url.URL{}
	clear(c.header)
}
