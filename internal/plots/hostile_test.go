package plots

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func TestHostileTextIsInertInSVG(t *testing.T) {
	for _, p := range Pictures(summarytest.Hostile(t)) {
		svg, err := p.SVG()
		if err != nil {
			t.Fatal(err)
		}
		summarytest.OnlyText(t, p.Name, strings.ReplaceAll(string(svg), "\t", " "))
		elements := 0
		decoder := xml.NewDecoder(bytes.NewReader(svg))
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s.svg is not XML: %v", p.Name, err)
			}
			if start, ok := token.(xml.StartElement); ok {
				elements++
				if start.Name.Local == "script" {
					t.Errorf("%s.svg has a script", p.Name)
				}
			}
		}
		if elements < 10 {
			t.Errorf("%s.svg has %d elements, too few for a plot", p.Name, elements)
		}
	}
}
