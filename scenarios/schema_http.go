package scenarios

import (
	"fmt"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// request decodes what is sent.
func (d *decoder) request(n ast.Node, r *Request) {
	d.mapping(n, "request",
		field{"method", "", func(n ast.Node) {
			var ok bool
			if r.Method, ok = d.text(n, "method"); ok && !isToken(r.Method) {
				d.reject(n, fmt.Sprintf("%q is not an HTTP method", r.Method), "write GET, HEAD, POST, ...")
			}
		}},
		field{"path", "", func(n ast.Node) {
			var ok bool
			if r.Path, ok = d.text(n, "path"); ok && !isPath(r.Path) {
				d.reject(n, fmt.Sprintf("%q is not the path of a request", r.Path), "begin with a slash, and write blanks and special characters as %20, %23, ...")
			}
		}},
		field{"headers", "", func(n ast.Node) { r.Headers = d.headers(n) }},
		field{"body", "", func(n ast.Node) { r.Body, _ = d.text(n, "body") }},
	)
}

// ownHeaders are set by gwbench: the connection mode is an axis, and the length
// is that of the body.
var ownHeaders = []string{"Connection", "Content-Length", "Transfer-Encoding"}

func (d *decoder) headers(n ast.Node) map[string]string {
	headers := make(map[string]string)
	seen := make(map[string]bool)
	d.eachKey(n, "headers", func(key string, keyNode, value ast.Node) {
		name := textproto.CanonicalMIMEHeaderKey(key)
		switch {
		case !isToken(key):
			d.reject(keyNode, fmt.Sprintf("%q is not the name of a header", key), "")
		case slices.Contains(ownHeaders, name):
			d.reject(keyNode, fmt.Sprintf("header %q is set by gwbench itself", key), "remove it")
		case seen[name]:
			d.reject(keyNode, fmt.Sprintf("header %q is given twice", key), "the case of letters makes no difference")
		}
		seen[name] = true
		text, _ := d.text(value, "header "+key)
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }) {
			d.reject(value, fmt.Sprintf("header %q holds a control character", key), "a header is one line of text")
		}
		headers[key] = text
	})
	if len(headers) == 0 {
		return nil
	}
	return headers
}

// expect decodes what counts as a correct response. A final status is at least
// 200 (RFC 9110, 15.2).
func (d *decoder) expect(n ast.Node, e *Expect) {
	d.mapping(n, "expect",
		field{"status", "", func(n ast.Node) { e.Status, _ = d.whole(n, "status", 200, 599) }},
		field{"body", "", func(n ast.Node) {
			if body, ok := d.text(n, "body"); ok {
				e.Body = &body
			}
		}},
	)
}

// isToken tells whether s is a token as RFC 9110, 5.6.2 has it: what methods and
// header names are made of.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
		return !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// isPath tells whether s can stand in a request line (RFC 9112, 3.2.1).
func isPath(s string) bool {
	if !strings.HasPrefix(s, "/") || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '#' }) {
		return false
	}
	_, err := url.ParseRequestURI(s)
	return err == nil
}

// badName returns what is wrong with a name that a user made up, which is not
// empty, or "". Names become parts of case IDs, folder names and test names.
func badName(name string) string {
	runes := []rune(name)
	switch {
	case len(runes) > 64:
		return "is longer than 64 characters"
	case !unicode.IsLetter(runes[0]) && !unicode.IsDigit(runes[0]):
		return "begins with neither a letter nor a digit"
	}
	for _, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-", r) {
			return fmt.Sprintf("holds %q", r)
		}
	}
	return ""
}
