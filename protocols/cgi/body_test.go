package cgi

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestBody(t *testing.T) {
	broken := errors.New("broken")
	tests := []struct {
		name   string
		source io.Reader
		length int64
		want   string
		err    error
	}{
		{"known length", strings.NewReader("body, and more"), 4, "body", nil},
		{"empty", strings.NewReader("more"), 0, "", nil},
		{"to the end", strings.NewReader("all"), -1, "all", nil},
		{"cut short", strings.NewReader("bo"), 4, "bo", io.ErrUnexpectedEOF},
		{"ends with its last bytes", iotest.DataErrReader(strings.NewReader("body")), 4, "body", nil},
		{"broken", iotest.ErrReader(broken), 4, "", broken},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var b Body
			b.Reset(bufio.NewReader(test.source), test.length)
			got, err := io.ReadAll(&b)
			if string(got) != test.want || !errors.Is(err, test.err) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}
