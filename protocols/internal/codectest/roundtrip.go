package codectest

import (
	"bufio"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// RoundTrip holds both sides to: what the client's codec sends over a
// connection reaches the handler, and back.
func RoundTrip(t *testing.T, newCodec newCodec, newServer newServer) {
	type message struct {
		Method, Path, Query, Host string
		Header                    http.Header
		Body                      string
	}
	requests := make(chan message, 1)
	responses := make(chan message, 1)
	address := start(t, newServer, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		requests <- message{r.Method, r.URL.Path, r.URL.RawQuery, r.Host, r.Header, string(body)}
		answer := <-responses
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Type", "x")
		if _, err := io.WriteString(w, answer.Body); err != nil {
			t.Error(err)
		}
	}))
	random := rand.New(rand.NewPCG(1, 2))
	long := make([]byte, 300<<10)
	for i := range long {
		long[i] = byte(random.Uint32())
	}
	drawBody := func(t *rapid.T, label string) string {
		n := rapid.OneOf(rapid.IntRange(0, 100), rapid.IntRange(0, len(long))).Draw(t, label)
		return string(long[:n])
	}
	drawHeader := func(t *rapid.T, label string) http.Header {
		value := rapid.StringMatching(`[!-~]([ -~]{0,20}[!-~])?`)
		h := http.Header{}
		for name, v := range rapid.MapOfN(rapid.StringMatching(`X-[A-Z][a-z0-9]{0,10}`), value, 0, 5).Draw(t, label) {
			h[name] = []string{v}
		}
		return h
	}
	rapid.Check(t, func(rt *rapid.T) {
		sent := message{
			Method: rapid.SampledFrom([]string{"GET", "POST", "PUT", "X-OWN"}).Draw(rt, "method"),
			Path:   "/" + rapid.StringMatching(`[ -~]{0,30}`).Draw(rt, "path"),
			Query:  rapid.StringMatching(`([a-z]=[a-z%2F]{0,5}&?){0,4}`).Draw(rt, "query"),
			Host:   "example.com:8000",
			Header: drawHeader(rt, "header"),
			Body:   drawBody(rt, "body"),
		}
		answer := message{Header: drawHeader(rt, "answer's header"), Body: drawBody(rt, "answer's body")}
		responses <- answer

		r := httptest.NewRequest(sent.Method, "http://example.com:8000/", nil)
		r.URL.Path, r.URL.RawQuery, r.Header = sent.Path, sent.Query, sent.Header
		codec := newCodec(&cgi.Gateway{})
		out, err := codec.AppendHead(nil, r, int64(len(sent.Body)))
		if err != nil {
			rt.Fatal(err)
		}
		if sent.Body != "" {
			out = codec.AppendBody(out, []byte(sent.Body))
		}
		out = codec.AppendEnd(out)
		conn := dial(t, address)
		defer conn.Close()
		if _, err := conn.Write(out); err != nil {
			rt.Fatal(err)
		}
		var head cgi.Head
		if err := codec.ReadHead(bufio.NewReader(conn), sent.Method, &head); err != nil {
			rt.Fatal(err)
		}
		body, err := io.ReadAll(codec)
		if err != nil {
			rt.Fatal(err)
		}
		if d := cmp.Diff(sent, <-requests); d != "" {
			rt.Fatalf("request -sent +received\n%s", d)
		}
		header := head.Header()
		header.Del("Content-Type")
		header.Del("Content-Length")
		if d := cmp.Diff(answer, message{Header: header, Body: string(body)}); d != "" {
			rt.Fatalf("response -sent +received\n%s", d)
		}
	})
}
