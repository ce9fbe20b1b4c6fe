package cgi

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// NewRequest is the reverse of AppendVars: the http.Request that a server
// hands to its handler. Of two variables of one name the last counts, as in
// uWSGI. Nothing in the request refers to the memory of v.
//
// URL.Path is PATH_INFO, or where that is empty or missing (nginx sends none
// over FastCGI and SCGI) the decoded path of REQUEST_URI. RequestURI is raw.
// ContentLength is parsed from CONTENT_LENGTH (0 when absent or empty), Body
// is left nil for the caller to set. RemoteAddr is REMOTE_ADDR:REMOTE_PORT,
// "" where no REMOTE_ADDR came. TLS is set where HTTPS says so. Header has the
// HTTP_* variables, without Host, the framing fields, and Proxy (httpoxy).
//
// A missing or malformed REQUEST_METHOD, a malformed CONTENT_LENGTH or
// SERVER_PROTOCOL, and a newline or NUL in a field are *SyntaxErrors.
//
// All variables travel in the request's context: see Environ.
func NewRequest(v *Vars) (*http.Request, error) {
	q := request{kept: new(kept)}
	headerKeys := q.keepVars(v)
	if err := q.scan(v, headerKeys); err != nil {
		return nil, err
	}
	return q.build()
}

// request is what NewRequest gathers. It lives on the stack, all but what the
// finished request holds on to.
type request struct {
	*kept
	method, protocol, requestURI, pathInfo, scriptName, length string
	serverName, serverPort, remoteAddr, remotePort, host       string
	query                                                      string
	hasQuery, https                                            bool
	header                                                     http.Header
	fields                                                     int // HTTP_* variables
}

type kept struct {
	environ
	url url.URL
}

// environ is the context of a request from NewRequest.
type environ struct {
	context.Context
	text string   // names and values of all variables, one after the other
	ends []uint32 // offsets in text: the end of each name and of each value
}

type environKey struct{}

func (e *environ) Value(key any) any {
	if key == (environKey{}) {
		return e
	}
	return e.Context.Value(key)
}

// Environ returns the CGI variables that request r came with as a new map,
// nil where it came over plain HTTP.
func Environ(r *http.Request) map[string]string {
	e, ok := r.Context().Value(environKey{}).(*environ)
	if !ok {
		return nil
	}
	vars := make(map[string]string, len(e.ends)/2)
	start := uint32(0)
	for i := 0; i < len(e.ends); i += 2 {
		mid, end := e.ends[i], e.ends[i+1]
		vars[e.text[start:mid]] = e.text[mid:end]
		start = end
	}
	return vars
}

// keepVars copies the variables, and behind them the names of the HTTP_*
// variables as header keys, into one string, and returns the latter.
func (q *request) keepVars(v *Vars) (headerKeys string) {
	var b strings.Builder
	b.Grow(len(v.buf) + len(v.buf)/4)
	b.Write(v.buf)
	q.ends = make([]uint32, 0, 2*len(v.spans))
	for _, s := range v.spans {
		q.ends = append(q.ends, uint32(s.mid), uint32(s.end))
		if name := v.buf[s.start:s.mid]; isField(name) {
			q.fields++
			writeHeaderKey(&b, name[len("HTTP_"):])
		}
	}
	q.Context = context.Background()
	q.header = make(http.Header, q.fields+1)
	text := b.String()
	q.text = text[:len(v.buf)]
	return text[len(v.buf):]
}

func isField(name []byte) bool {
	return len(name) > len("HTTP_") && string(name[:len("HTTP_")]) == "HTTP_"
}

// writeHeaderKey writes ACCEPT_ENCODING as Accept-Encoding.
func writeHeaderKey(b *strings.Builder, name []byte) {
	upper := true
	for _, c := range name {
		switch {
		case c == '_':
			c = '-'
		case !upper && 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case upper && 'a' <= c && c <= 'z':
			c -= 'a' - 'A'
		}
		upper = c == '-'
		b.WriteByte(c)
	}
}

// scan sorts the variables in one pass.
func (q *request) scan(v *Vars, headerKeys string) error {
	values := make([]string, 0, q.fields+1) // and CONTENT_TYPE
	for _, s := range v.spans {
		name, value := q.text[s.start:s.mid], q.text[s.mid:s.end]
		switch name {
		case "REQUEST_METHOD":
			q.method = value
		case "REQUEST_URI":
			q.requestURI = value
		case "PATH_INFO":
			q.pathInfo = value
		case "SCRIPT_NAME":
			q.scriptName = value
		case "QUERY_STRING":
			q.query, q.hasQuery = value, true
		case "SERVER_PROTOCOL":
			q.protocol = value
		case "CONTENT_LENGTH":
			q.length = value
		case "CONTENT_TYPE":
			delete(q.header, "Content-Type")
			if value != "" {
				values = append(values, value)
				q.header["Content-Type"] = values[len(values)-1 : len(values) : len(values)]
			}
		case "HTTPS":
			q.https = value != "" && !equalFold(value, "off")
		case "SERVER_NAME":
			q.serverName = value
		case "SERVER_PORT":
			q.serverPort = value
		case "REMOTE_ADDR":
			q.remoteAddr = value
		case "REMOTE_PORT":
			q.remotePort = value
		}
		field := isField(v.buf[s.start:s.mid])
		if (field || name == "CONTENT_TYPE") && strings.ContainsAny(value, "\x00\r\n") {
			return syntaxErrorf("newline or NUL in %s", name)
		}
		if !field {
			continue
		}
		key := headerKeys[:len(name)-len("HTTP_")]
		headerKeys = headerKeys[len(key):]
		switch key {
		case "Host":
			q.host = value
		case "Proxy", "Content-Type", "Content-Length", "Transfer-Encoding":
		default:
			if isToken(key) {
				values = append(values, value)
				q.header[key] = values[len(values)-1 : len(values) : len(values)]
			}
		}
	}
	return nil
}

// build makes the request of what scan found.
func (q *request) build() (*http.Request, error) {
	if !isToken(q.method) {
		return nil, syntaxErrorf("REQUEST_METHOD is missing or malformed: %.80q", q.method)
	}
	length := int64(0)
	if q.length != "" {
		var ok bool
		if length, ok = parseLength(q.length); !ok {
			return nil, syntaxErrorf("malformed CONTENT_LENGTH %.80q", q.length)
		}
	}
	protocol := or(q.protocol, "HTTP/1.0")
	major, minor, ok := http.ParseHTTPVersion(protocol)
	if !ok {
		return nil, syntaxErrorf("malformed SERVER_PROTOCOL %.80q", protocol)
	}
	q.setURL()
	r := http.Request{
		Method:        q.method,
		URL:           &q.url,
		Proto:         protocol,
		ProtoMajor:    major,
		ProtoMinor:    minor,
		Header:        q.header,
		ContentLength: length,
		Host:          q.requestHost(),
		RequestURI:    q.requestURI,
	}
	if q.remoteAddr != "" {
		r.RemoteAddr = net.JoinHostPort(q.remoteAddr, or(q.remotePort, "0"))
	}
	if q.https {
		r.TLS = &tls.ConnectionState{HandshakeComplete: true}
	}
	return r.WithContext(&q.environ), nil
}

// setURL sets the URL to path and query, as a server's requests have it.
func (q *request) setURL() {
	rawPath, rawQuery, _ := strings.Cut(q.requestURI, "?")
	if !strings.HasPrefix(rawPath, "/") {
		rawPath = "" // "*", or the absolute form, which PATH_INFO has to tell
	}
	q.url.RawQuery = rawQuery
	if q.hasQuery {
		q.url.RawQuery = q.query
	}
	path, err := url.PathUnescape(rawPath)
	if err != nil {
		path = rawPath
	}
	q.url.Path = or(q.pathInfo, path)
	switch {
	case q.url.Path == "" && q.requestURI == "*":
		q.url.Path = "*"
	case q.url.Path == "":
		q.url.Path = or(q.scriptName, "/")
	case q.url.Path == path && err == nil && q.url.EscapedPath() != rawPath:
		q.url.RawPath = rawPath // the default escaping would not give it back
	}
	if q.requestURI == "" {
		q.requestURI = q.url.RequestURI()
	}
}

func (q *request) requestHost() string {
	switch {
	case q.host != "" || q.serverPort == "":
		return or(q.host, q.serverName)
	case q.https && q.serverPort == "443", !q.https && q.serverPort == "80":
		return q.serverName
	}
	return q.serverName + ":" + q.serverPort
}
