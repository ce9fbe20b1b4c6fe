package fastcgi

import (
	"bufio"
	"encoding/binary"
	"io"
)

// MaxStderr is how many bytes of one answer's STDERR are kept; the rest is
// dropped.
const MaxStderr = 64 << 10

// stdout is the STDOUT stream of one answer, taken out of the records on a
// connection. It collects STDERR on the way and ends with END_REQUEST.
type stdout struct {
	br      *bufio.Reader
	content int // bytes left of the STDOUT record being read
	padding int // bytes after content

	closed    bool // the empty STDOUT record has come
	err       error
	reusable  bool // END_REQUEST was the last thing on the connection
	appStatus uint32
	stderr    []byte
}

func (s *stdout) reset(br *bufio.Reader) {
	*s = stdout{br: br, stderr: s.stderr[:0]}
}

// Read reads content of STDOUT records. io.EOF means that END_REQUEST came.
func (s *stdout) Read(p []byte) (int, error) {
	if err := s.next(); err != nil {
		return 0, err
	}
	n, err := s.br.Read(p[:min(len(p), s.content)])
	s.content -= n
	if err != nil {
		s.err = unexpected(err)
	}
	return n, s.err
}

// next reads records up to content of STDOUT.
func (s *stdout) next() error {
	for s.content == 0 && s.err == nil {
		s.err = s.record()
	}
	return s.err
}

// atEnd reads those records after the content that have arrived already, and
// tells whether END_REQUEST is among them. It does not block: the end mostly
// comes in one segment with the last of the body.
func (s *stdout) atEnd() bool {
	for s.content == 0 && s.err == nil && recordArrived(s.br, s.padding) {
		s.err = s.record()
	}
	return s.err == io.EOF
}

// skipContent reads to the end of the STDOUT record being read.
func (s *stdout) skipContent() error {
	if s.content > 0 && s.err == nil {
		s.err = s.discard(s.content)
		s.content = 0
	}
	return s.err
}

// record reads the next record, of STDOUT the header only.
func (s *stdout) record() error {
	if err := s.discard(s.padding); err != nil {
		return err
	}
	s.padding = 0
	b, err := s.br.Peek(HeaderSize)
	if err != nil {
		return unexpected(err)
	}
	h, err := ParseHeader(b)
	if err != nil {
		return err
	}
	_, _ = s.br.Discard(HeaderSize) // cannot fail: they were peeked at

	content := int(h.ContentLength)
	if h.RequestID != clientID {
		// Management records, which nobody asked for, and the ends of
		// requests that are not ours (section 3.3).
		return s.discard(content + int(h.PaddingLength))
	}
	switch h.Type {
	case TypeStdout:
		if s.closed && content > 0 {
			return syntaxError("STDOUT goes on after its end")
		}
		s.closed = content == 0
		s.content, s.padding = content, int(h.PaddingLength)
		return nil
	case TypeStderr:
		s.padding = int(h.PaddingLength)
		return s.collect(content)
	case TypeEndRequest:
		return s.end(content, int(h.PaddingLength))
	case TypeBeginRequest, TypeAbortRequest, TypeParams, TypeStdin, TypeData:
		return syntaxError("the server sent %v, which only a web server sends", h.Type)
	}
	return s.discard(content + int(h.PaddingLength))
}

// collect keeps what MaxStderr leaves room for of n bytes of STDERR.
func (s *stdout) collect(n int) error {
	keep := min(n, MaxStderr-len(s.stderr))
	for n > 0 {
		b, err := s.br.Peek(min(n, s.br.Size()))
		if err != nil {
			return unexpected(err)
		}
		k := min(keep, len(b))
		s.stderr = append(s.stderr, b[:k]...)
		keep -= k
		n -= len(b)
		_, _ = s.br.Discard(len(b))
	}
	return nil
}

// end reads the body of END_REQUEST (section 5.5).
func (s *stdout) end(content, padding int) error {
	if content < bodySize {
		return syntaxError("END_REQUEST of %d bytes, want %d", content, bodySize)
	}
	b, err := s.br.Peek(bodySize)
	if err != nil {
		return unexpected(err)
	}
	s.appStatus = binary.BigEndian.Uint32(b)
	protocol := ProtocolStatus(b[4])
	if err := s.discard(content + padding); err != nil {
		return err
	}
	if protocol != RequestComplete {
		return &StatusError{Protocol: protocol, App: s.appStatus, Stderr: s.shortStderr()}
	}
	// What follows would be taken for the answer to the next request.
	s.reusable = s.br.Buffered() == 0
	return io.EOF
}

func (s *stdout) discard(n int) error {
	if n == 0 {
		return nil
	}
	_, err := s.br.Discard(n)
	return unexpected(err)
}

// shortStderr returns as much of STDERR as fits an error message.
func (s *stdout) shortStderr() string {
	const enough = 512
	return string(s.stderr[:min(len(s.stderr), enough)])
}
