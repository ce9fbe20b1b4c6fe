package export

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
)

// markdown collects a document of GitHub Markdown. Its methods take texts from
// outside only where they say so.
type markdown struct{ out bytes.Buffer }

// mostText keeps one text of a summary readable, and the whole below the size
// that GitHub takes (1 MiB for a step).
const mostText = 1000 // bytes

// markup makes text from outside plain text in GitHub Markdown.
func markup(s string) string { return inert.Markdown(shorten(inert.Line(s), mostText)) }

// heading takes a text from outside.
func (m *markdown) heading(level int, text string) {
	if m.out.Len() > 0 {
		m.out.WriteByte('\n')
	}
	fmt.Fprintf(&m.out, "%s %s\n", strings.Repeat("#", level), markup(text))
}

func (m *markdown) paragraph(text string) { fmt.Fprintf(&m.out, "\n%s\n", text) }

// item is one of a list, or of a list within a list.
func (m *markdown) item(level int, text string) {
	fmt.Fprintf(&m.out, "%s- %s\n", strings.Repeat("  ", level), text)
}

// table takes texts from outside. All but the first column are aligned to the
// right.
func (m *markdown) table(head []string, rows [][]string) {
	m.out.WriteByte('\n')
	m.row(head)
	m.out.WriteString("|---" + strings.Repeat("|--:", len(head)-1) + "|\n")
	for _, row := range rows {
		m.row(row)
	}
}

func (m *markdown) row(cells []string) {
	for _, cell := range cells {
		m.out.WriteString("| " + markup(cell) + " ")
	}
	m.out.WriteString("|\n")
}
