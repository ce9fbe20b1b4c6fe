package protocols

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// outgoing is a request on its way out.
type outgoing struct {
	request *http.Request
	path    string // escaped, in place of the URL's where not ""
	length  int64  // of the body; 0: none, -1: unknown

	// inline tells that reading the body does not block for long, so that the
	// request may be sent before the caller's goroutine reads the answer.
	inline bool
	memory []byte // the whole body, where it had to be read ahead

	mu   sync.Mutex
	body io.ReadCloser // nil: none, or closed
}

// prepare finds the body's length, by reading all of it where it must be
// announced.
func (o *outgoing) prepare(t *Transport, p *pool, r *http.Request, path string) error {
	o.request, o.path, o.length = r, path, r.ContentLength
	if r.Body == nil || r.Body == http.NoBody {
		o.length = 0
		return nil
	}
	o.body = r.Body
	if o.length == 0 { // so says http.Request: unknown, where there is a Body
		o.length = -1
	}
	// What GetBody gives again is in memory or in a file.
	o.inline = r.GetBody != nil
	if o.length > 0 || p.spec.StreamsUnknownLength {
		return nil
	}
	return o.readAhead(t.maxBuffered())
}

func (o *outgoing) readAhead(limit int64) error {
	var buf bytes.Buffer
	n, err := buf.ReadFrom(io.LimitReader(o.body, limit+1))
	if err != nil {
		return &bodyError{err}
	}
	if n > limit {
		return &cgi.LimitError{What: "request body of unknown length", Size: n, Limit: limit}
	}
	o.memory, o.length, o.inline = buf.Bytes(), n, true
	o.close()
	return nil
}

// method returns the request's method; "" means GET.
func (o *outgoing) method() string { return or(o.request.Method, http.MethodGet) }

// idempotent tells whether sending the request twice has the effect of sending
// it once (RFC 9110, 9.2.2; Idempotency-Key as in net/http).
func (o *outgoing) idempotent() bool {
	switch o.request.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, http.MethodPut, http.MethodDelete:
		return true
	}
	h := o.request.Header
	return h["Idempotency-Key"] != nil || h["X-Idempotency-Key"] != nil
}

// again prepares the same request for a second attempt, where its body can be
// had again. The first attempt's sender may still hold on to o.
func (o *outgoing) again(second *outgoing) bool {
	second.request, second.path, second.length = o.request, o.path, o.length
	second.inline, second.memory = o.inline, o.memory
	if o.length == 0 || o.memory != nil {
		return true
	}
	if o.request.GetBody == nil {
		return false
	}
	body, err := o.request.GetBody()
	second.body = body
	return err == nil
}

// close closes the body, once. Safe for concurrent use, also with a read that
// it is to interrupt.
func (o *outgoing) close() {
	o.mu.Lock()
	body := o.body
	o.body = nil
	o.mu.Unlock()
	if body != nil {
		_ = body.Close() // nothing is read from it any more
	}
}

// open returns the body for reading.
func (o *outgoing) open() io.Reader {
	if o.memory != nil {
		return bytes.NewReader(o.memory)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.body == nil {
		return eofReader{}
	}
	return o.body
}

// eofReader is a body that was closed before it was read.
type eofReader struct{}

func (eofReader) Read([]byte) (int, error) { return 0, io.EOF }

// reader checks a body against the length that was announced.
type reader struct {
	source io.Reader
	length int64 // announced; -1: unknown
	read   int64
}

// Read returns io.EOF after length bytes, and an error where the body has
// fewer or more. Errors are *bodyError.
func (r *reader) Read(p []byte) (int, error) {
	if r.length >= 0 {
		left := r.length - r.read
		if left == 0 {
			return 0, r.checkEnd()
		}
		p = p[:min(int64(len(p)), left)]
	}
	n, err := r.source.Read(p)
	r.read += int64(n)
	switch {
	case err == nil:
		return n, nil
	case err != io.EOF:
		return n, &bodyError{err}
	case r.read < r.length:
		return n, &bodyError{fmt.Errorf("%d bytes instead of the announced %d: %w", r.read, r.length, io.ErrUnexpectedEOF)}
	}
	return n, io.EOF
}

// checkEnd returns io.EOF where the source has no byte more.
func (r *reader) checkEnd() error {
	var more [1]byte
	for range 100 { // as many empty reads as bufio allows
		n, err := r.source.Read(more[:])
		switch {
		case n > 0:
			return &bodyError{fmt.Errorf("more than the announced %d bytes", r.length)}
		case err == io.EOF:
			return io.EOF
		case err != nil:
			return &bodyError{err}
		}
	}
	return &bodyError{io.ErrNoProgress}
}
