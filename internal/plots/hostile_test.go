package plots

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func TestHostileTextIsInertInSVG(t *testing.T) {
	for _, p := range picturesOf(summarytest.Hostile(t)) {
		svg, err := p.SVG()
		if err != nil {
			t.Fatal(err)
		}
		checkInert(t, p.Name+".svg", svg, "svg", "title", "desc", "g", "path", "circle", "text")
	}
}

// TestHostileTextIsInertInPages: an inline picture must not be more than shapes and
// letters in the page that holds it.
func TestHostileTextIsInertInPages(t *testing.T) {
	for _, p := range picturesOf(summarytest.Hostile(t)) {
		for _, width := range []vg.Length{Wide, Narrow} {
			svg, err := p.Inline(width)
			if err != nil {
				t.Fatal(err)
			}
			attributes := checkInert(t, p.Name, svg, "svg", "g", "path", "circle", "text")
			for _, name := range []string{"id", "style", "width", "height", "href", "xmlns"} {
				if attributes[name] {
					t.Errorf("inline %s has an attribute %s", p.Name, name)
				}
			}
			for _, name := range []string{"role", "aria-label", "viewBox"} {
				if !attributes[name] {
					t.Errorf("inline %s has no attribute %s", p.Name, name)
				}
			}
		}
	}
}

// checkInert fails on an element that is not one of those, and on text that a reader
// would obey rather than show. It returns the attributes that occur.
func checkInert(t *testing.T, name string, svg []byte, elements ...string) map[string]bool {
	t.Helper()
	summarytest.OnlyText(t, name, strings.ReplaceAll(string(svg), "\t", " "))
	attributes := map[string]bool{}
	n := 0
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s is not XML: %v", name, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		n++
		if !slices.Contains(elements, start.Name.Local) {
			t.Errorf("%s has an element %s", name, start.Name.Local)
		}
		for _, a := range start.Attr {
			attributes[a.Name.Local] = true
			if strings.HasPrefix(a.Name.Local, "on") {
				t.Errorf("%s has an attribute %s", name, a.Name.Local)
			}
		}
	}
	if n < 10 {
		t.Errorf("%s has %d elements, too few for a plot", name, n)
	}
	return attributes
}
