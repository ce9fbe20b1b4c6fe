package cgi

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// tokenByte tells the bytes of a token (RFC 9110, 5.6.2): of a field name and
// of a method.
var tokenByte = func() (table [256]bool) {
	const marks = "!#$%&'*+-.^_`|~"
	for c := range table {
		table[c] = 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			strings.IndexByte(marks, byte(c)) >= 0
	}
	return table
}()

func isToken[T string | []byte](s T) bool {
	for i := range len(s) {
		if !tokenByte[s[i]] {
			return false
		}
	}
	return len(s) > 0
}

// hopByHop tells the fields that concern one connection only (RFC 9110,
// 7.6.1, and the older ones still seen): a gateway passes none of them on, in
// either direction.
func hopByHop(name string) bool {
	switch len(name) {
	case len("te"):
		return equalFold(name, "te")
	case len("upgrade"):
		return equalFold(name, "upgrade") || equalFold(name, "trailer")
	case len("connection"):
		return equalFold(name, "connection") || equalFold(name, "keep-alive")
	case len("proxy-connection"):
		return equalFold(name, "proxy-connection")
	case len("transfer-encoding"):
		return equalFold(name, "transfer-encoding")
	case len("proxy-authenticate"):
		return equalFold(name, "proxy-authenticate")
	case len("proxy-authorization"):
		return equalFold(name, "proxy-authorization")
	}
	return false
}

// equalFold compares s with lower, which is in lower case, without regard to
// ASCII case.
func equalFold[T string | []byte](s T, lower string) bool {
	if len(s) != len(lower) {
		return false
	}
	for i := range len(s) {
		if lowerByte(s[i]) != lower[i] {
			return false
		}
	}
	return true
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// NoBody tells whether a response of that status to that method has no body
// whatever its head says: HEAD, 1xx, 204, 304 (RFC 9110, 6.4.1).
func NoBody(method string, status int) bool {
	return method == http.MethodHead || status < 200 ||
		status == http.StatusNoContent || status == http.StatusNotModified
}

// AppendHead appends a CGI response head to dst: Status, the fields of h as
// AppendFields writes them, Content-Length unless length is negative, and the
// empty line. Lines end in CRLF. It allocates nothing for up to 32 fields.
func AppendHead(dst []byte, status int, h http.Header, length int64) []byte {
	dst = append(dst, "Status: "...)
	dst = AppendStatus(dst, status)
	dst = AppendFields(dst, h)
	if length >= 0 {
		dst = append(dst, "Content-Length: "...)
		dst = strconv.AppendInt(dst, length, 10)
		dst = append(dst, "\r\n"...)
	}
	return append(dst, "\r\n"...)
}

// AppendStatus appends a status code of three digits, its reason phrase and
// CRLF. The space between them is there even where no phrase is known, as
// RFC 9112, 4 wants it.
func AppendStatus(dst []byte, status int) []byte {
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, ' ')
	dst = append(dst, http.StatusText(status)...)
	return append(dst, "\r\n"...)
}

// AppendFields appends the fields of a response head, sorted by name, one
// line for each value. It leaves out what is not a handler's to say: the
// hop-by-hop fields, those that Connection names, Content-Length and Status.
// A field whose name is no token is left out too; a CR, LF or NUL in a value
// becomes a space, so that a value cannot forge a field.
func AppendFields(dst []byte, h http.Header) []byte {
	var space [32]string
	names := space[:0]
	connection := h["Connection"]
	for name := range h {
		switch {
		case !isToken(name), hopByHop(name), named(connection, name):
		case equalFold(name, "content-length"), equalFold(name, "status"):
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range h[name] {
			dst = append(dst, name...)
			dst = append(dst, ": "...)
			start := len(dst)
			dst = append(dst, value...)
			for i, c := range dst[start:] {
				if c == '\r' || c == '\n' || c == 0 {
					dst[start+i] = ' '
				}
			}
			dst = append(dst, "\r\n"...)
		}
	}
	return dst
}

// named tells whether one of the Connection field's values names the field.
func named(connection []string, field string) bool {
	for _, value := range connection {
		for token := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.Trim(token, " \t"), field) {
				return true
			}
		}
	}
	return false
}
