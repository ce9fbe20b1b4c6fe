package cgi

import (
	"bufio"
	"errors"
	"io"
)

// Body reads a message body that is not framed: of a known length, or to the
// end of the connection. Not safe for concurrent use.
type Body struct {
	br   *bufio.Reader
	left int64 // bytes; -1 means to the end of the connection
}

// Reset makes b read length bytes from br, all there is where length is
// negative.
func (b *Body) Reset(br *bufio.Reader, length int64) { b.br, b.left = br, max(length, -1) }

// Read reads on in the body. A connection that ends before the length is
// reached gives io.ErrUnexpectedEOF.
func (b *Body) Read(p []byte) (int, error) {
	switch {
	case b.left == 0:
		return 0, io.EOF
	case b.left < 0:
		return b.br.Read(p)
	case int64(len(p)) > b.left:
		p = p[:b.left]
	}
	n, err := b.br.Read(p)
	b.left -= int64(n)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
		if b.left == 0 {
			err = io.EOF
		}
	}
	return n, err
}

// Close does nothing: the connection belongs to the server.
func (b *Body) Close() error { return nil }
