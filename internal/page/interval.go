package page

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/gwbench/gwbench/internal/stats"
	"github.com/gwbench/gwbench/internal/summary"
)

// ratioScale is the logarithmic axis that several intervals of ratios share, so that they
// may be compared by eye. All that it draws is as wide as its cell: coordinates are
// percentages.
type ratioScale struct {
	low, high float64 // natural logarithms
	marks     []float64
	band      [2]float64 // ratios; none where both are 0
}

// Edges of the data within a drawing, in percent of its width: names of marks that
// stand at an edge have their half beyond it.
const (
	firstPercent = 10.0
	lastPercent  = 90.0
)

// newRatioScale spans these ratios with their intervals, and the marks: 1 for no difference
// at all, and whatever else they are held against. What is not positive and finite is
// passed over.
func newRatioScale(marks []float64, ratios ...stats.Ratio) ratioScale {
	s := ratioScale{low: 0, high: 0} // ratio 1
	include := func(v float64) bool {
		if !(v > 0) || !summary.Finite(v) {
			return false
		}
		s.low, s.high = min(s.low, math.Log(v)), max(s.high, math.Log(v))
		return true
	}
	for _, m := range append([]float64{1}, marks...) {
		known := false
		for _, have := range s.marks {
			known = known || have == m
		}
		if !known && include(m) {
			s.marks = append(s.marks, m)
		}
	}
	for _, r := range ratios {
		include(r.Estimate)
		if hasInterval(r) {
			include(r.Low)
			include(r.High)
		}
	}
	if least := math.Log(1.1); s.high-s.low < least { // a difference of nothing does not fill the cell
		middle := (s.low + s.high) / 2
		s.low, s.high = middle-least/2, middle+least/2
	}
	return s
}

// hasInterval tells whether a ratio came with one.
func hasInterval(r stats.Ratio) bool {
	return r.Low > 0 && r.High >= r.Low && summary.Finite(r.Low) && summary.Finite(r.High)
}

// banded shades what lies between two ratios in what the scale draws from now on.
func (s ratioScale) banded(low, high float64) ratioScale {
	s.band = [2]float64{min(max(low, math.Exp(s.low)), math.Exp(s.high)), min(max(high, math.Exp(s.low)), math.Exp(s.high))}
	return s
}

func (s ratioScale) percent(ratio float64) string {
	at := firstPercent + (lastPercent-firstPercent)*(math.Log(ratio)-s.low)/(s.high-s.low)
	return fmt.Sprintf("%.2f%%", at)
}

// axis names the marks.
func (s ratioScale) axis() template.HTML {
	var out strings.Builder
	out.WriteString(`<svg class="interval" height="16" aria-hidden="true">`)
	for i, m := range s.marks {
		anchor := "middle"
		// Two marks whose names would touch have them on their outer sides.
		if other := s.marks[len(s.marks)-1-i]; len(s.marks) == 2 && math.Abs(math.Log(m/other)) < 0.25*(s.high-s.low) {
			anchor = "start"
			if m < other {
				anchor = "end"
			}
		}
		fmt.Fprintf(&out, `<text x="%s" y="12" text-anchor="%s">%s</text>`, s.percent(m), anchor, summary.TrimFloat(m)+"x")
	}
	out.WriteString("</svg>")
	return template.HTML(out.String())
}

// interval draws a ratio with its interval against the marks. The class chooses its
// colour, the text says the same as the drawing.
func (s ratioScale) interval(r stats.Ratio, class, text string) template.HTML {
	var out strings.Builder
	fmt.Fprintf(&out, `<svg class="interval" height="20" role="img" aria-label="%s"><line class="axis" x1="0" x2="100%%" y1="10" y2="10"/>`, template.HTMLEscapeString(text))
	if s.band[1] > s.band[0] && s.band[0] > 0 {
		fmt.Fprintf(&out, `<line class="band" x1="%s" x2="%s" y1="10" y2="10"/>`, s.percent(s.band[0]), s.percent(s.band[1]))
	}
	for i, m := range s.marks {
		name := "one"
		if i > 0 {
			name = "factor"
		}
		fmt.Fprintf(&out, `<line class="%s" x1="%s" x2="%s" y1="0" y2="20"/>`, name, s.percent(m), s.percent(m))
	}
	class = template.HTMLEscapeString(class)
	if hasInterval(r) {
		fmt.Fprintf(&out, `<line class="span %s" x1="%s" x2="%s" y1="10" y2="10"/>`, class, s.percent(r.Low), s.percent(r.High))
	}
	if r.Estimate > 0 && summary.Finite(r.Estimate) {
		fmt.Fprintf(&out, `<circle class="estimate %s" cx="%s" cy="10" r="4"/>`, class, s.percent(r.Estimate))
	}
	out.WriteString("</svg>")
	return template.HTML(out.String())
}
