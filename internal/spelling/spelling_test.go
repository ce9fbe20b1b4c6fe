package spelling

import (
	"testing"

	"pgregory.net/rapid"
)

func TestNearest(t *testing.T) {
	known := []string{"http", "uwsgi", "fastcgi", "scgi"}
	for name, want := range map[string]string{
		"htpt":     "http", // a swap is one edit
		"FastCGI":  "fastcgi",
		"fast-cgi": "fastcgi",
		"usgi":     "uwsgi", // as near to scgi, which comes later
		"ftp":      "",
		"":         "",
		"gopher":   "",
	} {
		if got := Nearest(name, known); got != want {
			t.Errorf("%q is nearest to %q, want %q", name, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "abc", 0},
		{"kitten", "sitting", 3},
		{"scgi", "uwsgi", 3},
		{"ab", "ba", 1},
		{"ca", "abc", 3}, // what was swapped is not edited again
		{"größe", "grosse", 3},
	} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("%q, %q: %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-c]{0,6}`)
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		if distance(a, b) != distance(b, a) || (distance(a, b) == 0) != (a == b) {
			t.Fatalf("%q %q: not a distance", a, b)
		}
		// The way over a third word can be shorter, as it may edit what was swapped,
		// but not by more than half: a swap is worth two edits.
		if distance(a, c) > 2*(distance(a, b)+distance(b, c)) {
			t.Fatalf("%q is too far from %q: by way of %q it is near", a, c, b)
		}
	})
}
