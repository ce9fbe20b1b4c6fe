package inert_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/inert"
)

func ExampleLine() {
	fmt.Println(inert.Line("  two\nlines and \x1b[31mred\x1b[0m "))
	// Output: two lines and [31mred [0m
}

func ExampleText() {
	fmt.Println(inert.Text("a.yaml:1:7: unknown key\r\n  1 | ab\x1b[31mc\r\n    |       ^"))
	// Output:
	// a.yaml:1:7: unknown key
	//   1 | ab [31mc
	//     |       ^
}

func ExampleMarkdown() {
	fmt.Println(inert.Markdown("- <b>@all</b> | https://example.com"))
	// Output: \- \<b\>\@all\</b\> \| https\://example.com
}

func TestLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		line := inert.Line(s)
		if !utf8.ValidString(line) || strings.ContainsFunc(line, unicode.IsControl) || strings.Contains(line, "  ") || strings.TrimSpace(line) != line {
			t.Fatalf("%q", line)
		}
		if again := inert.Line(line); again != line {
			t.Fatalf("%q becomes %q", line, again)
		}
	})
	for text, want := range map[string]string{
		"":                         "",
		"plain":                    "plain",
		"a\r\nb\u2028c\u2029d":     "a b c d",
		"\u202egnp.exe":            "gnp.exe",
		"\x9b31m\x1b]0;title\a ok": "\ufffd31m ]0;title ok",
	} {
		if got := inert.Line(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// TestText: lines and columns are those of the text, and nothing in it is
// obeyed.
func TestText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("a \n\t\r\x1b\x9b\u202e\u2028")))).Draw(t, "s")
		text := inert.Text(s)
		if !utf8.ValidString(text) || inert.Text(text) != text {
			t.Fatalf("%q becomes %q", s, text)
		}
		for _, r := range text {
			if r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
				t.Fatalf("%q has %U", text, r)
			}
		}
		was, is := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n"), strings.Split(text, "\n")
		if len(was) != len(is) {
			t.Fatalf("%d lines become %d", len(was), len(is))
		}
		for i := range was {
			if utf8.RuneCountInString(was[i]) != utf8.RuneCountInString(is[i]) {
				t.Fatalf("the columns of %q are not those of %q", is[i], was[i])
			}
		}
	})
	for text, want := range map[string]string{
		"":                        "",
		"a:\n\t1 |  b\n":          "a:\n\t1 |  b\n",
		"well\rgwbench: ok":       "well gwbench: ok",
		"\x1b]0;title\a\x9b31m b": " ]0;title \ufffd31m b",
	} {
		if got := inert.Text(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestMarkdownLeavesFiguresAlone(t *testing.T) {
	for text, want := range map[string]string{
		"-": "-", "-0.4": "-0.4", "+1.5": "+1.5", "@ 2.20GHz": "@ 2.20GHz", "a:b": "a:b",
		"- item": `\- item`, "---": `\---`, "@all": `\@all`, "www.x": `www\.x`,
	} {
		if got := inert.Markdown(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// TestMarkdown: without its backslashes the text is what it was, and each
// character that means something has one.
func TestMarkdown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("ab www.:/-+<>|@\\`*_[]#~&$^={}\n"))).Draw(t, "s")
		escaped := inert.Markdown(s)
		var plain strings.Builder
		for i := 0; i < len(escaped); i++ {
			switch {
			case escaped[i] == '\\':
				i++
			case strings.ContainsRune("`*_{}[]<>#|~&$^=", rune(escaped[i])):
				t.Fatalf("%q has a bare %c", escaped, escaped[i])
			}
			plain.WriteByte(escaped[i])
		}
		if plain.String() != inert.Line(s) {
			t.Fatalf("%q says %q, want %q", escaped, plain.String(), inert.Line(s))
		}
	})
}
