package httpwire

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// Limits on what a chunked body may carry beside its data, in bytes.
const (
	maxChunkLine  = 1 << 10  // one chunk-size line with its extensions
	maxExtensions = 16 << 10 // all extensions of a body
	maxTrailers   = 64 << 10 // the trailer section
)

// chunkReader decodes a chunked body (RFC 9112, 7.1). It skips extensions and
// trailers, and takes CRLF only as the end of a line: whoever reads a lone LF as
// one can be made to see other boundaries than its neighbour does.
type chunkReader struct {
	br         *bufio.Reader
	left       int64 // bytes left of the chunk under way
	extensions int   // bytes of extensions so far
	state      chunkState
}

type chunkState uint8

const (
	chunkSize chunkState = iota // a chunk-size line is due
	chunkData                   // left bytes of data are due
	chunkEnd                    // the CRLF after the data is due
	chunksDone
)

func (c *chunkReader) reset(br *bufio.Reader) { *c = chunkReader{br: br} }

// Read fills p across chunks as far as it can without waiting. The last data
// comes with io.EOF where the body's end is there too, so that most readers
// need one call.
func (c *chunkReader) Read(p []byte) (n int, err error) {
	if len(p) == 0 && c.state != chunksDone {
		return 0, nil
	}
	for {
		if n > 0 && (c.state == chunkEnd || c.state == chunkSize) && !c.lineBuffered() {
			return n, nil
		}
		switch c.state {
		case chunkSize:
			err = c.readSize()
		case chunkData:
			if n > 0 && (len(p) == n || c.br.Buffered() == 0) {
				return n, nil
			}
			var m int
			m, err = c.br.Read(p[n : n+int(min(c.left, int64(len(p)-n)))])
			n += m
			if c.left -= int64(m); c.left == 0 {
				c.state = chunkEnd
				err = nil
			}
		case chunkEnd:
			if err = c.readCRLF(); err == nil {
				c.state = chunkSize
			}
		case chunksDone:
			return n, io.EOF
		}
		if err != nil {
			return n, unexpected(err)
		}
	}
}

// lineBuffered tells whether what is due next can be read without waiting:
// everything up to the next chunk's data, or to the body's end.
func (c *chunkReader) lineBuffered() bool {
	b, _ := c.br.Peek(c.br.Buffered())
	if c.state == chunkEnd {
		if len(b) < 2 {
			return false
		}
		b = b[2:]
	}
	if len(b) > 0 && b[0] == '0' { // the last chunk, most likely: trailers follow
		return bytes.Contains(b, []byte("\r\n\r\n"))
	}
	return bytes.IndexByte(b, '\n') >= 0
}

func (c *chunkReader) readSize() error {
	line, err := c.br.ReadSlice('\n')
	if err == bufio.ErrBufferFull || len(line) > maxChunkLine {
		return &cgi.LimitError{What: "chunk-size line", Size: int64(len(line)), Limit: maxChunkLine}
	}
	if err != nil {
		return err
	}
	size, extension, err := parseChunkSize(line)
	if err != nil {
		return err
	}
	if c.extensions += extension; c.extensions > maxExtensions {
		return &cgi.LimitError{What: "chunk extensions", Size: int64(c.extensions), Limit: maxExtensions}
	}
	if size > 0 {
		c.left, c.state = size, chunkData
		return nil
	}
	return c.skipTrailers()
}

// parseChunkSize returns the chunk's size and the length of its extensions.
func parseChunkSize(line []byte) (size int64, extensions int, err error) {
	bad := func() (int64, int, error) {
		return 0, 0, syntaxError(fmt.Sprintf("malformed chunk-size line %.40q", line))
	}
	digits, ok := bytes.CutSuffix(line, []byte("\r\n"))
	if !ok || bytes.IndexByte(digits, '\r') >= 0 {
		return bad()
	}
	if i := bytes.IndexByte(digits, ';'); i >= 0 {
		extensions = len(digits) - i
		digits = bytes.TrimRight(digits[:i], " \t")
	}
	// 15 digits keep the value within an int64.
	if len(digits) == 0 || len(digits) > 15 {
		return bad()
	}
	for _, d := range digits {
		switch {
		case '0' <= d && d <= '9':
			d -= '0'
		case 'a' <= d && d <= 'f':
			d -= 'a' - 10
		case 'A' <= d && d <= 'F':
			d -= 'A' - 10
		default:
			return bad()
		}
		size = size<<4 | int64(d)
	}
	return size, extensions, nil
}

func (c *chunkReader) skipTrailers() error {
	for total := 0; ; {
		line, err := c.br.ReadSlice('\n')
		total += len(line)
		if total > maxTrailers || err == bufio.ErrBufferFull {
			return &cgi.LimitError{What: "trailer section", Size: int64(total), Limit: maxTrailers}
		}
		if err != nil {
			return err
		}
		if !bytes.HasSuffix(line, []byte("\r\n")) {
			return syntaxError(fmt.Sprintf("trailer line %.40q does not end in CRLF", line))
		}
		if len(line) == 2 {
			c.state = chunksDone
			return nil
		}
	}
}

func (c *chunkReader) readCRLF() error {
	b, err := c.br.Peek(2)
	if err != nil {
		return err
	}
	if b[0] != '\r' || b[1] != '\n' {
		return syntaxError(fmt.Sprintf("%q instead of CRLF after a chunk", b))
	}
	_, err = c.br.Discard(2)
	return err
}

// appendChunk appends p as one chunk.
func appendChunk(dst, p []byte) []byte {
	dst = strconv.AppendUint(dst, uint64(len(p)), 16)
	dst = append(dst, "\r\n"...)
	dst = append(dst, p...)
	return append(dst, "\r\n"...)
}

// lastChunk ends a chunked body that has no trailers.
const lastChunk = "0\r\n\r\n"

// unexpected turns an end of the connection into the error that says that
// more was due.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func syntaxError(what string) error { return &cgi.SyntaxError{Protocol: "HTTP", What: what} }
