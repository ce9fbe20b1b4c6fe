package scenarios

import (
	"net/textproto"
	"strconv"
)

// patternPeriod is a prime, and so no divisor of any buffer's size: a piece of
// the pattern that is lost, doubled or moved shows.
const patternPeriod = 251

// Pattern returns n bytes of the pattern that stands for a body of which only
// the size matters: byte i is i modulo 251. The probe application's /bytes/N
// answers with the same.
func Pattern(n int64) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(i % patternPeriod)
	}
	return p
}

// headerPrefix begins the names of the headers that header_count adds.
const headerPrefix = "X-Gwbench-"

// Header returns the headers to send, their names in canonical form; it can be
// used as an http.Header, and is never nil. Host is among them where the
// scenario sets it.
func (r Request) Header() map[string][]string {
	h := make(map[string][]string, len(r.Headers)+r.HeaderCount)
	for name, value := range r.Headers {
		h[textproto.CanonicalMIMEHeaderKey(name)] = []string{value}
	}
	for i := range r.HeaderCount {
		number := strconv.Itoa(i + 1)
		h[headerPrefix+number] = []string{"value " + number}
	}
	return h
}

// Content returns the body to send, in bytes of its own; it is empty for none.
func (r Request) Content() []byte {
	if r.BodySize > 0 {
		return Pattern(r.BodySize)
	}
	return []byte(r.Body)
}

// Content returns the body that is right, or nil where every body is.
func (e Expect) Content() *[]byte {
	var content []byte
	switch {
	case e.BodySize != nil:
		content = Pattern(*e.BodySize)
	case e.Body != nil:
		content = []byte(*e.Body)
	default:
		return nil
	}
	return &content
}

// Request returns the request of that name, as cases have it, and whether there
// is one.
func (s *Scenario) Request(name string) (Request, bool) {
	for _, r := range s.Requests {
		if r.Name == name {
			return r, true
		}
	}
	return Request{}, false
}
