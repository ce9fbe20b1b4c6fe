package plots

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func TestNoTextLiesOverAnother(t *testing.T) {
	for name, pictures := range map[string][]Picture{
		"hello":            picturesOf(summarytest.Hello(t)),
		"thirty":           picturesOf(summarytest.ThirtyCases(t)),
		"sixty":            picturesOf(summarytest.SixtyCases(t)),
		"fronts":           picturesOf(withUsage(summarytest.Fronts(t))),
		"noisy":            picturesOf(summarytest.Noisy(t)),
		"searched":         picturesOf(summarytest.Searched(t)),
		"hostile":          picturesOf(summarytest.Hostile(t)),
		"extreme":          picturesOf(summarytest.Extreme(t)),
		"nothing":          picturesOf(summarytest.NothingValid(t)),
		"compared":         Compared(summarytest.Compared(t)),
		"compared thirty":  Compared(summarytest.ComparedThirty(t)),
		"compared hostile": Compared(summarytest.ComparedHostile(t)),
	} {
		if len(pictures) == 0 {
			t.Errorf("%s: no pictures", name)
		}
		for _, p := range pictures {
			for _, width := range []vg.Length{Wide, Narrow} {
				t.Run(fmt.Sprintf("%s/%s/%.0f", name, p.Name, float64(width)), func(t *testing.T) {
					svg, err := p.Inline(width)
					if err != nil {
						t.Fatal(err)
					}
					checkTexts(t, svg, width, p.height(width))
				})
			}
		}
	}
}

// checkTexts fails where a text leaves the picture or lies over another.
func checkTexts(t *testing.T, svg []byte, width, height vg.Length) {
	t.Helper()
	texts := textsOf(t, svg)
	if len(texts) < 3 {
		t.Fatalf("%d texts, too few for a picture", len(texts))
	}
	for i, a := range texts {
		if a.box.Min.X < -0.1 || a.box.Max.X > width+0.1 || a.box.Min.Y < -0.1 || a.box.Max.Y > height+0.1 {
			t.Errorf("%q leaves the picture: %v", a.text, a.box)
		}
		for _, b := range texts[:i] {
			if a.box.Min.X < b.box.Max.X && b.box.Min.X < a.box.Max.X && a.box.Min.Y < b.box.Max.Y && b.box.Min.Y < a.box.Max.Y {
				t.Errorf("%q lies over %q: %v, %v", a.text, b.text, a.box, b.box)
			}
		}
	}
}

// drawnText is a text of an SVG, and the box about its letters.
type drawnText struct {
	text string
	box  vg.Rectangle
}

// textsOf measures the texts of an SVG of ours: the style is that of the element or of
// the group about it.
func textsOf(t *testing.T, svg []byte) []drawnText {
	t.Helper()
	var texts []drawnText
	var attrs []map[string]string // of the elements that are open
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			own := map[string]string{}
			if len(attrs) > 0 {
				for _, name := range []string{"font-size", "font-weight"} {
					own[name] = attrs[len(attrs)-1][name]
				}
			}
			own["element"] = token.Name.Local
			for _, a := range token.Attr {
				own[a.Name.Local] = a.Value
			}
			attrs = append(attrs, own)
		case xml.EndElement:
			attrs = attrs[:len(attrs)-1]
		case xml.CharData:
			if len(attrs) > 0 && attrs[len(attrs)-1]["element"] == "text" {
				texts = append(texts, measure(t, attrs[len(attrs)-1], string(token)))
			}
		}
	}
}

func measure(t *testing.T, attrs map[string]string, text string) drawnText {
	t.Helper()
	get := func(name string) float64 {
		v, err := strconv.ParseFloat(attrs[name], 64)
		if err != nil {
			t.Fatalf("%s of %q: %v", name, text, err)
		}
		return v
	}
	size, x, y := get("font-size"), vg.Length(get("x")), vg.Length(get("y"))
	style := textStyle(size, ink)
	if attrs["font-weight"] == "bold" {
		style = boldStyle(size, ink)
	}
	// Capitals reach up to 0.72 of the size, and tails down to 0.2. Texts may touch.
	const touch = 0.15
	up, down, long := vg.Length(0.72*size), vg.Length(0.2*size), style.Width(text)
	box := vg.Rectangle{Min: vg.Point{X: x, Y: y - up}, Max: vg.Point{X: x + long, Y: y + down}}
	if strings.HasPrefix(attrs["transform"], "rotate(-90 ") {
		box = vg.Rectangle{Min: vg.Point{X: x - up, Y: y - long}, Max: vg.Point{X: x + down, Y: y}}
	} else if attrs["transform"] != "" {
		t.Fatalf("%q is transformed: %s", text, attrs["transform"])
	}
	box.Min, box.Max = box.Min.Add(vg.Point{X: touch, Y: touch}), box.Max.Sub(vg.Point{X: touch, Y: touch})
	return drawnText{text, box}
}
