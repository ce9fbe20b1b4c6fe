package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// sampleWidth is that of a piece of a bar in a legend.
const sampleWidth = 18 * vg.Length(1)

// legendEntry is a mark, a piece of a line with or without one, or a piece of a bar, and
// what it stands for.
type legendEntry struct {
	mark  draw.GlyphDrawer // nil: none
	line  *draw.LineStyle  // nil: none
	bar   func(c draw.Canvas, box vg.Rectangle)
	hue   color.Color // of the mark
	text  string
	width vg.Length
}

// sampleRoom is what stands before the text takes.
func (e legendEntry) sampleRoom() vg.Length {
	switch {
	case e.line != nil:
		return legendSample + 4
	case e.bar != nil:
		return sampleWidth + 4
	case e.mark != nil:
		return markWidth
	}
	return 0
}

// legendPanel sets entries one after the other, in as many lines as it takes.
func legendPanel(entries []legendEntry) panel {
	rows := func(width vg.Length) [][]legendEntry {
		var rows [][]legendEntry
		used := vg.Length(0)
		for _, e := range entries {
			e.text = shortenTo(e.text, rowStyle, width-e.sampleRoom()-columnGap)
			e.width = e.sampleRoom() + rowStyle.Width(e.text) + 2*columnGap
			if len(rows) == 0 || used+e.width-2*columnGap > width {
				rows, used = append(rows, nil), 0
			}
			rows[len(rows)-1] = append(rows[len(rows)-1], e)
			used += e.width
		}
		return rows
	}
	return panel{
		height: func(width vg.Length) vg.Length { return legendRow * vg.Length(len(rows(width))) },
		draw: func(c draw.Canvas) {
			for i, row := range rows(c.Max.X - c.Min.X) {
				x, y := c.Min.X, c.Max.Y-legendRow*(vg.Length(i)+0.5)
				for _, e := range row {
					e.draw(c, x, y)
					x += e.width
				}
			}
		},
	}
}

func (e legendEntry) draw(c draw.Canvas, x, y vg.Length) {
	at := vg.Point{X: x + 4, Y: y}
	if e.line != nil {
		c.StrokeLine2(*e.line, x, y, x+legendSample, y)
		at.X = x + legendSample/2
	}
	if e.bar != nil {
		e.bar(c, vg.Rectangle{Min: vg.Point{X: x, Y: y - 4.5}, Max: vg.Point{X: x + sampleWidth, Y: y + 4.5}})
	}
	if e.mark != nil {
		drawMark(c, e.mark, e.hue, at)
	}
	fillText(c, rowStyle, x+e.sampleRoom(), y, e.text)
}

// drawMark sets a mark onto what is beneath it. A ring has a line that is seen on dark
// pages too, and nothing shines through it.
func drawMark(c draw.Canvas, mark draw.GlyphDrawer, hue color.Color, at vg.Point) {
	if _, ring := mark.(draw.RingGlyph); ring {
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: hue, Radius: vg.Points(3), Shape: draw.CircleGlyph{}}, at)
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: paper, Radius: vg.Points(1.8), Shape: draw.CircleGlyph{}}, at)
		return
	}
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: hue, Radius: vg.Points(3), Shape: mark}, at)
}
