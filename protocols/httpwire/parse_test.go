package httpwire

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func parseHead(r io.Reader) (*request, message, error) {
	head, err := readRequestHead(bufio.NewReaderSize(r, 4096))
	if err != nil {
		return nil, message{}, err
	}
	var q request
	m, err := q.parse(head)
	return &q, m, err
}

func TestParseRequest(t *testing.T) {
	for _, wire := range []string{
		"GET / HTTP/1.1\r\nHost: h\r\n\r\n",
		"\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET /a/b?q=1&r=%20 HTTP/1.1\r\nhost: H:80\r\nX-A: 1\r\nx-a:2\t\r\nUser-Agent:\t x y \r\n\r\n",
		"GET /a%20b%2Fc?x?y HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
		"GET /? HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET //h/x HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET http://other:8080/x?y HTTP/1.1\r\nHost: h\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET / HTTP/1.1\r\nHost:\r\n\r\n",
		"GET / HTTP/1.0\r\n\r\n",
		"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Type: a/b; c=\"d\"\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: h\r\nX-Latin: \xe4\xf6\r\nX-Long: " + strings.Repeat("x", 9000) + "\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: h\r\n" + strings.Repeat("Cookie: x\r\n", 100) + "\r\n",
	} {
		for how, wrap := range map[string]func(io.Reader) io.Reader{
			"whole":   func(r io.Reader) io.Reader { return r },
			"dribble": iotest.OneByteReader,
		} {
			got, _, err := parseHead(wrap(strings.NewReader(wire)))
			if err != nil {
				t.Errorf("%.60q, %s: %v", wire, how, err)
				continue
			}
			// net/http does not skip the empty line before a request.
			want, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.TrimPrefix(wire, "\r\n"))))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(facts(want), facts(&got.Request)); diff != "" {
				t.Errorf("%.60q, %s (-net/http +got):\n%s", wire, how, diff)
			}
		}
	}
}

// facts is what a handler sees of a request.
func facts(r *http.Request) map[string]any {
	return map[string]any{
		"Method": r.Method, "URL": r.URL, "RequestURI": r.RequestURI, "Host": r.Host, "Proto": r.Proto,
		"Major": r.ProtoMajor, "Minor": r.ProtoMinor, "Header": r.Header, "ContentLength": r.ContentLength,
		"TransferEncoding": r.TransferEncoding, "Close": r.Close, "NoBody": r.Body == http.NoBody,
	}
}

func TestRequestsRefused(t *testing.T) {
	const host = "Host: h\r\n"
	for _, tc := range []struct {
		wire   string
		status int
	}{
		{"GET / HTTP/1.1\n" + host + "\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: h\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: h\r\n\n", 400},
		{"GET /\r\n\r\n", 400},
		{"GET  / HTTP/1.1\r\n" + host + "\r\n", 400},
		{"GET / HTTP/1.1 \r\n" + host + "\r\n", 400},
		{"G@T / HTTP/1.1\r\n" + host + "\r\n", 400},
		{"GET / http/1.1\r\n" + host + "\r\n", 400},
		{"GET / HTTP/2.0\r\n" + host + "\r\n", 505},
		{"GET / HTTP/1.2\r\n" + host + "\r\n", 505},
		{"CONNECT h:443 HTTP/1.1\r\n" + host + "\r\n", 501},
		{"GET x HTTP/1.1\r\n" + host + "\r\n", 400},
		{"GET /\x01 HTTP/1.1\r\n" + host + "\r\n", 400},
		{"GET /%zz HTTP/1.1\r\n" + host + "\r\n", 400},
		{"GET / HTTP/1.1\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},
		{"GET / HTTP/1.0\r\n" + host + host + "\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: h/x\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n" + host + "X : y\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n" + host + " X: y\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n" + host + "X: y\r\n folded\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n" + host + "X\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n" + host + ": y\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n" + host + "X: a\x00b\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n" + host + "X: a\rb\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length: 5, 5\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length: +5\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length: -5\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length:\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length: 0x5\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length: 9223372036854775808\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
		{"POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
		{"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: identity\r\n\r\n", 501},
		{"POST / HTTP/1.1\r\n" + host + "Expect: a miracle\r\n\r\n", 417},
		{"GET / HTTP/1.1\r\n" + host + "X: " + strings.Repeat("x", maxHead) + "\r\n\r\n", 431},
		{"GET /" + strings.Repeat("x", maxHead), 431},
	} {
		_, _, err := parseHead(strings.NewReader(tc.wire))
		var refused *refusal
		if !errors.As(err, &refused) || refused.status != tc.status {
			t.Errorf("%.80q: %v, want status %d", tc.wire, err, tc.status)
			continue
		}
		answer := string((&serverCodec{}).RejectRequest(nil, fmt.Errorf("wrapped: %w", err)))
		if !strings.HasPrefix(answer, fmt.Sprintf("HTTP/1.1 %d ", tc.status)) {
			t.Errorf("%.80q: answered %q", tc.wire, answer)
		}
	}
}

func TestRequestEnds(t *testing.T) {
	for wire, want := range map[string]error{
		"":                              io.EOF,
		"\r\n":                          io.EOF,
		"G":                             io.ErrUnexpectedEOF,
		"GET / HTTP/1.1":                io.ErrUnexpectedEOF,
		"GET / HTTP/1.1\r\nHost: h\r\n": io.ErrUnexpectedEOF,
	} {
		if _, _, err := parseHead(strings.NewReader(wire)); err != want {
			t.Errorf("%q: %v, want %v", wire, err, want)
		}
	}
}

// TestEveryCharacterOfAPathKeepsItsForm compares the plain way with package url's:
// a path that its default escaping would change has a RawPath.
func TestEveryCharacterOfAPathKeepsItsForm(t *testing.T) {
	for c := '!'; c <= '~'; c++ {
		target := "/a" + string(c) + "b"
		want, err := url.ParseRequestURI(target)
		if err != nil || c == '#' {
			continue
		}
		got, _, err := parseHead(strings.NewReader("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n"))
		if err != nil {
			continue // stricter than package url
		}
		if !reflect.DeepEqual(got.URL, want) {
			t.Errorf("%s: %#v, want %#v", target, got.URL, want)
		}
	}
}

// FuzzParseRequest holds that a request is the same however it arrives, that
// the plain path agrees with url.ParseRequestURI, and that net/http accepts
// what we accept, as the same request.
func FuzzParseRequest(f *testing.F) {
	f.Add("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	f.Add("POST /a%20b?c HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 5\r\nX: y\r\n\r\nhello")
	f.Add("POST http://x/ HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nexpect: 100-continue\r\n\r\n")
	f.Add("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
	f.Add("GET p://x@ HTTP/1.1\r\nHost: h\r\n\r\n")
	userinfo := cmp.AllowUnexported(url.Userinfo{}) // of a target in absolute form
	f.Fuzz(func(t *testing.T, wire string) {
		whole, m, err := parseHead(strings.NewReader(wire))
		dribble, m2, err2 := parseHead(iotest.OneByteReader(strings.NewReader(wire)))
		if (err == nil) != (err2 == nil) || m != m2 && err == nil {
			t.Fatalf("at once %v, %v; byte by byte %v, %v", m, err, m2, err2)
		}
		if err != nil {
			return
		}
		if diff := cmp.Diff(facts(&whole.Request), facts(&dribble.Request), userinfo); diff != "" {
			t.Fatalf("(-at once +byte by byte):\n%s", diff)
		}
		if u, err := url.ParseRequestURI(whole.RequestURI); err != nil || !reflect.DeepEqual(u, whole.URL) {
			t.Fatalf("target %q: %+v, package url reads %+v, %v", whole.RequestURI, whole.URL, u, err)
		}
		std, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.TrimPrefix(wire, "\r\n"))))
		if err != nil {
			t.Skip() // stricter in places that framing does not depend on
		}
		if std.Method != whole.Method || std.ContentLength != whole.ContentLength || len(std.TransferEncoding) != len(whole.TransferEncoding) {
			t.Fatalf("net/http reads %+v, we read %+v", facts(std), facts(&whole.Request))
		}
	})
}
