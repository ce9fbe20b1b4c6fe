package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/gwbench/gwbench/internal/inert"
)

// lineWidth is what text is wrapped to: that of a terminal, by habit.
const lineWidth = 80 // columns

// printTable prints rows, the first being the header, without borders. The
// last column is wrapped where the table would be too wide. Cells may hold text
// from outside.
func printTable(w io.Writer, cells [][]string) error {
	rows := make([][]string, len(cells))
	for i, row := range cells {
		for _, cell := range row {
			rows[i] = append(rows[i], inert.Line(cell))
		}
	}
	last := len(rows[0]) - 1
	rest := lineWidth
	for column := range last {
		widest := 0
		for _, row := range rows {
			widest = max(widest, len(row[column]))
		}
		rest -= widest + len("  ")
	}
	// The renderer repeats paddings to fill cells, which only single characters
	// survive; the one on the left of a line is taken off again.
	pad := tw.Padding{Left: " ", Right: " ", Overwrite: true}
	style := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Padding:    tw.CellPadding{Global: pad},
		Alignment:  tw.CellAlignment{Global: tw.AlignLeft},
	}
	var text strings.Builder
	table := tablewriter.NewTable(&text,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbols(tw.StyleASCII),
			Settings: tw.Settings{
				Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On, ShowFooterLine: tw.Off},
				Separators: tw.SeparatorsNone,
			},
		})),
		tablewriter.WithTrimSpace(tw.Off), tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderConfig(style), tablewriter.WithRowConfig(style))
	table.Header(rows[0])
	for _, row := range rows[1:] {
		for i, line := range wrap(row[last], max(rest, 20)) {
			drawn := make([]string, len(row))
			if i == 0 {
				copy(drawn, row)
			}
			drawn[last] = line
			if err := table.Append(drawn); err != nil {
				return err
			}
		}
	}
	if err := table.Render(); err != nil {
		return err
	}
	for line := range strings.Lines(text.String()) {
		line = strings.TrimRight(strings.TrimPrefix(line, " "), " \n")
		if strings.Trim(line, "-") == "" {
			line = strings.TrimPrefix(line, "--") // the rule is drawn beneath the outer paddings too
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

// printWrapped prints a text after a lead, beneath which its further lines are
// indented. Both may come from outside.
func printWrapped(w io.Writer, lead, text string) {
	const indent = "  "
	for i, line := range wrap(inert.Line(lead+text), lineWidth-len(indent)) {
		if i > 0 {
			line = indent + line
		}
		fmt.Fprintln(w, line)
	}
}

// wrap breaks a text at blanks into lines of up to so many bytes; a longer
// word has a line of its own.
func wrap(text string, width int) []string {
	lines := []string{""}
	for word := range strings.FieldsSeq(text) {
		current := &lines[len(lines)-1]
		switch {
		case *current == "":
			*current = word
		case len(*current)+1+len(word) <= width:
			*current += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}
