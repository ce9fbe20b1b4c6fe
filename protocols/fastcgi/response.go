package fastcgi

import (
	"bytes"
	"errors"
	"net/http"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// openRecord is the STDOUT record at the end of a response's buffer. As long
// as it is there it takes in what follows, so that head and body of a small
// response share one record. The zero value means that there is none.
type openRecord struct {
	start int // of its header
	end   int // of its content: the length of the buffer
}

// AppendHead appends the CGI head as STDOUT.
func (c *serverCodec) AppendHead(dst []byte, status int, h http.Header, length int64) []byte {
	start := len(dst)
	dst = AppendHeader(dst, Header{Type: TypeStdout, RequestID: c.id})
	dst = cgi.AppendHead(dst, status, h, length)
	if head := dst[start+HeaderSize:]; len(head) > MaxContent {
		c.out = openRecord{}
		return appendStream(dst[:start], TypeStdout, c.id, bytes.Clone(head))
	}
	c.out = openRecord{start: start}
	return c.out.update(dst)
}

// AppendBody appends p as STDOUT.
func (c *serverCodec) AppendBody(dst, p []byte) []byte {
	if c.out.end > 0 && c.out.end == len(dst) { // not sent meanwhile
		n := min(len(p), MaxContent-c.out.content())
		dst = c.out.update(append(dst, p[:n]...))
		p = p[n:]
	}
	for len(p) > 0 {
		n := min(len(p), MaxContent)
		c.out = openRecord{start: len(dst)}
		dst = AppendHeader(dst, Header{Type: TypeStdout, RequestID: c.id})
		dst = c.out.update(append(dst, p[:n]...))
		p = p[n:]
	}
	return dst
}

// AppendEnd appends the end of STDOUT and END_REQUEST.
func (c *serverCodec) AppendEnd(dst []byte) []byte {
	c.out = openRecord{}
	dst = appendStreamEnd(dst, TypeStdout, c.id)
	return appendEndRequest(dst, c.id, 0, RequestComplete)
}

// RejectRequest answers a request that began but cannot be understood.
func (c *serverCodec) RejectRequest(dst []byte, err error) []byte {
	if c.phase == idle {
		return dst
	}
	status := http.StatusBadRequest
	var limit *cgi.LimitError
	if errors.As(err, &limit) {
		status = http.StatusRequestHeaderFieldsTooLarge
	}
	return c.AppendEnd(c.AppendHead(dst, status, nil, 0))
}

// content returns the number of bytes in the record.
func (o *openRecord) content() int { return o.end - o.start - HeaderSize }

// update makes the record reach to the end of dst.
func (o *openRecord) update(dst []byte) []byte {
	o.end = len(dst)
	setContentLength(dst[o.start:], o.content())
	return dst
}
