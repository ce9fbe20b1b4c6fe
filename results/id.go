package results

import (
	"strings"
	"time"
	"unicode/utf8"
)

// idTime is the layout of the time in a run's ID, always UTC.
const idTime = "20060102T150405Z"

// runID names a run by its start and scenario: 20260102T150405Z-hello.
func runID(start time.Time, scenario string) string {
	return start.UTC().Format(idTime) + "-" + slug(scenario)
}

// maxSlug keeps folder names short: sockets and logs below them have names of
// limited length.
const maxSlug = 48

// slug turns a name into one that every file system takes and no shell needs to
// quote: ASCII letters in lower case, digits, dots, dashes and underscores.
// Whatever else the name holds becomes a single dash.
func slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(name) {
		if r >= utf8.RuneSelf || !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789._", r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(r)
	}
	s := b.String()
	s = strings.Trim(s[:min(len(s), maxSlug)], "._-")
	if s == "" {
		return "run"
	}
	return s
}
