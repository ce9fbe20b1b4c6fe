package plots

import (
	"testing"

	"gonum.org/v1/plot/vg"

	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

// BenchmarkPictures draws all that a report of 30 cases and 24 blocks has.
func BenchmarkPictures(b *testing.B) {
	d := withUsage(summarytest.Longest(b))
	if got, least := len(d.Trials), 30*24; got < least {
		b.Fatalf("%d trials, want %d at least", got, least)
	}
	inline := func(width vg.Length) func(Picture) ([]byte, error) {
		return func(p Picture) ([]byte, error) { return p.Inline(width) }
	}
	b.Run("layout", func(b *testing.B) {
		for b.Loop() {
			picturesOf(d)
		}
	})
	pictures := picturesOf(d)
	for _, bb := range []struct {
		name   string
		render func(Picture) ([]byte, error)
	}{
		{"svg", Picture.SVG},
		{"wide", inline(Wide)},
		{"narrow", inline(Narrow)},
		{"png", Picture.PNG},
		{"pdf", Picture.PDF},
	} {
		b.Run(bb.name, func(b *testing.B) {
			bytes := 0
			for b.Loop() {
				bytes = 0
				for _, p := range pictures {
					content, err := bb.render(p)
					if err != nil {
						b.Fatal(err)
					}
					bytes += len(content)
				}
			}
			b.ReportMetric(float64(bytes), "B")
		})
	}
}
