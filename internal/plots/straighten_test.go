package plots

import (
	"math"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

// A line that lost points passes all of them as near as nobody sees.
func TestStraightenedLinesPassAllPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var path vg.Path
		x := vg.Length(0)
		for i := range rapid.IntRange(0, 60).Draw(t, "points") {
			x += vg.Length(rapid.Float64Range(0, 3).Draw(t, "step"))
			p := vg.Point{X: x, Y: vg.Length(10*math.Sin(float64(x)/9) + rapid.Float64Range(-1, 1).Draw(t, "off"))}
			if i == 0 {
				path.Move(p)
			} else {
				path.Line(p)
			}
		}
		straight := straighten(path)
		for _, part := range path {
			nearest := vg.Length(math.Inf(1))
			for i := range straight {
				nearest = min(nearest, distance(part.Pos, straight[max(i-1, 0)].Pos, straight[i].Pos))
			}
			if nearest > unseen {
				t.Fatalf("%v is %v points from the line", part.Pos, nearest)
			}
		}
	})
}

func TestStraightenLeavesOutWhatLiesOnTheLine(t *testing.T) {
	var line vg.Path
	line.Move(vg.Point{})
	for i := 1; i <= 100; i++ {
		line.Line(vg.Point{X: vg.Length(i), Y: vg.Length(2 * i)})
	}
	if got := straighten(line); len(got) != 2 || got[1].Pos != line[100].Pos {
		t.Errorf("a straight line of 101 points has %d", len(got))
	}
	var shape vg.Path
	shape.Move(vg.Point{})
	shape.Line(vg.Point{X: 1})
	shape.Line(vg.Point{X: 2})
	shape.Close()
	if got := straighten(shape); len(got) != len(shape) {
		t.Errorf("a shape lost %d of its parts", len(shape)-len(got))
	}
}
