package httpwire

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// request is a request under way. The codec uses it again for the next one,
// as the server hands a copy to the handler; URL and Header are made anew.
type request struct {
	http.Request
	body body
}

// message is what framing and connection handling need to know of a head.
type message struct {
	length      int64 // of the body; -1 where no field announced one
	chunked     bool
	close       bool // Connection: close
	keepAlive   bool // Connection: keep-alive
	expect      bool // Expect: 100-continue
	hosts       int
	encodings   int
	httpVersion int // minor
}

// parse parses a head of readRequestHead into r. All strings of the result
// share the head's memory.
func (r *request) parse(head string) (message, error) {
	r.Request = http.Request{}
	m := message{length: -1}
	line, rest, err := cutLine(head)
	if err != nil {
		return m, err
	}
	if err := r.parseRequestLine(line, &m); err != nil {
		return m, err
	}
	if err := r.parseFields(rest, &m); err != nil {
		return m, err
	}
	return m, r.checkFraming(&m)
}

// cutLine cuts the first line off, without its CRLF.
func cutLine(s string) (line, rest string, err error) {
	i := strings.IndexByte(s, '\n')
	if i < 1 || s[i-1] != '\r' {
		return "", "", refuse(http.StatusBadRequest, "line %.40q does not end in CRLF", s)
	}
	return s[:i-1], s[i+1:], nil
}

// parseRequestLine reads "method SP request-target SP HTTP-version" (RFC
// 9112, 3).
func (r *request) parseRequestLine(line string, m *message) error {
	method, rest, ok := strings.Cut(line, " ")
	target, version, ok2 := strings.Cut(rest, " ")
	if !ok || !ok2 || !isToken(method) {
		return refuse(http.StatusBadRequest, "malformed request line %.80q", line)
	}
	switch version {
	case "HTTP/1.1":
		m.httpVersion = 1
	case "HTTP/1.0":
		m.httpVersion = 0
	default:
		if len(version) == len("HTTP/1.1") && strings.HasPrefix(version, "HTTP/") && version[6] == '.' {
			return &refusal{http.StatusHTTPVersionNotSupported, syntaxError("version " + version + " is neither HTTP/1.0 nor HTTP/1.1")}
		}
		return refuse(http.StatusBadRequest, "malformed version in request line %.80q", line)
	}
	if method == http.MethodConnect {
		return &refusal{http.StatusNotImplemented, syntaxError("CONNECT asks for a proxy")}
	}
	r.Method, r.RequestURI = method, target
	r.Proto, r.ProtoMajor, r.ProtoMinor = version, 1, m.httpVersion
	return r.parseTarget(target)
}

// parseTarget parses the request target; the common plain path takes a way of
// its own, with the same result as url.ParseRequestURI.
func (r *request) parseTarget(target string) error {
	if path, query, ok := plainTarget(target); ok {
		r.URL = &url.URL{Path: path, RawQuery: query, ForceQuery: query == "" && len(path) < len(target)}
		return nil
	}
	for i := range len(target) {
		if c := target[i]; c <= ' ' || c == 0x7f {
			return refuse(http.StatusBadRequest, "request target %.80q holds a control character", target)
		}
	}
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return &refusal{http.StatusBadRequest, fmt.Errorf("httpwire: request target: %w", err)}
	}
	r.URL = u
	return nil
}

// plainTarget cuts a target that starts with "/" and needs neither unescaping
// nor a RawPath.
func plainTarget(target string) (path, query string, ok bool) {
	if target == "" || target[0] != '/' {
		return "", "", false
	}
	path = target
	for i := range len(target) {
		if c := target[i]; !pathChars[c] {
			if c != '?' {
				return "", "", false
			}
			path, query = target[:i], target[i+1:]
			break
		}
	}
	for i := range len(query) {
		if c := query[i]; !queryChars[c] && c != '%' && c != '?' {
			return "", "", false
		}
	}
	return path, query, true
}

// parseFields reads the field lines (RFC 9112, 5), up to the empty line.
func (r *request) parseFields(s string, m *message) error {
	count := strings.Count(s, "\n") - 1
	r.Header = make(http.Header, count)
	values := make([]string, 0, count)
	for {
		line, rest, err := cutLine(s)
		if err != nil {
			return err
		}
		if line == "" {
			break
		}
		s = rest
		name, value, err := parseField(line)
		if err != nil {
			return err
		}
		if err := r.note(name, value, m); err != nil {
			return err
		}
		if name == "Host" || name == "Transfer-Encoding" {
			continue // r.Host and r.TransferEncoding have them, as in net/http
		}
		if earlier, ok := r.Header[name]; ok {
			r.Header[name] = append(earlier, value)
			continue
		}
		values = append(values, value)
		n := len(values)
		r.Header[name] = values[n-1 : n : n]
	}
	if m.hosts != 1 && (m.httpVersion == 1 || m.hosts > 1) {
		return refuse(http.StatusBadRequest, "%d Host fields instead of one", m.hosts)
	}
	if r.URL.Host != "" {
		r.Host = r.URL.Host // absolute form: RFC 9112, 3.2.2
	}
	return nil
}

// parseField splits a field line and gives the name its canonical form. A
// blank before the colon, and a line that continues the one before it, are
// refused (RFC 9112, 5.1 and 5.2).
func parseField(line string) (name, value string, err error) {
	colon := strings.IndexByte(line, ':')
	if colon <= 0 {
		return "", "", refuse(http.StatusBadRequest, "field line %.80q without a name", line)
	}
	name, value = line[:colon], line[colon+1:]
	canonical, upper := true, true
	for i := range len(name) {
		c := name[i]
		if !tokenChars[c] {
			return "", "", refuse(http.StatusBadRequest, "field name %.80q is not a token", name)
		}
		if upper && 'a' <= c && c <= 'z' || !upper && 'A' <= c && c <= 'Z' {
			canonical = false
		}
		upper = c == '-'
	}
	if !canonical {
		name = http.CanonicalHeaderKey(name)
	}
	if value = strings.Trim(value, " \t"); !isFieldValue(value) {
		return "", "", refuse(http.StatusBadRequest, "field %s: value %.80q holds a control character", name, value)
	}
	return name, value, nil
}

// note takes down what framing and connection need from a field.
func (r *request) note(name, value string, m *message) error {
	switch name {
	case "Host":
		m.hosts++
		if !allIn(value, &hostChars) {
			return refuse(http.StatusBadRequest, "malformed Host %.80q", value)
		}
		r.Host = value
	case "Content-Length":
		if m.length >= 0 {
			return refuse(http.StatusBadRequest, "more than one Content-Length")
		}
		length, err := parseLength(value)
		if err != nil {
			return err
		}
		m.length = length
	case "Transfer-Encoding":
		m.encodings++
		if !strings.EqualFold(value, "chunked") {
			return &refusal{http.StatusNotImplemented, syntaxError(fmt.Sprintf("Transfer-Encoding %.40q: only chunked is known", value))}
		}
		m.chunked = true
	case "Connection":
		m.close = m.close || hasToken(value, "close")
		m.keepAlive = m.keepAlive || hasToken(value, "keep-alive")
	case "Expect":
		if !strings.EqualFold(value, "100-continue") {
			return &refusal{http.StatusExpectationFailed, syntaxError(fmt.Sprintf("Expect: %.40q cannot be met", value))}
		}
		m.expect = m.httpVersion == 1 // 1.0 clients do not know 1xx (RFC 9110, 10.1.1)
	}
	return nil
}

// parseLength accepts digits only: strconv alone would take a sign.
func parseLength(s string) (int64, error) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, refuse(http.StatusBadRequest, "Content-Length %.40q is not a number", s)
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, refuse(http.StatusBadRequest, "Content-Length %.40q is not a number of bytes", s)
	}
	return n, nil
}

// checkFraming refuses heads in which two readers could see different bodies
// (RFC 9112, 6.1 and 11.2).
func (r *request) checkFraming(m *message) error {
	switch {
	case m.encodings > 1:
		return refuse(http.StatusBadRequest, "more than one Transfer-Encoding")
	case m.chunked && m.length >= 0:
		return refuse(http.StatusBadRequest, "both Content-Length and Transfer-Encoding")
	case m.chunked && m.httpVersion == 0:
		return refuse(http.StatusBadRequest, "Transfer-Encoding in an HTTP/1.0 request")
	}
	r.Body = http.NoBody
	switch {
	case m.chunked:
		r.TransferEncoding = []string{"chunked"}
		r.ContentLength = -1
		r.Body = &r.body
	case m.length > 0:
		r.ContentLength = m.length
		r.Body = &r.body
	}
	r.Close = m.close || m.httpVersion == 0 && !m.keepAlive
	return nil
}
