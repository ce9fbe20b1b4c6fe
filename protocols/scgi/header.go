package scgi

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// MaxHeader is the largest size in bytes of the variables of a request, in
// both directions. SCGI itself sets no limit; this is uwsgi's, so that the two
// can carry the same requests. (uWSGI takes 4096 unless its --buffer-size says
// otherwise.)
const MaxHeader = 1<<16 - 1

// appendHeader appends the netstring of variables. The first variable must be
// CONTENT_LENGTH.
func appendHeader(dst []byte, v *cgi.Vars) ([]byte, error) {
	const scgi = "SCGI\x001\x00"
	size := v.Size() + 2*v.Len() + len(scgi)
	for i := range v.Len() {
		if name, value := v.At(i); string(name) == "SCGI" {
			size -= len(name) + len(value) + 2
		}
	}
	if size > MaxHeader {
		return dst, &cgi.LimitError{What: "SCGI header", Size: int64(size), Limit: MaxHeader}
	}
	dst = strconv.AppendInt(dst, int64(size), 10)
	dst = append(dst, ':')
	for i := range v.Len() {
		name, value := v.At(i)
		if string(name) == "SCGI" {
			continue // an Extra one: the protocol alone says what it is
		}
		dst = append(dst, name...)
		dst = append(dst, 0)
		dst = append(dst, value...)
		dst = append(dst, 0)
		if i == 0 {
			dst = append(dst, scgi...)
		}
	}
	return append(dst, ','), nil
}

// readHeader reads the netstring of variables and adds them to v.
func readHeader(br *bufio.Reader, v *cgi.Vars) error {
	size, err := readSize(br)
	if err != nil {
		return err
	}
	return v.ReadBlock(br, size+len(","), parseHeader)
}

// unexpected is for errors after the first byte of a request.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// readSize reads the netstring's length and the colon behind it.
func readSize(br *bufio.Reader) (int, error) {
	size := 0
	for digits := 0; ; digits++ {
		c, err := br.ReadByte()
		switch {
		case err != nil && digits > 0:
			return 0, unexpected(err)
		case err != nil:
			return 0, err
		case c == ':' && digits > 0:
			return size, nil
		case c < '0' || c > '9':
			return 0, syntaxErrorf("byte %q where the header's length should be", c)
		case digits > 0 && size == 0:
			return 0, syntaxErrorf("the header's length starts with 0")
		}
		size = 10*size + int(c-'0')
		if size > MaxHeader {
			return 0, &cgi.LimitError{What: "SCGI header", Size: int64(size), Limit: MaxHeader}
		}
	}
}

// parseHeader adds the variables of a header, with the comma behind it, to v,
// and holds them to the protocol.
func parseHeader(v *cgi.Vars, block []byte) error {
	header, comma := block[:len(block)-1], block[len(block)-1]
	if comma != ',' {
		return syntaxErrorf("byte %q where the comma behind the header should be", comma)
	}
	for rest := header; len(rest) > 0; {
		name, afterName, ok := bytes.Cut(rest, []byte{0})
		value, afterValue, terminated := bytes.Cut(afterName, []byte{0})
		switch {
		case !ok || !terminated:
			return syntaxErrorf("the header does not end in NUL")
		case len(name) == 0:
			return syntaxErrorf("a variable without a name at byte %d of the header", len(header)-len(rest))
		}
		v.AddBytes(name, value)
		rest = afterValue
	}
	return check(v)
}

// check holds the variables to what the protocol asks of them.
func check(v *cgi.Vars) error {
	if v.Len() == 0 {
		return syntaxErrorf("the header is empty")
	}
	name, value := v.At(0)
	if string(name) != "CONTENT_LENGTH" || len(value) == 0 {
		return syntaxErrorf("the first variable is %.80q, not CONTENT_LENGTH with a value", name)
	}
	if version, ok := v.Get("SCGI"); !ok || string(version) != "1" {
		return syntaxErrorf("the variable SCGI is %.80q, not 1", version)
	}
	if name, ok := duplicate(v); ok {
		return syntaxErrorf("the variable %.80q comes twice", name)
	}
	return nil
}

// duplicate returns a name that occurs more than once.
func duplicate(v *cgi.Vars) ([]byte, bool) {
	// Up to about this many, comparing each with each is faster than sorting.
	const few = 48
	if v.Len() <= few {
		for i := range v.Len() {
			name, _ := v.At(i)
			for j := range i {
				if other, _ := v.At(j); bytes.Equal(name, other) {
					return name, true
				}
			}
		}
		return nil, false
	}
	names := make([][]byte, v.Len())
	for i := range names {
		names[i], _ = v.At(i)
	}
	slices.SortFunc(names, bytes.Compare)
	for i := 1; i < len(names); i++ {
		if bytes.Equal(names[i-1], names[i]) {
			return names[i], true
		}
	}
	return nil, false
}

func syntaxErrorf(format string, args ...any) error {
	return &cgi.SyntaxError{Protocol: "SCGI", What: fmt.Sprintf(format, args...)}
}
