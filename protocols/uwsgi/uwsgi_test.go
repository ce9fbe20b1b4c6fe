package uwsgi_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/protocols/internal/codectest"
	"github.com/gwbench/gwbench/protocols/uwsgi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestServerBytes(t *testing.T) {
	const method = "\x0e\x00REQUEST_METHOD\x04\x00POST"
	const uri = "\x0b\x00REQUEST_URI\x06\x00/a?b=c"
	vectors := codectest.Vectors{
		{
			"HTTP/1.0 where SERVER_PROTOCOL is absent",
			"\x00\x2b\x00\x00" + method + uri,
			"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nPOST /a?b=c \"\"",
		},
		{
			"SERVER_PROTOCOL repeated",
			"\x00\x46\x00\x00" + method + uri + "\x0f\x00SERVER_PROTOCOL\x08\x00HTTP/1.1",
			"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nPOST /a?b=c \"\"",
		},
		{
			"body",
			"\x00\x3e\x00\x00" + method + uri + "\x0e\x00CONTENT_LENGTH\x01\x003" + "xyz",
			"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 17\r\n\r\nPOST /a?b=c \"xyz\"",
		},
		{
			"ping",
			"\x64\x00\x00\x00",
			"\x64\x00\x00\x01",
		},
	}
	codectest.ServerBytes(t, uwsgi.NewServer, vectors)
}

func TestServerRejects(t *testing.T) {
	vectors := codectest.Vectors{
		{"PSGI", "\x05\x00\x00\x00", "modifier1 5 (PSGI) is not served here, only 0 (WSGI)"},
		{"unknown modifier", "\xc8\x00\x00\x00", "modifier1 200 is not served here"},
		{"no variables", "\x00\x00\x00\x00", "REQUEST_METHOD is missing"},
		{"key too long", "\x00\x04\x00\x00\x03\x00ab", "key length 3 reaches past the vars block"},
		{"value too long", "\x00\x08\x00\x00\x02\x00ab\xff\xffcd", "value length 65535 reaches past the vars block"},
		{"no value", "\x00\x04\x00\x00\x02\x00ab", "ends where the length of a value should be"},
		{"half a length", "\x00\x01\x00\x00\x02", "ends where the length of a key should be"},
		{"no key", "\x00\x04\x00\x00\x00\x00\x00\x00", "key of length 0 at byte 0"},
		{
			"bad CONTENT_LENGTH", "\x00\x2a\x00\x00\x0e\x00REQUEST_METHOD\x03\x00GET\x0e\x00CONTENT_LENGTH\x03\x00-10",
			`malformed CONTENT_LENGTH "-10"`,
		},
	}
	codectest.ServerRejects(t, uwsgi.NewServer, "HTTP/1.0 400 Bad Request", vectors)
}

func TestServerCutShort(t *testing.T) {
	codectest.ServerCutShort(t, uwsgi.NewServer, "\x00", "\x00\x02\x00\x00", "\x00\x10\x00\x00\x02\x00a")
}

func TestClientBytes(t *testing.T) {
	g := &cgi.Gateway{}
	codec := uwsgi.NewCodec(g)
	r := httptest.NewRequest("GET", "http://example.com/x", nil)
	got, err := codec.AppendHead([]byte("before"), r, 0)
	if err != nil {
		t.Fatal(err)
	}
	rest, ok := strings.CutPrefix(string(got), "before\x00")
	if !ok {
		t.Fatalf("got %q", got)
	}
	if size := int(rest[0]) | int(rest[1])<<8; size != len(rest)-3 || rest[2] != 0 {
		t.Errorf("size field says %d of %d bytes, modifier2 is %d", size, len(rest)-3, rest[2])
	}
	const first = "\x0e\x00CONTENT_LENGTH\x01\x000\x0e\x00REQUEST_METHOD\x03\x00GET"
	if !strings.HasPrefix(rest[3:], first) {
		t.Errorf("block starts %q", rest[3:3+len(first)])
	}
}

func TestClientLimit(t *testing.T) { codectest.ClientLimit(t, uwsgi.NewCodec, uwsgi.MaxVars) }

func TestClientReads(t *testing.T) { codectest.ClientReads(t, uwsgi.NewCodec) }

func TestRoundTrip(t *testing.T) { codectest.RoundTrip(t, uwsgi.NewCodec, uwsgi.NewServer) }
