package page_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/browsertest"
	"github.com/gwbench/gwbench/internal/page"
)

// charted is a page with one chart in place of a static drawing. Two lines share x, one
// has its own; the third has an interval.
func charted(t *testing.T) []byte {
	t.Helper()
	values := []page.Compact{0, 1, 2, 3}
	data := page.ChartData{Charts: map[string]page.Chart{"latency": {Panels: []page.Panel{{
		Title: "steady",
		X:     page.Axis{Label: "percentile of requests (%)", Unit: "%", Scale: "percentile", Values: values},
		Y:     page.Axis{Label: "latency (ms)", Unit: "ms", Scale: "log"},
		Series: []page.Series{
			{Label: "http", Axes: map[string]string{"protocol": "http"}, Colour: "http", Y: []page.Compact{1, 2, 3, 1234}},
			{Label: "uwsgi", Axes: map[string]string{"protocol": "uwsgi"}, Colour: "uwsgi", Dashed: true, Y: []page.Compact{1, 2}},
			{Label: "<b>own</b>", Axes: map[string]string{"front": "none"}, Colour: "nonsense", X: []page.Compact{0, 1.5}, Y: []page.Compact{4, 5}, Low: []page.Compact{3, 4}, High: []page.Compact{5, 6}},
		},
	}}}}}
	return document(t, `<figure class="picture" id="fig-latency" data-chart="latency"><div class="wide"><svg width="10" height="100"></svg></div>
<div class="narrow"><svg width="10" height="100"></svg></div><figcaption>Caption</figcaption></figure>`, data)
}

// legend is what the legend says.
const legend = `[...document.querySelectorAll(".legend button")].map((b) => b.querySelector(".name").textContent + "=" + b.querySelector(".value").textContent).join("; ")`

func TestChartReadsValues(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, charted(t), browsertest.View{})
	p.Settle()
	if browsertest.Eval[bool](p, `document.querySelector("figure .wide").checkVisibility()`) {
		t.Error("the static drawing stands beside the chart")
	}
	// A quarter of the axis is nearer to its second value than to any other.
	over := browsertest.Eval[[4]float64](p, `(() => { const r = document.querySelector(".u-over").getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()`)
	p.Hover(browsertest.Point{X: over[0] + over[2]/3, Y: over[1] + over[3]/2})
	p.Settle()
	if got, want := browsertest.Eval[string](p, legend), "http=2 ms; uwsgi=2 ms; <b>own</b>="; got != want {
		t.Errorf("under the pointer: %s, want %s", got, want)
	}
	if got, want := browsertest.Eval[string](p, `document.querySelector(".place").textContent`), "percentile of requests (%): 90 %"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	p.Hover(browsertest.Away)
	p.Settle()
	if got, want := browsertest.Eval[string](p, legend), "http=; uwsgi=; <b>own</b>="; got != want {
		t.Errorf("the pointer is gone: %s", got)
	}
}

func TestChartAtTheKeyboard(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, charted(t), browsertest.View{})
	p.Focus(".stage")
	for _, step := range []struct{ key, says string }{
		{browsertest.ArrowRight, "percentile of requests (%) 0 %: http 1 ms, uwsgi 1 ms, <b>own</b> 4 ms"},
		{browsertest.End, "percentile of requests (%) 99.9 %: http 1,234 ms"},
		{browsertest.ArrowLeft, "percentile of requests (%) 99 %: http 3 ms"},
		{browsertest.Home, "percentile of requests (%) 0 %: http 1 ms, uwsgi 1 ms, <b>own</b> 4 ms"},
		{browsertest.ArrowLeft, "percentile of requests (%) 0 %: http 1 ms, uwsgi 1 ms, <b>own</b> 4 ms"},
	} {
		p.Press(step.key)
		p.Settle()
		if got := browsertest.Eval[string](p, `document.querySelector(".chart [role=status]").textContent`); got != step.says {
			t.Errorf("after %q: %s, want %s", step.key, got, step.says)
		}
	}
	p.Press("+")
	if !zoomed(p) {
		t.Error("plus does not zoom")
	}
	p.Press(browsertest.Escape)
	if zoomed(p) {
		t.Error("Escape does not show everything")
	}
}

// pointed is a page with a chart of points, two of which have one x.
func pointed(t *testing.T) []byte {
	t.Helper()
	data := page.ChartData{Charts: map[string]page.Chart{"drift": {Panels: []page.Panel{{
		Title: "by block",
		X:     page.Axis{Label: "block", Scale: "linear"},
		Y:     page.Axis{Label: "times the median", Unit: "times", Scale: "log"},
		Kinds: []page.Kind{{Label: "undisturbed"}, {Label: "disturbed", Mark: "hollow"}, {Label: "invalid", Mark: "cross"}, {Label: "never", Mark: "plus"}},
		Series: []page.Series{{
			Label: "http", Colour: "http", Points: true, Mark: "square", X: []page.Compact{1, 2, 2, 3}, Y: []page.Compact{1, 2, 4, 1},
			Kinds: []int{0, 2, 0, 1}, Notes: map[int]string{3: "steal"},
		}},
	}}}}}
	return document(t, `<figure class="picture" id="fig-drift" data-chart="drift"><div class="wide"></div><div class="narrow"></div><figcaption>Caption</figcaption></figure>`, data)
}

// Points say what they are: in the key, under the pointer and at the keyboard.
func TestChartTellsKindsOfPoints(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, pointed(t), browsertest.View{})
	p.Settle()
	if got, want := browsertest.Eval[string](p, `[...document.querySelectorAll(".key li")].map((e) => e.textContent).join(", ")`), "undisturbed, disturbed, invalid"; got != want {
		t.Errorf("the key has %q, want %q", got, want)
	}
	// The axes leave 4 and 6 % of what the points span free at each end.
	over := browsertest.Eval[[4]float64](p, `(() => { const r = document.querySelector(".u-over").getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()`)
	for _, test := range []struct {
		x, y float64 // shares of what the points span, from the lower left
		want string
	}{
		{0, 0, "http: 1 times, block 1"},
		{0.5, 0.5, "http: 2 times, block 2 (invalid)"},
		{0.5, 1, "http: 4 times, block 2"},
		{1, 0, "http: 1 times, block 3 (disturbed: steal)"},
		{0.25, 0.9, ""},
	} {
		p.Hover(browsertest.Point{X: over[0] + over[2]*(0.04+test.x)/1.08, Y: over[1] + over[3]*(1.06-test.y)/1.12})
		p.Settle()
		if got := browsertest.Eval[string](p, `((e) => e.hidden ? "" : e.textContent)(document.querySelector(".tip"))`); got != test.want {
			t.Errorf("at %g, %g: %q, want %q", test.x, test.y, got, test.want)
		}
	}
	p.Hover(browsertest.Away)
	p.Focus(".stage")
	p.Press(browsertest.End)
	if got, want := browsertest.Eval[string](p, `document.querySelector(".chart [role=status]").textContent`), "block 3: http 1 times (disturbed: steal)"; got != want {
		t.Errorf("at the keyboard: %q, want %q", got, want)
	}
}

// The legend has the shapes of the chart, and the chart draws them.
func TestChartDrawsMarks(t *testing.T) {
	t.Parallel()
	open := func(html string) *browsertest.Page { return browsertest.OpenFile(t, []byte(html), browsertest.View{}) }
	html := string(pointed(t))
	square, circle := open(html), open(strings.Replace(html, `"mark":"square"`, `"mark":"circle"`, 1))
	if drawing(square) == drawing(circle) {
		t.Error("a square is drawn like a circle")
	}
	const mark = `document.querySelector(".legend .marker path").getAttribute("d")`
	if browsertest.Eval[string](square, mark) == browsertest.Eval[string](circle, mark) {
		t.Error("the legend shows a square like a circle")
	}
}

const resetZoom = ".chart-bar button:last-of-type"

// zoomed tells whether the chart shows less than everything: by its button, and by what
// is drawn.
func zoomed(p *browsertest.Page) bool {
	return !browsertest.Eval[bool](p, fmt.Sprintf(`document.querySelector(%q).disabled`, resetZoom))
}

// drawing is what the chart's canvas holds.
func drawing(p *browsertest.Page) string {
	p.Settle()
	return browsertest.Eval[string](p, `document.querySelector("figure canvas").toDataURL()`)
}

func TestChartZooms(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, charted(t), browsertest.View{})
	all := drawing(p)
	over := browsertest.Eval[[4]float64](p, `(() => { const r = document.querySelector(".u-over").getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()`)
	at := func(x float64) browsertest.Point { return browsertest.Point{X: over[0] + x, Y: over[1] + over[3]/2} }
	for name, reset := range map[string]func(){
		"double click": func() { p.DoubleClick(at(20)) },
		"button":       func() { p.Click(resetZoom) },
	} {
		p.Drag(at(50), at(150), at(250))
		if drawing(p) == all || !zoomed(p) {
			t.Errorf("%s: dragging does not zoom", name)
		}
		reset()
		if drawing(p) != all || zoomed(p) {
			t.Errorf("a %s does not show everything again", name)
		}
	}
}

func TestChartToggles(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, charted(t), browsertest.View{})
	all := drawing(p)
	const pressed = `[...document.querySelectorAll(".legend button")].map((b) => b.getAttribute("aria-pressed")).join(" ")`
	var without string
	for i, step := range []struct {
		does string
		do   func()
		want string
	}{
		{"a click", func() { p.Click(".legend button") }, "false true true"},
		{"the space bar", func() { p.Press(" ") }, "true true true"},
		{"Enter", func() { p.Press(browsertest.Enter) }, "false true true"},
		{"Tab and the space bar", func() { p.Press(browsertest.Tab + " ") }, "false false true"},
	} {
		step.do()
		p.Hover(browsertest.Away)
		if got := browsertest.Eval[string](p, pressed); got != step.want {
			t.Errorf("after %s: %s, want %s", step.does, got, step.want)
		}
		switch now := drawing(p); i {
		case 0:
			without = now
			if now == all {
				t.Error("what is hidden is still drawn")
			}
		case 1:
			if now != all {
				t.Error("what is shown again is not drawn as before")
			}
		case 2:
			if now != without {
				t.Error("keyboard and pointer differ")
			}
		}
	}
}

// A chart takes the room that there is, and follows it.
func TestChartFits(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, charted(t), browsertest.View{})
	for _, width := range []int64{1280, 320, 768} {
		p.Look(browsertest.View{Width: width})
		p.Settle()
		got := browsertest.Eval[[2]float64](p, `[document.querySelector("figure canvas").getBoundingClientRect().width, document.querySelector("figure").getBoundingClientRect().width]`)
		if got[0] > got[1] || got[0] < got[1]-2 {
			t.Errorf("at %d the chart is %g wide in a figure of %g", width, got[0], got[1])
		}
	}
}

func TestChartFollowsTheTheme(t *testing.T) {
	t.Parallel()
	p := browsertest.OpenFile(t, charted(t), browsertest.View{})
	light := drawing(p)
	p.Look(browsertest.View{Dark: true})
	dark := drawing(p)
	if dark == light {
		t.Error("the chart keeps its colours when the system turns dark")
	}
	p.Click("#theme")
	p.Hover(browsertest.Away)
	if drawing(p) != light {
		t.Error("the chart keeps its colours when the switch turns the page light")
	}
}

// TestChartThatFails: the static drawing comes back, and other charts are drawn.
func TestChartThatFails(t *testing.T) {
	t.Parallel()
	html := strings.Replace(string(charted(t)), `"series":[`, `"series":[null,`, 1)
	p := browsertest.OpenFile(t, []byte(html), browsertest.View{})
	p.Settle()
	if got := p.Complaints(); len(got) != 1 || !strings.Contains(got[0], "TypeError") {
		t.Errorf("complaints: %q", got)
	}
	if !browsertest.Eval[bool](p, `document.querySelector("figure .wide svg").checkVisibility() && !document.querySelector(".charts")`) {
		t.Error("no drawing")
	}
}
