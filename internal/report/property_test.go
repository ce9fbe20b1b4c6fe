package report

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func TestAnyRecordsCanBeShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := summarytest.AnyData.Draw(t, "data")
		s := Style{Width: rapid.IntRange(0, 200).Draw(t, "width"), Color: rapid.Bool().Draw(t, "colour")}
		if err := Terminal(io.Discard, d, s); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := JSON(&out, d); err != nil {
			t.Fatal(err)
		}
		if !json.Valid([]byte(out.String())) {
			t.Fatalf("not JSON: %s", out.String())
		}
	})
}

func TestAnyRecordsCanBeDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := summarytest.AnyData.Draw(t, "data")
		pages := picturesOf(d)
		for _, p := range pages {
			svg, err := p.SVG()
			if err != nil {
				t.Fatal(err)
			}
			if at := summarytest.NoNumber(svg); at != "" {
				t.Fatalf("%s.svg has a place that is no number: %s", p.Name, at)
			}
		}
		if _, err := markdownReport(d, pages, SVG); err != nil {
			t.Fatal(err)
		}
	})
}

// TestTheTableFitsTheTerminal: from the width at which the figures that stay
// longest fit, no line of the table is wider than the terminal.
func TestTheTableFitsTheTerminal(t *testing.T) {
	d := summarytest.Hello(t)
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(24, 160).Draw(t, "width")
		table := newTable(d, false)
		lines, err := table.render(Style{Width: width, Color: false})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if got := twwidth.Width(line); got > width {
				t.Fatalf("%d columns in a terminal of %d: %s", got, width, line)
			}
		}
	})
}

func TestHelloFitsEightyColumns(t *testing.T) {
	for i, line := range strings.Split(string(terminal(t, summarytest.Hello(t), Style{Width: 80})), "\n") {
		if got := twwidth.Width(line); got > 80 {
			t.Errorf("line %d has %d columns: %s", i+1, got, line)
		}
	}
}

func TestColourChangesNoWord(t *testing.T) {
	for _, width := range []int{0, 80} {
		plain := string(terminal(t, summarytest.Hello(t), Style{Width: width}))
		coloured := string(terminal(t, summarytest.Hello(t), Style{Width: width, Color: true}))
		for _, code := range []string{ansiBold, ansiRed, ansiGreen, ansiYellow, ansiReset} {
			coloured = strings.ReplaceAll(coloured, code, "")
		}
		if plain != coloured {
			t.Errorf("width %d: without colour\n%s\nwith colour\n%s", width, plain, coloured)
		}
	}
}
