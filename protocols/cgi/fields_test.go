package cgi

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAppendHead(t *testing.T) {
	tests := []struct {
		name   string
		status int
		header http.Header
		length int64
		want   string
	}{
		{"bare", 204, nil, -1, "Status: 204 No Content\r\n\r\n"},
		{"unknown status", 299, nil, 0, "Status: 299 \r\nContent-Length: 0\r\n\r\n"},
		{
			"sorted", 200,
			http.Header{"X-B": {"1", "2"}, "X-A": {"3"}, "X-Nil": nil},
			5,
			"Status: 200 OK\r\nX-A: 3\r\nX-B: 1\r\nX-B: 2\r\nContent-Length: 5\r\n\r\n",
		},
		{
			"not a handler's to say", 200, http.Header{
				"Connection": {"x-hop"}, "X-Hop": {"1"}, "Keep-Alive": {"1"}, "Transfer-Encoding": {"chunked"}, "Trailer": {"X"},
				"Upgrade": {"h2c"}, "Content-Length": {"9"}, "Status": {"500"}, "X-Keep": {"1"},
			}, -1, "Status: 200 OK\r\nX-Keep: 1\r\n\r\n",
		},
		{
			"forged", 200,
			http.Header{"X-A": {"1\r\nX-B: 2\x00"}, "X-B\r\nX-C": {"3"}, "": {"4"}},
			-1,
			"Status: 200 OK\r\nX-A: 1  X-B: 2 \r\n\r\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if d := cmp.Diff(test.want, string(AppendHead(nil, test.status, test.header, test.length))); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func TestAppendHeadAllocatesNothing(t *testing.T) {
	h := http.Header{}
	for i := range 32 {
		h["X-Field-"+strconv.Itoa(i)] = []string{"value"}
	}
	var out []byte
	if allocs := testing.AllocsPerRun(100, func() { out = AppendHead(out[:0], 200, h, 42) }); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func TestNoBody(t *testing.T) {
	tests := []struct {
		method string
		status int
		want   bool
	}{
		{"GET", 200, false},
		{"HEAD", 200, true},
		{"head", 200, false},
		{"GET", 204, true},
		{"GET", 304, true},
		{"GET", 101, true},
		{"GET", 404, false},
	}
	for _, test := range tests {
		if got := NoBody(test.method, test.status); got != test.want {
			t.Errorf("NoBody(%q, %d) is %v", test.method, test.status, got)
		}
	}
}
