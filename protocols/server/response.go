package server

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gwbench/gwbench/protocols/cgi"
)

const (
	// A response whose body fits is sent with one write, and its length told.
	bodyBuffer = 16 << 10 // bytes

	// A larger body is sent in pieces of up to this size.
	maxPiece = 64 << 10 // bytes

	// What http.DetectContentType looks at.
	sniffLength = 512 // bytes
)

// response is the http.ResponseWriter. One goroutine at a time uses it.
type response struct {
	conn *conn
	*buffers

	method      string
	status      int   // 0 until WriteHeader
	declared    int64 // the handler's Content-Length, -1 without one
	written     int64 // bytes of body that the handler wrote
	headEncoded bool
	err         error // of the connection
}

// buffers is the memory of a response that the next connection can use.
type buffers struct {
	header  http.Header // the handler's
	sent    http.Header // header as it was when WriteHeader was called
	values  []string    // backs the values of sent
	pending []byte      // body not encoded yet, up to bodyBuffer
	out     []byte      // encoded bytes, not sent yet
}

var (
	bufferPool = sync.Pool{New: func() any {
		return &buffers{header: make(http.Header), sent: make(http.Header)}
	}}
	copyBuffers = sync.Pool{New: func() any {
		buf := make([]byte, 32<<10)
		return &buf
	}}
)

var _ interface {
	http.ResponseWriter
	http.Flusher
	io.StringWriter
	io.ReaderFrom
} = (*response)(nil)

func (w *response) attach(c *conn) {
	w.conn = c
	w.buffers = bufferPool.Get().(*buffers)
}

// release gives the memory back.
func (w *response) release() {
	w.reset("")
	bufferPool.Put(w.buffers)
	w.buffers = nil
}

// reset prepares for the response to a request of that method.
func (w *response) reset(method string) {
	clear(w.header)
	clear(w.sent)
	clear(w.values)
	w.values = w.values[:0]
	w.pending = w.pending[:0]
	w.out = w.out[:0]
	w.method, w.status, w.declared, w.written = method, 0, -1, 0
	w.headEncoded, w.err = false, nil
}

// Header returns the fields that WriteHeader will send.
func (w *response) Header() http.Header { return w.header }

// WriteHeader fixes the status and the fields; they are sent later, together
// with the body.
func (w *response) WriteHeader(status int) {
	switch {
	case status < 100 || status > 999:
		panic(fmt.Sprintf("invalid WriteHeader code %d", status))
	case status < 200 && status != http.StatusSwitchingProtocols:
		return // interim: not sent, see the package comment
	case w.status != 0:
		w.conn.server.logger().Warn("superfluous WriteHeader", "status", status, "sent", w.status, "caller", caller())
		return
	}
	w.status = status
	for name, values := range w.header {
		start := len(w.values)
		w.values = append(w.values, values...)
		w.sent[name] = w.values[start:len(w.values):len(w.values)]
	}
	w.takeContentLength()
}

// takeContentLength moves Content-Length out of the fields, as the codec
// writes it.
func (w *response) takeContentLength() {
	values := w.sent["Content-Length"]
	delete(w.sent, "Content-Length")
	if len(values) == 0 {
		return
	}
	length, err := strconv.ParseUint(strings.TrimSpace(values[0]), 10, 63)
	if err != nil {
		w.conn.server.logger().Warn("the handler's Content-Length is no number, and left out", "value", values[0])
		return
	}
	w.declared = int64(length)
}

// caller tells where the handler called the response writer from.
func caller() string {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		frame, more := frames.Next()
		if !more || !strings.Contains(frame.Function, "protocols/server.(*response)") {
			return fmt.Sprintf("%s:%d", frame.File, frame.Line)
		}
	}
}

// Write writes to the body. It returns http.ErrBodyNotAllowed where the status
// allows none, http.ErrContentLength beyond the declared length, and the
// connection's error once there was one.
func (w *response) Write(p []byte) (int, error) { return write(w, p) }

// WriteString is Write for a string.
func (w *response) WriteString(s string) (int, error) { return write(w, s) }

func write[T string | []byte](w *response, p T) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	switch {
	case len(p) == 0:
		return 0, nil
	case cgi.NoBody("", w.status):
		return 0, http.ErrBodyNotAllowed
	case w.declared >= 0 && w.written+int64(len(p)) > w.declared:
		return 0, http.ErrContentLength
	case w.err != nil:
		return 0, w.err
	}
	w.written += int64(len(p))
	if w.method == http.MethodHead {
		if !w.headEncoded {
			w.pending = append(w.pending, p[:min(len(p), max(0, sniffLength-len(w.pending)))]...)
		}
		return len(p), nil
	}
	rest := p
	for {
		n := min(len(rest), bodyBuffer-len(w.pending))
		w.pending = append(w.pending, rest[:n]...)
		rest = rest[n:]
		if len(rest) == 0 {
			return len(p), nil
		}
		w.encodePending(w.declared)
		// Large pieces of bytes go past the buffer; strings cannot.
		if big, ok := any(rest).([]byte); ok {
			for len(big) >= bodyBuffer {
				n := min(len(big), maxPiece)
				w.out = w.conn.codec.AppendBody(w.out, big[:n])
				big = big[n:]
				if w.send(); w.err != nil {
					return len(p) - len(big), w.err
				}
			}
			rest = T(big)
		}
		if w.send(); w.err != nil {
			return len(p) - len(rest), w.err
		}
	}
}

// ReadFrom writes all of src to the body.
func (w *response) ReadFrom(src io.Reader) (int64, error) {
	scratch := copyBuffers.Get().(*[]byte)
	defer copyBuffers.Put(scratch)
	// Without the ReaderFrom, which would call this method again.
	return io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{src}, *scratch)
}

// encodePending encodes the head, if that was not done yet, and the pending
// body.
func (w *response) encodePending(length int64) {
	if !w.headEncoded {
		w.headEncoded = true
		w.sniff()
		w.out = w.conn.codec.AppendHead(w.out, w.status, w.sent, length)
	}
	if len(w.pending) > 0 && w.hasBody() {
		w.out = w.conn.codec.AppendBody(w.out, w.pending)
	}
	w.pending = w.pending[:0]
}

func (w *response) hasBody() bool { return !cgi.NoBody(w.method, w.status) }

// sniff adds the Content-Type that the body looks like, unless the handler has
// set one, has set it to nil, or has encoded the body.
func (w *response) sniff() {
	if len(w.pending) == 0 {
		return
	}
	if _, ok := w.sent["Content-Type"]; ok || len(w.sent["Content-Encoding"]) > 0 {
		return
	}
	w.values = append(w.values, http.DetectContentType(w.pending))
	w.sent["Content-Type"] = w.values[len(w.values)-1:]
}

// send writes out what is encoded.
func (w *response) send() {
	if w.err == nil && len(w.out) > 0 {
		_, w.err = w.conn.net.Write(w.out)
	}
	w.out = w.out[:0]
}

// finish ends the response and tells whether all of it went out.
func (w *response) finish() bool {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	length := w.declared
	switch {
	case cgi.NoBody("", w.status):
		length = -1
	case w.method == http.MethodHead:
		if length < 0 && w.written > 0 {
			length = w.written
		}
	case length < 0:
		length = w.written
	}
	w.encodePending(length)
	short := w.hasBody() && w.written < w.declared
	if !short {
		w.out = w.conn.codec.AppendEnd(w.out)
	}
	w.send()
	return w.err == nil && !short
}

// Flush sends what was written so far.
func (w *response) Flush() { _ = w.FlushError() }

// FlushError is Flush for http.ResponseController.
func (w *response) FlushError() error {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	length := w.declared
	if cgi.NoBody("", w.status) {
		length = -1
	}
	w.encodePending(length)
	w.send()
	return w.err
}

// SetReadDeadline is for http.ResponseController. It holds until the response
// is finished.
func (w *response) SetReadDeadline(t time.Time) error {
	w.conn.deadlines.Store(true)
	return w.conn.net.SetReadDeadline(t)
}

// SetWriteDeadline is for http.ResponseController. It holds until the response
// is finished.
func (w *response) SetWriteDeadline(t time.Time) error {
	w.conn.deadlines.Store(true)
	return w.conn.net.SetWriteDeadline(t)
}

// EnableFullDuplex is for http.ResponseController: a handler may always read
// the request while it writes the response.
func (w *response) EnableFullDuplex() error { return nil }
