package plots

import (
	"hash/fnv"
	"image/color"
	"math"
	"strings"
	"unicode/utf8"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
	"github.com/gwbench/gwbench/results"
)

// The sans-serif face has the metrics of Arial and Helvetica, so that an SVG
// keeps its layout where the font itself is not installed.
var sans = font.Font{Typeface: "Liberation", Variant: "Sans"}

func init() { plot.DefaultFont = sans }

// colour is one of the palette, as much of it as its opacity says. It has the name of
// the CSS variable that a page may give another value, for a dark screen say.
type colour struct {
	name    string
	red     uint8
	green   uint8
	blue    uint8
	opacity float64 // 0 to 1
}

// RGBA implements color.Color.
func (c colour) RGBA() (r, g, b, a uint32) {
	return color.NRGBA{c.red, c.green, c.blue, uint8(math.Round(255 * c.opacity))}.RGBA()
}

// tint is that share of a colour, through which shows what lies beneath.
func tint(c colour, share float64) colour {
	c.opacity *= share
	return c
}

// Colours of Okabe and Ito, "Color Universal Design" (2008): told apart with
// every common form of colour blindness.
var (
	httpBlue     = colour{"http", 0x00, 0x72, 0xB2, 1}
	uwsgiRed     = colour{"uwsgi", 0xD5, 0x5E, 0x00, 1}
	fastcgiGreen = colour{"fastcgi", 0x00, 0x9E, 0x73, 1}
	scgiPurple   = colour{"scgi", 0xCC, 0x79, 0xA7, 1}
	otherOrange  = colour{"other", 0xE6, 0x9F, 0x00, 1}
	otherSky     = colour{"other-too", 0x56, 0xB4, 0xE9, 1}
	supportedHue = colour{"supported", 0x22, 0x22, 0x22, 1}
	refutedHue   = colour{"refuted", 0x9C, 0x1C, 0x4B, 1}
	undecidedHue = colour{"inconclusive", 0x66, 0x66, 0x66, 1}

	paper = colour{"paper", 0xFF, 0xFF, 0xFF, 1}
	ink   = colour{"ink", 0x22, 0x22, 0x22, 1}
	muted = colour{"muted", 0x66, 0x66, 0x66, 1}
	faint = colour{"faint", 0xE4, 0xE4, 0xE4, 1}
	band  = colour{"band", 0xF6, 0xF6, 0xF6, 1}
)

// protocolColour is fixed per protocol, in every plot of every run.
func protocolColour(protocol string) colour {
	switch protocol {
	case "http":
		return httpBlue
	case "uwsgi":
		return uwsgiRed
	case "fastcgi":
		return fastcgiGreen
	case "scgi":
		return scgiPurple
	}
	h := fnv.New32a()
	h.Write([]byte(protocol))
	return []colour{otherOrange, otherSky}[h.Sum32()%2]
}

// connectionDashes is solid for kept connections and dashed for one
// connection per request.
func connectionDashes(connection string) []vg.Length {
	switch connection {
	case results.KeepAlive:
		return nil
	case results.PerRequest:
		return []vg.Length{vg.Points(5), vg.Points(2.5)}
	}
	return []vg.Length{vg.Points(1.5), vg.Points(2)}
}

// outcomeStyle is the colour and the mark of a verdict; the mark alone tells
// them apart too.
func outcomeStyle(o verdict.Outcome) (colour, draw.GlyphDrawer) {
	switch o {
	case verdict.Supported:
		return supportedHue, draw.CircleGlyph{}
	case verdict.Refuted:
		return refutedHue, draw.BoxGlyph{}
	}
	return undecidedHue, draw.RingGlyph{}
}

// textStyle is the plots' text in that size (points) and colour, anchored at
// its left end and middle.
func textStyle(size float64, c color.Color) text.Style {
	return text.Style{
		Color:   c,
		Font:    font.From(sans, font.Points(size)),
		XAlign:  text.XLeft,
		YAlign:  text.YCenter,
		Handler: plot.DefaultTextHandler,
	}
}

func boldStyle(size float64, c color.Color) text.Style {
	s := textStyle(size, c)
	s.Font.Weight = xfont.WeightBold
	return s
}

// shortenTo cuts text to a width on paper, the end of which is then an
// ellipsis. Cutting runes before measuring keeps long names cheap.
func shortenTo(s string, style text.Style, width vg.Length) string {
	const mostRunes = 300
	cut := false
	if utf8.RuneCountInString(s) > mostRunes {
		s, cut = string([]rune(s)[:mostRunes]), true
	}
	for s != "" && style.Width(withEllipsis(s, cut)) > width {
		_, size := utf8.DecodeLastRuneInString(s)
		s, cut = s[:len(s)-size], true
	}
	return withEllipsis(s, cut)
}

// lines breaks text at its blanks into lines of that width on paper; "" has none. A
// word that is wider is cut.
func lines(s string, style text.Style, width vg.Length) []string {
	var broken []string
	for _, word := range strings.Fields(s) {
		last := len(broken) - 1
		if last >= 0 && style.Width(broken[last]+" "+word) <= width {
			broken[last] += " " + word
			continue
		}
		broken = append(broken, shortenTo(word, style, width))
	}
	return broken
}

func withEllipsis(s string, cut bool) string {
	if cut {
		return s + "…"
	}
	return s
}

// newPlot is a panel in the common style: thin grey axes, small text.
func newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.LineStyle.Color = muted
		axis.LineStyle.Width = vg.Points(0.5)
		axis.Tick.LineStyle.Color = muted
		axis.Tick.Length = vg.Points(4)
		axis.Tick.Label.Color = ink
		axis.Tick.Label.Font.Size = vg.Points(8.5)
		axis.Label.TextStyle.Color = ink
		axis.Label.TextStyle.Font.Size = vg.Points(9)
		axis.Label.Padding = vg.Points(4)
		axis.Padding = 0
	}
	return p
}

// niceStep is the least of 1, 2 and 5 times a power of ten that divides span
// into at most n parts.
func niceStep(span float64, n int) float64 {
	if !(span > 0) || !summary.Finite(span) {
		return 1
	}
	raw := span / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if raw <= m*power {
			return m * power
		}
	}
	return 10 * power
}

// mostSteps is how many steps an axis of that width has room for.
func mostSteps(width vg.Length) int { return min(max(int(width/40), 2), 8) }

// stepTicks labels an axis with at most n+1 round numbers at even distances.
// min must not be negative.
func stepTicks(min, max float64, n int) plot.ConstantTicks {
	step := niceStep(max-min, n)
	first := math.Ceil(min / step)
	var ticks plot.ConstantTicks
	for i := range n + 1 {
		if v := (first + float64(i)) * step; v <= max*(1+1e-9) {
			ticks = append(ticks, plot.Tick{Value: v, Label: summary.TickLabel(v)})
		}
	}
	return ticks
}

// logTicks labels a logarithmic axis: within a decade with even steps, over a
// few decades with 1, 2 and 5 times the powers of ten, else with powers of ten
// that do not crowd. Minor ticks fill in. min and max have to be positive.
func logTicks(min, max float64) plot.ConstantTicks {
	low, high := math.Log10(min), math.Log10(max)
	if high-low < 0.75 {
		return stepTicks(min, max, 6)
	}
	labelled := map[int]bool{1: true}
	if high-low < 3 {
		labelled = map[int]bool{1: true, 2: true, 5: true}
	}
	every := int(math.Max(1, math.Ceil((high-low)/8)))
	var ticks plot.ConstantTicks
	for e := int(math.Floor(low)); e <= int(math.Ceil(high)); e++ {
		for m := 1; m <= 9; m++ {
			v := float64(m) * math.Pow(10, float64(e))
			if v < min*(1-1e-9) || v > max*(1+1e-9) {
				continue
			}
			tick := plot.Tick{Value: v}
			if labelled[m] && e%every == 0 {
				tick.Label = summary.TickLabel(v)
			}
			if tick.Label != "" || every == 1 {
				ticks = append(ticks, tick)
			}
		}
	}
	return ticks
}

// logRange leaves a little room around positive values, and spans at least a
// factor of 2.
func logRange(min, max float64) (low, high float64) {
	low, high = min/1.1, max*1.1
	if high < 2*low {
		low, high = low/1.4, high*1.4
	}
	return low, high
}

// wholeTicks labels an axis with whole numbers: all of them where they are few, else
// at even distances.
func wholeTicks(min, max float64) plot.ConstantTicks {
	step := math.Max(niceStep(max-min, 12), 1)
	var ticks plot.ConstantTicks
	for v := math.Ceil(min/step) * step; v <= max && len(ticks) < 32; v += step {
		ticks = append(ticks, plot.Tick{Value: v, Label: summary.TickLabel(v)})
	}
	return ticks
}
