package page_test

import (
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/browsertest"
	"github.com/gwbench/gwbench/internal/page"
)

// ruled is a page with a chart of two searches, at the right end of which both found a
// rate.
func ruled(t *testing.T) []byte {
	t.Helper()
	x := []page.Compact{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	data := page.ChartData{Charts: map[string]page.Chart{"saturation": {Panels: []page.Panel{{
		Title: "search",
		X:     page.Axis{Label: "arrival rate (req/s)", Unit: "req/s", Scale: "linear", Values: x},
		Y:     page.Axis{Label: "p99 (ms)", Unit: "ms", Scale: "log"},
		Kinds: []page.Kind{{Label: "held"}},
		Series: []page.Series{
			{Label: "http", Colour: "http", Points: true, Y: x, Says: "at least 8 req/s (middle half of the trials 7 to 9)", Rule: &page.Rule{At: 8, Low: 7, High: 9, Label: "at least 8 req/s"}},
			{Label: "scgi", Colour: "scgi", Points: true, Y: x, Says: "8.1 req/s", Rule: &page.Rule{At: 8.1, Low: 8, High: 9, Label: "8.1 req/s"}},
		},
	}}}}}
	return document(t, `<figure class="picture" id="fig-saturation" data-chart="saturation"><div class="wide"></div><div class="narrow"></div><figcaption>Caption</figcaption></figure>`, data)
}

// writings has the chart draw itself again, and returns where its canvas has which text,
// in shares of the width of the canvas.
const writings = `(() => {
  const real = CanvasRenderingContext2D.prototype.fillText;
  const seen = [];
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const { width } = this.measureText(text);
    const from = x - { left: 0, start: 0, center: width / 2, right: width, end: width }[this.textAlign];
    seen.push([text, from / this.canvas.width, (from + width) / this.canvas.width, y]);
  };
  document.dispatchEvent(new Event("themechange"));
  return new Promise((done) => requestAnimationFrame(() => {
    CanvasRenderingContext2D.prototype.fillText = real;
    done(seen);
  }));
})()`

// A rate that was found is drawn with its interval, named beside its line and in the
// legend, told to screen readers and under the pointer, and hidden with its case.
func TestChartShowsTheRatesFound(t *testing.T) {
	html := ruled(t)
	p := browsertest.OpenFile(t, html, browsertest.View{})
	all := drawing(p)
	without := browsertest.OpenFile(t, regexp.MustCompile(`,"rule":\{[^}]*\}`).ReplaceAll(html, nil), browsertest.View{})
	if drawing(without) == all {
		t.Error("a rate that was found is not drawn")
	}
	narrower := browsertest.OpenFile(t, []byte(strings.ReplaceAll(string(html), `"low":7,`, `"low":7.9,`)), browsertest.View{})
	if drawing(narrower) == all {
		t.Error("the interval is not drawn")
	}
	if got := browsertest.Eval[string](p, `document.querySelector(".stage").ariaLabel`); !strings.Contains(got, "http: at least 8 req/s (middle half of the trials 7 to 9). scgi: 8.1 req/s.") {
		t.Errorf("screen readers are told %q", got)
	}
	if got := browsertest.Eval[string](p, `document.querySelector(".legend small").textContent`); got != "at least 8 req/s (middle half of the trials 7 to 9)" {
		t.Errorf("the legend says %q", got)
	}
	// The axis leaves 4 % of what the points span free at each end.
	at := browsertest.Eval[[2]float64](p, `(() => { const r = document.querySelector(".u-over").getBoundingClientRect(); return [r.x + r.width * (7 / 9 + 0.04) / 1.08, r.y + 4]; })()`)
	p.Hover(browsertest.Point{X: at[0] - 1, Y: at[1]})
	p.Settle()
	if got := browsertest.Eval[string](p, `((e) => e.hidden ? "" : e.textContent)(document.querySelector(".tip"))`); got != "http: at least 8 req/s (middle half of the trials 7 to 9)" {
		t.Errorf("under the pointer: %q", got)
	}
	p.Hover(browsertest.Away)
	p.Click(".legend button")
	p.Hover(browsertest.Away)
	p.Settle()
	if got := texts(p); strings.Contains(got, "http: at least") || !strings.Contains(got, "scgi: 8.1 req/s") {
		t.Errorf("without http: %s", got)
	}
}

// Labels of rates are whole, and none lies over another.
func TestLabelsOfRatesAreWhole(t *testing.T) {
	p := browsertest.OpenFile(t, ruled(t), browsertest.View{})
	for _, view := range []browsertest.View{{Width: 1280}, {Width: 320, Dark: true}} {
		p.Look(view)
		p.Settle()
		heights := []float64{}
		for _, w := range browsertest.Eval[[][4]any](p, writings) {
			text, from, to := w[0].(string), w[1].(float64), w[2].(float64)
			if !strings.Contains(text, ": ") {
				continue
			}
			heights = append(heights, w[3].(float64))
			if from < 0 || to > 1 {
				t.Errorf("at %d: %q goes from %g to %g of the width", view.Width, text, from, to)
			}
		}
		if len(heights) != 2 || math.Abs(heights[0]-heights[1]) < 12 {
			t.Errorf("at %d: labels at the heights %g", view.Width, heights)
		}
	}
}

// texts is what the canvas has written on it.
func texts(p *browsertest.Page) string {
	all, _ := json.Marshal(browsertest.Eval[[][4]any](p, writings))
	return string(all)
}
