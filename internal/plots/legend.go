package plots

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Measures of a key.
const (
	keyRow    = 14 * vg.Length(1)
	keySample = 18 * vg.Length(1)
)

// keyItem is what a sample stands for.
type keyItem struct {
	text   string
	sample func(c draw.Canvas, box vg.Rectangle)
}

func (k keyItem) width() vg.Length {
	return keySample + columnGap/2 + keyStyle.Width(k.text) + 2*columnGap
}

// keyPanel lists items side by side, in as many lines as they need.
func keyPanel(items []keyItem) panel {
	return panel{
		height: func(width vg.Length) vg.Length { return keyRow * vg.Length(len(keyLines(items, width))) },
		draw: func(c draw.Canvas) {
			y := c.Max.Y - keyRow/2
			for _, line := range keyLines(items, c.Max.X-c.Min.X) {
				x := c.Min.X
				for _, k := range line {
					k.sample(c, vg.Rectangle{Min: vg.Point{X: x, Y: y - 4.5}, Max: vg.Point{X: x + keySample, Y: y + 4.5}})
					fillText(c, keyStyle, x+keySample+columnGap/2, y, k.text)
					x += k.width()
				}
				y -= keyRow
			}
		},
	}
}

func keyLines(items []keyItem, width vg.Length) (broken [][]keyItem) {
	x := width
	for _, k := range items {
		if x += k.width(); len(broken) == 0 || x-2*columnGap > width {
			broken, x = append(broken, nil), k.width()
		}
		broken[len(broken)-1] = append(broken[len(broken)-1], k)
	}
	return broken
}
