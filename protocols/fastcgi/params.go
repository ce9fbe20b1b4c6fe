package fastcgi

import (
	"bufio"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// MaxParams is the size in bytes that the PARAMS stream of a request may have
// on the server's side. More ends the connection with a *[cgi.LimitError].
const MaxParams = 1 << 20

// appendParams appends v as the PARAMS stream of request id, its end
// included. A record ends where the next pair would not fit, because php-fpm
// accepts no pair that straddles two. A pair that is larger than a record
// straddles nevertheless, as the specification lets it.
func appendParams(dst []byte, id uint16, v *cgi.Vars) ([]byte, error) {
	const none = -1
	open := none // where the header of the record being filled is in dst
	for i := range v.Len() {
		name, value := v.At(i)
		if n := max(len(name), len(value)); n > maxLength {
			return dst, &cgi.LimitError{What: "FastCGI name or value", Size: int64(n), Limit: maxLength}
		}
		size := pairSize(name, value)
		if open != none && len(dst)-open-HeaderSize+size > MaxContent {
			open = none
		}
		if size > MaxContent {
			dst = appendStraddling(dst, id, name, value)
			continue
		}
		if open == none {
			open = len(dst)
			dst = AppendHeader(dst, Header{Type: TypeParams, RequestID: id})
		}
		dst = AppendPair(dst, name, value)
		setContentLength(dst[open:], len(dst)-open-HeaderSize)
	}
	return appendStreamEnd(dst, TypeParams, id), nil
}

// appendStraddling appends a pair that is larger than a record. It is rare
// enough to build the pair aside.
func appendStraddling(dst []byte, id uint16, name, value []byte) []byte {
	pair := AppendPair(make([]byte, 0, pairSize(name, value)), name, value)
	return appendStream(dst, TypeParams, id, pair)
}

// pairReader reads the pairs of a PARAMS stream, whichever way they are cut
// into records. The zero value is at the start of a stream.
type pairReader struct {
	size    int64  // bytes of the stream so far
	partial []byte // the start of a pair that has not come whole
}

func (r *pairReader) reset() { r.size, r.partial = 0, r.partial[:0] }

// read adds to v what n bytes from br, the content of a record, complete.
func (r *pairReader) read(br *bufio.Reader, n int, v *cgi.Vars) error {
	if r.size += int64(n); r.size > MaxParams {
		return tooManyParams(r.size)
	}
	for n > 0 {
		b, err := br.Peek(min(n, br.Size()))
		if err != nil {
			return unexpected(err)
		}
		if err := r.add(b, v); err != nil {
			return err
		}
		n -= len(b)
		_, _ = br.Discard(len(b)) // cannot fail: they were peeked at
	}
	return nil
}

// add adds to v the pairs that b completes, and keeps the rest.
func (r *pairReader) add(b []byte, v *cgi.Vars) error {
	if len(r.partial) > 0 {
		r.partial = append(r.partial, b...)
		b = r.partial
	}
	for len(b) > 0 {
		name, value, n, need := ParsePair(b)
		if n == 0 {
			if need > MaxParams {
				return tooManyParams(need)
			}
			break
		}
		v.AddBytes(name, value)
		b = b[n:]
	}
	r.partial = append(r.partial[:0], b...)
	return nil
}

// end tells whether the stream may end here.
func (r *pairReader) end() error {
	if len(r.partial) > 0 {
		return syntaxError("PARAMS ends within a name-value pair")
	}
	return nil
}

func tooManyParams(size int64) error {
	return &cgi.LimitError{What: "FastCGI PARAMS stream", Size: size, Limit: MaxParams}
}
