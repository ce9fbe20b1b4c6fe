package page

import (
	"cmp"
	"html/template"

	"golang.org/x/sync/errgroup"

	"github.com/gwbench/gwbench/internal/plots"
)

// Figure is a picture that the partial "figure" draws: one drawing for screens of 600
// pixels and more, one for smaller ones. Without the latter the wide one is there on
// small screens too, and scrolls.
type Figure struct {
	Name         string // of the picture, and of the chart that may take its place
	Title        string // shown where a chart takes the place of the drawings, which have it too, as the next two
	Reading      string
	Notes        []string
	Wide, Narrow template.HTML
	Caption      string
}

// NewFigure draws a picture. It takes some 10 ms for each of the two.
func NewFigure(p plots.Picture) (Figure, error) { return newFigure(p, true) }

func newFigure(p plots.Picture, narrow bool) (Figure, error) {
	f := Figure{Name: p.Name, Title: p.Title, Caption: cmp.Or(p.Facts, p.Alt)}
	wide, err := p.Inline(plots.Wide)
	if err != nil {
		return Figure{}, err
	}
	f.Wide = template.HTML(wide)
	if narrow {
		drawn, err := p.Inline(plots.Narrow)
		if err != nil {
			return Figure{}, err
		}
		f.Narrow = template.HTML(drawn)
	}
	f.Reading, f.Notes = p.Reading()
	return f, nil
}

// HTML renders the figure.
func (f Figure) HTML() (template.HTML, error) { return render("figure", f) }

// drawAll draws pictures side by side, and returns the figures by name. Where a chart
// takes the place of the drawings, the narrow one would be seen on small screens
// without JavaScript alone, and is left out: drawings are a quarter of a page's bytes.
func drawAll(pictures []plots.Picture, charts ChartData) (map[string]template.HTML, error) {
	drawn := make([]template.HTML, len(pictures))
	var group errgroup.Group
	for i, p := range pictures {
		group.Go(func() error {
			_, charted := charts.Charts[p.Name]
			f, err := newFigure(p, !charted)
			if err == nil {
				drawn[i], err = f.HTML()
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	figures := make(map[string]template.HTML, len(pictures))
	for i, p := range pictures {
		figures[p.Name] = drawn[i]
	}
	return figures, nil
}
