package httpwire

import "strings"

// tokenChars marks tchar (RFC 9110, 5.6.2): what methods and field names are
// made of.
var tokenChars = charSet("!#$%&'*+-.^_`|~0123456789" + letters)

// hostChars marks what a Host field may hold (RFC 3986, 3.2.2 and 3.2.3):
// reg-name, IP literals in brackets, and the port.
var hostChars = charSet("!$%&'()*+,-.:;=[]_~0123456789" + letters)

// pathChars marks what stands for itself in a path, and what package url would
// write so too: "!", "'", "(", ")" and "*" it would escape, and so keeps a path
// that has them in RawPath.
var pathChars = charSet("$&+,-./:;=@_~0123456789" + letters)

// queryChars marks what a query may hold as it is (RFC 3986, 3.4), without "%"
// and "?".
var queryChars = charSet("!$&'()*+,-./:;=@_~0123456789" + letters)

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

func charSet(chars string) (set [256]bool) {
	for i := range len(chars) {
		set[chars[i]] = true
	}
	return set
}

func isToken(s string) bool { return s != "" && allIn(s, &tokenChars) }

func allIn(s string, set *[256]bool) bool {
	for i := range len(s) {
		if !set[s[i]] {
			return false
		}
	}
	return true
}

// isFieldValue accepts field-content with spaces and tabs (RFC 9110, 5.5):
// no control characters, so that no value can start a line of its own.
func isFieldValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' && c != '\t') || c == 0x7f {
			return false
		}
	}
	return true
}

// hasToken tells whether a comma-separated list has the token, in any case.
func hasToken(list, token string) bool {
	for list != "" {
		var item string
		item, list, _ = strings.Cut(list, ",")
		if strings.EqualFold(strings.Trim(item, " \t"), token) {
			return true
		}
	}
	return false
}
