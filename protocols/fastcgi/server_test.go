package fastcgi

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// request is what a handler sees of a request.
type request struct {
	Method, Path, Probe string
	Length              int64
	Body                string
}

// session is what the application's side makes of the bytes of a connection.
type session struct {
	Requests []request
	Sent     string // what was answered at once, not as a response
	BodyErr  error
}

// converse plays the server's part: it reads requests until an error.
func converse(br *bufio.Reader) (s session, err error) {
	var sent bytes.Buffer
	c := newServerCodec(&sent)
	defer func() { s.Sent = sent.String() }()
	for {
		r, err := c.ReadRequest(br)
		if err != nil {
			return s, err
		}
		body, err := io.ReadAll(r.Body)
		s.Requests = append(s.Requests, request{r.Method, r.URL.Path, r.Header.Get("X-Probe"), r.ContentLength, string(body)})
		if err != nil {
			s.BodyErr = err
		}
		if !c.KeepAlive() {
			return s, nil
		}
	}
}

// getPairs makes a GET of appendixPairs.
const getPairs = "\x0e\x03REQUEST_METHODGET\x09\x02PATH_INFO/p" + appendixPairs

// postPairs is its like with 25 bytes of body.
const postPairs = "\x0e\x04REQUEST_METHODPOST\x09\x02PATH_INFO/p\x0e\x02CONTENT_LENGTH25" + appendixPairs

const form = "quantity=100&item=3047936"

var (
	get  = request{Method: "GET", Path: "/p"}
	post = request{Method: "POST", Path: "/p", Length: 25, Body: form}

	authorizer = record(1, 1, "\x00\x02\x00\x00\x00\x00\x00\x00", 0)
	filterKeep = record(1, 1, "\x00\x03\x01\x00\x00\x00\x00\x00", 0)
)

var requestVectors = map[string]struct {
	wire string
	want session
	end  error // what ends the connection, nil where the response does
}{
	"appendix B, example 1": {
		wire: beginResponder + record(4, 1, getPairs, 0) + paramsEnd + stdinEnd,
		want: session{Requests: []request{get}},
	},
	"appendix B, example 2: a pair straddles two PARAMS records": {
		wire: beginResponder + record(4, 1, postPairs[:70], 0) + record(4, 1, postPairs[70:], 0) + paramsEnd +
			record(5, 1, form, 0) + stdinEnd,
		want: session{Requests: []request{post}},
	},
	"appendix B, example 4: the second request is refused": {
		wire: beginKeepConn + record(4, 1, getPairs, 0) + paramsEnd +
			record(1, 2, "\x00\x01\x01\x00\x00\x00\x00\x00", 0) + record(4, 2, getPairs, 0) +
			stdinEnd + record(4, 2, "", 0) + record(5, 2, "", 0),
		want: session{Requests: []request{get}, Sent: record(3, 2, "\x00\x00\x00\x00\x01\x00\x00\x00", 0)},
		end:  io.EOF,
	},
	"the second request is refused within the body of the first": {
		wire: beginKeepConn + record(4, 1, postPairs, 0) + paramsEnd + record(5, 1, form[:5], 0) +
			record(1, 9, "\x00\x01\x01\x00\x00\x00\x00\x00", 0) + record(5, 9, "not mine", 0) +
			record(5, 1, form[5:], 0) + stdinEnd,
		want: session{Requests: []request{post}, Sent: record(3, 9, "\x00\x00\x00\x00\x01\x00\x00\x00", 0)},
		end:  io.EOF,
	},
	"three requests wait on a connection, under different ids": {
		wire: beginKeepConn + record(4, 1, getPairs, 3) + paramsEnd + stdinEnd +
			record(1, 7, "\x00\x01\x01\x00\x00\x00\x00\x00", 0) + record(4, 7, postPairs, 5) + record(4, 7, "", 0) +
			record(5, 7, form, 7) + record(5, 7, "", 0) +
			beginResponder + record(4, 1, getPairs, 0) + paramsEnd + stdinEnd,
		want: session{Requests: []request{get, post, get}},
	},
	"a body of unknown length": {
		wire: beginResponder + record(4, 1, "\x0e\x03REQUEST_METHODPUT\x09\x02PATH_INFO/p\x0e\x00CONTENT_LENGTH", 0) + paramsEnd +
			record(5, 1, "some ", 2) + record(5, 1, "body", 0) + stdinEnd,
		want: session{Requests: []request{{Method: "PUT", Path: "/p", Length: -1, Body: "some body"}}},
	},
	"the body is shorter than CONTENT_LENGTH": {
		wire: beginResponder + record(4, 1, postPairs, 0) + paramsEnd + record(5, 1, form[:24], 0) + stdinEnd,
		want: session{
			Requests: []request{{Method: "POST", Path: "/p", Length: 25, Body: form[:24]}},
			BodyErr:  io.ErrUnexpectedEOF,
		},
	},
	"the body is longer than CONTENT_LENGTH": {
		wire: beginResponder + record(4, 1, postPairs, 0) + paramsEnd + record(5, 1, form+"&", 0) + stdinEnd,
		want: session{Requests: []request{post}, BodyErr: syntaxError("STDIN is longer than CONTENT_LENGTH")},
	},
	"a body although CONTENT_LENGTH is 0": {
		wire: beginResponder + record(4, 1, getPairs+"\x0e\x01CONTENT_LENGTH0", 0) + paramsEnd + record(5, 1, "x", 0) + stdinEnd,
		want: session{Requests: []request{get}, BodyErr: syntaxError("STDIN is longer than CONTENT_LENGTH")},
	},
	"aborted before its parameters end": {
		wire: beginKeepConn + record(4, 1, getPairs[:20], 0) + record(2, 1, "", 0) +
			beginResponder + record(4, 1, postPairs, 0) + paramsEnd + record(5, 1, form, 0) + stdinEnd,
		want: session{Requests: []request{post}, Sent: endComplete},
	},
	"aborted before its body, and no keep-alive": {
		wire: beginResponder + record(4, 1, getPairs, 0) + paramsEnd + record(2, 1, "", 0) +
			beginResponder + record(4, 1, getPairs, 0) + paramsEnd + stdinEnd,
		want: session{Sent: endComplete},
		end:  io.EOF,
	},
	"aborted within its body": {
		wire: beginResponder + record(4, 1, postPairs, 0) + paramsEnd + record(5, 1, form[:5], 0) + record(2, 1, "", 0),
		want: session{
			Requests: []request{{Method: "POST", Path: "/p", Length: 25, Body: form[:5]}},
			BodyErr:  errAborted,
		},
	},
	"ABORT_REQUEST, STDIN and DATA of nobody's request": {
		wire: record(2, 4, "", 0) + record(5, 4, "x", 1) + record(8, 4, "x", 1) +
			beginResponder + record(8, 1, "x", 0) + record(4, 1, getPairs, 0) + paramsEnd + stdinEnd,
		want: session{Requests: []request{get}},
	},
	"unknown role, then a known one": {
		wire: filterKeep + record(4, 1, getPairs, 0) + paramsEnd + stdinEnd + record(8, 1, "file", 0) + record(8, 1, "", 0) +
			beginResponder + record(4, 1, getPairs, 0) + paramsEnd + stdinEnd,
		want: session{Requests: []request{get}, Sent: record(3, 1, "\x00\x00\x00\x00\x03\x00\x00\x00", 0)},
	},
	"unknown role, and no keep-alive": {
		wire: authorizer + record(4, 1, getPairs, 0) + paramsEnd + beginKeepConn,
		want: session{Sent: record(3, 1, "\x00\x00\x00\x00\x03\x00\x00\x00", 0)},
		end:  io.EOF,
	},
	"GET_VALUES, section 4.1": {
		wire: record(9, 0, "\x0e\x00FCGI_MAX_CONNS\x0d\x00FCGI_MAX_REQS\x0f\x00FCGI_MPXS_CONNS", 0),
		want: session{Sent: record(10, 0, "\x0e\x05FCGI_MAX_CONNS65535\x0d\x05FCGI_MAX_REQS65535\x0f\x01FCGI_MPXS_CONNS0", 0)},
		end:  io.EOF,
	},
	"GET_VALUES of unknown names, and of one twice": {
		wire: record(9, 0, "\x0f\x00FCGI_MPXS_CONNS\x0b\x00FCGI_FUTURE\x0f\x00FCGI_MPXS_CONNS", 3),
		want: session{Sent: record(10, 0, "\x0f\x01FCGI_MPXS_CONNS0", 0)},
		end:  io.EOF,
	},
	"GET_VALUES of nothing": {
		wire: record(9, 0, "", 0),
		want: session{Sent: record(10, 0, "", 0)},
		end:  io.EOF,
	},
	"unknown management types, section 4.2": {
		wire: record(200, 0, "future", 2) + record(1, 0, "\x00\x01\x00\x00\x00\x00\x00\x00", 0) +
			beginKeepConn + record(4, 1, postPairs, 0) + record(9, 0, "\x0f\x00FCGI_MPXS_CONNS", 0) + paramsEnd +
			record(5, 1, form[:5], 0) + record(201, 0, "", 0) + record(5, 1, form[5:], 0) + stdinEnd,
		want: session{
			Requests: []request{post},
			Sent: record(11, 0, "\xc8\x00\x00\x00\x00\x00\x00\x00", 0) + record(11, 0, "\x01\x00\x00\x00\x00\x00\x00\x00", 0) +
				record(10, 0, "\x0f\x01FCGI_MPXS_CONNS0", 0) + record(11, 0, "\xc9\x00\x00\x00\x00\x00\x00\x00", 0),
		},
		end: io.EOF,
	},
	"nothing": {end: io.EOF},
}

// sameError compares errors by what they say.
var sameError = cmp.Comparer(func(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) })

func TestReadRequest(t *testing.T) {
	for name, tc := range requestVectors {
		for how, br := range map[string]*bufio.Reader{
			"whole":        bufio.NewReader(strings.NewReader(tc.wire)),
			"byte by byte": bufio.NewReaderSize(iotest.OneByteReader(strings.NewReader(tc.wire)), 16),
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				got, err := converse(br)
				if err != tc.end {
					t.Errorf("the connection ended with %v, want %v", err, tc.end)
				}
				if diff := cmp.Diff(tc.want, got, sameError); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			})
		}
	}
}

// A connection that ends within a request or a record is an error, in
// ReadRequest or in the body.
func TestReadRequestCutShort(t *testing.T) {
	wire := beginKeepConn + record(4, 1, postPairs[:70], 2) + record(4, 1, postPairs[70:], 0) + paramsEnd +
		record(5, 1, form, 3) + stdinEnd
	for cut := 1; cut < len(wire); cut++ {
		got, err := converse(bufio.NewReader(strings.NewReader(wire[:cut])))
		if err != io.ErrUnexpectedEOF && got.BodyErr != io.ErrUnexpectedEOF {
			t.Fatalf("after %d of %d bytes: %v, body: %v, want io.ErrUnexpectedEOF", cut, len(wire), err, got.BodyErr)
		}
	}
}

func TestReadRequestRefuses(t *testing.T) {
	var syntax *cgi.SyntaxError
	var limit *cgi.LimitError
	huge := strings.Repeat(record(4, 1, strings.Repeat("\x01\x01AB", 16_000), 0), 20)
	for name, tc := range map[string]struct {
		wire   string
		as     any
		status string // of the answer, "" where none can be given
	}{
		"HTTP":                   {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", &syntax, ""},
		"a short BEGIN_REQUEST":  {record(1, 1, "\x00\x01\x00", 0), &syntax, ""},
		"a half GET_VALUES pair": {record(9, 0, "\x0f\x00FCGI", 0), &syntax, ""},
		"a second BEGIN_REQUEST": {beginResponder + beginResponder, &syntax, "400"},
		"STDIN before PARAMS":    {beginResponder + stdinEnd, &syntax, "400"},
		"a half pair":            {beginResponder + record(4, 1, "\x05\x05AB", 0) + paramsEnd, &syntax, "400"},
		"no REQUEST_METHOD":      {beginResponder + paramsEnd + stdinEnd, &syntax, "400"},
		"PARAMS after its end":   {beginResponder + record(4, 1, getPairs, 0) + paramsEnd + paramsEnd, &syntax, "400"},
		"endless PARAMS":         {beginResponder + huge, &limit, "431"},
		"a value of 2 GiB":       {beginResponder + record(4, 1, "\x01\xff\xff\xff\xffA", 0), &limit, "431"},
		"a malformed length":     {beginResponder + record(4, 1, getPairs+"\x0e\x02CONTENT_LENGTH-1", 0) + paramsEnd, &syntax, "400"},
	} {
		c := newServerCodec(io.Discard)
		_, err := c.ReadRequest(bufio.NewReader(strings.NewReader(tc.wire)))
		if !errors.As(err, tc.as) {
			t.Errorf("%s: error %v, want a %T", name, err, tc.as)
			continue
		}
		answer := string(c.RejectRequest(nil, err))
		if tc.status == "" && answer != "" || !strings.Contains(answer, "Status: "+tc.status) && tc.status != "" {
			t.Errorf("%s: answer %q, want status %q", name, answer, tc.status)
		}
		if answer != "" && !strings.HasSuffix(answer, stdoutEnd+endComplete) {
			t.Errorf("%s: answer %q does not end the request", name, answer)
		}
	}
}

// deaf is a connection that cannot be written to.
type deaf struct{}

func (deaf) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestReplyErrorEndsTheConnection(t *testing.T) {
	for name, wire := range map[string]string{
		"GET_VALUES":   record(9, 0, "", 0),
		"unknown type": record(99, 0, "", 0),
		"unknown role": authorizer,
		"abort":        beginKeepConn + record(2, 1, "", 0),
	} {
		_, err := newServerCodec(deaf{}).ReadRequest(bufio.NewReader(strings.NewReader(wire)))
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: error %v, want that of the connection", name, err)
		}
	}
}

// What the handler leaves of a body does not disturb the next request.
func TestUnreadBodyIsSkipped(t *testing.T) {
	one := beginKeepConn + record(4, 1, postPairs, 0) + paramsEnd + record(5, 1, form[:9], 5) + record(5, 1, form[9:], 1) + stdinEnd
	for read := range len(form) {
		br := bufio.NewReader(strings.NewReader(one + one))
		c := newServerCodec(io.Discard)
		for range 2 {
			r, err := c.ReadRequest(br)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(r.Body, make([]byte, read)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// The end of STDIN comes with the last of the body, so that a handler which
// reads no further than CONTENT_LENGTH leaves nothing on the connection.
func TestBodyEndsWithItsLastBytes(t *testing.T) {
	c := newServerCodec(io.Discard)
	br := bufio.NewReader(strings.NewReader(beginKeepConn + record(4, 1, postPairs, 0) + paramsEnd + record(5, 1, form, 5) + stdinEnd))
	r, err := c.ReadRequest(br)
	if err != nil {
		t.Fatal(err)
	}
	n, err := r.Body.Read(make([]byte, 100))
	if n != len(form) || err != io.EOF || br.Buffered() != 0 {
		t.Errorf("Read = %d, %v, %d bytes left, want %d, EOF, 0", n, err, br.Buffered(), len(form))
	}
}

func TestAppendResponse(t *testing.T) {
	c := newServerCodec(io.Discard)
	c.id = 1
	h := http.Header{"Content-Type": {"text/html"}}
	head := "Status: 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n"
	ends := stdoutEnd + endComplete

	got := c.AppendHead([]byte("before"), 200, h, 20)
	got = c.AppendBody(got, []byte("<h1>Hello"))
	got = c.AppendBody(got, []byte(", web!</h1>"))
	got = c.AppendEnd(got)
	want := "before" + record(6, 1, head+"<h1>Hello, web!</h1>", 0) + ends
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("in one buffer (-want +got):\n%s", diff)
	}

	// The server sends its buffer between the calls.
	var sent []byte
	sent = append(sent, c.AppendHead(nil, 200, h, 20)...)
	sent = append(sent, c.AppendBody(nil, []byte("<h1>Hello"))...)
	sent = append(sent, c.AppendBody(nil, []byte(", web!</h1>"))...)
	sent = append(sent, c.AppendEnd(nil)...)
	want = record(6, 1, head, 0) + record(6, 1, "<h1>Hello", 0) + record(6, 1, ", web!</h1>", 0) + ends
	if diff := cmp.Diff(want, string(sent)); diff != "" {
		t.Errorf("in four (-want +got):\n%s", diff)
	}
}

func TestAppendResponseLargeHead(t *testing.T) {
	c := newServerCodec(io.Discard)
	c.id = 1
	value := strings.Repeat("v", 70_000)
	got := c.AppendHead(nil, 200, http.Header{"X": {value}}, -1)
	got = c.AppendEnd(c.AppendBody(got, []byte("body")))
	head := "Status: 200 OK\r\nX: " + value + "\r\n\r\n"
	want := record(6, 1, head[:65535], 0) + record(6, 1, head[65535:], 0) + record(6, 1, "body", 0) + stdoutEnd + endComplete
	if string(got) != want {
		t.Errorf("%d bytes, want %d, or they differ", len(got), len(want))
	}
}

// However the handler writes and the server sends, our own client reads what
// was written.
func TestResponseRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		server := newServerCodec(io.Discard)
		server.id = 1
		var wire, body []byte
		buf := server.AppendHead(nil, 207, http.Header{"Content-Type": {"a/b"}}, -1)
		for range rapid.IntRange(0, 6).Draw(t, "writes") {
			if rapid.Bool().Draw(t, "send") {
				wire, buf = append(wire, buf...), buf[:0]
			}
			size := rapid.OneOf(rapid.IntRange(1, 100), rapid.IntRange(60_000, 140_000)).Draw(t, "size")
			p := bytes.Repeat([]byte{byte(len(body))}, size)
			body = append(body, p...)
			buf = server.AppendBody(buf, p)
		}
		wire = append(wire, server.AppendEnd(buf)...)

		got, err := read(NewCodec(true, &cgi.Gateway{}), bufio.NewReader(bytes.NewReader(wire)), "GET")
		if err != nil {
			t.Fatal(err)
		}
		if got.Body != string(body) || got.Status != 207 || got.Type != "a/b" || !got.Reusable {
			t.Fatalf("status %d, type %q, reusable %v, %d bytes of body, want %d", got.Status, got.Type, got.Reusable, len(got.Body), len(body))
		}
	})
}

// What our client sends our server understands.
func TestRequestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		client := NewCodec(true, &cgi.Gateway{})
		var wire []byte
		var want []request
		for range rapid.IntRange(1, 3).Draw(t, "requests") {
			size := rapid.OneOf(rapid.Just(0), rapid.IntRange(1, 100), rapid.IntRange(60_000, 140_000)).Draw(t, "body")
			probe := strings.Repeat("p", rapid.OneOf(rapid.IntRange(1, 300), rapid.IntRange(60_000, 70_000)).Draw(t, "probe"))
			r, err := http.NewRequest("POST", "http://localhost/p", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Probe", probe)
			body := bytes.Repeat([]byte("b"), size)
			if wire, err = client.AppendHead(wire, r, int64(size)); err != nil {
				t.Fatal(err)
			}
			if size > 0 {
				wire = client.AppendBody(wire, body)
			}
			wire = client.AppendEnd(wire)
			want = append(want, request{"POST", "/p", probe, int64(size), string(body)})
		}
		got, err := converse(bufio.NewReaderSize(bytes.NewReader(wire), rapid.IntRange(16, 5000).Draw(t, "buffer")))
		if err != io.EOF {
			t.Fatalf("the connection ended with %v, want io.EOF", err)
		}
		if diff := cmp.Diff(session{Requests: want}, got, sameError); diff != "" {
			t.Fatal(diff)
		}
	})
}

// sameLimit tells whether both errors are about one limit. How much is over it
// depends on how much was there to be looked at: LimitError gives the least.
func sameLimit(a, b error) bool {
	var one, other *cgi.LimitError
	return errors.As(a, &one) && errors.As(b, &other) && one.What == other.What && one.Limit == other.Limit
}

func FuzzReadRequest(f *testing.F) {
	for _, tc := range requestVectors {
		f.Add([]byte(tc.wire))
	}
	// Cut off within a record that announces too much: whether it is found
	// short or too large depends on what the buffer holds.
	f.Add([]byte(beginResponder + record(4, 1, "\x01\x90\x00\x00\x00A"+strings.Repeat("v", 100), 0)[:50]))
	f.Fuzz(func(t *testing.T, wire []byte) {
		whole, err := converse(bufio.NewReaderSize(bytes.NewReader(wire), 1<<17))
		pieces, piecesErr := converse(bufio.NewReaderSize(iotest.OneByteReader(bytes.NewReader(wire)), 16))
		cutShort := err == io.ErrUnexpectedEOF && piecesErr != nil
		if !sameLimit(err, piecesErr) && fmt.Sprint(err) != fmt.Sprint(piecesErr) && !cutShort {
			t.Fatalf("whole: %v, byte by byte: %v", err, piecesErr)
		}
		if diff := cmp.Diff(whole, pieces, sameError); diff != "" {
			t.Fatal(diff)
		}
	})
}
