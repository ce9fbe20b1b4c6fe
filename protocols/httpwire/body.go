package httpwire

import (
	"bufio"
	"io"
	"net"
	"sync"
)

// body is a request's body. The server guards it against reads after Close
// and beyond its request.
type body struct {
	br      *bufio.Reader
	conn    net.Conn
	left    int64
	chunked bool
	chunks  chunkReader
	err     error

	// The handler may read while it writes the response.
	mu       sync.Mutex
	expect   bool // the client waits for 100 Continue
	answered bool // the response's head is written: too late for 100 Continue
}

func (b *body) reset(br *bufio.Reader, conn net.Conn, m *message) {
	b.br, b.conn, b.left, b.chunked, b.err = br, conn, m.length, m.chunked, nil
	b.chunks.reset(br)
	b.expect, b.answered = m.expect, false
}

func (b *body) Read(p []byte) (int, error) {
	if b.err == nil {
		b.err = b.invite()
	}
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.read(p)
	b.err = err
	return n, err
}

// invite tells a client that waits for it to send the body. One that got a
// final answer first need not send it at all (RFC 9110, 10.1.1): its body ends here.
func (b *body) invite() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.expect {
		return nil
	}
	if b.answered {
		return io.EOF
	}
	b.expect = false
	_, err := io.WriteString(b.conn, "HTTP/1.1 100 Continue\r\n\r\n")
	return err
}

// answer notes that the response begins, and tells whether the client may
// still hold the body back.
func (b *body) answer() (heldBack bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answered = true
	return b.expect
}

func (b *body) read(p []byte) (int, error) {
	if b.chunked {
		return b.chunks.Read(p)
	}
	n, err := b.br.Read(p[:min(int64(len(p)), b.left)])
	if b.left -= int64(n); b.left > 0 {
		return n, unexpected(err)
	}
	return n, io.EOF
}

// Close does nothing: what is left of the body is the server's to drain.
func (b *body) Close() error { return nil }
