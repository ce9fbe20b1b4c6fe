package scenarios

import (
	"fmt"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// Limits of what one request may be. The probe application answers with as much.
const (
	maxSize    = 64 << 20
	maxHeaders = 1000
)

// sentRequest is a request whose expectations may be the scenario's.
type sentRequest struct {
	Request
	expects bool // has its own
}

func newSentRequest() sentRequest {
	return sentRequest{Request: Request{Method: "GET", Path: "/", Expect: Expect{Status: 200}}}
}

// withDefault gives the requests that expect nothing of their own what the
// scenario expects.
func withDefault(sent []sentRequest, expect Expect) []Request {
	requests := make([]Request, len(sent))
	for i, r := range sent {
		requests[i] = r.Request
		if !r.expects {
			requests[i].Expect = expect
		}
	}
	return requests
}

// requests decodes one request, or a list of requests with names.
func (d *decoder) requests(n ast.Node) (sent []sentRequest) {
	seen := make(map[string]bool)
	if _, list := n.(*ast.SequenceNode); !list {
		return []sentRequest{d.request(n, "", seen)}
	}
	d.list(n, "request", false, func(item ast.Node) {
		sent = append(sent, d.request(item, "name: small", seen))
	})
	return sent
}

// request decodes what is sent. name is an example where it needs a name, and
// seen holds the names so far.
func (d *decoder) request(n ast.Node, name string, seen map[string]bool) sentRequest {
	r := newSentRequest()
	given := d.mapping(n, "request",
		field{"name", name, func(n ast.Node) { r.Name = d.name(n, "request", seen) }},
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
		field{"header_count", "", func(n ast.Node) { r.HeaderCount, _ = d.whole(n, "header_count", 0, maxHeaders) }},
		field{"body", "", func(n ast.Node) { r.Body, _ = d.text(n, "body") }},
		field{"body_size", "", func(n ast.Node) { r.BodySize = d.size(n) }},
		field{"expect", "", func(n ast.Node) { d.expect(n, &r.Expect); r.expects = true }},
	)
	d.oneBody(given, "request")
	if headers, ok := given["headers"]; ok && r.HeaderCount > 0 {
		d.checkHeaderCount(headers.value, r.HeaderCount)
	}
	return r
}

// size decodes a number of bytes.
func (d *decoder) size(n ast.Node) int64 {
	return quantity(d, n, "body_size", "a size such as 64KiB", parseSize)
}

// oneBody refuses a body that is given in both ways.
func (d *decoder) oneBody(given map[string]entry, what string) {
	body, text := given["body"]
	size, pattern := given["body_size"]
	if text && pattern {
		d.reject(d.later(body.key, size.key), what+" has either body or body_size, not both", "body_size stands for so many bytes of a fixed pattern: remove one of them")
	}
}

// checkHeaderCount refuses headers that header_count adds too.
func (d *decoder) checkHeaderCount(n ast.Node, count int) {
	d.eachKey(n, "headers", func(key string, keyNode, _ ast.Node) {
		number, ok := strings.CutPrefix(textproto.CanonicalMIMEHeaderKey(key), headerPrefix)
		i, err := strconv.Atoi(number)
		if ok && err == nil && number == strconv.Itoa(i) && 1 <= i && i <= count {
			d.reject(keyNode, fmt.Sprintf("header %q is one of those that header_count adds", key), "rename it")
		}
	})
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
	given := d.mapping(n, "expect",
		field{"status", "", func(n ast.Node) { e.Status, _ = d.whole(n, "status", 200, 599) }},
		field{"body", "", func(n ast.Node) {
			if body, ok := d.text(n, "body"); ok {
				e.Body = &body
			}
		}},
		field{"body_size", "", func(n ast.Node) {
			size := d.size(n)
			e.BodySize = &size
		}},
	)
	d.oneBody(given, "expect")
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
