package plots

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	cellGap   = 18 * vg.Length(1) // between charts side by side
	legendGap = 6 * vg.Length(1)  // between a legend and the charts below it
)

// stacked is charts below each other, each with the width for itself: the legend
// stands right of the data, or below it in narrow pictures.
func stacked(charts []chart) []panel {
	panels := make([]panel, len(charts))
	for i, ch := range charts {
		plotted := chartHeight
		if ch.empty != "" {
			plotted = 2 * headHeight
		}
		panels[i] = panel{
			height: func(width vg.Length) vg.Length {
				if narrow(width) {
					return headingHeight(ch.heading, width) + plotted + ch.legend.height(width)
				}
				side := sideLegend(charts)
				return headingHeight(ch.heading, width-side-2*columnGap) + max(plotted, ch.legend.height(side))
			},
			draw: func(c draw.Canvas) {
				width, ticks := c.Max.X-c.Min.X, widestTicks(charts, chartHeight)
				if narrow(width) {
					below := ch.legend.height(width)
					ch.draw(draw.Crop(c, 0, 0, below, 0), ticks)
					ch.legend.draw(draw.Crop(c, 0, 0, 0, -(c.Max.Y - c.Min.Y - below)))
					return
				}
				side := sideLegend(charts)
				ch.draw(draw.Crop(c, 0, -side-2*columnGap, 0, 0), ticks)
				ch.legend.draw(draw.Crop(c, width-side, 0, 0, -headHeight))
			},
		}
	}
	return panels
}

// sideLegend is the width of the legends right of the data.
func sideLegend(charts []chart) vg.Length {
	width := vg.Length(0)
	for _, ch := range charts {
		width = max(width, ch.legend.columnWidth())
	}
	return width
}

func widestTicks(charts []chart, height vg.Length) vg.Length {
	width := vg.Length(0)
	for _, ch := range charts {
		width = max(width, ch.tickWidth(height))
	}
	return width
}

// grid is charts side by side in so many columns, one in narrow pictures. Where all
// have one legend it stands above them, once.
func grid(charts []chart, columns int) panel {
	shared := len(charts) > 1
	for _, ch := range charts {
		shared = shared && ch.legend.same(charts[0].legend)
	}
	layout := func(width vg.Length) (n int, cell vg.Length) {
		n = min(columns, len(charts))
		if narrow(width) {
			n = 1
		}
		return n, (width - cellGap*vg.Length(n-1)) / vg.Length(n)
	}
	cellBelow := func(ch chart, cell vg.Length) vg.Length {
		if shared {
			return 0
		}
		return ch.legend.height(cell)
	}
	rowHeightOf := func(row []chart, cell vg.Length) vg.Length {
		height := vg.Length(0)
		for _, ch := range row {
			height = max(height, headingHeight(ch.heading, cell)+cellHeight+cellBelow(ch, cell))
		}
		return height
	}
	rows := func(n int) (rows [][]chart) {
		for i := 0; i < len(charts); i += n {
			rows = append(rows, charts[i:min(i+n, len(charts))])
		}
		return rows
	}
	above := func(width vg.Length) vg.Length {
		if !shared {
			return 0
		}
		return charts[0].legend.height(width) + legendGap
	}
	return panel{
		height: func(width vg.Length) vg.Length {
			n, cell := layout(width)
			height := above(width)
			for i, row := range rows(n) {
				if i > 0 {
					height += panelGap
				}
				height += rowHeightOf(row, cell)
			}
			return height
		},
		draw: func(c draw.Canvas) {
			width := c.Max.X - c.Min.X
			n, cell := layout(width)
			ticks := widestTicks(charts, cellHeight)
			if shared {
				charts[0].legend.draw(c)
			}
			top := c.Max.Y - above(width)
			for _, row := range rows(n) {
				height := rowHeightOf(row, cell)
				for i, ch := range row {
					at := c
					at.Min = vg.Point{X: c.Min.X + (cell+cellGap)*vg.Length(i), Y: top - height}
					at.Max = vg.Point{X: at.Min.X + cell, Y: top}
					plotted := at
					plotted.Min.Y = top - headingHeight(ch.heading, cell) - cellHeight
					ch.draw(plotted, ticks)
					if !shared {
						at.Max.Y = plotted.Min.Y
						ch.legend.draw(at)
					}
				}
				top -= height + panelGap
			}
		},
	}
}

// headingPanel is a heading above the panels that follow.
func headingPanel(text string) panel {
	return panel{
		height: func(width vg.Length) vg.Length { return headingHeight(text, width) },
		draw:   func(c draw.Canvas) { drawHeading(c, text) },
	}
}
