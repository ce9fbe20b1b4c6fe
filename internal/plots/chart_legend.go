package plots

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/results"
)

// Measures of legends.
const (
	mostLegend   = 230 * vg.Length(1) // width of one entry
	legendRow    = 14 * vg.Length(1)
	legendSample = 26 * vg.Length(1) // length of the piece of line in front of a name
)

// legend says what the lines and marks of a chart stand for, in columns of one width.
type legend struct {
	entries []legendEntry
	key     string // a line below them; may be ""
}

// LegendKey says what colour and dashes stand for.
const LegendKey = "colour: protocol; dashed: " + results.PerRequest

var keyStyle = textStyle(8, muted)

// columnWidth is the width that the legend needs at least.
func (l legend) columnWidth() vg.Length {
	width := vg.Length(0)
	if l.key != "" {
		width = min(keyStyle.Width(l.key), mostLegend)
	}
	return max(width, l.entryWidth())
}

// entryWidth is the width of the widest entry.
func (l legend) entryWidth() vg.Length {
	width := vg.Length(0)
	for _, e := range l.entries {
		width = max(width, min(e.sampleRoom()+rowStyle.Width(e.text), mostLegend))
	}
	return width
}

// columns is how many entries stand beside each other in that width.
func (l legend) columns(width vg.Length) int {
	return max(1, min(len(l.entries), int((width+2*columnGap)/(l.entryWidth()+2*columnGap))))
}

func (l legend) height(width vg.Length) vg.Length {
	if len(l.entries) == 0 {
		return 0
	}
	n := l.columns(width)
	rows := (len(l.entries) + n - 1) / n
	return legendRow * vg.Length(rows+len(lines(l.key, keyStyle, width)))
}

// draw draws the entries from the top left of c, row by row.
func (l legend) draw(c draw.Canvas) {
	if len(l.entries) == 0 {
		return
	}
	width := c.Max.X - c.Min.X
	column := l.entryWidth()
	y := c.Max.Y - legendRow/2
	for row := range slices.Chunk(l.entries, l.columns(width)) {
		for i, e := range row {
			e.text = shortenTo(e.text, rowStyle, min(column, width)-e.sampleRoom())
			e.draw(c, c.Min.X+(column+2*columnGap)*vg.Length(i), y)
		}
		y -= legendRow
	}
	for _, line := range lines(l.key, keyStyle, width) {
		fillText(c, keyStyle, c.Min.X, y, line)
		y -= legendRow
	}
}

// same tells whether both say the same.
func (l legend) same(other legend) bool {
	return l.key == other.key && slices.EqualFunc(l.entries, other.entries, func(a, b legendEntry) bool {
		if a.text != b.text || a.mark != b.mark || a.hue != b.hue || (a.line == nil) != (b.line == nil) {
			return false
		}
		return a.line == nil || a.line.Color == b.line.Color && a.line.Width == b.line.Width && slices.Equal(a.line.Dashes, b.line.Dashes)
	})
}
