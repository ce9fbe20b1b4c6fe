package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// onlyText fails on what a terminal or a reader would obey rather than show.
func onlyText(t *testing.T, what, text string) {
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

func TestHostileTextIsInertInATerminal(t *testing.T) {
	for _, width := range []int{0, 20, 80} {
		onlyText(t, "terminal", string(terminal(t, hostile(t), Style{Width: width})))
	}
}

func TestHostileTextKeepsTheTableInItsWidth(t *testing.T) {
	d := hostile(t)
	for _, width := range []int{40, 80, 120} {
		table := newTable(d)
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

func TestHostileTextIsInertInMarkdown(t *testing.T) {
	d := hostile(t)
	m, err := markdownReport(d, plots(d))
	if err != nil {
		t.Fatal(err)
	}
	onlyText(t, "report.md", string(m))
	columns := 0
	for _, line := range strings.Split(string(m), "\n") {
		line = strings.TrimPrefix(line, "![")
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

func TestHostileTextIsInertInSVG(t *testing.T) {
	for _, p := range plots(hostile(t)) {
		svg, err := p.svg()
		if err != nil {
			t.Fatal(err)
		}
		onlyText(t, p.name, strings.ReplaceAll(string(svg), "\t", " "))
		elements := 0
		decoder := xml.NewDecoder(bytes.NewReader(svg))
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s.svg is not XML: %v", p.name, err)
			}
			if start, ok := token.(xml.StartElement); ok {
				elements++
				if start.Name.Local == "script" {
					t.Errorf("%s.svg has a script", p.name)
				}
			}
		}
		if elements < 10 {
			t.Errorf("%s.svg has %d elements, too few for a plot", p.name, elements)
		}
	}
}

func TestHostileTextIsInertInJSON(t *testing.T) {
	var out bytes.Buffer
	if err := JSON(&out, hostile(t)); err != nil {
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
	if want := strings.ToValidUTF8(hostileText, "\uFFFD"); back.Run.Warnings[0] != want {
		t.Errorf("JSON carries %q, want the text as it was: %q", back.Run.Warnings[0], want)
	}
}
