package fastcgi

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/protocols/cgi"
)

const page = "Content-type: text/html\r\n\r\n<html>\n<head> ... "

// answer is what a codec makes of the bytes of one answer.
type answer struct {
	Status   int
	Type     string // Content-Type
	Body     string
	Stderr   string
	App      uint32
	Reusable bool
}

// read reads one answer with c.
func read(c *Codec, br *bufio.Reader, method string) (answer, error) {
	var head cgi.Head
	if err := c.ReadHead(br, method, &head); err != nil {
		return answer{Stderr: string(c.Stderr())}, err
	}
	body, err := io.ReadAll(c)
	return answer{
		Status: head.Status, Type: head.Header().Get("Content-Type"), Body: string(body),
		Stderr: string(c.Stderr()), App: c.AppStatus(), Reusable: c.Reusable(),
	}, err
}

var responseVectors = map[string]struct {
	wire string
	want answer
}{
	"appendix B, example 1": {
		record(6, 1, page, 0) + stdoutEnd + endComplete,
		answer{Status: 200, Type: "text/html", Body: "<html>\n<head> ... ", Reusable: true},
	},
	"appendix B, example 3: STDERR between the records of a page": {
		record(6, 1, "Content-type: text/html\r\n\r\n<ht", 0) +
			record(7, 1, "config error: missing SI_UID\n", 0) +
			record(6, 1, "ml>\n<head> ... ", 0) + stdoutEnd + stderrEnd + end938,
		answer{Status: 200, Type: "text/html", Body: "<html>\n<head> ... ", Stderr: "config error: missing SI_UID\n", App: 938, Reusable: true},
	},
	"appendix B, example 4: the other request's records are skipped": {
		record(6, 1, "Content-type: text/html\r\n\r\n", 0) + record(6, 2, page, 0) + record(6, 2, "", 0) +
			record(3, 2, "\x00\x00\x00\x00\x01\x00\x00\x00", 0) +
			record(6, 1, "<html>\n<head> ... ", 0) + stdoutEnd + endComplete,
		answer{Status: 200, Type: "text/html", Body: "<html>\n<head> ... ", Reusable: true},
	},
	"STDERR within the head, before it and after STDOUT": {
		record(7, 1, "a", 7) + record(6, 1, "Content-Ty", 0) + record(7, 1, "b", 0) + record(6, 1, "pe: text/plain\n\nhi", 0) +
			stdoutEnd + record(7, 1, "c", 0) + stderrEnd + endComplete,
		answer{Status: 200, Type: "text/plain", Body: "hi", Stderr: "abc", Reusable: true},
	},
	"padding everywhere": {
		record(6, 1, "Status: 404 Not Found\r\nContent-Length: 4\r\n\r\nno", 255) + record(6, 1, "pe", 1) +
			record(6, 1, "", 8) + record(3, 1, "\x00\x00\x00\x00\x00\x00\x00\x00", 200),
		answer{Status: 404, Body: "nope", Reusable: true},
	},
	"management records and unknown types are skipped": {
		record(10, 0, "\x0f\x01FCGI_MPXS_CONNS1", 0) + record(11, 0, "\x63\x00\x00\x00\x00\x00\x00\x00", 0) +
			record(6, 1, page, 0) + record(99, 1, "what", 4) + record(3, 0, "", 0) + stdoutEnd + endComplete,
		answer{Status: 200, Type: "text/html", Body: "<html>\n<head> ... ", Reusable: true},
	},
	"no empty STDOUT, as PHP has it": {
		record(6, 1, page, 0) + endComplete,
		answer{Status: 200, Type: "text/html", Body: "<html>\n<head> ... ", Reusable: true},
	},
	"a body of nothing": {
		record(6, 1, "Status: 200 OK\r\nContent-Length: 0\r\n\r\n", 0) + stdoutEnd + endComplete,
		answer{Status: 200, Reusable: true},
	},
	"a redirect": {
		record(6, 1, "Location: /x\n\n", 0) + stdoutEnd + endComplete,
		answer{Status: 302, Reusable: true},
	},
	"an HTTP status line": {
		record(6, 1, "HTTP/1.1 201 Created\r\n\r\nx", 0) + stdoutEnd + endComplete,
		answer{Status: 201, Body: "x", Reusable: true},
	},
	"END_REQUEST longer than version 1 has it": {
		record(6, 1, page, 0) + stdoutEnd + record(3, 1, "\x00\x00\x00\x07\x00\x00\x00\x00future", 2),
		answer{Status: 200, Type: "text/html", Body: "<html>\n<head> ... ", App: 7, Reusable: true},
	},
	"204 with a body": {
		record(6, 1, "Status: 204 No Content\r\n\r\nsurplus", 0) + record(6, 1, "more", 3) + stdoutEnd + endComplete,
		answer{Status: 204, Reusable: true},
	},
	"304 that tells a length": {
		record(6, 1, "Status: 304 Not Modified\r\nContent-Length: 10\r\n\r\n", 0) + stdoutEnd + endComplete,
		answer{Status: 304, Reusable: true},
	},
	"something after END_REQUEST": {
		record(6, 1, page, 0) + stdoutEnd + endComplete + stdoutEnd,
		answer{Status: 200, Type: "text/html", Body: "<html>\n<head> ... ", Reusable: false},
	},
}

func TestReadResponse(t *testing.T) {
	for name, tc := range responseVectors {
		t.Run(name, func(t *testing.T) {
			got, err := read(NewCodec(true, &cgi.Gateway{}), bufio.NewReader(strings.NewReader(tc.wire)), "GET")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
		t.Run(name+", byte by byte", func(t *testing.T) {
			br := bufio.NewReaderSize(iotest.OneByteReader(strings.NewReader(tc.wire)), 16)
			got, err := read(NewCodec(true, &cgi.Gateway{}), br, "GET")
			if err != nil {
				t.Fatal(err)
			}
			got.Reusable = tc.want.Reusable // what has not arrived yet cannot be seen
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// Wherever a connection ends before END_REQUEST, that is an error.
func TestReadResponseCutShort(t *testing.T) {
	for name, tc := range responseVectors {
		end := strings.LastIndex(tc.wire, "\x01\x03\x00\x01")
		for cut := range end + HeaderSize + bodySize {
			_, err := read(NewCodec(true, &cgi.Gateway{}), bufio.NewReader(strings.NewReader(tc.wire[:cut])), "GET")
			want := io.ErrUnexpectedEOF
			if cut == 0 {
				want = io.EOF
			}
			if err != want {
				t.Fatalf("%s: after %d of %d bytes: error %v, want %v", name, cut, len(tc.wire), err, want)
			}
		}
	}
}

func TestHeadHasNoBody(t *testing.T) {
	for name, body := range map[string]string{"without": "", "with": "surplus"} {
		wire := record(6, 1, "Content-Length: 1000\r\n\r\n"+body, 0) + stdoutEnd + endComplete
		got, err := read(NewCodec(true, &cgi.Gateway{}), bufio.NewReader(strings.NewReader(wire)), "HEAD")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(answer{Status: 200, Reusable: true}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestContentLengthIsChecked(t *testing.T) {
	for name, tc := range map[string]struct{ wire, body string }{
		"short, in one record":   {record(6, 1, "Content-Length: 5\r\n\r\nfour", 0), "four"},
		"short, in two":          {record(6, 1, "Content-Length: 5\r\n\r\n", 0) + record(6, 1, "four", 4), "four"},
		"short by all":           {record(6, 1, "Content-Length: 5\r\n\r\n", 0), ""},
		"long, in the record":    {record(6, 1, "Content-Length: 3\r\n\r\nfour", 0), "fou"},
		"long, in the next":      {record(6, 1, "Content-Length: 3\r\n\r\nfou", 0) + record(6, 1, "r", 0), "fou"},
		"long, in a large one":   {record(6, 1, "Content-Length: 3\r\n\r\n", 0) + record(6, 1, "four", 0), "fou"},
		"long, nothing expected": {record(6, 1, "Content-Length: 0\r\n\r\n", 0) + record(6, 1, "four", 0), ""},
	} {
		c := NewCodec(true, &cgi.Gateway{})
		got, err := read(c, bufio.NewReader(strings.NewReader(tc.wire+stdoutEnd+endComplete)), "GET")
		if got.Body != tc.body || got.Reusable {
			t.Errorf("%s: body %q, reusable %v, want %q, false", name, got.Body, got.Reusable, tc.body)
		}
		var syntax *cgi.SyntaxError
		if strings.HasPrefix(name, "short") && err != io.ErrUnexpectedEOF || strings.HasPrefix(name, "long") && !errors.As(err, &syntax) {
			t.Errorf("%s: error %v", name, err)
		}
		if _, again := c.Read(make([]byte, 9)); again != err {
			t.Errorf("%s: the next Read returned %v, want %v again", name, again, err)
		}
	}
}

func TestStatusError(t *testing.T) {
	for name, tc := range map[string]struct {
		wire string
		want StatusError
		text string
	}{
		"refused": {
			record(3, 1, "\x00\x00\x00\x00\x02\x00\x00\x00", 0),
			StatusError{Protocol: Overloaded},
			"FastCGI: the server refused the request: overloaded",
		},
		"refused after a part": {
			record(6, 1, page, 0) + record(3, 1, "\x00\x00\x00\x05\x01\x00\x00\x00", 0),
			StatusError{Protocol: CantMultiplex, App: 5},
			"FastCGI: the server refused the request: cannot multiplex this connection",
		},
		"no head": {
			record(7, 1, "config error: missing SI_UID\n", 0) + stdoutEnd + end938,
			StatusError{App: 938, Stderr: "config error: missing SI_UID\n"},
			"FastCGI: the application ended with status 938 before its response head was complete; its STDERR: \"config error: missing SI_UID\\n\"",
		},
		"half a head": {
			record(6, 1, "Content-Type: te", 0) + stdoutEnd + endComplete,
			StatusError{},
			"FastCGI: the application ended with status 0 before its response head was complete",
		},
	} {
		_, err := read(NewCodec(true, &cgi.Gateway{}), bufio.NewReader(strings.NewReader(tc.wire)), "GET")
		var status *StatusError
		if !errors.As(err, &status) {
			t.Errorf("%s: error %v, want a *StatusError", name, err)
			continue
		}
		if diff := cmp.Diff(tc.want, *status); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if err.Error() != tc.text {
			t.Errorf("%s: %q, want %q", name, err, tc.text)
		}
	}
}

func TestReadResponseRefuses(t *testing.T) {
	for name, wire := range map[string]string{
		"HTTP":                   "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
		"an echo of the request": beginResponder + paramsEnd + stdinEnd,
		"STDIN":                  stdinEnd,
		"a short END_REQUEST":    record(6, 1, page, 0) + record(3, 1, "\x00\x00\x00\x00", 0),
		"STDOUT after its end":   record(6, 1, page, 0) + stdoutEnd + record(6, 1, "more", 0) + endComplete,
		"no head":                record(6, 1, "\r\nbody", 0) + endComplete,
	} {
		_, err := read(NewCodec(true, &cgi.Gateway{}), bufio.NewReader(strings.NewReader(wire)), "GET")
		var syntax *cgi.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: error %v, want a *cgi.SyntaxError", name, err)
		}
	}
	var limit *cgi.LimitError
	endless := strings.Repeat(record(6, 1, "X: "+strings.Repeat("y", 1000)+"\r\n", 0), 100)
	if _, err := read(NewCodec(true, &cgi.Gateway{}), bufio.NewReader(strings.NewReader(endless)), "GET"); !errors.As(err, &limit) {
		t.Errorf("an endless head: error %v, want a *cgi.LimitError", err)
	}
}

func TestStderrIsBounded(t *testing.T) {
	c := NewCodec(true, &cgi.Gateway{})
	noise := record(7, 1, strings.Repeat("e", 50_000), 0)
	wire := noise + record(6, 1, page, 0) + noise + noise + stdoutEnd + endComplete
	br := bufio.NewReader(strings.NewReader(wire + record(6, 1, page, 0) + stdoutEnd + endComplete))
	got, err := read(c, br, "GET")
	if err != nil || got.Stderr != strings.Repeat("e", MaxStderr) || got.Body != "<html>\n<head> ... " {
		t.Errorf("%d bytes of STDERR, body %q, error %v", len(got.Stderr), got.Body, err)
	}
	if got, err = read(c, br, "GET"); err != nil || got.Stderr != "" {
		t.Errorf("the next answer: %d bytes of STDERR, error %v", len(got.Stderr), err)
	}
}

func TestReusableOnlyAfterTheEnd(t *testing.T) {
	wire := record(6, 1, "Content-Length: 4\r\n\r\nfo", 0) + record(6, 1, "ur", 0) + stdoutEnd + endComplete
	for _, keepAlive := range []bool{false, true} {
		c := NewCodec(keepAlive, &cgi.Gateway{})
		var head cgi.Head
		if err := c.ReadHead(bufio.NewReader(strings.NewReader(wire)), "GET", &head); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 2)
		if n, err := c.Read(buf); n != 2 || err != nil || c.Reusable() {
			t.Errorf("keep-alive %v: half the body: %d, %v, reusable %v", keepAlive, n, err, c.Reusable())
		}
		// The end is in the buffer already, so that it comes with the last bytes.
		if n, err := c.Read(buf); n != 2 || err != io.EOF || c.Reusable() != keepAlive {
			t.Errorf("keep-alive %v: all of it: %d, %v, reusable %v", keepAlive, n, err, c.Reusable())
		}
	}
}

// blocking fails the test when it is read to its end: who reads on would wait.
type blocking struct {
	t *testing.T
	r io.Reader
}

func (b blocking) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if err == io.EOF {
		b.t.Error("Read waits for bytes it does not need")
	}
	return n, err
}

func TestReadDoesNotWaitForTheEnd(t *testing.T) {
	for _, rest := range []string{"", stdoutEnd, stdoutEnd + endComplete[:10]} {
		c := NewCodec(true, &cgi.Gateway{})
		var head cgi.Head
		wire := record(6, 1, "Content-Length: 4\r\n\r\nfour", 3) + rest
		if err := c.ReadHead(bufio.NewReader(blocking{t, strings.NewReader(wire)}), "GET", &head); err != nil {
			t.Fatal(err)
		}
		if n, err := c.Read(make([]byte, 100)); n != 4 || err != nil {
			t.Errorf("with %d bytes behind the body: %d, %v, want 4, nil", len(rest), n, err)
		}
	}
}

func TestAppendRequestVectors(t *testing.T) {
	r, err := http.NewRequest("POST", "http://localhost/", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, keepAlive := range []bool{false, true} {
		c := NewCodec(keepAlive, &cgi.Gateway{Extra: []cgi.Var{{Name: "SERVER_ADDR", Value: "199.170.183.42"}}})
		wire, err := c.AppendHead([]byte("before"), r, 25)
		if err != nil {
			t.Fatal(err)
		}
		wire = c.AppendBody(wire, []byte("quantity=100&item=3047936"))
		got := string(c.AppendEnd(wire))

		begin := beginResponder
		if keepAlive {
			begin = beginKeepConn
		}
		prefix := "before" + begin
		// Appendix B, example 2, but for the parameters' order and number.
		suffix := "\x0b\x0eSERVER_ADDR199.170.183.42" + paramsEnd + record(5, 1, "quantity=100&item=3047936", 0) + stdinEnd
		if !strings.HasPrefix(got, prefix) || !strings.HasSuffix(got, suffix) {
			t.Errorf("keep-alive %v: got %q, want %q ... %q", keepAlive, got, prefix, suffix)
		}
		params := strings.TrimSuffix(strings.TrimPrefix(got, prefix), suffix)
		if !strings.Contains(params, "\x0b\x02SERVER_PORT80") || !strings.Contains(params, "\x0e\x02CONTENT_LENGTH25") {
			t.Errorf("parameters %q", params)
		}
	}
}

func TestAppendHeadLeavesDstAfterAnError(t *testing.T) {
	r, err := http.NewRequest("POST", "http://localhost/", nil)
	if err != nil {
		t.Fatal(err)
	}
	var syntax *cgi.SyntaxError
	got, err := NewCodec(true, &cgi.Gateway{}).AppendHead([]byte("before"), r, -1)
	if string(got) != "before" || !errors.As(err, &syntax) {
		t.Errorf("a body of unknown length: %q, %v, want a *cgi.SyntaxError", got, err)
	}
}

// However an answer is cut into records, among whatever other records, the
// same answer comes out.
func TestReadResponseRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringN(0, 3000, 9000).Draw(t, "body")
		stream := "Status: 207 Multi-Status\r\nContent-Type: a/b\r\n\r\n" + body
		want := answer{Status: 207, Type: "a/b", Body: body, Reusable: true}
		var wire strings.Builder
		for rest := stream; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "record")
			wire.WriteString(record(6, 1, rest[:n], rapid.IntRange(0, 255).Draw(t, "padding")))
			rest = rest[n:]
			switch rapid.IntRange(0, 4).Draw(t, "between") {
			case 0:
				wire.WriteString(record(7, 1, "noise", rapid.IntRange(0, 8).Draw(t, "padding")))
				want.Stderr += "noise"
			case 1:
				wire.WriteString(record(rapid.Byte().Draw(t, "type"), 2, "noise", 3))
			}
		}
		wire.WriteString(stdoutEnd + endComplete)
		br := bufio.NewReaderSize(strings.NewReader(wire.String()), rapid.IntRange(16, 5000).Draw(t, "buffer"))
		got, err := read(NewCodec(true, &cgi.Gateway{}), br, "GET")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzReadResponse(f *testing.F) {
	for _, tc := range responseVectors {
		f.Add([]byte(tc.wire), false)
		f.Add([]byte(tc.wire), true)
	}
	f.Fuzz(func(t *testing.T, wire []byte, isHead bool) {
		method := "GET"
		if isHead {
			method = "HEAD"
		}
		whole, err := read(NewCodec(true, &cgi.Gateway{}), bufio.NewReaderSize(strings.NewReader(string(wire)), 1<<17), method)
		pieces, piecesErr := read(NewCodec(true, &cgi.Gateway{}), bufio.NewReaderSize(iotest.OneByteReader(strings.NewReader(string(wire))), 16), method)
		if (err == nil) != (piecesErr == nil) {
			t.Fatalf("whole: %v, byte by byte: %v", err, piecesErr)
		}
		if err != nil {
			return
		}
		whole.Reusable, pieces.Reusable = false, false // depends on what has arrived
		if diff := cmp.Diff(whole, pieces); diff != "" {
			t.Fatal(diff)
		}
		if whole.Status < 100 || len(whole.Body)+len(whole.Stderr) > len(wire) {
			t.Fatalf("impossible answer %+v to %d bytes", whole, len(wire))
		}
	})
}
