package summarytest

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

// OnlyText fails on what a terminal or a reader would obey rather than show.
func OnlyText(t *testing.T, what, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s: not valid UTF-8", what)
	}
	for i, r := range text {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) {
			t.Fatalf("%s: control character %U at byte %d", what, r, i)
		}
	}
}
