package scenarios

import (
	"fmt"
	"strconv"
	"strings"
)

// Error is a mistake in a scenario file. Detect with errors.As.
type Error struct {
	File         string // as given to Parse
	Line, Column int    // from 1; columns count characters
	Source       string // the offending line; "" where the file has no such line
	Problem      string // what is wrong
	Hint         string // the nearest valid name, or what to write; may be ""
}

// Error is what a person reads: position and problem, the line with a caret
// under the column, the hint.
//
//	hello.yaml:3:19: unknown protocol "fastcg"
//	  3 | protocols: [http, fastcg]
//	    |                   ^
//	  did you mean "fastcgi"?
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: %s", e.File, e.Line, e.Column, e.Problem)
	if e.Source != "" {
		number := strconv.Itoa(e.Line)
		line, caret := window([]rune(e.Source), e.Column-1)
		fmt.Fprintf(&b, "\n  %s | %s\n  %s | %s^", number, line, strings.Repeat(" ", len(number)), caret)
	}
	if e.Hint != "" {
		fmt.Fprintf(&b, "\n  %s", e.Hint)
	}
	return b.String()
}

// maxShown is the number of characters of a line that a message shows.
const maxShown = 100

// window cuts a long line to the part around a column (from 0) and returns it
// with the blanks that put a caret under that column. Tabs stay tabs in both,
// so that the caret is right whatever their width.
func window(line []rune, column int) (shown, blanks string) {
	column = max(0, min(column, len(line)))
	start, end := 0, len(line)
	if len(line) > maxShown {
		start = max(0, column-maxShown/2)
		end = min(len(line), start+maxShown)
	}
	var text, pad strings.Builder
	if start > 0 {
		text.WriteString("…")
		pad.WriteByte(' ')
	}
	for i := start; i < end; i++ {
		text.WriteRune(line[i])
		if i >= column {
			continue
		}
		if line[i] == '\t' {
			pad.WriteByte('\t')
		} else {
			pad.WriteByte(' ')
		}
	}
	if end < len(line) {
		text.WriteString("…")
	}
	return text.String(), pad.String()
}
