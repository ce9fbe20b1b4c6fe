package page

import (
	"cmp"
	"html/template"

	"golang.org/x/sync/errgroup"

	"github.com/gwbench/gwbench/internal/plots"
)

// Figure is a picture that the partial "figure" draws: one drawing for screens of 600
// pixels and more, one for smaller ones.
type Figure struct {
	Name         string // of the picture, and of the chart that may take its place
	Title        string // shown where a chart takes the place of the drawings, which have it too
	Wide, Narrow template.HTML
	Caption      string
}

// NewFigure draws a picture. It takes some 10 ms for each of the two.
func NewFigure(p plots.Picture) (Figure, error) {
	wide, err := p.Inline(plots.Wide)
	if err != nil {
		return Figure{}, err
	}
	narrow, err := p.Inline(plots.Narrow)
	if err != nil {
		return Figure{}, err
	}
	return Figure{Name: p.Name, Title: p.Title, Wide: template.HTML(wide), Narrow: template.HTML(narrow), Caption: cmp.Or(p.Facts, p.Alt)}, nil
}

// HTML renders the figure.
func (f Figure) HTML() (template.HTML, error) { return render("figure", f) }

// drawAll draws pictures side by side, and returns the figures by name.
func drawAll(pictures []plots.Picture) (map[string]template.HTML, error) {
	drawn := make([]template.HTML, len(pictures))
	var group errgroup.Group
	for i, p := range pictures {
		group.Go(func() error {
			f, err := NewFigure(p)
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
