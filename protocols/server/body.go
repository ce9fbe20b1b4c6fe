package server

import (
	"errors"
	"io"
	"net/http"
	"sync"
)

// requestBody is the Body that a handler sees. It guards the codec's, which is
// used again for the next request, against handlers that read on in the body
// of an earlier one.
type requestBody struct {
	mu     sync.Mutex
	source io.ReadCloser
	closed bool
	ended  bool // source returned io.EOF
	failed bool // source returned another error
}

func (b *requestBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0, http.ErrBodyReadAfterClose
	}
	return b.read(p)
}

func (b *requestBody) read(p []byte) (int, error) {
	n, err := b.source.Read(p)
	switch {
	case err == nil:
	case errors.Is(err, io.EOF):
		b.ended = true
	default:
		b.failed = true
	}
	return n, err
}

// Close makes further reads fail. The server reads what is left.
func (b *requestBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	return nil
}

// atEnd tells whether the body was read to its end.
func (b *requestBody) atEnd() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ended
}

// drain closes the body for the handler, reads what is left, up to limit
// bytes, and tells whether that was all.
func (b *requestBody) drain(limit int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	scratch := copyBuffers.Get().(*[]byte)
	defer copyBuffers.Put(scratch)
	for limit >= 0 && !b.ended && !b.failed {
		n, _ := b.read(*scratch)
		limit -= n
	}
	return b.ended
}
