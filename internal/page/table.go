package page

import (
	"html/template"
	"math"
	"strconv"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// Table is a table of text, which the partial "table" draws in a region that scrolls
// sideways by itself where it has to.
type Table struct {
	ID       string // unique in the page
	Caption  string // says what the rows are
	Sortable bool   // by columns that have a Type
	Filters  bool   // by the axes of Row.Attrs
	Dense    bool   // of many columns, none of them wrapped
	Cards    bool   // on small screens each row is a card, whose cells name themselves
	Head     []Column
	Rows     []Row // each has a cell for each column
}

// Column is the head of one.
type Column struct {
	Text, Unit string
	Type       string        // "number" or "text": what it sorts by; "" where it does not
	Number     bool          // aligned to the right
	Drawn      template.HTML // after the text: the axis of what its cells draw
}

// label names a cell of the column where it stands without its head.
func (c Column) label() string {
	if c.Unit == "" {
		return c.Text
	}
	return c.Text + ", " + c.Unit
}

// Row is one of a table.
type Row struct {
	Class string
	Attrs []template.HTMLAttr // such as those of AxisAttrs
	Cells []Cell
}

// Cell is plain text, or what was drawn of it.
type Cell struct {
	Drawn template.HTML // in place of the text; such as a Badge or an interval
	Text  string
	Note  string // in small letters after it
	Said  string // for those who do not see how the cell looks
	Class string
	Value string // what it sorts by where that is not its text; "" for a number that is unknown
	Head  bool   // names its row
	// Of its column; the table sets them, where it has cards.
	Label string
	Axis  template.HTML
}

// Class is what style and script know the table by.
func (t Table) Class() string {
	var names []string
	for _, c := range []struct {
		is   bool
		name string
	}{{t.Sortable, "sortable"}, {t.Filters, "filterable"}, {t.Dense, "dense"}, {t.Cards, "cards"}} {
		if c.is {
			names = append(names, c.name)
		}
	}
	return strings.Join(names, " ")
}

// HTML renders the table.
func (t Table) HTML() (template.HTML, error) {
	for _, row := range t.Rows {
		for i := range row.Cells[:min(len(row.Cells), len(t.Head))] {
			cell, head := &row.Cells[i], t.Head[i]
			if t.Cards {
				cell.Label, cell.Axis = head.label(), head.Drawn
			}
			if head.Type == "number" {
				cell.keyed()
			}
		}
	}
	return render("table", t)
}

// keyed gives the cell of a column of numbers what it sorts by. That is the number it
// shows, in the unit it shows it in; a script finds that in the text if nothing stands
// beside it, which includes what nobody sees.
func (c *Cell) keyed() {
	if _, err := strconv.ParseFloat(c.Text, 64); err != nil {
		return // such as "12,963", or what is not known
	}
	c.Value = ""
	if c.Drawn != "" || c.Axis != "" || c.Note != "" || c.Said != "" {
		c.Value = c.Text
	}
}

// textColumn and numberColumn are heads of columns that sort.
func textColumn(text string) Column { return Column{Text: text, Type: "text"} }

func numberColumn(text, unit string) Column {
	return Column{Text: text, Unit: unit, Type: "number", Number: true}
}

// textCell is what comes from outside.
func textCell(text string) Cell { return Cell{Text: inert.Line(text)} }

// numberCell shows a figure as that text, and sorts by the figure itself, in the unit of
// the text; ok is false where it is unknown.
func numberCell(text string, v float64, ok bool) Cell {
	return Cell{Text: text, Class: "number", Value: sortKey(v, ok)}
}

// FigureCell shows a figure to three significant digits; one that is not finite is
// unknown.
func FigureCell(v float64) Cell { return figureCell(v, true) }

// figureCell shows a figure to three significant digits.
func figureCell(v float64, ok bool) Cell {
	if !ok || !summary.Finite(v) {
		return Cell{Text: summary.Unknown, Class: "number"}
	}
	return numberCell(summary.Significant(v), v, true)
}

// countCell is a number of things.
func countCell(n int) Cell { return Cell{Text: strconv.Itoa(n), Class: "number"} }

func sortKey(v float64, ok bool) string {
	if !ok || math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

// AxisAttrs are what filters go by.
func AxisAttrs(c results.Case, axes []string) []template.HTMLAttr {
	attrs := make([]template.HTMLAttr, 0, len(axes))
	for _, axis := range axes {
		attrs = append(attrs, AxisAttr(axis, c.Value(axis)))
	}
	return attrs
}

// AxisAttr is a value to filter by; the axis is a name of gwbench's own.
func AxisAttr(axis, value string) template.HTMLAttr {
	return template.HTMLAttr("data-axis-" + axis + `="` + template.HTMLEscapeString(inert.Line(value)) + `"`)
}

// axisCell is a value of a case; that of its protocol has its colour beside it.
func axisCell(c results.Case, axis string) Cell {
	cell := Cell{Text: inert.Line(c.Value(axis))}
	if cell.Text == "" {
		cell.Text = summary.Unknown
	}
	if axis == "protocol" {
		cell.Class = "protocol " + protocolClass(c.Protocol)
	}
	return cell
}

// protocolClass is the name of a protocol's colour.
func protocolClass(protocol string) string {
	switch protocol {
	case "http", "uwsgi", "fastcgi", "scgi":
		return protocol
	}
	return "other"
}
