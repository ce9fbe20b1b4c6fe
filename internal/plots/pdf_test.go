package plots

import (
	"bytes"
	"testing"

	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

// TestPDFsHoldAnyText: letters of any script, and two faces of the font.
func TestPDFsHoldAnyText(t *testing.T) {
	d := summarytest.Hostile(t)
	d.Run.Plan.Cases[0].Target = "ä大Ж\U0001F600\U0010FFFF"
	for _, p := range picturesOf(d) {
		pdf, err := p.PDF()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"%PDF-1", "/BaseFont /utf8bold", "/BaseFont /utf8regular"} {
			if !bytes.Contains(pdf, []byte(want)) {
				t.Errorf("%s.pdf has no %q", p.Name, want)
			}
		}
		if bytes.Contains(pdf, []byte("javascript")) {
			t.Errorf("%s.pdf has text that is not compressed, or acts", p.Name)
		}
	}
}
