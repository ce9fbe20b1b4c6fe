package uwsgi

import (
	"errors"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/protocols/internal/codectest"
	"github.com/gwbench/gwbench/protocols/server"
)

// FuzzReadRequest holds the server to: no panic, a documented error or a whole
// request, and the same whatever the reads bring. What it accepts, its client
// side can say.
func FuzzReadRequest(f *testing.F) {
	f.Add("\x00\x2b\x00\x00\x0e\x00REQUEST_METHOD\x04\x00POST\x0b\x00REQUEST_URI\x06\x00/a?b=c")
	f.Add("\x00\x2a\x00\x00\x0e\x00REQUEST_METHOD\x03\x00GET\x0e\x00CONTENT_LENGTH\x01\x003xyz")
	f.Add("\x05\x00\x00\x00")
	f.Add("\x00\x04\x00\x00\x03\x00ab")
	f.Fuzz(func(t *testing.T, input string) {
		if strings.HasPrefix(input, "\x64") {
			t.Skip() // a ping is answered on the connection, and there is none
		}
		r, err := codectest.ReadRequest(t, func() server.Codec { return &serverCodec{} }, input)
		var limit *cgi.LimitError
		if errors.As(err, &limit) {
			t.Fatal(err) // 16 bits cannot ask for too much
		}
		if err != nil {
			return
		}
		var vars, parsed cgi.Vars
		for name, value := range cgi.Environ(r) {
			vars.Add(name, value)
		}
		packet, err := appendPacket(nil, &vars)
		if err != nil {
			t.Fatal(err)
		}
		if err := parseBlock(&parsed, packet[headerSize:]); err != nil || parsed.Len() != vars.Len() {
			t.Errorf("%d variables became %d, %v", vars.Len(), parsed.Len(), err)
		}
	})
}

func TestExchangeAllocatesNothing(t *testing.T) {
	codectest.ExchangeAllocatesNothing(t, NewCodec, "HTTP/1.1 200 OK")
}

func BenchmarkEncodeDecode(b *testing.B) { codectest.EncodeDecode(b, NewCodec, "HTTP/1.1 200 OK") }
