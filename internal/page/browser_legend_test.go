package page_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/browsertest"
	"github.com/gwbench/gwbench/internal/page"
)

// many is a page with a chart of thirty cases, in the course of a run.
func many(t *testing.T) []byte {
	t.Helper()
	panel := page.Panel{
		Title: "by block", Notes: []string{"30 cases: no drift"},
		X:     page.Axis{Label: "block", Scale: "linear", Values: []page.Compact{1, 2, 3, 4}},
		Y:     page.Axis{Label: "% of the median", Unit: "%", Scale: "linear"},
		Kinds: []page.Kind{{Label: "undisturbed"}, {Label: "disturbed", Mark: "hollow"}, {Label: "invalid", Mark: "cross", Apart: true}},
	}
	for i := range 30 {
		up := page.Compact(i)
		panel.Series = append(panel.Series, page.Series{
			Label: fmt.Sprintf("a target of a long name, http per-request %d", i), Axes: map[string]string{"protocol": "http"}, Colour: "http", Thin: true, Mark: "circle",
			Y: []page.Compact{100 + up, 99 - up, 140, 100}, Kinds: []int{0, 1, 2, 0},
		})
	}
	panel.Series = append(panel.Series, page.Series{Label: "all cases together", Colour: "ink", Y: []page.Compact{100, 101, 102, 103}})
	return document(t, `<figure class="picture" id="fig-drift" data-chart="drift"><h3>Drift</h3><p class="reading">How to read</p><div class="wide">drawn</div><div class="narrow">drawn</div><p class="reading">A note</p><figcaption>Caption</figcaption></figure>`,
		page.ChartData{Charts: map[string]page.Chart{"drift": {Panels: []page.Panel{panel}}}})
}

// Chart and legend of many cases fit a small screen together, what cases have in common
// comes first, and the last of them can be hidden.
func TestLongLegends(t *testing.T) {
	p := browsertest.OpenFile(t, many(t), browsertest.View{Width: 360, Height: 740})
	if got := browsertest.Eval[float64](p, `document.querySelector(".chart").getBoundingClientRect().height`); got > 740 {
		t.Errorf("the chart and its legend take %g pixels", got)
	}
	if got := browsertest.Eval[string](p, `document.querySelector(".legend .name").textContent`); got != "all cases together" {
		t.Errorf("the legend begins with %q", got)
	}
	if got := browsertest.Eval[string](p, `document.querySelector(".chart-notes").textContent`); got != "30 cases: no drift" {
		t.Errorf("the chart says %q", got)
	}
	if got := browsertest.Eval[[]string](p, `[...document.querySelectorAll(".key li")].map((e) => e.textContent)`); !slices.Equal(got, []string{"disturbed", "invalid"}) {
		t.Errorf("the key has %q", got)
	}
	all := drawing(p)
	p.Click(".legend li:last-child button")
	p.Do(`document.activeElement.blur()`)
	if drawing(p) == all {
		t.Error("the last case cannot be hidden")
	}
}

// No line joins points that stand apart.
func TestChartLeavesPointsApart(t *testing.T) {
	html := string(many(t))
	joined := strings.Replace(html, `,"apart":true`, "", 1)
	if joined == html {
		t.Fatal("nothing stands apart")
	}
	if drawing(browsertest.OpenFile(t, []byte(html), browsertest.View{})) == drawing(browsertest.OpenFile(t, []byte(joined), browsertest.View{})) {
		t.Error("a line joins what stands apart")
	}
}

// What drawings say above and below themselves stands about the chart on screens, and
// is not said twice in print.
func TestChartsSayHowToReadThem(t *testing.T) {
	p := browsertest.OpenFile(t, many(t), browsertest.View{})
	const seen = `[...document.querySelectorAll("figure > :is(h3, .reading, .wide)")].filter((e) => e.checkVisibility()).map((e) => e.textContent).join(", ")`
	if got, want := browsertest.Eval[string](p, seen), "Drift, How to read, A note"; got != want {
		t.Errorf("on screens: %s, want %s", got, want)
	}
	p.Look(browsertest.View{Print: true})
	if got, want := browsertest.Eval[string](p, seen), "drawn"; got != want {
		t.Errorf("in print: %s, want %s", got, want)
	}
	if got, want := browsertest.Eval[string](browsertest.OpenFile(t, many(t), browsertest.View{NoScript: true}), seen), "drawn"; got != want {
		t.Errorf("without JavaScript: %s, want %s", got, want)
	}
}

// Each mark looks like no other.
func TestMarksDiffer(t *testing.T) {
	panel := page.Panel{Title: "marks", X: page.Axis{Label: "x", Scale: "linear", Values: []page.Compact{1, 2}}, Y: page.Axis{Label: "y", Scale: "linear"}}
	marks := slices.Compact(slices.Sorted(slices.Values(page.Marks)))
	for _, mark := range marks {
		panel.Series = append(panel.Series, page.Series{Label: mark, Colour: "http", Mark: mark, Y: []page.Compact{1, 2}})
	}
	html := document(t, `<figure class="picture" data-chart="marks"><div class="wide"></div><figcaption>Caption</figcaption></figure>`, page.ChartData{Charts: map[string]page.Chart{"marks": {Panels: []page.Panel{panel}}}})
	p := browsertest.OpenFile(t, html, browsertest.View{})
	looks := browsertest.Eval[[]string](p, `[...document.querySelectorAll(".legend .marker path:last-child")].map((e) => e.getAttribute("class") + e.getAttribute("d"))`)
	if different := slices.Compact(slices.Sorted(slices.Values(looks))); len(different) != len(marks) || len(marks) < 12 {
		t.Errorf("%d looks of %d marks", len(different), len(marks))
	}
}
