package fastcgi

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// record is one record as the specification draws it, written without the
// code under test.
func record(t byte, id uint16, content string, padding int) string {
	n := len(content)
	head := []byte{1, t, byte(id >> 8), byte(id), byte(n >> 8), byte(n), byte(padding), 0}
	return string(head) + content + string(make([]byte, padding))
}

// The records of the specification's appendix B. Its notation leaves padding
// and everything after SERVER_ADDR out.
const (
	beginResponder = "\x01\x01\x00\x01\x00\x08\x00\x00" + "\x00\x01\x00\x00\x00\x00\x00\x00"
	beginKeepConn  = "\x01\x01\x00\x01\x00\x08\x00\x00" + "\x00\x01\x01\x00\x00\x00\x00\x00"
	paramsEnd      = "\x01\x04\x00\x01\x00\x00\x00\x00"
	stdinEnd       = "\x01\x05\x00\x01\x00\x00\x00\x00"
	stdoutEnd      = "\x01\x06\x00\x01\x00\x00\x00\x00"
	stderrEnd      = "\x01\x07\x00\x01\x00\x00\x00\x00"
	endComplete    = "\x01\x03\x00\x01\x00\x08\x00\x00" + "\x00\x00\x00\x00\x00\x00\x00\x00"
	end938         = "\x01\x03\x00\x01\x00\x08\x00\x00" + "\x00\x00\x03\xaa\x00\x00\x00\x00"

	appendixPairs = "\x0b\x02SERVER_PORT80\x0b\x0eSERVER_ADDR199.170.183.42"
)
