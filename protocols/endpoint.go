package protocols

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Endpoint is where a server of a protocol listens, and what to ask it for.
type Endpoint struct {
	Protocol string // Spec.Name
	Network  string // "tcp" or "unix"
	Address  string // "127.0.0.1:3031", or the socket's path
	Path     string // of the request, escaped, with query; "/" when the URL has none
}

// MaxSocketPath is the length in bytes of the longest path that a unix socket
// can have on Linux: what sockaddr_un.sun_path holds without its NUL [unix(7)].
const MaxSocketPath = 107

// EndpointError is a URL that names no endpoint. Detect with errors.As.
type EndpointError struct {
	URL     string // as it was given
	Problem string // what is wrong with it
	Hint    string // what to write instead; may be empty
}

func (e *EndpointError) Error() string {
	text := fmt.Sprintf("endpoint %q: %s", e.URL, e.Problem)
	if e.Hint != "" {
		text += ": " + e.Hint
	}
	return text
}

// ParseEndpoint reads the URL of an endpoint:
//
//	uwsgi://127.0.0.1:3031/path?query
//	fastcgi+unix:///run/app.sock:/path?query
//
// Schemes are the names and aliases of All, each also with +unix. A URL of a
// unix socket separates the socket's absolute path from the request's by a
// colon. The port may be left out for http only (80). Errors are
// *EndpointError.
func ParseEndpoint(rawURL string) (Endpoint, error) {
	e, problem, hint := parseEndpoint(rawURL)
	if problem != "" {
		return Endpoint{}, &EndpointError{URL: rawURL, Problem: problem, Hint: hint}
	}
	return e, nil
}

func parseEndpoint(rawURL string) (e Endpoint, problem, hint string) {
	scheme, rest, ok := strings.Cut(rawURL, "://")
	if !ok {
		return e, "no scheme", "write something like " + guess(rawURL)
	}
	spec, network, ok := lookupScheme(scheme)
	if !ok {
		return e, fmt.Sprintf("unknown scheme %q", scheme), schemeHint(scheme)
	}
	if i := strings.IndexFunc(rest, func(r rune) bool { return r <= ' ' || r == 0x7f }); i >= 0 {
		return e, fmt.Sprintf("%q must be escaped in a URL", rest[i]), "write it as " + fmt.Sprintf("%%%02X", rest[i])
	}
	if strings.Contains(rest, "#") {
		return e, "a fragment (#...) is never sent to a server", "leave it out, or write # as %23"
	}
	e.Protocol, e.Network = spec.Name, network
	var path string
	if network == "unix" {
		e.Address, path, problem, hint = splitSocket(scheme, rest)
	} else {
		host := rest
		if i := strings.IndexAny(rest, "/?"); i >= 0 {
			host, path = rest[:i], rest[i:]
		}
		e.Address, problem, hint = parseAddress(scheme, host, spec)
	}
	if problem != "" {
		return e, problem, hint
	}
	e.Path, problem = requestPath(path)
	return e, problem, ""
}

// lookupScheme finds "uwsgi" and "uwsgi+unix" in any case.
func lookupScheme(scheme string) (s Spec, network string, ok bool) {
	name, unix := strings.CutSuffix(strings.ToLower(scheme), "+unix")
	network = "tcp"
	if unix {
		network = "unix"
	}
	s, ok = Lookup(name)
	return s, network, ok
}

// parseAddress returns host:port in its normal form.
func parseAddress(scheme, host string, spec Spec) (address, problem, hint string) {
	if strings.Contains(host, "@") {
		return "", "user names and passwords are not sent to gateways", "leave out the part up to @"
	}
	hostname, port, err := net.SplitHostPort(host)
	if err != nil {
		hostname, port = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"), ""
		var wrong *net.AddrError
		if strings.Contains(hostname, ":") && !strings.HasPrefix(host, "[") || errors.As(err, &wrong) && wrong.Err != "missing port in address" {
			return "", fmt.Sprintf("malformed address %q", host), "write host:port, and an IPv6 address in brackets: [::1]:3031"
		}
	}
	if hostname == "" {
		return "", "no host", fmt.Sprintf("write %s://127.0.0.1:%s, or %s+unix:///path/of.sock", scheme, or(port, "3031"), spec.Name)
	}
	if port == "" {
		if port = spec.defaultPort; port == "" {
			return "", fmt.Sprintf("no port, and %s has no default port", spec.Title), fmt.Sprintf("write %s://%s:3031", scheme, host)
		}
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 {
		return "", fmt.Sprintf("port %q is not a number from 1 to 65535", port), ""
	}
	if hostname, err = url.PathUnescape(hostname); err != nil {
		return "", err.Error(), ""
	}
	if !isHostname(hostname) {
		return "", fmt.Sprintf("malformed host %q", hostname), ""
	}
	return net.JoinHostPort(hostname, strconv.FormatUint(number, 10)), "", ""
}

// isHostname accepts names, IPv4 addresses, and IPv6 addresses with a zone or without.
func isHostname(s string) bool {
	if strings.ContainsAny(s, ":%") {
		addr, err := netip.ParseAddr(s)
		return err == nil && isZone(addr.Zone())
	}
	return isZone(s)
}

// isZone accepts letters, digits and "-._", which names and zones are made of.
func isZone(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	return true
}

// splitSocket splits "/run/app.sock:/path".
func splitSocket(scheme, rest string) (socket, path, problem, hint string) {
	if !strings.HasPrefix(rest, "/") {
		return "", "", "the socket's path must be absolute", fmt.Sprintf("write %s:///run/app.sock", scheme)
	}
	socket, path = rest, ""
	if i := strings.Index(rest, ":/"); i >= 0 {
		socket, path = rest[:i], rest[i+1:]
	}
	socket = strings.TrimSuffix(socket, ":")
	if before, query, ok := strings.Cut(socket, "?"); ok {
		return "", "", "a query needs a path before it", fmt.Sprintf("write %s://%s:/?%s", scheme, before, query)
	}
	socket, err := url.PathUnescape(socket)
	switch {
	case err != nil:
		return "", "", err.Error(), ""
	case socket == "/":
		return "", "", "no socket", fmt.Sprintf("write %s:///run/app.sock", scheme)
	case strings.Contains(socket, "\x00"):
		return "", "", "a socket's path cannot hold a NUL", ""
	case len(socket) > MaxSocketPath:
		return "", "", fmt.Sprintf("the socket's path has %d bytes; the system allows %d", len(socket), MaxSocketPath), "use a shorter directory"
	}
	return socket, path, "", ""
}

func requestPath(raw string) (path, problem string) {
	if raw == "" {
		return "/", ""
	}
	if raw[0] == '?' {
		raw = "/" + raw
	}
	if _, err := url.ParseRequestURI(raw); err != nil {
		return "", err.Error()
	}
	return raw, ""
}

// guess completes what was probably meant for an endpoint.
func guess(raw string) string {
	if strings.HasPrefix(raw, "/") {
		return "uwsgi+unix://" + raw
	}
	if raw == "" {
		raw = "127.0.0.1:3031"
	}
	return "uwsgi://" + strings.TrimPrefix(raw, ":")
}

// String returns the endpoint's URL; ParseEndpoint reads it back. A path of
// "/" is left out.
func (e Endpoint) String() string {
	path := e.Path
	if path == "/" {
		path = ""
	}
	if e.Network == "unix" {
		socket := (&url.URL{Path: e.Address}).EscapedPath()
		socket = strings.ReplaceAll(socket, ":", "%3A")
		if path != "" {
			path = ":" + path
		}
		return e.Protocol + "+unix://" + socket + path
	}
	return e.Protocol + "://" + escapeZone(e.Address) + path
}

// URL returns the http URL for requests through a Transport that has this
// Endpoint. The host of a unix socket is "localhost".
func (e Endpoint) URL() string {
	host := "localhost"
	if e.Network != "unix" {
		host = strings.TrimSuffix(escapeZone(e.Address), ":80")
	}
	return "http://" + host + or(e.Path, "/")
}

// escapeZone writes the % before an IPv6 zone as a URL does (RFC 6874, 2).
func escapeZone(address string) string { return strings.ReplaceAll(address, "%", "%25") }

// Loopback tells whether the endpoint is on this machine for certain: a unix
// socket, a loopback address, or localhost.
func (e Endpoint) Loopback() bool {
	if e.Network == "unix" {
		return true
	}
	host, _, err := net.SplitHostPort(e.Address)
	if err != nil {
		return false
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") { // RFC 6761, 6.3
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
