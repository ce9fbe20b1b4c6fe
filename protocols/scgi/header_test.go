package scgi

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
	f.Add("70:CONTENT_LENGTH\x0027\x00SCGI\x001\x00REQUEST_METHOD\x00POST\x00REQUEST_URI\x00/deepthought\x00,What is the answer to life?")
	f.Add("42:CONTENT_LENGTH\x000\x00SCGI\x001\x00REQUEST_METHOD\x00A\x00,")
	f.Add("24:CONTENT_LENGTH\x000\x00SCGI\x001\x00,")
	f.Add("99999999999:")
	f.Add("0:,")
	f.Fuzz(func(t *testing.T, input string) {
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
		var limit *cgi.LimitError
		switch {
		case err == nil:
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &syntax), errors.As(err, &limit):
			return
		default:
			t.Fatal(err)
		}
		if int64(len(body)) != r.ContentLength {
			t.Errorf("body of %d bytes, announced %d", len(body), r.ContentLength)
		}
		vars := new(cgi.Vars)
		vars.Add("CONTENT_LENGTH", "0")
		for name, value := range cgi.Environ(r) {
			if name != "CONTENT_LENGTH" {
				vars.Add(name, value)
			}
		}
		header, err := appendHeader(nil, vars)
		if err != nil {
			t.Fatal(err)
		}
		var parsed cgi.Vars
		if err := readHeader(bufio.NewReader(bytes.NewReader(header)), &parsed); err != nil || parsed.Len() != vars.Len() {
			t.Errorf("%d variables became %d, %v", vars.Len(), parsed.Len(), err)
		}
	})
}

func newExchange() (exchange func() error) {
	r := &http.Request{Method: "GET", Header: http.Header{"User-Agent": {"gwbench"}, "Accept": {"*/*"}}, Host: "127.0.0.1:4000"}
	r.URL = &url.URL{Scheme: "http", Host: r.Host, Path: "/hello", RawQuery: "name=web"}
	const answer = "Status: 200 OK\r\nContent-Type: text/html\r\nContent-Length: 24\r\n\r\n<h1>Hello, web!</h1>\r\n\r\n"
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
