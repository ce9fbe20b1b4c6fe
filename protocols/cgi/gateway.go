package cgi

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A Gateway is what a gateway knows beside the request itself, and the rules
// by which it turns a request into CGI variables. It is not changed by its
// methods, so that many connections may share one.
type Gateway struct {
	ServerName     string // SERVER_NAME; "" means the host of the request's Host header, else "localhost"
	ServerPort     string // SERVER_PORT; "" means the port of the Host header, else 80 or 443
	RemoteAddr     string // REMOTE_ADDR; "" means 127.0.0.1
	RemotePort     string // REMOTE_PORT; "" means 0
	DocumentRoot   string // DOCUMENT_ROOT; "" means /
	ScriptName     string // SCRIPT_NAME, always sent, "" for WSGI; cut from the front of PATH_INFO
	ScriptFilename string // SCRIPT_FILENAME; sent only where set (php-fpm wants it)
	Software       string // SERVER_SOFTWARE; "" means gwbench
	Extra          []Var  // further variables, sent last; one of a name used above replaces it
}

// Var is one variable of Gateway.Extra.
type Var struct{ Name, Value string }

// AppendVars appends the CGI variables of client request r to v: those of
// RFC 3875 and of nginx's uwsgi_params (REQUEST_URI, REQUEST_SCHEME, HTTPS,
// DOCUMENT_ROOT, REMOTE_PORT). length is the length of the body in bytes,
// which must be known (>= 0); CONTENT_LENGTH comes first, as SCGI wants it,
// and is "0" without a body.
//
// The header's fields follow as HTTP_*, sorted by name, the values of one
// field joined by ", " (Cookie by "; "), and HTTP_HOST from r.Host. Left out
// are Content-Type and Content-Length, which have variables of their own,
// hop-by-hop fields and those that Connection names, Proxy (httpoxy,
// CVE-2016-5385), and every field whose name has a character other than a
// letter, digit or hyphen: as in nginx and Apache, X_Foo can not pass for
// X-Foo. So no name occurs twice.
//
// A NUL, CR or LF in any variable, even one from an escape in the path, is a
// *SyntaxError. After an error v must be Reset. Nothing is allocated once v
// has grown, unless the path has characters that net/url has to escape.
func (g *Gateway) AppendVars(v *Vars, r *http.Request, length int64) error {
	switch {
	case length < 0:
		return syntaxErrorf("the length of the request body must be known to announce it in CONTENT_LENGTH")
	case r.URL.Opaque != "":
		return syntaxErrorf("the URL %q has no path to make PATH_INFO of", r.URL)
	}
	first := len(v.spans)
	v.begin("CONTENT_LENGTH")
	v.buf = strconv.AppendInt(v.buf, length, 10)
	v.extend("")

	g.addRequest(v, r)
	g.addServer(v, r)
	g.addHeader(v, r)
	if err := g.addExtra(v); err != nil {
		return err
	}
	return v.checkBytes(first)
}

// addRequest adds what the request line says.
func (g *Gateway) addRequest(v *Vars, r *http.Request) {
	g.add(v, "REQUEST_METHOD", or(r.Method, http.MethodGet))
	path := or(r.URL.EscapedPath(), "/")
	if !g.replaces("REQUEST_URI") {
		v.begin("REQUEST_URI")
		v.extend(path)
		if r.URL.ForceQuery || r.URL.RawQuery != "" {
			v.extend("?")
			v.extend(r.URL.RawQuery)
		}
	}
	g.add(v, "SCRIPT_NAME", g.scriptName())
	g.add(v, "PATH_INFO", g.pathInfo(r.URL.Path))
	g.add(v, "QUERY_STRING", r.URL.RawQuery)
	// The version fields of a client request mean nothing (see http.Request).
	g.add(v, "SERVER_PROTOCOL", "HTTP/1.1")
}

// scriptName is never "/", which PEP 3333 forbids.
func (g *Gateway) scriptName() string {
	if g.ScriptName == "/" {
		return ""
	}
	return g.ScriptName
}

// pathInfo is the decoded path behind the script's name.
func (g *Gateway) pathInfo(path string) string {
	switch path {
	case "":
		path = "/"
	case "*": // OPTIONS *: there is no path
		return ""
	}
	if rest, ok := strings.CutPrefix(path, g.scriptName()); ok && (rest == "" || rest[0] == '/') {
		return rest
	}
	return path
}

// addServer adds what the gateway knows of itself and of the connection.
func (g *Gateway) addServer(v *Vars, r *http.Request) {
	scheme, defaultPort := "http", "80"
	if r.URL.Scheme == "https" || r.TLS != nil {
		scheme, defaultPort = "https", "443"
		g.add(v, "HTTPS", "on")
	}
	name, port := splitHost(requestHost(r))
	g.add(v, "REQUEST_SCHEME", scheme)
	g.add(v, "SERVER_NAME", or(g.ServerName, name, "localhost"))
	g.add(v, "SERVER_PORT", or(g.ServerPort, port, defaultPort))
	g.add(v, "REMOTE_ADDR", or(g.RemoteAddr, "127.0.0.1"))
	g.add(v, "REMOTE_PORT", or(g.RemotePort, "0"))
	g.add(v, "DOCUMENT_ROOT", or(g.DocumentRoot, "/"))
	if g.ScriptFilename != "" {
		g.add(v, "SCRIPT_FILENAME", g.ScriptFilename)
	}
	g.add(v, "GATEWAY_INTERFACE", "CGI/1.1")
	g.add(v, "SERVER_SOFTWARE", or(g.Software, "gwbench"))
}

func requestHost(r *http.Request) string { return or(r.Host, r.URL.Host) }

// splitHost splits host:port; an IPv6 address keeps its brackets, as
// SERVER_NAME wants them (RFC 3875, 4.1.14).
func splitHost(hostport string) (host, port string) {
	colon := strings.LastIndexByte(hostport, ':')
	if colon < 0 || colon < strings.LastIndexByte(hostport, ']') {
		return hostport, ""
	}
	return hostport[:colon], hostport[colon+1:]
}

// or returns the first that is not empty.
func or(values ...string) string {
	for _, s := range values {
		if s != "" {
			return s
		}
	}
	return ""
}

// addHeader adds the header's fields.
func (g *Gateway) addHeader(v *Vars, r *http.Request) {
	if host := requestHost(r); host != "" {
		g.add(v, "HTTP_HOST", host)
	}
	contentType := ""
	connection := r.Header["Connection"]
	keys := v.keys[:0]
	for key, values := range r.Header {
		switch {
		case len(values) == 0:
		case equalFold(key, "content-type"):
			contentType = values[0]
		case !passes(key), hopByHop(key), named(connection, key), g.replacesField(key):
		default:
			keys = append(keys, key)
		}
	}
	g.add(v, "CONTENT_TYPE", contentType)

	slices.SortFunc(keys, compareFold)
	for i, key := range keys {
		same := i > 0 && len(key) == len(keys[i-1]) && strings.EqualFold(key, keys[i-1])
		addField(v, key, r.Header[key], same)
	}
	clear(keys) // the request's strings must not outlive it
	v.keys = keys[:0]
}

// passes tells whether a field becomes an HTTP_ variable: see AppendVars.
func passes(key string) bool {
	for i := range len(key) {
		c := lowerByte(key[i])
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	switch len(key) {
	case 0:
		return false
	case len("host"):
		return !equalFold(key, "host")
	case len("proxy"):
		return !equalFold(key, "proxy")
	case len("content-length"):
		return !equalFold(key, "content-length")
	}
	return true
}

// compareFold orders keys by name without regard to case, so that two
// spellings of one name come together, and then by spelling.
func compareFold(a, b string) int {
	for i := range min(len(a), len(b)) {
		if d := int(lowerByte(a[i])) - int(lowerByte(b[i])); d != 0 {
			return d
		}
	}
	if d := len(a) - len(b); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

// addField adds one field; same means that the last variable is of the same
// name, to which the values are joined.
func addField(v *Vars, key string, values []string, same bool) {
	if !same {
		v.begin("HTTP_")
		for i := range len(key) {
			v.buf = append(v.buf, variableByte(key[i]))
		}
		last := &v.spans[len(v.spans)-1]
		last.mid, last.end = len(v.buf), len(v.buf)
	}
	separator := ", "
	if equalFold(key, "cookie") {
		separator = "; "
	}
	for i, value := range values {
		if i > 0 || same {
			v.extend(separator)
		}
		v.extend(strings.Trim(value, " \t"))
	}
}

// add adds a variable unless Extra replaces it.
func (g *Gateway) add(v *Vars, name, value string) {
	if !g.replaces(name) {
		v.Add(name, value)
	}
}

func (g *Gateway) replaces(name string) bool {
	for i := range g.Extra {
		if g.Extra[i].Name == name {
			return true
		}
	}
	return false
}

// replacesField is replaces for the variable that a header field becomes.
func (g *Gateway) replacesField(key string) bool {
	return slices.ContainsFunc(g.Extra, func(extra Var) bool {
		name, ok := strings.CutPrefix(extra.Name, "HTTP_")
		if !ok || len(name) != len(key) {
			return false
		}
		for i := range len(key) {
			if variableByte(key[i]) != name[i] {
				return false
			}
		}
		return true
	})
}

// variableByte turns a byte of a field's name into that of its variable.
func variableByte(c byte) byte {
	switch {
	case 'a' <= c && c <= 'z':
		return c - ('a' - 'A')
	case c == '-':
		return '_'
	}
	return c
}

// addExtra adds the user's own variables; the last of one name wins.
func (g *Gateway) addExtra(v *Vars) error {
	for i, extra := range g.Extra {
		switch {
		case extra.Name == "" || strings.ContainsRune(extra.Name, '='):
			return syntaxErrorf("%q cannot be the name of a variable", extra.Name)
		case extra.Name == "CONTENT_LENGTH":
			return syntaxErrorf("CONTENT_LENGTH is the length of the body and cannot be replaced")
		}
		last := !slices.ContainsFunc(g.Extra[i+1:], func(later Var) bool { return later.Name == extra.Name })
		if last {
			v.Add(extra.Name, extra.Value)
		}
	}
	return nil
}

// checkBytes refuses variables, from the one with index first, with bytes in
// them that end a line or a string in the hands of some reader.
func (v *Vars) checkBytes(first int) error {
	added := v.buf[v.spans[first].start:]
	if bytes.IndexByte(added, 0) < 0 && bytes.IndexByte(added, '\n') < 0 && bytes.IndexByte(added, '\r') < 0 {
		return nil
	}
	for i := first; i < v.Len(); i++ {
		name, value := v.At(i)
		if bytes.ContainsAny(name, "\x00\r\n") || bytes.ContainsAny(value, "\x00\r\n") {
			return syntaxErrorf("variable %q holds a NUL or newline: %q", name, value)
		}
	}
	return nil
}
