package scgi_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/protocols/internal/codectest"
	"github.com/gwbench/gwbench/protocols/scgi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestServerBytes(t *testing.T) {
	vectors := codectest.Vectors{
		{
			"the specification's example",
			"70:" + "CONTENT_LENGTH\x0027\x00" + "SCGI\x001\x00" + "REQUEST_METHOD\x00POST\x00" + "REQUEST_URI\x00/deepthought\x00" + "," +
				"What is the answer to life?",
			"Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 47\r\n\r\nPOST /deepthought \"What is the answer to life?\"",
		},
		{
			"no body",
			"55:" + "CONTENT_LENGTH\x000\x00" + "REQUEST_METHOD\x00GET\x00" + "PATH_INFO\x00/\x00" + "SCGI\x001\x00" + ",",
			"Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\nGET / \"\"",
		},
	}
	codectest.ServerBytes(t, scgi.NewServer, vectors)
}

func TestServerRejects(t *testing.T) {
	var many string // 410 bytes
	for i := range 70 {
		many += fmt.Sprintf("V%d\x00y\x00", i)
	}
	const start = "CONTENT_LENGTH\x000\x00SCGI\x001\x00" // 24 bytes
	vectors := codectest.Vectors{
		{"no length", ":,", "byte ':' where the header's length should be"},
		{"HTTP", "GET / HTTP/1.1\r\n\r\n", "byte 'G' where the header's length should be"},
		{"negative length", "-1:,", "byte '-' where the header's length should be"},
		{"leading zero", "024:" + start + ",", "the header's length starts with 0"},
		{"empty header", "0:,", "the header is empty"},
		{"no comma", "24:" + start + ";", "byte ';' where the comma behind the header should be"},
		{"no NUL at the end", "26:" + start + "A\x00,", "the header does not end in NUL"},
		{"value without NUL", "27:" + start + "A\x00B,", "the header does not end in NUL"},
		{"no name", "27:" + start + "\x00B\x00,", "a variable without a name at byte 24 of the header"},
		{"CONTENT_LENGTH not first", "24:SCGI\x001\x00CONTENT_LENGTH\x000\x00,", `the first variable is "SCGI", not CONTENT_LENGTH`},
		{"CONTENT_LENGTH empty", "23:CONTENT_LENGTH\x00\x00SCGI\x001\x00,", "not CONTENT_LENGTH with a value"},
		{"no SCGI", "17:CONTENT_LENGTH\x000\x00,", `the variable SCGI is "", not 1`},
		{"SCGI 2", "24:CONTENT_LENGTH\x000\x00SCGI\x002\x00,", `the variable SCGI is "2", not 1`},
		{"twice", "32:" + start + "A\x001\x00A\x001\x00,", `the variable "A" comes twice`},
		{"twice among many", "439:" + start + many + "V7\x001\x00,", `the variable "V7" comes twice`},
		{"bad CONTENT_LENGTH", "42:CONTENT_LENGTH\x00+1\x00SCGI\x001\x00REQUEST_METHOD\x00A\x00,", `malformed CONTENT_LENGTH "+1"`},
	}
	codectest.ServerRejects(t, scgi.NewServer, "Status: 400 Bad Request", vectors)
}

func TestServerCutShort(t *testing.T) {
	codectest.ServerCutShort(t, scgi.NewServer, "2", "24:", "24:CONTENT_LENGTH\x000\x00", "9000:CONTENT_LENGTH\x000\x00")
}

func TestClientBytes(t *testing.T) {
	g := &cgi.Gateway{}
	codec := scgi.NewCodec(g)
	r := httptest.NewRequest("GET", "http://example.com/x", nil)
	got, err := codec.AppendHead([]byte("before"), r, 0)
	if err != nil {
		t.Fatal(err)
	}
	size, header, _ := strings.Cut(string(got), ":")
	if want := fmt.Sprintf("before%d", len(header)-1); size != want || !strings.HasSuffix(header, "\x00,") {
		t.Errorf("got %q of %d bytes", got, len(header)-1)
	}
	const first = "CONTENT_LENGTH\x000\x00SCGI\x001\x00REQUEST_METHOD\x00GET\x00"
	if !strings.HasPrefix(header, first) {
		t.Errorf("header starts %q", header[:len(first)])
	}
}

// Only the protocol says which version of SCGI it is.
func TestClientExtraSCGI(t *testing.T) {
	codec := scgi.NewCodec(&cgi.Gateway{Extra: []cgi.Var{{Name: "SCGI", Value: "2"}}})
	got, err := codec.AppendHead(nil, httptest.NewRequest("GET", "http://h/", nil), 0)
	if err != nil || strings.Count(string(got), "SCGI\x00") != 1 || !strings.Contains(string(got), "\x00SCGI\x001\x00") {
		t.Fatalf("got %q, %v", got, err)
	}
	size, header, _ := strings.Cut(string(got), ":")
	if want := fmt.Sprint(len(header) - 1); size != want {
		t.Errorf("size %s, want %s", size, want)
	}
}

func TestClientLimit(t *testing.T) { codectest.ClientLimit(t, scgi.NewCodec, scgi.MaxHeader) }

func TestClientReads(t *testing.T) { codectest.ClientReads(t, scgi.NewCodec) }

func TestRoundTrip(t *testing.T) { codectest.RoundTrip(t, scgi.NewCodec, scgi.NewServer) }
