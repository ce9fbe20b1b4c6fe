package scgi

import (
	"bufio"
	"bytes"
	"testing"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/protocols/internal/codectest"
	"github.com/gwbench/gwbench/protocols/server"
)

// FuzzReadRequest holds the server to: no panic, a documented error or a whole
// request, and the same whatever the reads bring. What it accepts, its client
// side can say.
func FuzzReadRequest(f *testing.F) {
	f.Add("70:CONTENT_LENGTH\x0027\x00SCGI\x001\x00REQUEST_METHOD\x00POST\x00REQUEST_URI\x00/deepthought\x00,What is the answer to life?")
	f.Add("42:CONTENT_LENGTH\x000\x00SCGI\x001\x00REQUEST_METHOD\x00A\x00,")
	f.Add("24:CONTENT_LENGTH\x000\x00SCGI\x001\x00,")
	f.Add("99999999999:")
	f.Add("0:,")
	f.Fuzz(func(t *testing.T, input string) {
		r, err := codectest.ReadRequest(t, func() server.Codec { return &serverCodec{} }, input)
		if err != nil {
			return
		}
		vars := new(cgi.Vars)
		vars.Add("CONTENT_LENGTH", "0")
		for name, value := range cgi.Environ(r) {
			if name != "CONTENT_LENGTH" {
				vars.Add(name, value)
			}
		}
		header, err := appendHeader(nil, vars)
		if err != nil {
			t.Fatal(err)
		}
		var parsed cgi.Vars
		if err := readHeader(bufio.NewReader(bytes.NewReader(header)), &parsed); err != nil || parsed.Len() != vars.Len() {
			t.Errorf("%d variables became %d, %v", vars.Len(), parsed.Len(), err)
		}
	})
}

func TestExchangeAllocatesNothing(t *testing.T) {
	codectest.ExchangeAllocatesNothing(t, NewCodec, "Status: 200 OK")
}

func BenchmarkEncodeDecode(b *testing.B) { codectest.EncodeDecode(b, NewCodec, "Status: 200 OK") }
