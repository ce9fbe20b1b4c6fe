package fastcgi

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// hello is the answer of the hello application.
func hello(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, "<h1>Hello, web!</h1>")
}

const helloAnswer = "Status: 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<h1>Hello, web!</h1>"

// helloRequest is a request with the header of a plain client.
func helloRequest(t testing.TB) *http.Request {
	t.Helper()
	r := newRequest(t, "GET", "http://127.0.0.1:8000/")
	r.Header.Set("User-Agent", "gwbench")
	r.Header.Set("Accept", "*/*")
	return r
}

// exchanger does the client's work of one exchange, over and over, without a
// connection.
type exchanger struct {
	codec  *Codec
	r      *http.Request
	answer string
	source strings.Reader
	br     *bufio.Reader
	head   cgi.Head
	out    []byte
	in     []byte
}

func newExchanger(t testing.TB, answer string) *exchanger {
	return &exchanger{
		codec: NewCodec(true, &cgi.Gateway{}), r: helloRequest(t), answer: answer,
		br: bufio.NewReaderSize(nil, 16<<10), in: make([]byte, 32<<10),
	}
}

func (x *exchanger) exchange(body []byte) (n int, err error) {
	if x.out, err = x.codec.AppendHead(x.out[:0], x.r, int64(len(body))); err != nil {
		return 0, err
	}
	if len(body) > 0 {
		x.out = x.codec.AppendBody(x.out, body)
	}
	x.out = x.codec.AppendEnd(x.out)

	x.source.Reset(x.answer)
	x.br.Reset(&x.source)
	if err := x.codec.ReadHead(x.br, x.r.Method, &x.head); err != nil {
		return 0, err
	}
	for {
		k, err := x.codec.Read(x.in)
		if n += k; err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

func TestExchangeAllocatesNothing(t *testing.T) {
	body := bytes.Repeat([]byte("x"), 100_000)
	for name, tc := range map[string]struct {
		answer string
		body   []byte
	}{
		"hello":          {record(6, 1, helloAnswer, 0) + stdoutEnd + endComplete, nil},
		"with a body":    {record(6, 1, "Status: 200 OK\r\n\r\n", 0) + string(appendStream(nil, TypeStdout, 1, body)) + stdoutEnd + endComplete, body},
		"STDERR, padded": {record(7, 1, "noise", 3) + record(6, 1, helloAnswer, 7) + stdoutEnd + stderrEnd + endComplete, nil},
	} {
		x := newExchanger(t, tc.answer)
		allocs := testing.AllocsPerRun(100, func() {
			if _, err := x.exchange(tc.body); err != nil {
				t.Fatal(err)
			}
		})
		if allocs != 0 {
			t.Errorf("%s: %v allocations an exchange, want 0", name, allocs)
		}
		if !x.codec.Reusable() {
			t.Errorf("%s: the connection cannot be used again", name)
		}
	}
}

func TestResponseAllocatesNothing(t *testing.T) {
	c := newServerCodec(io.Discard)
	h := http.Header{"Content-Type": {"text/html"}}
	body := []byte("<h1>Hello, web!</h1>")
	var buf []byte
	allocs := testing.AllocsPerRun(100, func() {
		buf = c.AppendHead(buf[:0], 200, h, int64(len(body)))
		buf = c.AppendEnd(c.AppendBody(buf, body))
	})
	if allocs != 0 {
		t.Errorf("%v allocations a response, want 0", allocs)
	}
}

// The client's work on the hello application's answer, without a connection.
func BenchmarkEncodeDecode(b *testing.B) {
	x := newExchanger(b, record(6, 1, helloAnswer, 0)+stdoutEnd+endComplete)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := x.exchange(nil); err != nil {
			b.Fatal(err)
		}
	}
}

// The same with a body of 1 MiB each way, sent in pieces by the server.
func BenchmarkEncodeDecodeLarge(b *testing.B) {
	body := make([]byte, 1<<20)
	answer := []byte(record(6, 1, "Status: 200 OK\r\nContent-Length: 1048576\r\n\r\n", 0))
	for rest := body; len(rest) > 0; rest = rest[32<<10:] {
		answer = appendStream(answer, TypeStdout, 1, rest[:32<<10])
	}
	x := newExchanger(b, string(answer)+stdoutEnd+endComplete)
	b.SetBytes(2 << 20)
	b.ReportAllocs()
	for b.Loop() {
		if n, err := x.exchange(body); n != len(body) || err != nil {
			b.Fatal(n, err)
		}
	}
}

// The server's work on a request for the hello application, without a
// connection.
func BenchmarkServerCodec(b *testing.B) {
	client := NewCodec(true, &cgi.Gateway{})
	wire, err := client.AppendHead(nil, helloRequest(b), 0)
	if err != nil {
		b.Fatal(err)
	}
	source := bytes.NewReader(client.AppendEnd(wire))
	br := bufio.NewReaderSize(source, 4096)
	c := newServerCodec(io.Discard)
	h := http.Header{"Content-Type": {"text/html"}}
	body := []byte("<h1>Hello, web!</h1>")
	var out []byte
	b.ReportAllocs()
	for b.Loop() {
		if _, err := source.Seek(0, io.SeekStart); err != nil {
			b.Fatal(err)
		}
		if _, err := c.ReadRequest(br); err != nil {
			b.Fatal(err)
		}
		out = c.AppendHead(out[:0], 200, h, int64(len(body)))
		out = c.AppendEnd(c.AppendBody(out, body))
	}
}

// Our server against net/http/fcgi's, on one kept unix socket, both asked by
// our client.
func BenchmarkServe(b *testing.B) {
	for _, name := range []string{"ours", "net/http/fcgi"} {
		b.Run(name, func(b *testing.B) {
			l := servers[name](b, http.HandlerFunc(hello))
			conn, br := dial(b, l)
			x := newExchanger(b, "")
			x.br = br
			b.ReportAllocs()
			for b.Loop() {
				if err := x.overConn(conn); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// overConn is exchange over a connection, which x.br reads.
func (x *exchanger) overConn(conn io.Writer) (err error) {
	if x.out, err = x.codec.AppendHead(x.out[:0], x.r, 0); err != nil {
		return err
	}
	x.out = x.codec.AppendEnd(x.out)
	if _, err := conn.Write(x.out); err != nil {
		return err
	}
	if err := x.codec.ReadHead(x.br, x.r.Method, &x.head); err != nil {
		return err
	}
	for {
		if _, err := x.codec.Read(x.in); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
