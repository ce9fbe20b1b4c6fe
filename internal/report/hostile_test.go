package report

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func TestHostileTextIsInertInATerminal(t *testing.T) {
	for _, width := range []int{0, 20, 80} {
		summarytest.OnlyText(t, "terminal", string(terminal(t, summarytest.Hostile(t), Style{Width: width})))
	}
}

func TestHostileTextKeepsTheTableInItsWidth(t *testing.T) {
	d := summarytest.Hostile(t)
	for _, width := range []int{40, 80, 120} {
		table := newTable(d, false)
		lines, err := table.render(Style{Width: width})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if got := twwidth.Width(line); got > width {
				t.Errorf("width %d: a line of %d columns: %s", width, got, line)
			}
		}
	}
}

// unescaped finds a character that begins markup and has no backslash in
// front.
var unescaped = regexp.MustCompile("(^|[^\\\\])(\\\\\\\\)*([`<>&]|\\*[^*]|\\[)")

// foldTag is the HTML that folds parts of a document, with the titles that gwbench
// gives them.
var foldTag = regexp.MustCompile(`^(<details><summary>[A-Za-z0-9, ]+</summary>|</details>)$`)

func TestHostileTextIsInertInMarkdown(t *testing.T) {
	d := summarytest.Hostile(t)
	m, err := markdownReport(d, picturesOf(d), SVG)
	if err != nil {
		t.Fatal(err)
	}
	summarytest.OnlyText(t, "report.md", string(m))
	columns := 0
	for _, line := range strings.Split(string(m), "\n") {
		line = foldTag.ReplaceAllString(strings.TrimPrefix(line, "!["), "")
		line = strings.NewReplacer("**", "").Replace(line)
		if at := unescaped.FindString(line); at != "" {
			t.Errorf("%q is not escaped in: %.300s", at, line)
		}
		if strings.HasPrefix(line, "|") {
			bars := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
			if columns != 0 && bars != columns {
				t.Errorf("a row of %d bars in a table of %d: %.300s", bars, columns, line)
			}
			columns = bars
			continue
		}
		columns = 0
	}
}

func TestHostileTextIsInertInJSON(t *testing.T) {
	var out bytes.Buffer
	if err := JSON(&out, summarytest.Hostile(t)); err != nil {
		t.Fatal(err)
	}
	// Data keep the text as it was, but for what a terminal obeys.
	for i, r := range out.String() {
		if r != '\n' && unicode.Is(unicode.Cc, r) {
			t.Fatalf("control character %U at byte %d", r, i)
		}
	}
	var back struct {
		Run struct{ Warnings []string }
	}
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if want := strings.ToValidUTF8(summarytest.HostileText, "\uFFFD"); back.Run.Warnings[0] != want {
		t.Errorf("JSON carries %q, want the text as it was: %q", back.Run.Warnings[0], want)
	}
}
