package page_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/browsertest"
	"github.com/gwbench/gwbench/internal/page"
)

// fitted is a page with a chart of one line along sizes, and what was fitted to it.
func fitted(t *testing.T) []byte {
	t.Helper()
	data := page.ChartData{Charts: map[string]page.Chart{"trends": {Panels: []page.Panel{{
		Title: "cost",
		X: page.Axis{
			Label: "down (B)", Scale: "log", Values: []page.Compact{1, 1024, 1048576},
			Ticks: []page.Tick{{Value: 1, Text: "1 B"}, {Value: 1024, Text: "1 KiB"}, {Value: 1048576, Text: "1 MiB"}},
		},
		Y: page.Axis{Label: "server_cpu (us/req)", Unit: "us/req", Scale: "linear", Min: new(0.0), Max: new(100.0)},
		Series: []page.Series{{
			Label: "http", Colour: "http", Y: []page.Compact{10, 20, 90}, Says: "each KiB costs 0.1 us/req",
			Fit: &page.Fit{X: [2]page.Compact{1, 1048576}, Y: [2]page.Compact{15, 80}},
		}},
	}}}}}
	return document(t, `<figure class="picture" id="fig-trends" data-chart="trends"><div class="wide"></div><div class="narrow"></div><figcaption>Caption</figcaption></figure>`, data)
}

// A line that was fitted is drawn, explained in the key, said in the legend and under
// the pointer, and hidden with its case; numbers have the names that the data gives them.
func TestChartShowsFittedLines(t *testing.T) {
	html := fitted(t)
	p := browsertest.OpenFile(t, html, browsertest.View{})
	all := drawing(p)
	without := browsertest.OpenFile(t, regexp.MustCompile(`,"fit":\{[^}]*\}`).ReplaceAll(html, nil), browsertest.View{})
	if drawing(without) == all {
		t.Error("the fitted line is not drawn")
	}
	for what, selector := range map[string]string{"each KiB costs 0.1 us/req": ".legend small", "straight line fitted to a declared trend": ".key li"} {
		if got := browsertest.Eval[string](p, `document.querySelector("`+selector+`").textContent`); got != what {
			t.Errorf("%s: %q, want %q", selector, got, what)
		}
	}
	if got := browsertest.Eval[string](p, `document.querySelector(".stage").ariaLabel`); !strings.Contains(got, "http: each KiB costs 0.1 us/req.") {
		t.Errorf("screen readers are told %q", got)
	}
	if got := texts(p); !strings.Contains(got, `"1 KiB"`) || !strings.Contains(got, `"1 MiB"`) || strings.Contains(got, `"1,000"`) {
		t.Errorf("the axis says %s", got)
	}
	over := browsertest.Eval[[4]float64](p, `(() => { const r = document.querySelector(".u-over").getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()`)
	p.Hover(browsertest.Point{X: over[0] + over[2]/2, Y: over[1] + over[3]*0.8})
	p.Settle()
	if got, want := browsertest.Eval[string](p, `((e) => e.hidden ? "" : e.textContent)(document.querySelector(".tip"))`), "http: 20 us/req; each KiB costs 0.1 us/req"; got != want {
		t.Errorf("under the pointer: %q, want %q", got, want)
	}
	p.Hover(browsertest.Away)
	p.Focus(".stage")
	p.Press(browsertest.End)
	if got, want := browsertest.Eval[string](p, `document.querySelector(".chart [role=status]").textContent`), "down (B) 1 MiB: http 90 us/req"; got != want {
		t.Errorf("at the keyboard: %q, want %q", got, want)
	}
	for _, one := range []*browsertest.Page{p, without} {
		one.Click(".legend button")
		one.Do(`document.activeElement.blur()`)
		one.Hover(browsertest.Away)
	}
	if drawing(p) != drawing(without) {
		t.Error("the fitted line stays where its case is hidden")
	}
}
