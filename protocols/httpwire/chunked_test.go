package httpwire

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http/httputil"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/gwbench/gwbench/protocols/cgi"
	"pgregory.net/rapid"
)

func readChunks(r io.Reader) ([]byte, error) {
	var c chunkReader
	c.reset(bufio.NewReaderSize(r, 4096))
	return io.ReadAll(&c)
}

func TestChunksRefused(t *testing.T) {
	for name, wire := range map[string]string{
		"no digits":            "\r\n",
		"sign":                 "+1\r\na\r\n0\r\n\r\n",
		"prefix":               "0x1\r\na\r\n0\r\n\r\n",
		"blank before":         " 1\r\na\r\n0\r\n\r\n",
		"too many digits":      "0000000000000001\r\na\r\n0\r\n\r\n",
		"overflow":             "fffffffffffffffff\r\na",
		"LF after size":        "1\na\r\n0\r\n\r\n",
		"CR within size line":  "1\r;x\r\na\r\n0\r\n\r\n",
		"LF after data":        "1\r\na\n0\r\n\r\n",
		"more data than said":  "1\r\nab\r\n0\r\n\r\n",
		"LF after trailer":     "0\r\nT: x\n\r\n",
		"LF after last chunk":  "0\r\n\n",
		"endless size line":    strings.Repeat("0", 5000),
		"long extension":       "1;" + strings.Repeat("x", 2000) + "\r\na\r\n0\r\n\r\n",
		"many long extensions": strings.Repeat("1;"+strings.Repeat("x", 1000)+"\r\na\r\n", 20) + "0\r\n\r\n",
		"endless trailers":     "0\r\n" + strings.Repeat("T: "+strings.Repeat("x", 1000)+"\r\n", 70) + "\r\n",
		"endless trailer line": "0\r\nT: " + strings.Repeat("x", 5000) + "\r\n\r\n",
	} {
		_, err := readChunks(strings.NewReader(wire))
		var syntax *cgi.SyntaxError
		var limit *cgi.LimitError
		if !errors.As(err, &syntax) && !errors.As(err, &limit) {
			t.Errorf("%s: %v, want a *cgi.SyntaxError or *cgi.LimitError", name, err)
		}
	}
}

func TestChunksRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var wire, want []byte
		for _, p := range rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 1, 5000)).Draw(t, "pieces") {
			wire = appendChunk(wire, p)
			want = append(want, p...)
		}
		wire = append(wire, lastChunk...)
		got, err := readChunks(bytes.NewReader(wire))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes instead of %d, %v", len(got), len(want), err)
		}
		if got, err := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(wire))); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("net/http reads %d bytes instead of %d, %v", len(got), len(want), err)
		}
	})
}

// blankBeforeExtension finds what RFC 9112, 7.1.1 wants parsed (BWS before the
// semicolon) and net/http refuses.
var blankBeforeExtension = regexp.MustCompile(`[ \t];`)

// FuzzChunkReader holds that a body is the same however it arrives, and that
// net/http accepts what we accept, with the one exception.
func FuzzChunkReader(f *testing.F) {
	f.Add([]byte("5\r\nhello\r\n0\r\n\r\n"))
	f.Add([]byte("3;x=y\r\nhel\r\n02 \r\nlo\r\n0\r\nT: x\r\n\r\n"))
	f.Add([]byte("0;\r\n\r\nrest"))
	f.Fuzz(func(t *testing.T, wire []byte) {
		whole, err := readChunks(bytes.NewReader(wire))
		dribble, err2 := readChunks(iotest.OneByteReader(bytes.NewReader(wire)))
		if !bytes.Equal(whole, dribble) || (err == nil) != (err2 == nil) {
			t.Fatalf("at once %q, %v; byte by byte %q, %v", whole, err, dribble, err2)
		}
		if err != nil || blankBeforeExtension.Match(wire) {
			return
		}
		if std, err := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(wire))); err != nil || !bytes.Equal(std, whole) {
			t.Fatalf("%q, net/http reads %q, %v", whole, std, err)
		}
	})
}
