package bench

import (
	"strings"
	"testing"
)

func TestDifference(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       string
	}{
		{"the same bytes", `{"path":"/"}`, `{"path":"/"}`, ""},
		{"one member", `{"method":"GET","path":"/a"}`, `{"method":"GET","path":"/b"}`, `  path: a has "/a", b has "/b"`},
		{"one is missing", `{"path":"/a"}`, `{}`, `  path: a has "/a", b has nothing`},
		{"not JSON", `{}`, "oops", "  a answers \"{}\"\n  b answers \"oops\""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := difference(test.a, test.b); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestExcerptIsShort(t *testing.T) {
	got := excerpt([]byte(strings.Repeat("x", 10_000)))
	if len(got) > 300 || !strings.Contains(got, "9800 bytes more") {
		t.Errorf("excerpt of 10000 bytes: %q", got)
	}
}
