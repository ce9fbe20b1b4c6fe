package page_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/browsertest"
	"github.com/gwbench/gwbench/internal/page"
)

// curvesPart is a figure whose chart is named so.
func curvesPart(name string) string {
	return `<figure class="picture" id="fig-` + name + `" data-chart="` + name + `"><div class="wide"></div><div class="narrow"></div><figcaption>Caption</figcaption></figure>`
}

// curves are lines of protocols, at these heights.
func curves(heights map[string]page.Compact) page.ChartData {
	panel := page.Panel{
		Title: "steady",
		X:     page.Axis{Label: "block", Scale: "linear", Values: []page.Compact{1, 2, 3, 4, 5}},
		Y:     page.Axis{Label: "throughput (req/s)", Unit: "req/s", Scale: "linear"},
	}
	for _, protocol := range []string{"http", "uwsgi", "fastcgi", "scgi"} {
		if h, ok := heights[protocol]; ok {
			panel.Series = append(panel.Series, page.Series{
				Label: protocol, Axes: map[string]string{"protocol": protocol}, Colour: protocol, Y: []page.Compact{h, h + 1, h + 3, h + 2, h + 5},
			})
		}
	}
	return page.ChartData{Charts: map[string]page.Chart{"drift": {Panels: []page.Panel{panel}}}}
}

// changing is a page with a table of cases and a chart, both of which may change.
func changing(t *testing.T) *browsertest.Page {
	t.Helper()
	body := `<div data-part="cases">` + numbered + `</div><div data-part="curves">` + curvesPart("drift") + `</div>`
	return browsertest.OpenFile(t, document(t, body, curves(map[string]page.Compact{"http": 1, "uwsgi": 2, "fastcgi": 3})), browsertest.View{})
}

// change is what a server sends: both parts, and the data of charts.
func change(t *testing.T, p *browsertest.Page, figure string, charts page.ChartData) {
	t.Helper()
	detail, err := json.Marshal(map[string]any{
		"parts":  []map[string]string{{"id": "cases", "html": numbered}, {"id": "curves", "html": figure}},
		"charts": charts,
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Do(`document.dispatchEvent(new CustomEvent("partschange", { detail: JSON.parse(` + strconv.Quote(string(detail)) + `) })), null`)
	p.Settle()
}

// chooseProtocol has the table show one protocol only.
func chooseProtocol(p *browsertest.Page, protocol string) {
	p.Do(`(() => {
		const select = document.querySelector(".filters select");
		select.selectedIndex = [...select.options].findIndex((o) => o.text === ` + strconv.Quote(protocol) + `);
		select.dispatchEvent(new Event("change"));
	})()`)
}

// hideSeries clicks on a name in the legend.
func hideSeries(p *browsertest.Page, label string) {
	p.Do(`[...document.querySelectorAll(".legend button")].find((b) => b.querySelector(".name").textContent === ` + strconv.Quote(label) + `).click()`)
}

// seriesShown are the names that the legend has pressed.
func seriesShown(p *browsertest.Page) string {
	return browsertest.Eval[string](p, `[...document.querySelectorAll(".legend button[aria-pressed=true] .name")].map((n) => n.textContent).join(" ")`)
}

// What a reader hid in a legend stays hidden when parts of the page change, whatever is
// chosen in the filters of the table, which is made anew.
func TestALegendOutlastsNewParts(t *testing.T) {
	t.Parallel()
	before, more := map[string]page.Compact{"http": 4, "uwsgi": 5, "fastcgi": 6}, map[string]page.Compact{"http": 4, "uwsgi": 5, "fastcgi": 6, "scgi": 7}
	for name, c := range map[string]struct {
		chosen, hidden string
		figure         string
		charts         map[string]page.Compact
		want           string
	}{
		"new data":                  {"", "http", "drift", before, "uwsgi fastcgi"},
		"new data, filtered":        {"uwsgi", "uwsgi", "drift", before, ""},
		"shown in spite of filters": {"uwsgi", "http", "drift", before, "http uwsgi"},
		"another series":            {"", "http", "drift", more, "uwsgi fastcgi scgi"},
		"another series, filtered":  {"uwsgi", "http", "drift", more, "http uwsgi"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := changing(t)
			if c.chosen != "" {
				chooseProtocol(p, c.chosen)
				if got := seriesShown(p); got != c.chosen {
					t.Fatalf("the filter shows %q", got)
				}
			}
			hideSeries(p, c.hidden)
			for range 2 {
				change(t, p, curvesPart(c.figure), curves(c.charts))
				if got := seriesShown(p); got != c.want {
					t.Errorf("%q are shown, want %q", got, c.want)
				}
			}
			// A new choice is one of the reader's own.
			chooseProtocol(p, "http")
			if got := seriesShown(p); got != "http" {
				t.Errorf("after another choice %q are shown", got)
			}
		})
	}
}

func TestNewDataIsDrawnWhileZoomedIn(t *testing.T) {
	t.Parallel()
	p := changing(t)
	p.Focus(".stage")
	p.Press("+")
	before := drawing(p)
	change(t, p, curvesPart("drift"), curves(map[string]page.Compact{"http": 9, "uwsgi": 2, "fastcgi": 3}))
	if drawing(p) == before {
		t.Error("the chart still shows the old values")
	}
	if !zoomed(p) {
		t.Error("the zoom is lost")
	}
}

// A chart whose figure goes is ended, so that the page does not hold on to it.
func TestChartsThatGoAreEnded(t *testing.T) {
	t.Parallel()
	p := changing(t)
	p.Do(`window.old = document.querySelector(".uplot"), null`)
	change(t, p, `<p>There is nothing to draw.</p>`, page.ChartData{Charts: map[string]page.Chart{}})
	// uPlot takes what it ends out of what it stood in.
	if !browsertest.Eval[bool](p, `window.old.parentElement === null`) {
		t.Error("the chart goes on")
	}
	change(t, p, curvesPart("drift"), curves(map[string]page.Compact{"http": 9}))
	if got := browsertest.Eval[int](p, `document.querySelectorAll("figure canvas").length`); got != 1 {
		t.Errorf("%d charts", got)
	}
}

// The arrows stay within what the zoom shows: beyond it the chart has no cursor.
func TestTheKeyboardStaysInSight(t *testing.T) {
	t.Parallel()
	p := changing(t)
	p.Focus(".stage")
	press := func(keys ...string) string {
		for _, key := range keys {
			p.Press(key)
			p.Settle()
		}
		text, _, _ := strings.Cut(browsertest.Eval[string](p, `document.querySelector(".chart [role=status]").textContent`), ":")
		return text
	}
	if got := press(browsertest.ArrowRight, browsertest.ArrowRight, browsertest.ArrowRight, "+"); got != "block 3" {
		t.Fatalf("zoomed in at %q", got)
	}
	for _, step := range []struct{ key, says string }{
		{browsertest.ArrowLeft, "block 2"},
		{browsertest.ArrowLeft, "block 2"},
		{browsertest.ArrowLeft, "block 2"},
		{browsertest.End, "block 4"},
		{browsertest.ArrowRight, "block 4"},
		{browsertest.ArrowRight, "block 4"},
		{browsertest.Home, "block 2"},
		{browsertest.Escape, "block 2"},
		{browsertest.ArrowLeft, "block 1"},
	} {
		if got := press(step.key); got != step.says {
			t.Errorf("after %q: %s, want %s", step.key, got, step.says)
		}
	}
}
