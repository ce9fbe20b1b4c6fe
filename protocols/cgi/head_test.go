package cgi

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// seen is what a Head says.
type seen struct {
	Status         int
	Reason         string
	Major, Minor   int
	Length         int64
	Chunked, Close bool
	Header         http.Header
	Rest           string // what was left unread
}

func look(t testing.TB, h *Head, br *bufio.Reader) seen {
	t.Helper()
	rest, err := io.ReadAll(br)
	if err != nil {
		t.Fatal(err)
	}
	return seen{h.Status, string(h.Reason), h.Major, h.Minor, h.ContentLength, h.Chunked, h.Close, h.Header(), string(rest)}
}

func TestReadCGI(t *testing.T) {
	tests := []struct {
		name, bytes string
		want        seen
	}{
		{
			"Status", "Status: 404 Not Found\r\nContent-Type: text/plain\r\n\r\nbody",
			seen{Status: 404, Reason: "Not Found", Length: -1, Header: http.Header{"Content-Type": {"text/plain"}}, Rest: "body"},
		},
		{
			"LF, no reason, other case", "content-length: 4\nSTATUS:404\n\nbody",
			seen{Status: 404, Length: 4, Header: http.Header{"Content-Length": {"4"}}, Rest: "body"},
		},
		{
			"neither Status nor Location", "X-A: 1\r\nX-A: 2\n\n",
			seen{Status: 200, Length: -1, Header: http.Header{"X-A": {"1", "2"}}},
		},
		{
			"Location", "Location: /x\n\n",
			seen{Status: 302, Length: -1, Header: http.Header{"Location": {"/x"}}},
		},
		{
			"Location and Status", "Location: /x\nStatus: 201 Created\n\n",
			seen{Status: 201, Reason: "Created", Length: -1, Header: http.Header{"Location": {"/x"}}},
		},
		{
			"HTTP status line", "HTTP/1.1 200 OK\r\nStatus: 404\r\nLocation: /x\r\n\r\n",
			seen{Status: 200, Reason: "OK", Major: 1, Minor: 1, Length: -1, Header: http.Header{"Status": {"404"}, "Location": {"/x"}}},
		},
		{
			"interim", "Status: 103 Early Hints\nLink: a\n\nHTTP/1.1 100 Continue\r\n\r\nStatus: 200\nX-A: b\n\nbody",
			seen{Status: 200, Length: -1, Header: http.Header{"X-A": {"b"}}, Rest: "body"},
		},
		{
			"Transfer-Encoding does not count", "Status: 200\nTransfer-Encoding: chunked\n\n0\r\n\r\n",
			seen{Status: 200, Length: -1, Header: http.Header{"Transfer-Encoding": {"chunked"}}, Rest: "0\r\n\r\n"},
		},
	}
	var h Head // used again for each
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			br := bufio.NewReader(iotest.OneByteReader(strings.NewReader(test.bytes)))
			if err := h.ReadCGI(br); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(test.want, look(t, &h, br)); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func TestReadHTTP(t *testing.T) {
	tests := []struct {
		name, bytes string
		want        seen
	}{
		{
			"plain", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A:  b \t\r\n\r\nhi",
			seen{Status: 200, Reason: "OK", Major: 1, Minor: 1, Length: 2, Header: http.Header{"Content-Length": {"2"}, "X-A": {"b"}}, Rest: "hi"},
		},
		{"LF, no reason, no fields", "HTTP/1.1 200\n\n", seen{Status: 200, Major: 1, Minor: 1, Length: -1, Header: http.Header{}}},
		{"empty reason", "HTTP/1.1 599 \r\n\r\n", seen{Status: 599, Major: 1, Minor: 1, Length: -1, Header: http.Header{}}},
		{"HTTP/1.0", "HTTP/1.0 200 A B\r\n\r\n", seen{Status: 200, Reason: "A B", Major: 1, Length: -1, Close: true, Header: http.Header{}}},
		{
			"HTTP/1.0 kept alive", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n\r\n",
			seen{Status: 200, Reason: "OK", Major: 1, Length: -1, Header: http.Header{"Connection": {"Keep-Alive"}}},
		},
		{
			"close", "HTTP/1.1 200 OK\r\nConnection: x, CLOSE\r\n\r\n",
			seen{Status: 200, Reason: "OK", Major: 1, Minor: 1, Length: -1, Close: true, Header: http.Header{"Connection": {"x, CLOSE"}}},
		},
		{
			"chunked", "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n",
			seen{Status: 200, Reason: "OK", Major: 1, Minor: 1, Length: -1, Chunked: true, Header: http.Header{"Transfer-Encoding": {"Chunked"}}},
		},
		{
			"interim", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\nConnection: close\r\nContent-Length: 9\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
			seen{Status: 204, Reason: "No Content", Major: 1, Minor: 1, Length: -1, Header: http.Header{}},
		},
		{
			"switching protocols is final", "HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP",
			seen{Status: 101, Reason: "Switching Protocols", Major: 1, Minor: 1, Length: -1, Header: http.Header{}, Rest: "HTTP"},
		},
		{"empty value", "HTTP/1.1 200 OK\r\nX-A:\r\n\r\n", seen{Status: 200, Reason: "OK", Major: 1, Minor: 1, Length: -1, Header: http.Header{"X-A": {""}}}},
	}
	var h Head // used again for each
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			br := bufio.NewReader(iotest.OneByteReader(strings.NewReader(test.bytes)))
			if err := h.ReadHTTP(br); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(test.want, look(t, &h, br)); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func TestHeadSyntax(t *testing.T) {
	both := []struct{ name, bytes string }{
		{"Content-Length twice", "Content-Length: 1\r\nContent-Length: 1\r\n"},
		{"Content-Length list", "Content-Length: 1, 1\r\n"},
		{"Content-Length with sign", "Content-Length: +1\r\n"},
		{"Content-Length negative", "Content-Length: -1\r\n"},
		{"Content-Length empty", "Content-Length:\r\n"},
		{"Content-Length hexadecimal", "Content-Length: 0x10\r\n"},
		{"Content-Length too large", "Content-Length: 9223372036854775808\r\n"},
		{"folded", "X-A: 1\r\n 2\r\n"},
		{"no colon", "X-A\r\n"},
		{"no name", ": 1\r\n"},
		{"space before the colon", "X-A : 1\r\n"},
		{"NUL in the value", "X-A: \x00\r\n"},
		{"return in the value", "X-A: 1\r2\r\n"},
		{"delete in the value", "X-A: \x7f\r\n"},
	}
	cgi := []struct{ name, bytes string }{
		{"empty", "\r\n"},
		{"Status twice", "Status: 200\nStatus: 200\n\n"},
		{"Status in words", "Status: OK\n\n"},
		{"Status of two digits", "Status: 20\n\n"},
		{"Status zero", "Status: 000\n\n"},
		{"folded at once", " X: 1\n\n"},
		{"HTTP/2", "HTTP/2.0 200 OK\r\n\r\n"},
	}
	http := []struct{ name, bytes string }{
		{"CGI", "Status: 200\r\n\r\n"},
		{"empty", "\r\n"},
		{"HTTP/2", "HTTP/2.0 200 OK\r\n\r\n"},
		{"no minor version", "HTTP/1 200 OK\r\n\r\n"},
		{"long version", "HTTP/1.10 200 OK\r\n\r\n"},
		{"no status", "HTTP/1.1\r\n\r\n"},
		{"short status", "HTTP/1.1 20 OK\r\n\r\n"},
		{"long status", "HTTP/1.1 2000 OK\r\n\r\n"},
		{"status below 100", "HTTP/1.1 099 OK\r\n\r\n"},
		{"control character in the reason", "HTTP/1.1 200 O\x01K\r\n\r\n"},
		{"Transfer-Encoding and Content-Length", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"},
		{"Transfer-Encoding twice", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
		{"other Transfer-Encoding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"},
		{"Transfer-Encoding in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"},
	}
	check := func(name, input string, read func(*Head, *bufio.Reader) error) {
		t.Run(name, func(t *testing.T) {
			var h Head
			err := read(&h, bufio.NewReader(strings.NewReader(input)))
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Errorf("got %v, status %d", err, h.Status)
			}
		})
	}
	for _, test := range both {
		check("CGI/"+test.name, "X-First: 1\r\n"+test.bytes+"\r\n", (*Head).ReadCGI)
		check("HTTP/"+test.name, "HTTP/1.1 200 OK\r\n"+test.bytes+"\r\n", (*Head).ReadHTTP)
	}
	for _, test := range cgi {
		check("CGI/"+test.name, test.bytes, (*Head).ReadCGI)
	}
	for _, test := range http {
		check("HTTP/"+test.name, test.bytes, (*Head).ReadHTTP)
	}
}

func TestHeadCutShort(t *testing.T) {
	const whole = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-A: 1\r\n\r\n"
	for n := range len(whole) {
		want := io.ErrUnexpectedEOF
		if n == 0 {
			want = io.EOF
		}
		var h Head
		for name, read := range map[string]func(*bufio.Reader) error{"CGI": h.ReadCGI, "HTTP": h.ReadHTTP} {
			if err := read(bufio.NewReader(strings.NewReader(whole[:n]))); !errors.Is(err, want) {
				t.Errorf("%s cut after %q: %v", name, whole[:n], err)
			}
		}
	}
	broken := errors.New("broken")
	var h Head
	if err := h.ReadCGI(bufio.NewReader(io.MultiReader(strings.NewReader("Stat"), iotest.ErrReader(broken)))); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestHeadLimit(t *testing.T) {
	const frame = "HTTP/1.1 200 OK\r\nX-A: \r\n\r\n"
	tests := []struct {
		name, bytes string
		limited     bool
	}{
		{"at the limit", strings.Replace(frame, "A: ", "A: "+strings.Repeat("a", MaxHead-len(frame)), 1), false},
		{"one line beyond", strings.Replace(frame, "A: ", "A: "+strings.Repeat("a", MaxHead-len(frame)+1), 1), true},
		{"many fields", "HTTP/1.1 200 OK\r\n" + strings.Repeat("A:b\r\n", MaxHead/5) + "\r\n", true},
		{"endless interim heads", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", MaxHead/25+1), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var h Head
			err := h.ReadHTTP(bufio.NewReader(strings.NewReader(test.bytes)))
			var limit *LimitError
			if errors.As(err, &limit) != test.limited || !test.limited && err != nil {
				t.Fatalf("got %v", err)
			}
			if test.limited && (limit.Limit != MaxHead || limit.Size <= MaxHead) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestHeaderSharesNothing(t *testing.T) {
	var h Head
	if err := h.ReadCGI(bufio.NewReader(strings.NewReader("X-A: first\n\n"))); err != nil {
		t.Fatal(err)
	}
	header := h.Header()
	if err := h.ReadCGI(bufio.NewReader(strings.NewReader("X-B: other\n\n"))); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(http.Header{"X-A": {"first"}}, header); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	header.Add("X-A", "second")
	header.Add("X-C", "third")
	if d := cmp.Diff(http.Header{"X-B": {"other"}}, h.Header()); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

const typicalHead = "HTTP/1.1 200 OK\r\nDate: Mon, 02 Jan 2006 15:04:05 GMT\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 0\r\n\r\n"

func TestHeadAllocatesNothing(t *testing.T) {
	for name, read := range map[string]func(*Head, *bufio.Reader) error{"CGI": (*Head).ReadCGI, "HTTP": (*Head).ReadHTTP} {
		src := strings.NewReader("")
		br := bufio.NewReader(src)
		var h Head
		allocs := testing.AllocsPerRun(100, func() {
			src.Reset(typicalHead)
			br.Reset(src)
			if err := read(&h, br); err != nil {
				t.Error(err)
			}
		})
		if allocs != 0 {
			t.Errorf("%s: %v allocations", name, allocs)
		}
	}
}

func BenchmarkReadHead(b *testing.B) {
	src := strings.NewReader("")
	br := bufio.NewReader(src)
	var h Head
	b.ReportAllocs()
	for b.Loop() {
		src.Reset(typicalHead)
		br.Reset(src)
		if err := h.ReadHTTP(br); err != nil {
			b.Fatal(err)
		}
	}
}

// What AppendHead writes, ReadCGI reads.
func TestHeadRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		status := rapid.IntRange(200, 999).Draw(t, "status")
		length := rapid.Int64Min(-1).Draw(t, "length")
		value := rapid.StringMatching(`([!-~]([ -~]{0,20}[!-~])?)?`)
		header := http.Header{}
		for name, values := range rapid.MapOfN(rapid.StringMatching(`X-[A-Z][a-z0-9]{0,10}`), rapid.SliceOfN(value, 1, 3), 0, 5).Draw(t, "header") {
			header[name] = values
		}
		var h Head
		br := bufio.NewReader(bytes.NewReader(append(AppendHead(nil, status, header, length), "body"...)))
		if err := h.ReadCGI(br); err != nil {
			t.Fatal(err)
		}
		if rest, err := io.ReadAll(br); string(rest) != "body" || err != nil {
			t.Fatalf("rest is %q, %v", rest, err)
		}
		got := h.Header()
		got.Del("Content-Length")
		if h.Status != status || h.ContentLength != length || string(h.Reason) != http.StatusText(status) {
			t.Fatalf("got %d %q, length %d", h.Status, h.Reason, h.ContentLength)
		}
		if d := cmp.Diff(header, got); d != "" {
			t.Fatalf("-want +got\n%s", d)
		}
	})
}

func fuzzHead(f *testing.F, read func(*Head, *bufio.Reader) error) {
	for _, seed := range []string{
		typicalHead, "Status: 404 Not Found\nX: y\n\nbody", "Location: /\n\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 204\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n", "Content-Length: 9999999999999999999\n\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		var fresh, used Head
		_ = used.ReadCGI(bufio.NewReader(strings.NewReader("Status: 500 Used\nContent-Length: 7\nConnection: close\n\n")))
		err := read(&fresh, bufio.NewReader(strings.NewReader(input)))
		again := read(&used, bufio.NewReaderSize(iotest.OneByteReader(strings.NewReader(input)), 16))
		if (err == nil) != (again == nil) {
			t.Fatalf("%v, in small pieces %v", err, again)
		}
		if err != nil {
			return
		}
		if fresh.Status < 101 || fresh.Status > 999 || fresh.ContentLength < -1 || fresh.Chunked && fresh.ContentLength >= 0 {
			t.Errorf("%+v", fresh)
		}
		if fresh.Status != used.Status || fresh.ContentLength != used.ContentLength || fresh.Close != used.Close ||
			!cmp.Equal(fresh.Header(), used.Header()) {
			t.Errorf("fresh %+v, used %+v", fresh, used)
		}
	})
}

func FuzzReadCGI(f *testing.F)  { fuzzHead(f, (*Head).ReadCGI) }
func FuzzReadHTTP(f *testing.F) { fuzzHead(f, (*Head).ReadHTTP) }
