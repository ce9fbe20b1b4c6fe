package cgi

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/textproto"
)

// MaxHead is the size in bytes that a response head may have, interim (1xx)
// heads before it included.
const MaxHead = 64 << 10

// Head is the head of a response, in memory that is used again for the next
// one: the zero value is ready, and reading into a used Head allocates
// nothing in the steady state. Not safe for concurrent use.
//
// Its read methods return io.EOF where the connection ended before the first
// byte, io.ErrUnexpectedEOF where it ended within the head, *LimitError beyond
// MaxHead, *SyntaxError for what is no head, and else the reader's error.
type Head struct {
	Status        int    // 200, ...
	Reason        []byte // "OK", may be empty; valid until the next read
	Major, Minor  int    // HTTP version of a status line; 0, 0 for a CGI response
	ContentLength int64  // -1 where the head says nothing
	Chunked       bool   // Transfer-Encoding: chunked; never set by ReadCGI
	Close         bool   // Connection: close, or HTTP/1.0 without keep-alive

	buf    []byte // the lines as they came
	fields []field
	size   int // bytes read, interim heads included

	reason      bounds
	statusField int // index in fields of the CGI Status field, -1 where there is none
	location    bool
	keepAlive   bool
	encoding    bool // there is a Transfer-Encoding
}

// field locates the name and the value of one field in the buffer.
type field struct{ name, value bounds }

type bounds struct{ start, end int }

func (h *Head) bytes(b bounds) []byte { return h.buf[b.start:b.end] }

// style says which kinds of head are accepted.
type style int

const (
	httpOnly style = iota
	cgiOrHTTP
)

// ReadCGI reads a CGI response head (RFC 3875, 6): the status is that of the
// Status field, else 302 where there is a Location, else 200. A head that
// starts with an HTTP status line is accepted too, as nginx does, but its
// Transfer-Encoding does not count: none of the gateway protocols has chunks.
// Interim responses (1xx other than 101) are skipped.
func (h *Head) ReadCGI(r *bufio.Reader) error { return h.read(r, cgiOrHTTP) }

// ReadHTTP reads an HTTP/1.x response head. Interim responses (1xx other than
// 101) are skipped. A message that gives both Transfer-Encoding and
// Content-Length, or a coding other than chunked, is a *SyntaxError.
func (h *Head) ReadHTTP(r *bufio.Reader) error { return h.read(r, httpOnly) }

func (h *Head) read(r *bufio.Reader, s style) error {
	h.size = 0
	for {
		if err := h.readOne(r, s); err != nil {
			return err
		}
		if h.Status >= 200 || h.Status == http.StatusSwitchingProtocols {
			return nil
		}
	}
}

// readOne reads one head, be it interim or final.
func (h *Head) readOne(r *bufio.Reader, s style) error {
	*h = Head{ContentLength: -1, statusField: -1, buf: h.buf[:0], fields: h.fields[:0], size: h.size}
	line, err := h.line(r)
	if err != nil {
		return err
	}
	switch {
	case bytes.HasPrefix(h.bytes(line), []byte("HTTP/")):
		if err := h.statusLine(line); err != nil {
			return err
		}
	case s == httpOnly:
		return syntaxErrorf("%.80q is not an HTTP status line", h.bytes(line))
	case line.start == line.end:
		return syntaxErrorf("the response head has no fields")
	default:
		if err := h.field(line); err != nil {
			return err
		}
	}
	for {
		line, err := h.line(r)
		if err != nil {
			return err
		}
		if line.start == line.end {
			return h.finish(s)
		}
		if err := h.field(line); err != nil {
			return err
		}
	}
}

// line reads one line into the buffer and returns where it is, without its
// line end.
func (h *Head) line(r *bufio.Reader) (bounds, error) {
	start := len(h.buf)
	for {
		part, err := r.ReadSlice('\n')
		h.size += len(part)
		if h.size > MaxHead {
			return bounds{}, &LimitError{What: "response head", Size: int64(h.size), Limit: MaxHead}
		}
		h.buf = append(h.buf, part...)
		switch {
		case err == nil:
			end := len(h.buf) - 1
			if end > start && h.buf[end-1] == '\r' {
				end--
			}
			return bounds{start, end}, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && h.size > 0:
			return bounds{}, io.ErrUnexpectedEOF
		default:
			return bounds{}, err
		}
	}
}

// statusLine parses `HTTP/1.1 200 OK`; the reason phrase, and the space
// before it, may be missing.
func (h *Head) statusLine(line bounds) error {
	const code = len("HTTP/1.1 ")
	b := h.bytes(line)
	switch {
	case len(b) < code+3, b[6] != '.', b[8] != ' ', len(b) > code+3 && b[code+3] != ' ':
		return syntaxErrorf("malformed status line %.80q", b)
	case b[5] != '1' || b[7] < '0' || b[7] > '9':
		return syntaxErrorf("HTTP version in %.80q is not 1.x", b)
	}
	h.Major, h.Minor = 1, int(b[7]-'0')
	status, ok := statusCode(b[code : code+3])
	if !ok {
		return syntaxErrorf("malformed status code in %.80q", b)
	}
	h.Status = status
	h.reason = h.trim(bounds{min(line.start+code+4, line.end), line.end})
	return h.checkValue(h.reason)
}

// statusCode parses the three digits of a status code (RFC 9110, 15).
func statusCode(b []byte) (int, bool) {
	if len(b) != 3 || b[0] < '1' || b[0] > '9' || b[1] < '0' || b[1] > '9' || b[2] < '0' || b[2] > '9' {
		return 0, false
	}
	return int(b[0]-'0')*100 + int(b[1]-'0')*10 + int(b[2]-'0'), true
}

// field parses a field line and takes note of the fields that frame the
// message.
func (h *Head) field(line bounds) error {
	b := h.bytes(line)
	if b[0] == ' ' || b[0] == '\t' {
		return syntaxErrorf("folded field line %.80q", b) // obsolete: RFC 9112, 5.2
	}
	colon := bytes.IndexByte(b, ':')
	if colon < 0 {
		return syntaxErrorf("field line %.80q has no colon", b)
	}
	f := field{
		name:  bounds{line.start, line.start + colon},
		value: h.trim(bounds{line.start + colon + 1, line.end}),
	}
	if !isToken(b[:colon]) {
		return syntaxErrorf("malformed field name in %.80q", b)
	}
	if err := h.checkValue(f.value); err != nil {
		return err
	}
	h.fields = append(h.fields, f)
	return h.note(f)
}

// note takes from a field what concerns the message as a whole.
func (h *Head) note(f field) error {
	name, value := h.bytes(f.name), h.bytes(f.value)
	switch len(name) {
	case len("status"):
		if h.Major != 0 || !equalFold(name, "status") {
			return nil
		}
		return h.noteStatus(f)
	case len("location"):
		h.location = h.location || equalFold(name, "location")
	case len("connection"):
		if equalFold(name, "connection") {
			h.noteConnection(value)
		}
	case len("content-length"):
		if !equalFold(name, "content-length") {
			return nil
		}
		length, ok := parseLength(value)
		switch {
		case !ok:
			return syntaxErrorf("malformed Content-Length %.80q", value)
		case h.ContentLength >= 0:
			return syntaxErrorf("Content-Length is given twice")
		}
		h.ContentLength = length
	case len("transfer-encoding"):
		if !equalFold(name, "transfer-encoding") {
			return nil
		}
		// A second one, or a list of codings, leaves Chunked false, which
		// finish refuses.
		h.Chunked = !h.encoding && equalFold(value, "chunked")
		h.encoding = true
	}
	return nil
}

func (h *Head) noteStatus(f field) error {
	if h.statusField >= 0 {
		return syntaxErrorf("Status is given twice")
	}
	value := h.bytes(f.value)
	digits, _, _ := bytes.Cut(value, []byte(" "))
	status, ok := statusCode(digits)
	if !ok {
		return syntaxErrorf("malformed Status %.80q", value)
	}
	h.Status = status
	h.statusField = len(h.fields) - 1
	h.reason = h.trim(bounds{f.value.start + len(digits), f.value.end})
	return nil
}

func (h *Head) noteConnection(value []byte) {
	for len(value) > 0 {
		token, rest, _ := bytes.Cut(value, []byte(","))
		value = rest
		token = bytes.Trim(token, " \t")
		h.Close = h.Close || equalFold(token, "close")
		h.keepAlive = h.keepAlive || equalFold(token, "keep-alive")
	}
}

// parseLength parses a length in bytes: digits only, and not beyond an int64.
func parseLength[T string | []byte](s T) (int64, bool) {
	if len(s) == 0 {
		return 0, false
	}
	var n int64
	for i := range len(s) {
		d := int64(s[i]) - '0'
		const limit = 1<<63 - 1
		if d < 0 || d > 9 || n > (limit-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	return n, true
}

// finish settles what only the whole head tells.
func (h *Head) finish(s style) error {
	h.Reason = h.bytes(h.reason)
	if h.Major == 0 && h.Status == 0 {
		h.Status = http.StatusOK
		if h.location {
			h.Status = http.StatusFound
		}
	}
	if h.Major == 1 && h.Minor == 0 && !h.keepAlive {
		h.Close = true
	}
	if s == cgiOrHTTP {
		h.Chunked = false
		return nil
	}
	// Whoever reads these differently sees another message: RFC 9112, 6.1.
	switch {
	case h.encoding && !h.Chunked:
		return syntaxErrorf("Transfer-Encoding other than chunked")
	case h.Chunked && h.Minor == 0:
		return syntaxErrorf("Transfer-Encoding in an HTTP/1.0 response")
	case h.Chunked && h.ContentLength >= 0:
		return syntaxErrorf("both Transfer-Encoding and Content-Length")
	}
	return nil
}

// trim drops spaces and tabs at both ends.
func (h *Head) trim(b bounds) bounds {
	for b.start < b.end && (h.buf[b.start] == ' ' || h.buf[b.start] == '\t') {
		b.start++
	}
	for b.start < b.end && (h.buf[b.end-1] == ' ' || h.buf[b.end-1] == '\t') {
		b.end--
	}
	return b
}

// checkValue refuses control characters other than the tab (RFC 9110, 5.5).
func (h *Head) checkValue(b bounds) error {
	for _, c := range h.bytes(b) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return syntaxErrorf("control character in %.80q", h.bytes(b))
		}
	}
	return nil
}

// Header returns the fields as a new http.Header, which shares no memory with
// the Head. The Status field of a CGI response is left out.
func (h *Head) Header() http.Header {
	header := make(http.Header, len(h.fields))
	text := string(h.buf) // one allocation for all names and values
	values := make([]string, 0, len(h.fields))
	for i, f := range h.fields {
		if i == h.statusField {
			continue
		}
		key := textproto.CanonicalMIMEHeaderKey(text[f.name.start:f.name.end])
		value := text[f.value.start:f.value.end]
		if old, ok := header[key]; ok {
			header[key] = append(old, value)
			continue
		}
		values = append(values, value)
		header[key] = values[len(values)-1 : len(values) : len(values)]
	}
	return header
}
