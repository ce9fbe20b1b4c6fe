package report

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
)

// Style says what the terminal can do.
type Style struct {
	Width int // columns; 0: unknown, sentences are not wrapped and tables take those of defaultWidth
	Color bool
	Wide  bool // tables have all columns, however wide that makes them
}

// defaultWidth is that of tables which no terminal shows: of a terminal by habit.
const defaultWidth = 80 // columns

// tableWidth is how wide tables may be; 0 is unlimited.
func (s Style) tableWidth() int {
	switch {
	case s.Wide:
		return 0
	case s.Width > 0:
		return s.Width
	}
	return defaultWidth
}

// ANSI sequences of the few styles in use.
const (
	ansiBold   = "\x1b[1m"
	ansiRed    = "\x1b[1;31m"
	ansiGreen  = "\x1b[1;32m"
	ansiYellow = "\x1b[1;33m"
	ansiReset  = "\x1b[0m"
)

func (s Style) bold(text string, on bool) string {
	if !s.Color || !on {
		return text
	}
	return ansiBold + text + ansiReset
}

// outcome is the verdict word; the word alone carries the meaning.
func (s Style) outcome(o verdict.Outcome) string {
	word := strings.ToUpper(inert.Line(string(o)))
	if word == "" {
		word = "UNDECIDED"
	}
	colour := ansiYellow
	switch o {
	case verdict.Supported:
		colour = ansiGreen
	case verdict.Refuted:
		colour = ansiRed
	}
	return s.paint(colour, word)
}

func (s Style) paint(colour, text string) string {
	if !s.Color {
		return text
	}
	return colour + text + ansiReset
}

// cut shortens one line to the width of tables.
func (s Style) cut(line string) string {
	if s.tableWidth() <= 0 {
		return line
	}
	return summary.Shorten(line, s.tableWidth())
}

// wrap breaks text at spaces to the width of the terminal; every line starts
// with the indent, further ones with two more spaces. A word wider than the
// terminal gets a line of its own.
func (s Style) wrap(indent, text string) []string {
	if s.Width <= 0 {
		return []string{indent + text}
	}
	var lines []string
	line := indent
	empty := true
	for _, word := range words(text) {
		if !empty && twwidth.Width(line)+1+twwidth.Width(word) > s.Width {
			lines = append(lines, line)
			line, empty = indent+"  ", true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	return append(lines, line)
}

// words are what a line may break between: a number keeps its per cent.
func words(text string) []string {
	var all []string
	for _, word := range strings.Fields(text) {
		if strings.HasPrefix(word, "%") && len(all) > 0 {
			all[len(all)-1] += " " + word
			continue
		}
		all = append(all, word)
	}
	return all
}

func (s Style) wrapAll(texts []string) []string {
	var lines []string
	for _, text := range texts {
		lines = append(lines, s.wrap("", text)...)
	}
	return lines
}

// list is a heading and its items, nothing where there are none.
func (s Style) list(heading string, items []string) []string {
	if len(items) == 0 {
		return nil
	}
	lines := []string{s.bold(heading, true)}
	for _, item := range items {
		lines = append(lines, s.wrap("  ", item)...)
	}
	return lines
}
