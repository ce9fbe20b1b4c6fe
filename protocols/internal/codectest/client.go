package codectest

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// ClientLimit holds the client to refuse variables over max bytes.
func ClientLimit(t *testing.T, newCodec newCodec, max int64) {
	codec := newCodec(&cgi.Gateway{})
	r := httptest.NewRequest("GET", "http://example.com/", nil)
	r.Header.Set("X-Long", strings.Repeat("a", int(max)))
	_, err := codec.AppendHead(nil, r, 0)
	var limit *cgi.LimitError
	if !errors.As(err, &limit) || limit.Limit != max || limit.Size <= max {
		t.Errorf("got %v", err)
	}
}

// ClientReads holds the client to what it makes of responses, HTTP and CGI.
func ClientReads(t *testing.T, newCodec newCodec) {
	tests := []struct {
		name, method, bytes string
		status              int
		body                string
		err                 error
	}{
		{"HTTP", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", nil},
		{"CGI", "GET", "Status: 404 Not Found\nContent-Type: text/plain\n\nno", 404, "no", nil},
		{"until the end", "GET", "HTTP/1.0 200 OK\r\n\r\nall of it", 200, "all of it", nil},
		{"cut short", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nhalf", 200, "half", io.ErrUnexpectedEOF},
		{"more than announced", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi!", 200, "hi", nil},
		{"HEAD", "HEAD", "HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\n", 200, "", nil},
		{"304", "GET", "HTTP/1.0 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			codec := newCodec(&cgi.Gateway{})
			var head cgi.Head
			br := bufio.NewReader(iotest.OneByteReader(strings.NewReader(test.bytes)))
			if err := codec.ReadHead(br, test.method, &head); err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(codec)
			if head.Status != test.status || string(body) != test.body || !errors.Is(err, test.err) {
				t.Errorf("got %d, %q, %v", head.Status, body, err)
			}
			if codec.Reusable() {
				t.Error("reusable")
			}
		})
	}
}

// newExchange returns a function that has one codec write a request and read
// the answer, whose first line is status, in memory.
func newExchange(newCodec newCodec, status string) (exchange func() error) {
	r := &http.Request{Method: "GET", Header: http.Header{"User-Agent": {"gwbench"}, "Accept": {"*/*"}}, Host: "127.0.0.1:3031"}
	r.URL = &url.URL{Scheme: "http", Host: r.Host, Path: "/hello", RawQuery: "name=web"}
	answer := status + "\r\nContent-Type: text/html\r\nContent-Length: 24\r\n\r\n<h1>Hello, web!</h1>\r\n\r\n"
	codec := newCodec(&cgi.Gateway{})
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

// ExchangeAllocatesNothing holds the client to no allocation in the steady
// state. status is the first line of the answer.
func ExchangeAllocatesNothing(t *testing.T, newCodec newCodec, status string) {
	exchange := newExchange(newCodec, status)
	allocs := testing.AllocsPerRun(100, func() {
		if err := exchange(); err != nil {
			t.Error(err)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

// EncodeDecode measures the exchange of ExchangeAllocatesNothing.
func EncodeDecode(b *testing.B, newCodec newCodec, status string) {
	exchange := newExchange(newCodec, status)
	b.ReportAllocs()
	for b.Loop() {
		if err := exchange(); err != nil {
			b.Fatal(err)
		}
	}
}
