package httpwire

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// maxHead limits a request's head, in bytes; it is as large as the largest
// uwsgi vars block, so that no protocol can carry more than another.
const maxHead = 64 << 10

// refusal is a request that cannot be served, with the status that tells the
// client why.
type refusal struct {
	status int
	err    error
}

func (e *refusal) Error() string {
	return fmt.Sprintf("httpwire: answered %d: %v", e.status, e.err)
}

func (e *refusal) Unwrap() error { return e.err }

func refuse(status int, format string, args ...any) error {
	return &refusal{status, syntaxError(fmt.Sprintf(format, args...))}
}

// readRequestHead returns the bytes of one request's head as a string, with
// the empty line that ends it. io.EOF means that nothing came.
func readRequestHead(br *bufio.Reader) (string, error) {
	if err := skipEmptyLine(br); err != nil {
		return "", err
	}
	b, _ := br.Peek(br.Buffered())
	if end := bytes.Index(b, []byte("\r\n\r\n")); end >= 0 && end+4 <= maxHead {
		head := string(b[:end+4])
		_, err := br.Discard(end + 4)
		return head, err
	}
	return readLongHead(br)
}

// skipEmptyLine skips one CRLF before the request line (RFC 9112, 2.2).
func skipEmptyLine(br *bufio.Reader) error {
	b, err := br.Peek(1)
	if err != nil {
		return err
	}
	if b[0] != '\r' {
		return nil
	}
	if b, err = br.Peek(2); err != nil {
		return err
	}
	if b[1] == '\n' {
		if _, err = br.Discard(2); err != nil {
			return err
		}
	}
	_, err = br.Peek(1)
	return err
}

// readLongHead collects a head that came in pieces, or that br's buffer cannot
// hold. It fails on the first line that does not end in CRLF, since the end
// of such a head may never come.
func readLongHead(br *bufio.Reader) (string, error) {
	var head []byte
	lineStart := 0
	for {
		piece, err := br.ReadSlice('\n')
		head = append(head, piece...)
		if len(head) > maxHead {
			return "", &refusal{
				http.StatusRequestHeaderFieldsTooLarge,
				&cgi.LimitError{What: "request head", Size: int64(len(head)), Limit: maxHead},
			}
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil {
			return "", unexpected(err)
		}
		line := head[lineStart:]
		if !bytes.HasSuffix(line, []byte("\r\n")) {
			return "", refuse(http.StatusBadRequest, "line %.40q does not end in CRLF", line)
		}
		if len(line) == 2 {
			return string(head), nil
		}
		lineStart = len(head)
	}
}
