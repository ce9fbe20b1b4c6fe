package uwsgi

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// FuzzReadRequest holds the server to: no panic, a documented error or a whole
// request, and the same whatever the reads bring. What it accepts, its client
// side can say.
func FuzzReadRequest(f *testing.F) {
	f.Add("\x00\x2b\x00\x00\x0e\x00REQUEST_METHOD\x04\x00POST\x0b\x00REQUEST_URI\x06\x00/a?b=c")
	f.Add("\x00\x2a\x00\x00\x0e\x00REQUEST_METHOD\x03\x00GET\x0e\x00CONTENT_LENGTH\x01\x003xyz")
	f.Add("\x05\x00\x00\x00")
	f.Add("\x00\x04\x00\x00\x03\x00ab")
	f.Fuzz(func(t *testing.T, input string) {
		if strings.HasPrefix(input, "\x64") {
			t.Skip() // a ping is answered on the connection, and there is none
		}
		read := func(br *bufio.Reader) (*http.Request, []byte, error) {
			r, err := (&serverCodec{}).ReadRequest(br)
			if err != nil {
				return nil, nil, err
			}
			body, err := io.ReadAll(r.Body)
			return r, body, err
		}
		r, body, err := read(bufio.NewReader(strings.NewReader(input)))
		_, again, errAgain := read(bufio.NewReaderSize(iotest.OneByteReader(strings.NewReader(input)), 16))
		if (err == nil) != (errAgain == nil) || !bytes.Equal(body, again) {
			t.Fatalf("%q, %v, in small pieces %q, %v", body, err, again, errAgain)
		}
		var syntax *cgi.SyntaxError
		switch {
		case err == nil:
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &syntax):
			return
		default:
			t.Fatal(err)
		}
		if int64(len(body)) != r.ContentLength {
			t.Errorf("body of %d bytes, announced %d", len(body), r.ContentLength)
		}
		var vars, parsed cgi.Vars
		for name, value := range cgi.Environ(r) {
			vars.Add(name, value)
		}
		packet, err := appendPacket(nil, &vars)
		if err != nil {
			t.Fatal(err)
		}
		if err := parseBlock(&parsed, packet[headerSize:]); err != nil || parsed.Len() != vars.Len() {
			t.Errorf("%d variables became %d, %v", vars.Len(), parsed.Len(), err)
		}
	})
}

func newExchange() (exchange func() error) {
	r := &http.Request{Method: "GET", Header: http.Header{"User-Agent": {"gwbench"}, "Accept": {"*/*"}}, Host: "127.0.0.1:3031"}
	r.URL = &url.URL{Scheme: "http", Host: r.Host, Path: "/hello", RawQuery: "name=web"}
	const answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 24\r\n\r\n<h1>Hello, web!</h1>\r\n\r\n"
	codec := NewCodec(&cgi.Gateway{})
	var head cgi.Head
	src := strings.NewReader("")
	br := bufio.NewReader(src)
	out := make([]byte, 0, 4096)
	body := make([]byte, 512)
	return func() error {
		encoded, err := codec.AppendHead(out, r, 0)
		if err != nil {
			return err
		}
		codec.AppendEnd(encoded)
		src.Reset(answer)
		br.Reset(src)
		if err := codec.ReadHead(br, r.Method, &head); err != nil {
			return err
		}
		for {
			if _, err := codec.Read(body); err != nil {
				if errors.Is(err, io.EOF) {
					return nil
				}
				return err
			}
		}
	}
}

func TestExchangeAllocatesNothing(t *testing.T) {
	exchange := newExchange()
	allocs := testing.AllocsPerRun(100, func() {
		if err := exchange(); err != nil {
			t.Error(err)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func BenchmarkEncodeDecode(b *testing.B) {
	exchange := newExchange()
	b.ReportAllocs()
	for b.Loop() {
		if err := exchange(); err != nil {
			b.Fatal(err)
		}
	}
}
