package plots

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// unseen is how far a line in a page may pass a point by that it had: a quarter of a
// pixel at the width that pages show. Curves of many points are most of a page's
// pictures, and most of their points lie on the line between their neighbours.
const unseen = 0.2 * vg.Length(1)

// straighten leaves out the points of a line that it passes within unseen without
// them (Ramer 1972, Douglas and Peucker 1973). Paths that are not one line of points
// are returned as they are.
func straighten(path vg.Path) vg.Path {
	for i, part := range path {
		if part.Type != vg.LineComp && (i > 0 || part.Type != vg.MoveComp) {
			return path
		}
	}
	if len(path) < 3 {
		return path
	}
	keep := make([]bool, len(path))
	keep[0], keep[len(path)-1] = true, true
	type span struct{ first, last int }
	for todo := []span{{0, len(path) - 1}}; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		farthest, at := unseen, -1
		for i := s.first + 1; i < s.last; i++ {
			if d := distance(path[i].Pos, path[s.first].Pos, path[s.last].Pos); d > farthest {
				farthest, at = d, i
			}
		}
		if at >= 0 {
			keep[at] = true
			todo = append(todo, span{s.first, at}, span{at, s.last})
		}
	}
	straight := make(vg.Path, 0, len(path))
	for i, part := range path {
		if keep[i] {
			straight = append(straight, part)
		}
	}
	return straight
}

// distance is how far p lies from the line between a and b.
func distance(p, a, b vg.Point) vg.Length {
	along, from := b.Sub(a), p.Sub(a)
	length := along.Dot(along)
	if length == 0 {
		return vg.Length(math.Hypot(float64(from.X), float64(from.Y)))
	}
	t := min(max(along.Dot(from)/length, 0), 1)
	off := from.Sub(along.Scale(t))
	return vg.Length(math.Hypot(float64(off.X), float64(off.Y)))
}
