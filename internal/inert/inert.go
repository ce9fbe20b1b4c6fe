// Package inert makes text that comes from outside harmless where it is shown:
// names in scenario files, messages of servers, whatever somebody else chose.
// Its functions are pure, and safe for concurrent use.
package inert

import (
	"strings"
	"unicode"
)

// Line returns one line of valid UTF-8, without control and format characters
// (escape sequences, direction overrides) and with single spaces between words:
// what may go to a terminal, into a picture or a document. Even where a format
// could carry a line break it is not shown as one, since a line may look like
// something that gwbench says.
func Line(s string) string {
	s = strings.Map(func(r rune) rune {
		if obeyed(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// Text returns valid UTF-8 with the lines and the spacing of s, in which every
// control or format character but the line break and the tab is a blank: for
// what is laid out in lines and columns, such as an error with a caret beneath a
// place in a file. Line is for all that is a single text.
func Text(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && obeyed(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// obeyed tells what a terminal or a reader obeys, rather than shows.
func obeyed(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
}

// Markdown returns Line(s) as plain text in GitHub Markdown, in a table cell too:
// whatever could begin markup, HTML, an entity, a mention or a link is escaped,
// and what would make a list or a rule of a text that begins with it.
func Markdown(s string) string {
	s = Line(s)
	var out strings.Builder
	for i, r := range s {
		next := strings.TrimPrefix(s[i:], string(r))
		switch {
		case strings.ContainsRune("\\`*_{}[]<>#|~&$^=", r),
			r == '@' && next != "" && next[0] != ' ',
			r == ':' && strings.HasPrefix(next, "//"),
			r == '.' && strings.HasSuffix(strings.ToLower(s[:i]), "www"),
			i == 0 && (r == '+' || r == '-') && next != "" && strings.ContainsRune(" -", rune(next[0])):
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}
