package benchmarks

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/protocols/cgi"
)

// BenchmarkCodec encodes a request and decodes the answer of the hello
// application, in memory: what a protocol costs the client beside the system
// calls. net/http's Request.Write and ReadResponse do the same for HTTP.
func BenchmarkCodec(b *testing.B) {
	for _, spec := range protocols.All() {
		answer := recordAnswer(b, spec)
		b.Run("gwbench/"+spec.Name, func(b *testing.B) {
			codec := spec.NewCodec(spec.KeepAlive, &cgi.Gateway{})
			r := newRequest(b, "http://127.0.0.1:8080/")
			source := bytes.NewReader(answer)
			br := bufio.NewReader(source)
			var head cgi.Head
			var request, body []byte
			body = make([]byte, 512)
			b.ReportAllocs()
			for b.Loop() {
				request = encode(b, codec, request[:0], r)
				source.Reset(answer)
				br.Reset(source)
				if err := codec.ReadHead(br, http.MethodGet, &head); err != nil {
					b.Fatal(err)
				}
				if n, err := readBody(codec, body); err != nil || string(body[:n]) != helloBody {
					b.Fatalf("body %q, %v", body[:n], err)
				}
			}
		})
		if spec.Name != "http" {
			continue
		}
		b.Run("net-http/http", func(b *testing.B) {
			r := newRequest(b, "http://127.0.0.1:8080/")
			source := bytes.NewReader(answer)
			br := bufio.NewReader(source)
			var request bytes.Buffer
			body := make([]byte, 512)
			b.ReportAllocs()
			for b.Loop() {
				request.Reset()
				if err := r.Write(&request); err != nil {
					b.Fatal(err)
				}
				source.Reset(answer)
				br.Reset(source)
				response, err := http.ReadResponse(br, r)
				if err != nil {
					b.Fatal(err)
				}
				if n, err := readBody(response.Body, body); err != nil || string(body[:n]) != helloBody {
					b.Fatalf("body %q, %v", body[:n], err)
				}
			}
		})
	}
}

func encode(b *testing.B, codec protocols.Codec, dst []byte, r *http.Request) []byte {
	dst, err := codec.AppendHead(dst, r, 0)
	if err != nil {
		b.Fatal(err)
	}
	return codec.AppendEnd(dst)
}

// readBody reads to the proper end of a body that fits buf.
func readBody(body io.Reader, buf []byte) (int, error) {
	n := 0
	for {
		m, err := body.Read(buf[n:])
		n += m
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// recordAnswer asks gwbench's server once and returns the bytes it sent.
func recordAnswer(b *testing.B, spec protocols.Spec) []byte {
	b.Helper()
	endpoint := serve(b, spec.Name)
	conn, err := net.Dial("tcp", endpoint.Address)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	codec := spec.NewCodec(spec.KeepAlive, &cgi.Gateway{})
	if _, err := conn.Write(encode(b, codec, nil, newRequest(b, endpoint.URL()))); err != nil {
		b.Fatal(err)
	}
	var answer bytes.Buffer
	var head cgi.Head
	if err := codec.ReadHead(bufio.NewReader(io.TeeReader(conn, &answer)), http.MethodGet, &head); err != nil {
		b.Fatal(err)
	}
	if _, err := readBody(codec, make([]byte, 512)); err != nil {
		b.Fatal(err)
	}
	return answer.Bytes()
}
